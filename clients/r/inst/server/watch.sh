#!/bin/sh
# Runs a server as long as a process lives, also if that is killed: watch.sh PID OUTPUT COMMAND ...
# OUTPUT gets what the command prints; OUTPUT.pid has the number of this script as long as it runs;
# afterwards there is OUTPUT.end.
parent=$1 output=$2
shift 2

lives() {
  kill -0 "$1" 2> /dev/null || return 1
  # A process that was killed keeps its number until its own parent asks for its status.
  [ -r "/proc/$1/status" ] || return 0
  while read -r key value; do
    case $key$value in State:Z*) return 1 ;; esac
  done < "/proc/$1/status"
}

echo $$ > "$output.pid"
ended=''
trap 'ended=yes' TERM
"$@" > "$output" 2>&1 < /dev/null &
server=$!
while [ -z "$ended" ] && lives "$parent" && lives "$server"; do
  sleep 1 &
  wait $!
done
trap '' TERM
# All of the process group: the command may have started the server as a process of its own.
kill 0
wait "$server"
: > "$output.end"
rm -f "$output.pid"
