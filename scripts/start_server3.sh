#!/usr/bin/env bash
# Starts server3 alone, in the foreground; Ctrl-C stops it. More flags are passed on.
exec "$(dirname "${BASH_SOURCE[0]}")/syncnet" server --server-id server3 "$@"
