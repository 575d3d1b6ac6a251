#!/bin/sh
# Serves the instance that provision.sh has made. Prints READY once it answers. It becomes ns-slapd: SIGTERM ends it.
set -eu
pid_file=/run/dirsrv/slapd-localhost.pid
say_when_ready() {
  for _ in $(seq 1 600); do
    ldapwhoami -x -o nettimeout=1 -H ldap://127.0.0.1 -D cn=latchkey,ou=services,dc=example,dc=org \
      -w latchkey-secret >/dev/null 2>&1 && echo READY && return
    sleep 0.05
  done
  echo 'serve.sh: ns-slapd does not answer' >&2
}
# What a killed server leaves. The process ids in a container begin anew at each start: a lock of the one before may
# have the id of a process of now, and ns-slapd would end to make way for it.
rm -rf "$pid_file" /run/lock/dirsrv/slapd-localhost/*/*
say_when_ready </dev/null &
# -d 0 keeps it in the foreground
exec ns-slapd -D /etc/dirsrv/slapd-localhost -i "$pid_file" -d 0
