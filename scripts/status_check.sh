#!/usr/bin/env bash
# Shows how the cluster is; exit code 0 only where it is healthy.
exec "$(dirname "${BASH_SOURCE[0]}")/syncnet" status "$@"
