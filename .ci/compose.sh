#!/usr/bin/env bash
# Brings docker-compose.yml up as its reader would, signs in, and has the key verified.
set -euo pipefail
cd "$(dirname "$0")/.."

# A name and a port of its own, so that it can run beside a developer's stack.
export COMPOSE_PROJECT_NAME=latchkey-ci LATCHKEY_PORT=${LATCHKEY_PORT:-18080}
url=http://127.0.0.1:$LATCHKEY_PORT
if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi

log=$(mktemp)
finish() {
  status=$?
  if ((status != 0)); then
    tail -100 "$log"
    "${compose[@]}" logs --no-color --tail=100
  fi
  "${compose[@]}" down -v --remove-orphans >/dev/null 2>&1
  rm -f "$log"
  exit "$status"
}
trap finish EXIT

# what compose says about its work is of interest only where it fails
quietly() { "${compose[@]}" "$@" >>"$log" 2>&1; }

say() { echo "compose: $* ($SECONDS s)"; }

fail() {
  echo "compose: $*" >&2
  exit 1
}

state() { docker inspect -f '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$("${compose[@]}" ps -aq "$1")"; }

wait_until_healthy() {
  local deadline=$((SECONDS + 60)) service
  for service in openldap redis latchkey; do
    until [ "$(state "$service")" = 'running healthy' ]; do
      ((SECONDS < deadline)) || fail "$service is not healthy: $(state "$service")"
      sleep 0.5
    done
  done
}

sign_in() {
  curl -sS --max-time 10 -d username=alice -d password=alice-secret "$url/api/v1/fetch_api_key" |
    sed -n 's/.*"api_key":"\([A-Za-z0-9]\{32\}\)".*/\1/p'
}

verify() {
  local answer
  answer=$(curl -sS --max-time 10 -i -H "Authorization: Bearer $1" "$url/verify" | tr -d '\r')
  grep -q '^HTTP/1.1 200' <<<"$answer" || fail "a good key was not verified: $answer"
  grep -qi '^Remote-User: alice$' <<<"$answer" || fail "the key is not alice's: $answer"
}

# what a run that was killed left behind
quietly down -v --remove-orphans
quietly up -d --build
say 'built and started'
wait_until_healthy
key=$(sign_in)
[ "$key" ] || fail 'alice got no key'
verify "$key"
say 'alice has signed in, and her key is good'

# `down` without -v is what a developer does at night: the key must be good in the morning.
quietly down
quietly up -d
wait_until_healthy
verify "$key"
[ "$(sign_in)" = "$key" ] || fail 'after down and up, alice got another key'
say 'the key has outlived all containers'

# SIGTERM reaches the service, and it ends by itself: killed would be 137
quietly stop -t 20 latchkey
code=$(docker inspect -f '{{.State.ExitCode}}' "$("${compose[@]}" ps -aq latchkey)")
[ "$code" = 0 ] || fail "latchkey ended with exit code $code on SIGTERM"
say 'latchkey ends on SIGTERM'
