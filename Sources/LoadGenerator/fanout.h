// A session with several messages under way, and receivers of its room.
#ifndef FANOUT_H
#define FANOUT_H

#include "load.h"

/// Messages that are written at once, and that may be under way on one connection.
enum { BATCH_MAX = 64, WINDOW_MAX = 1024 };
/// The most messages of one session, and the digits with which each text of a fan-out begins.
enum { MESSAGES_MAX = 10000000, DIGITS = 9 };

/// A session with several messages under way on one connection. Message m is request m + 1,
/// since the first one joined its room.
typedef struct {
  int socket, window, under_way, is_refused;
  char name[NAME_MAX_BYTES];
  const char *room;
  /// The highest request that was sent, and the highest that was acknowledged.
  uint64_t sent, answered;
  /// How many were refused, and sent again.
  long refused;
  /// Told of each message before it is written, to change the text.
  void (*number)(uint64_t message);
  size_t filled, out_used, out_filled;
  char *out;
  char in[16384];
} Session;

/// Joins a room and opens a connection on which so many messages may be under way.
void load_open_session(Session *, Address server, const char *name, const char *room, int window);
/// Whether there is room for one more message.
int load_can_send(const Session *);
/// Sends so many messages at most, as there is room, and returns how many.
long load_send(Session *, long most);
/// Writes what the socket did not take before; whether something is still left.
int load_flush(Session *);
/// Reads answers.
void load_hear(Session *);
/// How many messages were sent, and acknowledged.
long load_sent(const Session *);
long load_done(const Session *);

/// A connection that follows a room in which one session numbers its messages 1, 2, 3, …
typedef struct {
  /// `next` is the message that it has to be sent next.
  int socket, next;
  size_t filled;
  char *rest;
} Receiver;

/// What all receivers were sent of the messages after `first`, of `last` in all.
typedef struct {
  int first, last;
  /// Receivers that have come to the last one.
  int complete;
  long count, lost, doubled;
  double end;
  /// When each message was sent, and how long each delivery took.
  double *sent_at;
  float *latencies;
} Deliveries;

/// Makes a receiver of a connection that has joined.
Receiver load_receiver(int socket);
/// Reads once what has come for a receiver.
void load_receive(Receiver *, Deliveries *);
/// What was skipped, and what never came.
long load_lost(const Receiver *, int count, const Deliveries *);

#endif
