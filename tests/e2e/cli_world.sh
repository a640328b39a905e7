#!/usr/bin/env bash
set -euo pipefail
# What the tests of the command line share: a directory of their own, a server on a free port, and
# checks of commands by exit code and output. Sourced with: source cli_world.sh GUSUD GUSU
gusud=$1 gusu=$2
work=$(mktemp -d)
server=
export XDG_CONFIG_HOME=$work/config
unset GUSU_SERVER GUSU_CA GUSU_TOKEN_FILE
finish() {
  if [[ -n $server ]]; then
    kill "$server" || true
    wait "$server" || true
  fi
  rm -rf "$work"
}
trap finish EXIT
cd "$work" || exit 1
data=$work/data
failures=0
server_options=()
checks=0

# expect CODE PATTERN COMMAND…: exit code, and a regular expression that the whole output matches.
expect() {
  local code=$1 pattern=$2 output actual
  shift 2
  actual=0
  output=$("$@" 2>&1 </dev/null) || actual=$?
  checks=$((checks + 1))
  if [[ $actual -ne $code || ! $output =~ $pattern ]]; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n  expected exit code %s and /%s/, got %s and:\n%s\n' \
      "$*" "$code" "$pattern" "$actual" "$output"
  fi
}

bureau() { "$gusu" --data "$data" "$@"; }

# With server_options, too. Its address is in $address from then on.
start_server() {
  rm -f "$data/grpc.address"
  "$gusud" --data "$data" --grpc 127.0.0.1:0 --handle 127.0.0.1:0 --http 127.0.0.1:0 \
    "${server_options[@]}" >server.log 2>&1 &
  server=$!
  for ((i = 0; i < 300; ++i)); do  # at most 30 s
    [[ -s $data/grpc.address ]] && break
    kill -0 "$server" 2>/dev/null || { cat server.log; exit 1; }
    sleep 0.1
  done
  export address
  address=$(cat "$data/grpc.address")
}

# Stops the server, which must end well.
stop_server() {
  local stopped=0
  kill "$server"
  wait "$server" || stopped=$?
  server=
  [[ $stopped -eq 0 ]] && return
  failures=$((failures + 1))
  echo "FAILED: the server ended with $stopped"
  tail -5 server.log
}

tell() {
  echo "$checks checks, $failures failures"
  [[ $failures -eq 0 ]]
}
