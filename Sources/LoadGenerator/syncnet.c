// SyncNet: lines of JSON. A message is acknowledged when it is on disk at a majority.
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ATTEMPTS = 200, PAUSE_MICROSECONDS = 50000 };

const char load_room[] = "bench";

int load_has(const char *lines, size_t count, const char *text) {
  return memmem(lines, count, text, strlen(text)) != NULL;
}

size_t load_ask(int socket, const char *line, size_t count, char *in, size_t room) {
  size_t filled = 0;
  load_put(socket, line, count);
  while (!filled || in[filled - 1] != '\n') {
    if (filled == room) errno = 0, load_fail("a line is too long");
    ssize_t got = read(socket, in + filled, room - filled);
    if (got <= 0) load_fail("a server does not answer");
    filled += (size_t)got;
  }
  return filled;
}

size_t load_syncnet_join_line(char *out, const char *name, const char *room) {
  return (size_t)sprintf(out,
                         "{\"msg_type\":\"create_join\",\"sender_id\":\"%s\",\"data\":"
                         "{\"session\":\"%s\",\"request\":1,\"room\":\"%s\"},"
                         "\"lamport_timestamp\":1,\"created_at\":1.5}\n",
                         name, name, room);
}

void load_syncnet_join(Address server, const char *name, const char *room) {
  char line[512], in[4096];
  size_t count = load_syncnet_join_line(line, name, room);
  int socket = load_connect(server), attempts = 0;
  while (!load_has(in, load_ask(socket, line, count, in, sizeof in), LOAD_ACK)) {
    if (++attempts == ATTEMPTS) errno = 0, load_fail("a server refuses to let a client join");
    usleep(PAUSE_MICROSECONDS);
  }
  close(socket);
}

size_t load_syncnet_chat(char *out, const char *name, const char *session, const char *room,
                         uint64_t request) {
  size_t n = (size_t)sprintf(out,
                             "{\"msg_type\":\"chat\",\"sender_id\":\"%s\",\"data\":"
                             "{\"session\":\"%s\",\"request\":%llu,\"room\":\"%s\","
                             "\"text\":\"",
                             name, session, (unsigned long long)request, room);
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
  load_syncnet_join(c->server, name, load_room);
  c->request = 2;
}

static size_t request(Connection *c, char *out) {
  char name[64];
  name_of(c, name);
  return load_syncnet_chat(out, name, name, load_room, c->request);
}

static size_t take(Connection *c) {
  size_t used = 0;
  for (;;) {
    char *line = c->in + used, *end = memchr(line, '\n', c->filled - used);
    if (!end) return used;
    size_t count = (size_t)(end + 1 - line);
    used += count;
    int is_ack = load_has(line, count, LOAD_ACK);
    if (!is_ack && !load_has(line, count, LOAD_NACK)) continue;
    // What was refused is sent again under its number.
    c->request += (uint64_t)is_ack;
    load_answered(c, is_ack);
  }
}

const Dialect load_syncnet = {"syncnet", prepare, request, take};
