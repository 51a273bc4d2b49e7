// Fills a room: many sessions, each with several messages under way.
#ifdef __linux__
#include "fanout.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "LoadGenerator.h"

enum { EVENTS = 256, SESSIONS_MAX = 1024 };
static const double PATIENCE = 30;

/// What was asked for.
typedef struct {
  int sessions, window, messages, bytes;
  Address servers[PORTS_MAX];
  int pids[PORTS_MAX];
  int server_count, pid_count;
} Order;

static Session *begin(const Order *order, int events) {
  Session *all = load_room_for((size_t)order->sessions, sizeof *all);
  for (int i = 0; i < order->sessions; i++) {
    char name[NAME_MAX_BYTES];
    snprintf(name, sizeof name, "fill-%ld-%d", load_run_id, i);
    load_open_session(&all[i], order->servers[i % order->server_count], name, load_room,
                      order->window);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
    if (epoll_ctl(events, EPOLL_CTL_ADD, all[i].socket, &event)) load_fail("epoll");
  }
  return all;
}

static long done_by(const Session *all, int count) {
  long sum = 0;
  for (int i = 0; i < count; i++) sum += load_done(&all[i]);
  return sum;
}

/// Ends when all messages are acknowledged.
static void run(const Order *order, Session *all, int events) {
  struct epoll_event list[EVENTS];
  double progress = load_monotonic();
  for (long done = 0; done < order->messages;) {
    int waits = 0;
    for (int i = 0; i < order->sessions; i++) {
      Session *s = &all[i];
      long share = order->messages / order->sessions + (i < order->messages % order->sessions);
      long left = share - load_sent(s);
      if (left > 0 && load_can_send(s)) load_send(s, left);
      waits |= load_flush(s);
    }
    int count = epoll_wait(events, list, EVENTS, waits ? 1 : 100);
    for (int i = 0; i < count; i++) load_hear(list[i].data.ptr);
    long now_done = done_by(all, order->sessions);
    if (now_done != done) progress = load_monotonic();
    done = now_done;
    if (load_monotonic() > progress + PATIENCE) {
      fprintf(stderr, "load: only %ld of %d messages are acknowledged\n", done,
              order->messages);
      exit(1);
    }
  }
}

static int read_order(int count, char **words, Order *order) {
  if (count != 6) return 0;
  order->server_count = load_addresses(words[4], order->servers, PORTS_MAX);
  order->pid_count = load_numbers(words[5], order->pids, PORTS_MAX);
  return load_number(words[0], &order->sessions, SESSIONS_MAX) &&
         load_number(words[1], &order->window, WINDOW_MAX) &&
         load_number(words[2], &order->messages, MESSAGES_MAX) &&
         load_number(words[3], &order->bytes, BYTES_MAX) && order->server_count > 0 &&
         order->pid_count > 0;
}

int load_fill(int count, char **words) {
  Order order;
  if (!read_order(count, words, &order)) {
    fprintf(stderr, "load fill: say SESSIONS OUTSTANDING MESSAGES BYTES PORT,… PID,…\n");
    return USAGE;
  }
  load_begin(order.bytes);
  load_allow_connections(order.sessions);
  int events = epoll_create1(0);
  Session *all = begin(&order, events);
  double start = load_monotonic();
  Use before = load_use(order.pids, order.pid_count);
  run(&order, all, events);
  double seconds = load_monotonic() - start;
  Use after = load_use(order.pids, order.pid_count);
  long refused = 0;
  for (int i = 0; i < order.sessions; i++) refused += all[i].refused;
  printf("{\"per_second\":%.1f,\"refused\":%ld,\"server_cpu_us\":%.1f,\"generator_cores\":%.3f,"
         "\"other_cores\":%.2f,\"seconds\":%.2f}\n",
         order.messages / seconds, refused,
         (after.servers - before.servers) / order.messages * 1e6,
         (after.own - before.own) / seconds, load_others(before, after) / seconds, seconds);
  return 0;
}

#else
#include "LoadGenerator.h"

#include <stdio.h>

int load_fill(int count, char **words) {
  (void)count, (void)words;
  fprintf(stderr, "load: needs Linux\n");
  return 1;
}
#endif
