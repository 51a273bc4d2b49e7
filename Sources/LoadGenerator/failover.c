// Takes a leader away, and times the first write that is acknowledged afterwards.
#ifdef __linux__
#include "load.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "LoadGenerator.h"

enum { OFFERS_MAX = 3000 };
static const double PACE = 0.02, PATIENCE = 60, SETTLING = 1;

/// One connection to a server that stays. Every offer begins a session of its own, so that
/// one that is refused leaves no gap before the next.
typedef struct {
  int socket;
  size_t filled;
  char in[16384];
} Survivor;

static Survivor survivors[PORTS_MAX];
static int survivor_count, offers;
static char name[64];

static void offer(Survivor *survivor) {
  static char out[REQUEST_MAX];
  char session[96];
  snprintf(session, sizeof session, "%s-%d", name, offers++);
  load_put(survivor->socket, out, load_syncnet_chat(out, name, session, load_room, 1));
}

/// Whether one of the lines that came is an ack.
static int take(Survivor *survivor) {
  ssize_t got = read(survivor->socket, survivor->in + survivor->filled,
                     sizeof survivor->in - survivor->filled);
  if (got <= 0) load_fail("a server that stays closed a connection");
  survivor->filled += (size_t)got;
  int is_acknowledged = 0;
  char *line = survivor->in, *end;
  size_t left = survivor->filled;
  while ((end = memchr(line, '\n', left))) {
    size_t count = (size_t)(end + 1 - line);
    if (memmem(line, count, "\"msg_type\":\"ack\"", 16)) is_acknowledged = 1;
    line += count;
    left -= count;
  }
  memmove(survivor->in, line, survivor->filled = left);
  return is_acknowledged;
}

/// Reads for a while; whether an ack came.
static int listen_for(double seconds) {
  struct pollfd waits[PORTS_MAX];
  struct timespec pause = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
  int is_acknowledged = 0;
  for (int i = 0; i < survivor_count; i++)
    waits[i] = (struct pollfd){.fd = survivors[i].socket, .events = POLLIN};
  if (ppoll(waits, (nfds_t)survivor_count, &pause, NULL) <= 0) return 0;
  for (int i = 0; i < survivor_count; i++)
    if (waits[i].revents && take(&survivors[i])) is_acknowledged = 1;
  return is_acknowledged;
}

static void begin(const Address *servers) {
  snprintf(name, sizeof name, "failover-%ld-%d", (long)time(NULL), (int)getpid());
  load_syncnet_join(servers[0], name, load_room);
  for (int i = 0; i < survivor_count; i++) survivors[i].socket = load_connect(servers[i]);
  // A write must work on each of them before anything happens.
  for (int i = 0; i < survivor_count; i++) {
    offer(&survivors[i]);
    double end = load_monotonic() + 10;
    while (!listen_for(0.1))
      if (load_monotonic() > end) errno = 0, load_fail("no write is acknowledged before the trial");
  }
  usleep((useconds_t)(SETTLING * 1e6));
}

/// What is done to the leader: a signal to its process, or its network interface goes down.
typedef struct {
  int signal_number, pid;
  const char *interface;
} Blow;

/// The flag of an interface goes at once: a command would need milliseconds.
static void unplug(const char *interface) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strcpy(request.ifr_name, interface);
  int any = socket(AF_INET, SOCK_DGRAM, 0);
  if (any < 0 || ioctl(any, SIOCGIFFLAGS, &request)) load_fail(interface);
  request.ifr_flags &= (short)~IFF_UP;
  if (ioctl(any, SIOCSIFFLAGS, &request)) load_fail(interface);
  close(any);
}

static void strike(Blow blow) {
  if (blow.interface) {
    unplug(blow.interface);
  } else if (kill(blow.pid, blow.signal_number)) {
    load_fail("kill");
  }
}

static int read_blow(char **words, Blow *blow) {
  memset(blow, 0, sizeof *blow);
  if (!strcmp(words[0], "unplug")) {
    blow->interface = words[1];
    return strlen(words[1]) < IFNAMSIZ;
  }
  return load_numbers(words[0], &blow->signal_number, 1) == 1 &&
         load_numbers(words[1], &blow->pid, 1) == 1;
}

int load_failover(int count, char **words) {
  Blow blow;
  Address servers[PORTS_MAX];
  if (count != 3 || !read_blow(words, &blow) ||
      (survivor_count = load_addresses(words[2], servers, PORTS_MAX)) < 1) {
    fprintf(stderr, "load failover: say SIGNAL PID PORT,… or unplug INTERFACE PORT,…\n");
    return USAGE;
  }
  load_begin(100);
  begin(servers);
  double taken_at = load_wall(), start = load_monotonic(), next = start + PACE;
  strike(blow);
  int is_acknowledged = 0;
  while (!is_acknowledged && load_monotonic() < start + PATIENCE && offers < OFFERS_MAX) {
    if (load_monotonic() >= next) {
      offer(&survivors[offers % survivor_count]);
      next += PACE;
    }
    double left = next - load_monotonic();
    is_acknowledged = listen_for(left > 0 ? left : 0);
  }
  double outage = load_monotonic() - start;
  if (!is_acknowledged) errno = 0, load_fail("no write was acknowledged within a minute");
  printf("{\"outage_ms\":%.1f,\"taken_at\":%.3f,\"offers\":%d}\n", outage * 1e3, taken_at,
         offers - survivor_count);
  fflush(stdout);
  return 0;
}

#else
#include "LoadGenerator.h"

#include <stdio.h>

int load_failover(int count, char **words) {
  (void)count, (void)words;
  fprintf(stderr, "load: needs Linux\n");
  return 1;
}
#endif
