// What receivers of a room are sent: each message once, in one order, or it is counted.
#ifdef __linux__
#include "fanout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT "\"text\":\""
enum { MARK = sizeof TEXT - 1 };

static char in[1 << 18];
/// Where the text begins in a line: at the same place in nearly all of them.
static size_t text_at = MARK;

/// The number of the message that a line brings; 0 where it brings none.
static int number_in(const char *line, size_t count) {
  if (text_at + DIGITS > count || memcmp(line + text_at - MARK, TEXT, MARK)) {
    const char *found = memmem(line, count, TEXT, MARK);
    if (!found || (size_t)(found - line) + MARK + DIGITS > count) return 0;
    text_at = (size_t)(found - line) + MARK;
  }
  int result = 0;
  for (size_t i = 0; i < DIGITS; i++) result = result * 10 + (line[text_at + i] - '0');
  return result;
}

/// All of one session come in its order, so the number that is due tells what was left out,
/// and what came before.
static void deliver(Receiver *r, Deliveries *all, const char *line, size_t count, double now) {
  int message = number_in(line, count);
  if (message < 1 || message > all->last) {
    fprintf(stderr, "load: a receiver was sent what nobody said: %.*s\n", (int)count, line);
    exit(1);
  }
  if (message < r->next) {
    all->doubled++;
    return;
  }
  all->lost += message - r->next;
  r->next = message + 1;
  all->end = now;
  all->complete += message == all->last;
  if (message > all->first) all->latencies[all->count++] = (float)(now - all->sent_at[message]);
}

Receiver load_receiver(int socket) {
  return (Receiver){.socket = socket, .next = 1, .rest = load_room_for(1, REQUEST_MAX)};
}

void load_receive(Receiver *r, Deliveries *all) {
  memcpy(in, r->rest, r->filled);
  ssize_t got = read(r->socket, in + r->filled, sizeof in - r->filled);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) load_fail("a server closed a receiver's connection");
  double now = load_monotonic();
  char *line = in, *stop = in + r->filled + got, *end;
  while ((end = memchr(line, '\n', (size_t)(stop - line)))) {
    deliver(r, all, line, (size_t)(end - line), now);
    line = end + 1;
  }
  r->filled = (size_t)(stop - line);
  if (r->filled > REQUEST_MAX) errno = 0, load_fail("a line is too long");
  memcpy(r->rest, line, r->filled);
}

long load_lost(const Receiver *all, int count, const Deliveries *seen) {
  long sum = seen->lost;
  for (int i = 0; i < count; i++) sum += seen->last + 1 - all[i].next;
  return sum;
}

#endif
