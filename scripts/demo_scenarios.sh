#!/usr/bin/env bash
# Plays the guide's scenarios on a real cluster, step by step: formation, failure of the
# leader, rolling restart, a client that goes on. Exit code 0 only if all went well.
# SYNCNET_BASE_PORT moves the cluster away from ports 8000 to 8042.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=$(mktemp -d)
export SYNCNET_DATA_DIR=$data SYNCNET_BASE_PORT=${SYNCNET_BASE_PORT:-8000}
unset SYNCNET_CONFIG SYNCNET_MEMBERS
client=''

syncnet() { "$here/syncnet" "$@"; }
title() { printf '\n=== %s\n' "$*"; }
tell() { printf '    %s\n' "$*"; }
fail() {
    printf '    NOT SO: %s\n' "$*" >&2
    exit 1
}

clean_up() {
    [[ -z $client ]] || kill "$client" 2>/dev/null || true
    "$here/stop_all_servers.sh" >/dev/null || true
    rm -rf "$data"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

start() {
    syncnet server --server-id "$1" >>"$data/$1.log" 2>&1 </dev/null 7>&- &
    disown
}
pid_of() { cat "$data/$1/server.pid"; }
# A child of the scripts would stay as a zombie until it is waited for: look at its state.
is_gone() { ! grep -q '^State:[[:space:]]*[^Z]' "/proc/$1/status" 2>/dev/null; }
await_healthy() { syncnet status --wait 20 >/dev/null || fail "not healthy within 20 s"; }
await_leader() {
    local seen=''
    for _ in $(seq 150); do
        seen=$(syncnet status --leader || true)
        [[ -n $seen && $seen != "${1:-}" ]] && { echo "$seen"; return; }
        sleep 0.1
    done
    fail 'no new leader within 15 s'
}

syncnet --build-only

title 'Formation: three servers find each other and elect a leader'
began=$SECONDS
for server in server1 server2 server3; do start $server; done
await_healthy
first=$(await_leader)
tell "$first leads, $((SECONDS - began)) s after the start"
((SECONDS - began <= 10)) || fail 'the guide allows 10 s'
syncnet status | sed 's/^/    /'

title 'A client joins a room and goes on writing through everything that follows'
mkfifo "$data/input"
syncnet client --name demo <"$data/input" >"$data/client.log" 2>&1 &
client=$!
exec 7>"$data/input"
echo '/join demo room' >&7
said=0
say() { for _ in $(seq "$1"); do said=$((said + 1)); echo "message $said" >&7; sleep 0.02; done; }
say 25
tell "it has said $said messages"

title "Failure of the leader: kill -9 $first"
kill -9 "$(pid_of "$first")"
began=$SECONDS
second=$(await_leader "$first")
tell "$second leads, $((SECONDS - began)) s later; the guide allows 15 s"
say 25
start "$first"
await_healthy
tell "$first is back"

title 'Rolling restart: one server after the other, while the client writes'
for server in server1 server2 server3; do
    say 10
    pid=$(pid_of $server)
    kill -TERM "$pid"
    for _ in $(seq 100); do is_gone "$pid" && break; sleep 0.1; done
    is_gone "$pid" || fail "$server did not stop within 10 s"
    say 10
    start $server
    await_healthy
    tell "$server restarted"
done

title 'The client: everything it said is there, once and in order'
exec 7>&-
wait "$client" || fail "the client saw a refusal: $(tail -n 3 "$data/client.log")"
client=''
syncnet history 'demo room' --all --linearizable --json |
    sed -n 's/.*"text":"\([^"]*\)".*/\1/p' >"$data/seen"
seq -f 'message %.0f' $said >"$data/expected"
cmp -s "$data/seen" "$data/expected" ||
    fail "$(wc -l <"$data/seen") of $said messages, or in another order"
tell "$said of $said messages"

title 'All scenarios went well'
