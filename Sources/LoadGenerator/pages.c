// Pages of history, one after the other.
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "LoadGenerator.h"

enum { PAGES_MAX = 100000, MESSAGES_OF_PAGE_MAX = 1000, PAUSE_MICROSECONDS = 1000 };
/// A page of the longest messages fits.
enum { PAGE_MAX_BYTES = MESSAGES_OF_PAGE_MAX * (BYTES_MAX + 512) };

static long requests;

/// Milliseconds of a page.
typedef struct {
  double p50, p99;
} Times;

/// One page before an index, or with 0 from the end.
static size_t ask(int socket, long before, int limit, char *in) {
  char line[512], where[64] = "";
  if (before) snprintf(where, sizeof where, ",\"before\":%ld", before);
  int count = snprintf(line, sizeof line,
                       "{\"msg_type\":\"history\",\"sender_id\":\"reader\",\"data\":"
                       "{\"request\":%ld,\"room\":\"%s\",\"limit\":%d%s},"
                       "\"lamport_timestamp\":1,\"created_at\":1.5}\n",
                       ++requests, load_room, limit, where);
  return load_ask(socket, line, (size_t)count, in, PAGE_MAX_BYTES);
}

static int messages_in(const char *page, size_t count) {
  static const char key[] = "\"previous\":";
  int found = 0;
  const char *end = page + count;
  while ((page = memmem(page, (size_t)(end - page), key, sizeof key - 1)))
    page += sizeof key - 1, found++;
  return found;
}

/// The index of the first message of a page; 0 where there is none.
static long first_index(const char *page, size_t count) {
  static const char key[] = "\"index\":";
  const char *found = memmem(page, count, key, sizeof key - 1);
  return found ? atol(found + sizeof key - 1) : 0;
}

/// Times pages: from the end, or each of another place in the middle third.
static Times measure(int socket, int pages, int limit, long length, float *out, char *in) {
  for (int i = 0; i < pages; i++) {
    long before = length ? length / 3 + limit + length / 3 * i / pages : 0;
    double start = load_monotonic();
    size_t count = ask(socket, before, limit, in);
    out[i] = (float)(load_monotonic() - start);
    if (!load_has(in, count, LOAD_ACK) || messages_in(in, count) != limit)
      errno = 0, load_fail("a page of history does not hold what was asked for");
  }
  load_sort(out, (size_t)pages);
  return (Times){load_quantile(out, (size_t)pages, .5) * 1e3,
                 load_quantile(out, (size_t)pages, .99) * 1e3};
}

int load_pages(int count, char **words) {
  int pages, limit;
  Address server[1];
  if (count != 3 || !load_number(words[0], &pages, PAGES_MAX) ||
      !load_number(words[1], &limit, MESSAGES_OF_PAGE_MAX) ||
      load_addresses(words[2], server, 1) != 1) {
    fprintf(stderr, "load pages: say PAGES MESSAGES PORT\n");
    return USAGE;
  }
  int socket = load_connect(server[0]);
  float *times = load_room_for((size_t)pages, sizeof *times);
  char *in = load_room_for(PAGE_MAX_BYTES, 1);
  // The first ones are not counted: they fill the caches.
  measure(socket, pages < 10 ? pages : 10, limit, 0, times, in);
  Times end = measure(socket, pages, limit, 0, times, in);
  long length = first_index(in, ask(socket, 0, 1, in));
  Times middle = measure(socket, pages, limit, length, times, in);
  printf("{\"end_p50_ms\":%.3f,\"end_p99_ms\":%.3f,\"middle_p50_ms\":%.3f,"
         "\"middle_p99_ms\":%.3f}\n",
         end.p50, end.p99, middle.p50, middle.p99);
  return 0;
}
