#!/usr/bin/env bash
# Plays the guide's scenarios on a real cluster, step by step: formation, failure of the
# leader, rolling restart, a client that goes on. Exit code 0 only if all of it held.
# SYNCNET_BASE_PORT moves the cluster away from ports 8000 to 8042.
exec "$(dirname "${BASH_SOURCE[0]}")/syncnet" demo "$@"
