// Clients that follow a room in which nothing is said.
#ifdef __linux__
#include "load.h"

#include <stdio.h>
#include <unistd.h>

#include "LoadGenerator.h"

int load_idle(int count, char **words) {
  int clients, server_count = 0;
  Address servers[PORTS_MAX];
  if (count != 2 || !load_number(words[0], &clients, CLIENTS_MAX) ||
      (server_count = load_addresses(words[1], servers, PORTS_MAX)) < 1) {
    fprintf(stderr, "load idle: say CLIENTS PORT,…\n");
    return USAGE;
  }
  load_begin(1);
  load_allow_connections(clients);
  int *sockets = load_room_for((size_t)clients, sizeof *sockets);
  double start = load_monotonic();
  load_follow(sockets, clients, servers, server_count, "idle");
  printf("{\"clients\":%d,\"seconds\":%.3f}\n", clients, load_monotonic() - start);
  fflush(stdout);
  // They stay as long as somebody holds the other end.
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  return 0;
}

#else
#include "LoadGenerator.h"

#include <stdio.h>

int load_idle(int count, char **words) {
  (void)count, (void)words;
  fprintf(stderr, "load: needs Linux\n");
  return 1;
}
#endif
