// Many connections that follow a room.
#ifdef __linux__
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { JOINS_MAX = 128, EVENTS = 128, REFUSALS_MAX = 10000, PAUSE_MICROSECONDS = 10000 };
static const int PATIENCE_MILLISECONDS = 30000;

/// A join that is under way.
typedef struct {
  int socket, number;
  size_t filled;
  char in[1024];
} Join;

static long refusals;

static void ask(const Join *join, const char *room) {
  char line[512], name[NAME_MAX_BYTES];
  snprintf(name, sizeof name, "follower-%ld-%d", load_run_id, join->number);
  load_put(join->socket, line, load_syncnet_join_line(line, name, room));
}

/// Whether the join is done. One that was refused goes again.
static int is_joined(Join *join, const char *room) {
  ssize_t got = read(join->socket, join->in + join->filled, sizeof join->in - join->filled);
  if (got <= 0) errno = 0, load_fail("a server closed the connection of a client that joins");
  join->filled += (size_t)got;
  if (join->in[join->filled - 1] != '\n') return 0;
  int is_ack = load_has(join->in, join->filled, LOAD_ACK);
  join->filled = 0;
  if (is_ack) return 1;
  if (++refusals == REFUSALS_MAX) errno = 0, load_fail("a server refuses to let clients join");
  usleep(PAUSE_MICROSECONDS);
  ask(join, room);
  return 0;
}

void load_follow(int *out, int count, const Address *servers, int server_count,
                 const char *room) {
  Join *joins = load_room_for(JOINS_MAX, sizeof *joins);
  int events = epoll_create1(0), begun = 0, done = 0;
  if (events < 0) load_fail("epoll");
  while (done < count) {
    for (; begun < count && begun - done < JOINS_MAX; begun++) {
      Join *join = joins;
      while (join->socket) join++;
      *join = (Join){.socket = load_connect(servers[begun % server_count]), .number = begun};
      struct epoll_event event = {.events = EPOLLIN, .data.ptr = join};
      epoll_ctl(events, EPOLL_CTL_ADD, join->socket, &event);
      ask(join, room);
    }
    struct epoll_event list[EVENTS];
    int ready = epoll_wait(events, list, EVENTS, PATIENCE_MILLISECONDS);
    if (ready <= 0) errno = 0, load_fail("no server answers clients that join");
    for (int i = 0; i < ready; i++) {
      Join *join = list[i].data.ptr;
      if (!is_joined(join, room)) continue;
      epoll_ctl(events, EPOLL_CTL_DEL, join->socket, NULL);
      out[join->number] = join->socket;
      join->socket = 0;
      done++;
    }
  }
  close(events);
  free(joins);
}

#endif
