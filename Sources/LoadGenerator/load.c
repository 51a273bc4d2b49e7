// A closed loop: so many connections, one request under way on each, one thread.
#ifdef __linux__
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "LoadGenerator.h"

enum { EVENTS = 256 };
static const double WARM_UP = 1, DRAIN = 2;

size_t load_value_bytes;
char load_value[BYTES_MAX];
long load_run_id;

void load_begin(int bytes) {
  load_value_bytes = (size_t)bytes;
  memset(load_value, 'v', sizeof load_value);
  load_run_id = time(NULL) * 100000L + getpid() % 100000;
}

static const Dialect *dialect;
static int is_measuring, is_ending;
static long done, refused, all_done, all_refused;
static int under_way;
static float *latencies;
static size_t taken, room;

static void send_next(Connection *c) {
  static char out[REQUEST_MAX];
  size_t count = dialect->request(c, out);
  c->sent = load_monotonic();
  under_way++;
  load_put(c->socket, out, count);
}

void load_answered(Connection *c, int is_done) {
  under_way--;
  all_done += is_done;
  all_refused += !is_done;
  if (is_measuring) {
    done += is_done;
    refused += !is_done;
    if (taken == room) {
      room = room ? room * 2 : 1 << 16;
      latencies = realloc(latencies, room * sizeof *latencies);
      if (!latencies) load_fail("memory");
    }
    if (is_done) latencies[taken++] = (float)(load_monotonic() - c->sent);
  }
  if (!is_ending) send_next(c);
}

static void read_from(Connection *c) {
  ssize_t got = read(c->socket, c->in + c->filled, sizeof c->in - c->filled);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) load_fail("a server closed a connection");
  c->filled += (size_t)got;
  size_t used = dialect->read(c);
  memmove(c->in, c->in + used, c->filled -= used);
}

static void wait_once(int events) {
  struct epoll_event list[EVENTS];
  int count = epoll_wait(events, list, EVENTS, 20);
  for (int i = 0; i < count; i++) read_from(list[i].data.ptr);
}

static Connection *connect_all(int events, int clients, const Address *servers, int count) {
  Connection *all = calloc((size_t)clients, sizeof *all);
  if (!all) load_fail("memory");
  for (int i = 0; i < clients; i++) {
    Connection *c = &all[i];
    c->number = i;
    c->server = servers[i % count];
    c->socket = load_connect(c->server);
    dialect->prepare(c);
    fcntl(c->socket, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(events, EPOLL_CTL_ADD, c->socket, &event);
  }
  // Subscriptions of NATS take a moment to reach the other nodes.
  usleep(300000);
  return all;
}

static void print(int clients, double seconds, Use before, Use after, double written) {
  double servers = after.servers - before.servers, own = after.own - before.own;
  load_sort(latencies, taken);
  printf("{\"clients\":%d,\"per_second\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
         "\"max_ms\":%.3f,",
         clients, (double)done / seconds, load_quantile(latencies, taken, .5) * 1e3,
         load_quantile(latencies, taken, .99) * 1e3, load_quantile(latencies, taken, 1) * 1e3);
  printf("\"server_cpu_us\":%.1f,\"commits\":%.3f,\"disk_flushes\":%.3f,",
         done ? servers / (double)done * 1e6 : 0,
         all_done ? written / (double)all_done : 0,
         done ? (after.flushes - before.flushes) / (double)done : 0);
  printf("\"server_cores\":%.2f,\"generator_cores\":%.3f,\"other_cores\":%.2f,"
         "\"acknowledged\":%ld,\"refused\":%ld,\"seconds\":%.2f}\n",
         servers / seconds, own / seconds, load_others(before, after) / seconds, done, refused,
         seconds);
  fflush(stdout);
}

typedef struct {
  double seconds;
  int clients, bytes;
  Address servers[PORTS_MAX], pages[PORTS_MAX];
  int pids[PORTS_MAX];
  int server_count, pid_count, page_count;
} Order;

static int read_order(int count, char **words, Order *order) {
  const Dialect *known[] = {&load_etcd, &load_nats, &load_syncnet};
  if (count < 6 || count > 7) return 0;
  for (int i = 0; i < 3; i++)
    if (!strcmp(words[0], known[i]->name)) dialect = known[i];
  order->seconds = atof(words[1]);
  order->server_count = load_addresses(words[4], order->servers, PORTS_MAX);
  order->pid_count = load_numbers(words[5], order->pids, PORTS_MAX);
  order->page_count = count == 7 ? load_addresses(words[6], order->pages, PORTS_MAX) : 0;
  return dialect && order->seconds > 0 && order->seconds <= 3600 &&
         load_numbers(words[2], &order->clients, 1) == 1 && order->clients <= CLIENTS_MAX &&
         load_numbers(words[3], &order->bytes, 1) == 1 && order->bytes <= BYTES_MAX &&
         order->server_count > 0 && order->pid_count > 0 && order->page_count >= 0;
}

int load_run(int count, char **words) {
  Order order;
  if (!read_order(count, words, &order)) {
    fprintf(stderr, "load: say etcd|nats|syncnet SECONDS CLIENTS BYTES PORT,… PID,… "
                    "[METRICS_PORT,…]\n");
    return USAGE;
  }
  load_begin(order.bytes);
  load_allow_connections(order.clients);
  int events = epoll_create1(0);
  Connection *all = connect_all(events, order.clients, order.servers, order.server_count);
  double written = load_commits(order.pages, order.page_count);
  double begin = load_monotonic() + WARM_UP;
  for (int i = 0; i < order.clients; i++) send_next(&all[i]);
  while (load_monotonic() < begin) wait_once(events);
  is_measuring = 1;
  begin = load_monotonic();
  Use before = load_use(order.pids, order.pid_count);
  while (load_monotonic() < begin + order.seconds) wait_once(events);
  double seconds = load_monotonic() - begin;
  Use after = load_use(order.pids, order.pid_count);
  is_measuring = 0;
  is_ending = 1;
  for (double end = load_monotonic() + DRAIN; under_way > 0 && load_monotonic() < end;)
    wait_once(events);
  written = load_commits(order.pages, order.page_count) - written;
  print(order.clients, seconds, before, after, written);
  return 0;
}

#else
#include "LoadGenerator.h"

#include <stdio.h>

int load_run(int count, char **words) {
  (void)count, (void)words;
  fprintf(stderr, "load: needs Linux\n");
  return 1;
}
#endif
