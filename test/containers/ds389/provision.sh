#!/bin/sh
# Makes the instance, and its people through the running server. Runs while the image is built; or run apart as root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
manager='cn=Directory Manager'
load() { ldapmodify -x -H ldap://localhost -D "$manager" -w manager-secret -f "$here/$1" >/dev/null; }

mkdir -p /run/lock
# `systemd = False` in instance.inf is not enough: systemctl is called all the same.
sed -i 's/^with_systemd = 1/with_systemd = 0/' /usr/share/dirsrv/inf/defaults.inf
dscreate from-file "$here/instance.inf"
load server.ldif
dsctl localhost restart
load people.ldif
load groups.ldif
load policy.ldif
# As often as passwordMaxFailure is: lena is locked until somebody resets it.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  ldapwhoami -x -H ldap://localhost -D uid=lena,ou=people,dc=example,dc=org -w wrong >/dev/null 2>&1 || :
done
dsctl localhost stop
rm -rf /dev/shm/slapd-localhost /var/log/dirsrv/slapd-localhost/*
