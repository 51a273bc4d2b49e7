// Connections on loopback, and words of the command line.
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

void load_fail(const char *what) {
  fprintf(stderr, "load: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
  exit(1);
}

int load_try_connect(Address server) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = server.port;
  address.sin_addr.s_addr = server.host;
  int one = 1, made = socket(AF_INET, SOCK_STREAM, 0);
  if (made < 0) load_fail("socket");
  if (connect(made, (struct sockaddr *)&address, sizeof address)) {
    close(made);
    return -1;
  }
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return made;
}

int load_connect(Address server) {
  int made = load_try_connect(server);
  if (made < 0) load_fail("connect");
  return made;
}

void load_put(int socket, const void *bytes, size_t count) {
  // One small request is under way at a time, so it always finds room.
  if (write(socket, bytes, count) != (ssize_t)count) load_fail("write");
}

void *load_room_for(size_t count, size_t size) {
  void *made = calloc(count, size);
  if (!made) load_fail("memory");
  return made;
}

int load_number(const char *text, int *out, int most) {
  return load_numbers(text, out, 1) == 1 && *out <= most;
}

int load_numbers(const char *text, int *out, int most) {
  int count = 0;
  for (const char *rest = text;; rest++) {
    char *end;
    long number = strtol(rest, &end, 10);
    if (end == rest || number < 1 || number > 1 << 30 || count == most) return -1;
    out[count++] = (int)number;
    if (!*end) return count;
    if (*end != ',') return -1;
    rest = end;
  }
}

static int read_address(const char *text, size_t count, Address *out) {
  char copy[64];
  const char *colon = memchr(text, ':', count);
  int port;
  if (count >= sizeof copy) return 0;
  memcpy(copy, text, count);
  copy[count] = 0;
  char *number = copy;
  out->host = htonl(INADDR_LOOPBACK);
  if (colon) {
    number = copy + (colon - text) + 1;
    number[-1] = 0;
    if (inet_pton(AF_INET, copy, &out->host) != 1) return 0;
  }
  if (load_numbers(number, &port, 1) != 1 || port > 65535) return 0;
  out->port = htons((uint16_t)port);
  return 1;
}

int load_addresses(const char *text, Address *out, int most) {
  for (int count = 0; count < most;) {
    size_t length = strcspn(text, ",");
    if (!read_address(text, length, &out[count++])) return -1;
    if (!text[length]) return count;
    text += length + 1;
  }
  return -1;
}

void load_allow_connections(int count) {
  // Those, and a few of everybody's.
  const rlim_t needed = (rlim_t)count + 64;
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) load_fail("getrlimit");
  if (limit.rlim_cur >= needed) return;
  if (limit.rlim_max < needed) {
    fprintf(stderr,
            "load: %d connections need %llu open files, but the hard limit is %llu: raise it "
            "(\"ulimit -Hn\", LimitNOFILE) or ask for fewer\n",
            count, (unsigned long long)needed, (unsigned long long)limit.rlim_max);
    exit(1);
  }
  limit.rlim_cur = needed;
  if (setrlimit(RLIMIT_NOFILE, &limit)) load_fail("setrlimit");
}
