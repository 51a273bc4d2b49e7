// Connections on loopback, and words of the command line.
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void load_fail(const char *what) {
  fprintf(stderr, "load: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
  exit(1);
}

int load_connect(int port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int one = 1, made = socket(AF_INET, SOCK_STREAM, 0);
  if (made < 0 || connect(made, (struct sockaddr *)&address, sizeof address)) load_fail("connect");
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return made;
}

void load_put(int socket, const void *bytes, size_t count) {
  // One small request is under way at a time, so it always finds room.
  if (write(socket, bytes, count) != (ssize_t)count) load_fail("write");
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
