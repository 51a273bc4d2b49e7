#!/usr/bin/env bash
# Starts all configured servers in the background, each with its log and process id in its
# data directory, and waits until they have a leader. SYNCNET_… variables configure them;
# scripts/stop_all_servers.sh stops them.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
data=${SYNCNET_DATA_DIR:-data}

"$here/syncnet" --build-only
for server in $("$here/syncnet" status --list); do
    mkdir -p "$data/$server"
    log=$data/$server/server.log
    nohup "$here/syncnet" server --server-id "$server" >>"$log" 2>&1 </dev/null &
    echo "$server starts, its log is $log"
done
"$here/syncnet" status --wait 20
