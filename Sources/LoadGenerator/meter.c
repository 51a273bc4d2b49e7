// What processes, disks and this machine have used.
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif
#include <time.h>
#include <unistd.h>

#include "LoadGenerator.h"

static double at(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double load_monotonic(void) { return at(CLOCK_MONOTONIC); }
double load_wall(void) { return at(CLOCK_REALTIME); }

static double ticks(int pid) {
  char path[64], line[1024];
  unsigned long user = 0, system = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  // A name may hold spaces and brackets, so fields are counted from the last bracket.
  char *rest = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
  if (rest)
    sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  fclose(file);
  return (double)(user + system);
}

double load_processor_seconds(const int *pids, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += ticks(pids[i]);
  return sum / (double)sysconf(_SC_CLK_TCK);
}

double load_own_seconds(void) {
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1e-6;
}

double load_machine_seconds(void) {
  // user, nice, system, idle, waiting, interrupts, soft interrupts, stolen
  double v[8] = {0};
  FILE *file = fopen("/proc/stat", "r");
  if (!file) return 0;
  int found = fscanf(file, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", v, v + 1, v + 2, v + 3,
                     v + 4, v + 5, v + 6, v + 7);
  fclose(file);
  if (found != 8) return 0;
  return (v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / (double)sysconf(_SC_CLK_TCK);
}

Use load_use(const int *pids, int count) {
  return (Use){load_processor_seconds(pids, count), load_own_seconds(), load_machine_seconds(),
               load_disk_flushes()};
}

double load_others(Use before, Use after) {
  double others = after.machine - before.machine - (after.servers - before.servers) -
                  (after.own - before.own);
  return others > 0 ? others : 0;
}

double load_disk_flushes(void) {
  char line[512];
  double sum = 0;
  FILE *file = fopen("/proc/diskstats", "r");
  if (!file) return 0;
  while (fgets(line, sizeof line, file)) {
    unsigned long flushes = 0;
    if (sscanf(line,
               "%*u %*u %*s %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %lu",
               &flushes) == 1)
      sum += (double)flushes;
  }
  fclose(file);
  return sum;
}

static double commits_of(Address page_of) {
  static const char ask[] =
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  static char page[1 << 16];
  size_t filled = 0;
  int socket = load_connect(page_of);
  load_put(socket, ask, sizeof ask - 1);
  for (ssize_t got; filled < sizeof page - 1 &&
                    (got = read(socket, page + filled, sizeof page - 1 - filled)) > 0;)
    filled += (size_t)got;
  close(socket);
  page[filled] = 0;
  char *found = strstr(page, "syncnet_disk_commit_seconds_count ");
  return found ? atof(strchr(found, ' ')) : 0;
}

double load_commits(const Address *pages, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += commits_of(pages[i]);
  return sum;
}

static int by_size(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

void load_sort(float *values, size_t count) { qsort(values, count, sizeof *values, by_size); }

double load_quantile(const float *values, unsigned long count, double share) {
  if (!count) return -1;
  double rank = share * (double)count;
  size_t whole = (size_t)rank;
  size_t place = whole < rank ? whole + 1 : whole;
  if (place < 1) place = 1;
  return values[(place > count ? count : place) - 1];
}

int load_is_in_memory(const char *directory) {
#ifdef __linux__
  const uint32_t temporary = 0x01021994, memory = 0x858458f6;
  struct statfs about;
  if (statfs(directory, &about)) return -1;
  return (uint32_t)about.f_type == temporary || (uint32_t)about.f_type == memory;
#else
  struct stat about;
  return stat(directory, &about) ? -1 : 0;
#endif
}
