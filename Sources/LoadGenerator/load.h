// What the parts of the load generator share.
#ifndef LOAD_H
#define LOAD_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <stdint.h>

#include "LoadGenerator.h"

enum { PORTS_MAX = 16, CLIENTS_MAX = 16000, BYTES_MAX = 16384, REQUEST_MAX = 40000 };
enum { NAME_MAX_BYTES = 64, USAGE = 64 };

/// Where a server is, in the byte order of the network.
typedef struct {
  uint32_t host;
  uint16_t port;
} Address;

/// One client, with one request under way.
typedef struct {
  Address server;
  int socket, number, has_message;
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
/// Begins a run whose messages have so many bytes.
void load_begin(int bytes);

void load_answered(Connection *, int is_done);

void load_fail(const char *what) __attribute__((noreturn));
/// Zeroed memory, or the end.
void *load_room_for(size_t count, size_t size);
double load_wall(void);
/// -1 where nobody listens.
int load_try_connect(Address server);
int load_connect(Address server);
void load_put(int socket, const void *bytes, size_t count);
/// Numbers of a list with commas; -1 where it is none.
int load_numbers(const char *text, int *out, int most);
/// A single number up to `most`; whether it is one.
int load_number(const char *text, int *out, int most);
/// Addresses of a list with commas, each a port of this machine or HOST:PORT; -1 where it is
/// none.
int load_addresses(const char *text, Address *out, int most);
/// Lets this process have so many connections, or ends it with a line that says why not.
void load_allow_connections(int count);

/// User and system seconds of this process, and of everybody.
double load_own_seconds(void);
double load_machine_seconds(void);
/// Flushes that all disks of this machine were asked for.
double load_disk_flushes(void);
/// All of that at one moment.
typedef struct {
  double servers, own, machine, flushes;
} Use;
Use load_use(const int *pids, int count);
/// Processor seconds between two moments of all who are neither servers nor this process.
double load_others(Use before, Use after);
/// Commits to the disk that servers count on their page of metrics.
double load_commits(const Address *pages, int count);
/// Puts values into rising order.
void load_sort(float *values, size_t count);

/// The room in which clients write that follow none.
extern const char load_room[];
#define LOAD_ACK "\"msg_type\":\"ack\""
#define LOAD_NACK "\"msg_type\":\"nack\""

/// Whether a line, or a few of them, hold a text.
int load_has(const char *lines, size_t count, const char *text);
/// Sends one line and reads one into `in`; the bytes of that line.
size_t load_ask(int socket, const char *line, size_t count, char *in, size_t room);
/// Writes the request to join a room, request 1 of the session of that name, to `out`.
size_t load_syncnet_join_line(char *out, const char *name, const char *room);
/// Joins a room as this client, on a connection of its own: one that follows no room is told
/// nothing but its answers.
void load_syncnet_join(Address server, const char *name, const char *room);
/// Writes a message of a client's session to `out` and returns its length.
size_t load_syncnet_chat(char *out, const char *name, const char *session, const char *room,
                         uint64_t request);
/// Opens so many connections, each of which joins a room under a name of its own, and from
/// then on follows it. Their sockets go to `out`.
void load_follow(int *out, int count, const Address *servers, int server_count, const char *room);

#endif
