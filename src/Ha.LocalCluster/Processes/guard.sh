#!/bin/sh
# Outlives the program that started the cluster and ends the cluster if that one dies: the pipe on standard input then ends without a farewell.
trap '' INT TERM HUP QUIT
farewell=
while read -r line; do farewell=$line; done
[ "$farewell" = done ] || exec sh "${0%/*}/end.sh"
