// NATS JetStream: a publish to "bench.x" with a reply inbox; the stream's answer is awaited.
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void prepare(Connection *c) {
  char out[256];
  load_put(c->socket, out,
      (size_t)sprintf(out,
                      "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"
                      "SUB _INBOX.%ld.%d 1\r\nPING\r\n",
                      load_run_id, c->number));
  while (!memmem(c->in, c->filled, "PONG\r\n", 6)) {
    ssize_t got = read(c->socket, c->in + c->filled, sizeof c->in - c->filled);
    if (got <= 0) load_fail("NATS does not answer");
    c->filled += (size_t)got;
  }
  c->filled = 0;
}

static size_t request(Connection *c, char *out) {
  size_t n = (size_t)sprintf(out, "PUB bench.x _INBOX.%ld.%d %zu\r\n", load_run_id, c->number,
                             load_value_bytes);
  memcpy(out + n, load_value, load_value_bytes);
  n += load_value_bytes;
  out[n++] = '\r';
  out[n++] = '\n';
  return n;
}

static size_t take(Connection *c) {
  size_t used = 0;
  for (;;) {
    char *line = c->in + used, *end = memmem(line, c->filled - used, "\r\n", 2);
    if (!end) return used;
    size_t length = (size_t)(end + 2 - line);
    if (!strncmp(line, "MSG ", 4)) {
      *end = 0;
      size_t body = (size_t)atol(strrchr(line, ' ') + 1);
      *end = '\r';
      if (c->filled - used < length + body + 2) return used;
      used += length + body + 2;
      load_answered(c, !memmem(end + 2, body, "\"error\"", 7));
      continue;
    }
    if (!strncmp(line, "PING", 4)) load_put(c->socket, "PONG\r\n", 6);
    if (!strncmp(line, "-ERR", 4)) errno = 0, load_fail("NATS refuses");
    used += length;
  }
}

const Dialect load_nats = {"nats", prepare, request, take};
