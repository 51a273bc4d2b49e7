// What the parts of the load generator share.
#ifndef LOAD_H
#define LOAD_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <stdint.h>

enum { PORTS_MAX = 16, CLIENTS_MAX = 10000, BYTES_MAX = 16384, REQUEST_MAX = 40000 };

/// One client, with one request under way.
typedef struct {
  int socket, port, number, has_message;
  uint32_t stream;
  uint64_t request;
  size_t filled;
  double sent;
  char in[16384];
} Connection;

/// How a kind of server is spoken to.
typedef struct {
  const char *name;
  /// Whatever comes before the first request, waiting for answers.
  void (*prepare)(Connection *);
  /// Writes the next request to `out` and returns its length.
  size_t (*request)(Connection *, char *out);
  /// Reads answers from `in`, calls `load_answered` for each, and returns the bytes consumed.
  size_t (*read)(Connection *);
} Dialect;

extern const Dialect load_etcd, load_nats, load_syncnet;

/// How many bytes a message has, and its text.
extern size_t load_value_bytes;
extern char load_value[BYTES_MAX];
/// Tells this run from others.
extern long load_run_id;

void load_answered(Connection *, int is_done);

void load_fail(const char *what) __attribute__((noreturn));
double load_monotonic(void);
double load_wall(void);
int load_connect(int port);
void load_put(int socket, const void *bytes, size_t count);
/// Numbers of a list with commas; -1 where it is none.
int load_numbers(const char *text, int *out, int most);

/// User and system seconds of processes, of this one, and of everybody.
double load_processor_seconds(const int *pids, int count);
double load_own_seconds(void);
double load_machine_seconds(void);
/// Flushes that all disks of this machine were asked for.
double load_disk_flushes(void);
/// Commits to the disk that servers count on their page of metrics.
double load_commits(const int *ports, int count);

/// Joins the room as this client, on a connection of its own: one that follows no room is
/// told nothing but its answers.
void load_syncnet_join(int port, const char *name);
/// Writes a message of a client's session to `out` and returns its length.
size_t load_syncnet_chat(char *out, const char *name, const char *session, uint64_t request);

#endif
