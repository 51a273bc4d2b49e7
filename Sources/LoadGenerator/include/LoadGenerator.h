#ifndef LOAD_GENERATOR_H
#define LOAD_GENERATOR_H

/// Loads servers with a closed loop: so many connections, one outstanding
/// request on each, one thread. Prints one line of JSON.
///
///     DIALECT SECONDS CLIENTS BYTES PORT[,PORT…] PID[,PID…] [METRICS_PORT[,METRICS_PORT…]]
///
/// Returns 0, 1 where the run failed, 64 where the words make no sense. Words begin at
/// `words[0]`. A port may be one of this machine, or stand behind a host and a colon.
int load_run(int count, char **words);

/// Ends or stops a process, or takes a network interface down, and waits until a write that is
/// offered every 20 ms to the others is acknowledged. Prints one line of JSON.
///
///     SIGNAL PID PORT[,PORT…]
///     unplug INTERFACE PORT[,PORT…]
///
/// Returns what `load_run` does.
int load_failover(int count, char **words);

/// Lets receivers follow a room, and one sender say so many messages there: so many a second, or
/// in a burst, as fast as they are acknowledged with so many outstanding. Each text begins with
/// its number, so that what a receiver is not sent, or sent twice, is counted. Prints one line
/// of JSON.
///
///     RECEIVERS MESSAGES RATE|burst OUTSTANDING BYTES SENDER_PORT PORT[,PORT…] PID[,PID…]
///
/// Returns what `load_run` does.
int load_fanout(int count, char **words);

/// Fills a room with messages of many sessions, each of which has so many outstanding. Prints
/// one line of JSON.
///
///     SESSIONS OUTSTANDING MESSAGES BYTES PORT[,PORT…] PID[,PID…]
///
/// Returns what `load_run` does.
int load_fill(int count, char **words);

/// Lets clients follow a room in which nobody says anything, prints one line of JSON once all
/// do, and ends when standard input does.
///
///     CLIENTS PORT[,PORT…]
///
/// Returns what `load_run` does.
int load_idle(int count, char **words);

/// Times pages of history of a room, one after the other: from its end and from its middle.
/// Prints one line of JSON.
///
///     PAGES MESSAGES PORT
///
/// Returns what `load_run` does.
int load_pages(int count, char **words);

/// User and system seconds that processes have used; an ended one counts as 0.
double load_processor_seconds(const int *pids, int count);

/// This moment by the monotonic clock, in seconds.
double load_monotonic(void);

/// Asks a server of this machine for a page of history, again and again, until it answers with
/// one; that moment by the monotonic clock, or -1 where it takes longer than `patience` seconds.
double load_wait_for_page(int port, double patience);

/// The last entry that a server of this machine has applied, from its metrics; -1 where it does
/// not tell.
long load_applied(int port);

/// The value below which a share of the rising `values` lies, by the nearest rank; -1 where
/// there are none. The share is from 0 to 1.
double load_quantile(const float *values, unsigned long count, double share);

/// Whether files of a directory are in memory, not on a disk; -1 where there is none.
int load_is_in_memory(const char *directory);

#endif
