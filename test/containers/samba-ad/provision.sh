#!/bin/sh
# Makes the domain and its people. Runs while the image is built, and needs no privileges there; or run apart as root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp)
quietly() { "$@" >"$out" 2>&1 || { cat "$out" >&2; exit 1; }; }
trap 'rm -f "$out"' EXIT
rm -f /etc/samba/smb.conf
mkdir -p /run/samba
sh "$here/make-certs.sh"

# posix:eadb keeps the NT ACLs of sysvol in a file: extended attributes would take CAP_SYS_ADMIN.
quietly samba-tool domain provision --realm=AD.EXAMPLE.ORG --domain=AD --server-role=dc --dns-backend=NONE \
  --adminpass=Admin-Secret-1 --host-name=dc1 --host-ip=127.0.0.1 \
  --option=posix:eadb=/var/lib/samba/private/eadb.tdb

# provision has written a `server services` line of its own, and the last one counts. These few start in half the time.
sed -i '/server services =/d' /etc/samba/smb.conf
cat >"$out" <<'END'
	server services = ldap, cldap, kdc
	prefork children = 2
	# else the password before a change is good for another hour
	old password allowed period = 0
	log level = 0
	tls enabled = yes
	tls keyfile = /etc/samba/certs/server.key
	tls certfile = /etc/samba/certs/server.crt
	tls cafile = /etc/samba/certs/ca.crt
	include = /etc/samba/strong-auth.conf
END
sed -i "/^\[global\]/r $out" /etc/samba/smb.conf
: >/etc/samba/strong-auth.conf

# The greatest age there is: passwords in an image that is kept for long must not expire with it.
quietly samba-tool domain passwordsettings set --complexity=off --min-pwd-length=8 --min-pwd-age=0 \
  --history-length=3 --max-pwd-age=998 \
  --account-lockout-threshold=10 --account-lockout-duration=30 --reset-account-lockout-after=30
python3 "$here/people.py"
