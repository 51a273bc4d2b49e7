#ifndef LOAD_GENERATOR_H
#define LOAD_GENERATOR_H

/// Loads three servers on 127.0.0.1 with a closed loop: so many connections, one outstanding
/// request on each, one thread. Prints one line of JSON.
///
///     DIALECT SECONDS CLIENTS BYTES PORT[,PORT…] PID[,PID…] [METRICS_PORT[,METRICS_PORT…]]
///
/// Returns 0, 1 where the run failed, 64 where the words make no sense. Words begin at
/// `words[0]`.
int load_run(int count, char **words);

/// Ends or stops a process and waits until a write that is offered every 20 ms to the others
/// is acknowledged. Prints one line of JSON.
///
///     SIGNAL PID PORT,PORT
///
/// Returns what `load_run` does.
int load_failover(int count, char **words);

/// The value below which a share of the rising `values` lies, by the nearest rank; -1 where
/// there are none. The share is from 0 to 1.
double load_quantile(const float *values, unsigned long count, double share);

/// Whether files of a directory are in memory, not on a disk; -1 where there is none.
int load_is_in_memory(const char *directory);

#endif
