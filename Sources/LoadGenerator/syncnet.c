// SyncNet: lines of JSON. A message is acknowledged when it is on disk at a majority.
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ATTEMPTS = 200, PAUSE_MICROSECONDS = 50000 };

static int has(const char *line, size_t count, const char *text) {
  return memmem(line, count, text, strlen(text)) != NULL;
}

/// Sends one line and reads one; whether that is an ack.
static int ask(int socket, const char *line, size_t count) {
  char in[4096];
  size_t filled = 0;
  load_put(socket, line, count);
  while (!memchr(in, '\n', filled)) {
    if (filled == sizeof in) errno = 0, load_fail("a line is too long");
    ssize_t got = read(socket, in + filled, sizeof in - filled);
    if (got <= 0) load_fail("a server does not answer");
    filled += (size_t)got;
  }
  return has(in, filled, "\"msg_type\":\"ack\"");
}

void load_syncnet_join(int port, const char *name) {
  char line[512];
  int count = snprintf(line, sizeof line,
                       "{\"msg_type\":\"create_join\",\"sender_id\":\"%s\",\"data\":"
                       "{\"session\":\"%s\",\"request\":1,\"room\":\"bench\"},"
                       "\"lamport_timestamp\":1,\"created_at\":1.5}\n",
                       name, name);
  int socket = load_connect(port), attempts = 0;
  while (!ask(socket, line, (size_t)count)) {
    if (++attempts == ATTEMPTS) errno = 0, load_fail("a server refuses to let a client join");
    usleep(PAUSE_MICROSECONDS);
  }
  close(socket);
}

size_t load_syncnet_chat(char *out, const char *name, const char *session, uint64_t request) {
  size_t n = (size_t)sprintf(out,
                             "{\"msg_type\":\"chat\",\"sender_id\":\"%s\",\"data\":"
                             "{\"session\":\"%s\",\"request\":%llu,\"room\":\"bench\","
                             "\"text\":\"",
                             name, session, (unsigned long long)request);
  memcpy(out + n, load_value, load_value_bytes);
  n += load_value_bytes;
  return n + (size_t)sprintf(out + n, "\"},\"lamport_timestamp\":%llu,\"created_at\":1.5}\n",
                             (unsigned long long)request);
}

static void name_of(const Connection *c, char *out) {
  sprintf(out, "load-%ld-%d", load_run_id, c->number);
}

static void prepare(Connection *c) {
  char name[64];
  name_of(c, name);
  load_syncnet_join(c->port, name);
  c->request = 2;
}

static size_t request(Connection *c, char *out) {
  char name[64];
  name_of(c, name);
  return load_syncnet_chat(out, name, name, c->request);
}

static size_t take(Connection *c) {
  size_t used = 0;
  for (;;) {
    char *line = c->in + used, *end = memchr(line, '\n', c->filled - used);
    if (!end) return used;
    size_t count = (size_t)(end + 1 - line);
    used += count;
    int is_ack = has(line, count, "\"msg_type\":\"ack\"");
    if (!is_ack && !has(line, count, "\"msg_type\":\"nack\"")) continue;
    // What was refused is sent again under its number.
    c->request += (uint64_t)is_ack;
    load_answered(c, is_ack);
  }
}

const Dialect load_syncnet = {"syncnet", prepare, request, take};
