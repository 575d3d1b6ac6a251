#!/usr/bin/env bash
# Sees to it that a Docker engine answers and that docker-compose is there.
# For CI machines without systemd; where an engine already runs, it is used as it is.
set -euo pipefail

missing=()
docker info >/dev/null 2>&1 || command -v dockerd >/dev/null || missing+=(docker.io containerd runc iptables)
docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null || missing+=(docker-compose)
if ((${#missing[@]})); then
  apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update
  # RUNLEVEL=1: the package's own start script must not race the daemon below
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
fi

docker info >/dev/null 2>&1 && exit 0

# setsid and all three streams elsewhere: the daemon outlives this script and must not hold its caller's pipe open
log=${DOCKER_LOG:-/var/log/dockerd.log}
setsid nohup dockerd >"$log" 2>&1 </dev/null &
for _ in $(seq 1 120); do
  docker info >/dev/null 2>&1 && exit 0
  sleep 0.25
done
echo "dockerd did not answer within 30 s; the end of $log:" >&2
tail -20 "$log" >&2
exit 1
