#!/usr/bin/env bash
# A service of a local cluster, and the commands that start, stop and probe it (exit codes as in OCF: 0 running, 7 not running).
# usage: service.sh start|stop|status NAME, with HA_NODE and HA_RESOURCE set as the resource agent does.
# It writes one line for each start, heartbeat and stop to its journal, each with one write; it starts no other process.
set -u
action=$1 name=$2
root=${0%/*}
node=${HA_NODE:?} resource=${HA_RESOURCE:?}
place=$root/$node/services
pid_file=$place/$name.pid

record() {
    local uptime
    read -r uptime _ </proc/uptime
    printf '%s %s %s %s %s\n' "$1" "$resource" "$node" "$$" "$uptime" >>"$root/journals/$name.journal"
}

# Looks at the process itself: a pid file outlives a reset, and its number may be another's by then.
running() {
    [ -r "$pid_file" ] && read -r pid <"$pid_file" && [ -r "/proc/$pid/cmdline" ] || return 1
    local words
    mapfile -d '' -t words <"/proc/$pid/cmdline" 2>/dev/null || return 1
    [ "${words[1]:-} ${words[2]:-} ${words[3]:-}" = "$0 run $name" ]
}

# Waits without starting a process: nobody ever writes to this pipe.
nap() { read -r -t "$1" -u 9; }

case $action in
    start)
        running && exit 0
        [ -p "$place/$name.nap" ] || mkfifo "$place/$name.nap"
        bash "$0" run "$name" </dev/null >/dev/null 2>&1 9<>"$place/$name.nap" &
        echo $! >"$pid_file"
        ;;
    run)
        trap 'record stop; exit 0' TERM
        record start
        while :; do
            nap 0.25
            record heartbeat
        done
        ;;
    stop)
        running || exit 0
        kill -TERM "$pid"
        exec 9<>"$place/$name.nap"
        for ((i = 0; i < 60; i++)); do
            running || { rm -f "$pid_file"; exit 0; }
            nap 0.05
        done
        kill -KILL "$pid"
        nap 0.1
        running && exit 1
        rm -f "$pid_file"
        ;;
    status)
        running && exit 0
        exit 7
        ;;
    *)
        echo "usage: service.sh start|stop|status NAME" >&2
        exit 2
        ;;
esac
