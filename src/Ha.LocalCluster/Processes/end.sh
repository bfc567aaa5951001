#!/bin/sh
# Ends a local cluster: kills every node with everything in it, and removes this folder.
root=${0%/*}
for group in "$root"/*/group; do
    [ -f "$group" ] && kill -s KILL -- "-$(cat "$group")" 2>/dev/null
done
# The timers of the watchdogs are no part of the nodes; they end when their folder is gone.
rm -rf "$root"
