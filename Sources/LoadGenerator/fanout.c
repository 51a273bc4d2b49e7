// One sender, many receivers of its room; one thread.
#ifdef __linux__
#include "fanout.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "LoadGenerator.h"

enum { EVENTS = 256, WARM_UP = 200, RATE_MAX = 100000, DELIVERIES_MAX = 100000000 };
static const double PATIENCE = 30;
static const char ROOM[] = "fanout";

/// What was asked for.
typedef struct {
  int receivers, messages, rate, window, bytes;
  Address from, servers[PORTS_MAX];
  int pids[PORTS_MAX];
  int server_count, pid_count;
} Order;

static Session sender;
static Receiver *receivers;
static Deliveries seen;
static int events, ticker;

/// The message's number is how its text begins. One that is sent again has been under way all
/// the time.
static void number(uint64_t message) {
  char digits[DIGITS + 1];
  snprintf(digits, sizeof digits, "%0*llu", DIGITS, (unsigned long long)message);
  memcpy(load_value, digits, DIGITS);
  if (seen.sent_at[message] == 0) seen.sent_at[message] = load_monotonic();
}

static void watch(int socket, void *who) {
  fcntl(socket, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
  if (epoll_ctl(events, EPOLL_CTL_ADD, socket, &event)) load_fail("epoll");
}

static void begin(const Order *order) {
  char name[NAME_MAX_BYTES];
  size_t count = (size_t)order->receivers, messages = (size_t)order->messages + WARM_UP;
  int *sockets = load_room_for(count, sizeof *sockets);
  receivers = load_room_for(count, sizeof *receivers);
  seen.sent_at = load_room_for(messages + 1, sizeof *seen.sent_at);
  seen.latencies = load_room_for(messages * count, sizeof *seen.latencies);
  load_follow(sockets, order->receivers, order->servers, order->server_count, ROOM);
  events = epoll_create1(0);
  for (int i = 0; i < order->receivers; i++) {
    receivers[i] = load_receiver(sockets[i]);
    watch(sockets[i], &receivers[i]);
  }
  free(sockets);
  snprintf(name, sizeof name, "sender-%ld", load_run_id);
  load_open_session(&sender, order->from, name, ROOM, order->window);
  sender.number = number;
  watch(sender.socket, &sender);
  ticker = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  watch(ticker, &ticker);
}

/// Waits, and takes what has come; how often the clock ticked meanwhile.
static long wait_once(int milliseconds) {
  struct epoll_event list[EVENTS];
  uint64_t ticks = 0;
  int count = epoll_wait(events, list, EVENTS, milliseconds);
  for (int i = 0; i < count; i++) {
    void *who = list[i].data.ptr;
    if (who == &sender) {
      load_hear(&sender);
    } else if (who == &ticker) {
      if (read(ticker, &ticks, sizeof ticks) != (ssize_t)sizeof ticks) ticks = 0;
    } else {
      load_receive(who, &seen);
    }
  }
  return (long)ticks;
}

/// So many ticks a second; none with 0.
static void tick(int rate) {
  struct itimerspec pace = {0};
  if (rate == 1) pace.it_interval.tv_sec = 1;
  if (rate > 1) pace.it_interval.tv_nsec = 1000000000L / rate;
  pace.it_value = pace.it_interval;
  if (timerfd_settime(ticker, 0, &pace, NULL)) load_fail("timer");
}

/// Sends messages up to `last`, so many a second, or with rate 0 as fast as they are
/// acknowledged. Ends when everybody has all of them, or nothing comes any more.
static void run(const Order *order, int last, int rate) {
  long due = 0;
  double progress = load_monotonic(), now = progress;
  seen.last = last;
  seen.complete = 0;
  tick(rate);
  while (now < progress + PATIENCE) {
    long left = last - load_sent(&sender), count = rate && due < left ? due : left;
    if (count > 0 && load_can_send(&sender)) due -= load_send(&sender, count);
    long before = seen.count + load_done(&sender);
    due += wait_once(load_flush(&sender) ? 1 : 100);
    now = load_monotonic();
    if (seen.count + load_done(&sender) != before) progress = now;
    if (seen.complete == order->receivers && load_done(&sender) == last) break;
  }
  tick(0);
}

static void print(const Order *order, double seconds, Use before, Use after) {
  long wrong = load_lost(receivers, order->receivers, &seen);
  double servers = after.servers - before.servers, own = after.own - before.own;
  double done = (double)seen.count;
  size_t taken = (size_t)seen.count;
  load_sort(seen.latencies, taken);
  printf("{\"receivers\":%d,\"messages\":%d,\"rate\":%d,\"outstanding\":%d,", order->receivers,
         order->messages, order->rate, order->window);
  printf("\"per_second\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,", done / seconds,
         load_quantile(seen.latencies, taken, .5) * 1e3,
         load_quantile(seen.latencies, taken, .99) * 1e3,
         load_quantile(seen.latencies, taken, 1) * 1e3);
  printf("\"delivered\":%ld,\"lost\":%ld,\"doubled\":%ld,\"refused\":%ld,", seen.count, wrong,
         seen.doubled, sender.refused);
  printf("\"server_cpu_us\":%.3f,\"server_cores\":%.2f,\"generator_cores\":%.3f,"
         "\"other_cores\":%.2f,\"seconds\":%.3f}\n",
         seen.count ? servers / done * 1e6 : 0, servers / seconds, own / seconds,
         load_others(before, after) / seconds, seconds);
  fflush(stdout);
}

static int read_order(int count, char **words, Order *order) {
  if (count != 8) return 0;
  order->server_count = load_addresses(words[6], order->servers, PORTS_MAX);
  order->pid_count = load_numbers(words[7], order->pids, PORTS_MAX);
  order->rate = !strcmp(words[2], "burst") ? 0 : -1;
  return load_number(words[0], &order->receivers, CLIENTS_MAX) &&
         load_number(words[1], &order->messages, MESSAGES_MAX) &&
         (long)order->receivers * order->messages <= DELIVERIES_MAX &&
         (!order->rate || load_number(words[2], &order->rate, RATE_MAX)) &&
         load_number(words[3], &order->window, WINDOW_MAX) &&
         load_number(words[4], &order->bytes, BYTES_MAX) && order->bytes >= DIGITS &&
         load_addresses(words[5], &order->from, 1) == 1 && order->server_count > 0 &&
         order->pid_count > 0;
}

int load_fanout(int count, char **words) {
  Order order;
  if (!read_order(count, words, &order)) {
    fprintf(stderr, "load fanout: say RECEIVERS MESSAGES RATE|burst OUTSTANDING BYTES "
                    "SENDER_PORT PORT,… PID,…\n");
    return USAGE;
  }
  load_begin(order.bytes);
  load_allow_connections(order.receivers);
  begin(&order);
  run(&order, WARM_UP, 0);
  seen.first = WARM_UP;
  seen.count = 0;
  double start = load_monotonic();
  Use before = load_use(order.pids, order.pid_count);
  run(&order, WARM_UP + order.messages, order.rate);
  Use after = load_use(order.pids, order.pid_count);
  print(&order, seen.end > start ? seen.end - start : load_monotonic() - start, before, after);
  return 0;
}

#else
#include "LoadGenerator.h"

#include <stdio.h>

int load_fanout(int count, char **words) {
  (void)count, (void)words;
  fprintf(stderr, "load: needs Linux\n");
  return 1;
}
#endif
