#!/usr/bin/env bash
# Restarts the running servers of this machine one after the other, while clients write, and
# demands that nothing is lost; --try plays it on a cluster of its own.
exec "$(dirname "${BASH_SOURCE[0]}")/syncnet" rolling-restart "$@"
