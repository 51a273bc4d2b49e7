#!/usr/bin/env bash
# Starts all configured servers in the background, each with its log and process id in its
# data directory, and waits until they have a leader. SYNCNET_… variables configure them;
# scripts/stop_all_servers.sh stops them.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")

"$here/syncnet" --build-only
"$here/syncnet" status --list-data | while IFS=$'\t' read -r server data; do
    mkdir -p "$data"
    log=$data/server.log
    nohup "$here/syncnet" server --server-id "$server" >>"$log" 2>&1 </dev/null &
    echo "$server starts, its log is $log"
done
"$here/syncnet" status --wait 20
