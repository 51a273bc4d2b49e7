#!/usr/bin/env bash
# Stops the servers whose process ids stand in the data directory, cleanly.
set -euo pipefail
top=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
# Asked of the command as it is: who stops servers does not wait for a build.
first=$("$top/.build/release/syncnet" status --list-data 2>/dev/null | sed -n '1s/.*\t//p') ||
    first=
data=${first:+$(dirname "$first")}
data=${data:-${SYNCNET_DATA_DIR:-data}}

# A process id may have been given to another process since a server was killed.
is_server() {
    [[ -e /proc/$1/cmdline ]] &&
        { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null | grep -q 'syncnet server '
}

code=0
for file in "$data"/*/server.pid; do
    [[ -e $file ]] || continue
    name=$(basename "$(dirname "$file")")
    pid=$(<"$file")
    if ! is_server "$pid"; then
        echo "$name does not run"
        rm -f "$file"
        continue
    fi
    kill -TERM "$pid"
    for _ in $(seq 100); do is_server "$pid" || break; sleep 0.1; done
    if is_server "$pid"; then
        echo "$name (process $pid) did not stop within 10 s" >&2
        code=1
    else
        echo "$name stopped"
    fi
done
exit $code
