// When a server serves, and how far it is. Nothing here ends the process.
#include "load.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "LoadGenerator.h"

enum { PAUSE_MICROSECONDS = 1000 };
static const struct timeval ANSWER_PATIENCE = {.tv_sec = 2};

/// Sends a text to a port of this machine, and reads until `end` is there or nothing comes any
/// more; how much that is, -1 where nobody listens.
static ssize_t exchange(int port, const char *text, size_t count, const char *end, char *in,
                        size_t room) {
  Address server = {.host = htonl(INADDR_LOOPBACK), .port = htons((uint16_t)port)};
  int socket = load_try_connect(server);
  if (socket < 0) return -1;
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &ANSWER_PATIENCE, sizeof ANSWER_PATIENCE);
  size_t filled = 0;
  if (write(socket, text, count) == (ssize_t)count) {
    for (ssize_t got; filled < room && (got = read(socket, in + filled, room - filled)) > 0;) {
      filled += (size_t)got;
      if (end && memmem(in, filled, end, strlen(end))) break;
    }
  }
  close(socket);
  return (ssize_t)filled;
}

double load_wait_for_page(int port, double patience) {
  char ask[256], in[4096];
  int count = snprintf(ask, sizeof ask,
                       "{\"msg_type\":\"history\",\"sender_id\":\"reader\",\"data\":"
                       "{\"request\":1,\"room\":\"%s\",\"limit\":1},"
                       "\"lamport_timestamp\":1,\"created_at\":1.5}\n",
                       load_room);
  for (double end = load_monotonic() + patience; load_monotonic() < end;) {
    ssize_t got = exchange(port, ask, (size_t)count, "\n", in, sizeof in);
    if (got > 0 && load_has(in, (size_t)got, LOAD_ACK)) return load_monotonic();
    usleep(PAUSE_MICROSECONDS);
  }
  return -1;
}

long load_applied(int port) {
  static const char ask[] =
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  static const char name[] = "\nsyncnet_applied_index ";
  char page[1 << 16];
  ssize_t got = exchange(port, ask, sizeof ask - 1, NULL, page, sizeof page - 1);
  if (got <= 0) return -1;
  page[got] = 0;
  char *found = strstr(page, name);
  return found ? atol(found + sizeof name - 1) : -1;
}
