// A session of SyncNet with several messages under way.
#ifdef __linux__
#include "fanout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REFUSED_MICROSECONDS = 20000, HEAD_MAX_BYTES = 512 };

void load_open_session(Session *s, Address server, const char *name, const char *room,
                       int window) {
  memset(s, 0, sizeof *s);
  snprintf(s->name, sizeof s->name, "%s", name);
  s->room = room;
  s->window = window;
  load_syncnet_join(server, name, room);
  // The join.
  s->sent = s->answered = 1;
  s->socket = load_connect(server);
  fcntl(s->socket, F_SETFL, O_NONBLOCK);
  s->out = load_room_for(BATCH_MAX, load_value_bytes + HEAD_MAX_BYTES);
}

int load_can_send(const Session *s) {
  return !s->is_refused && s->out_used == s->out_filled && s->under_way < s->window;
}

int load_flush(Session *s) {
  if (s->out_used == s->out_filled) return 0;
  ssize_t put = write(s->socket, s->out + s->out_used, s->out_filled - s->out_used);
  if (put < 0 && errno != EAGAIN) load_fail("write");
  if (put > 0) s->out_used += (size_t)put;
  return s->out_used < s->out_filled;
}

long load_sent(const Session *s) { return (long)s->sent - 1; }
long load_done(const Session *s) { return (long)s->answered - 1; }

long load_send(Session *s, long most) {
  long count = s->window - s->under_way;
  if (count > BATCH_MAX) count = BATCH_MAX;
  if (count > most) count = most;
  s->out_used = s->out_filled = 0;
  for (long i = 0; i < count; i++) {
    s->sent++;
    if (s->number) s->number((uint64_t)load_sent(s));
    s->out_filled +=
        load_syncnet_chat(s->out + s->out_filled, s->name, s->name, s->room, s->sent);
  }
  s->under_way += (int)count;
  load_flush(s);
  return count;
}

/// What follows the number of the answered request; 0 where there is none.
static uint64_t request_of(const char *line, size_t count) {
  static const char key[] = "\"request\":";
  const char *found = memmem(line, count, key, sizeof key - 1);
  return found ? strtoull(found + sizeof key - 1, NULL, 10) : 0;
}

static void take(Session *s, const char *line, size_t count) {
  int is_ack = load_has(line, count, LOAD_ACK);
  if (!is_ack && !load_has(line, count, LOAD_NACK)) return;
  uint64_t request = request_of(line, count);
  if (!request) errno = 0, load_fail("a server ends a session");
  s->under_way--;
  if (is_ack && request > s->answered) s->answered = request;
  if (!is_ack) s->refused++, s->is_refused = 1;
  // Those behind one that was refused are refused, too: once all are answered, they go again.
  if (s->is_refused && !s->under_way) {
    s->sent = s->answered;
    s->is_refused = 0;
    usleep(REFUSED_MICROSECONDS);
  }
}

void load_hear(Session *s) {
  ssize_t got = read(s->socket, s->in + s->filled, sizeof s->in - s->filled);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) load_fail("a server closed a connection");
  s->filled += (size_t)got;
  char *line = s->in, *end;
  while ((end = memchr(line, '\n', s->filled - (size_t)(line - s->in)))) {
    take(s, line, (size_t)(end - line));
    line = end + 1;
  }
  s->filled -= (size_t)(line - s->in);
  memmove(s->in, line, s->filled);
}

#endif
