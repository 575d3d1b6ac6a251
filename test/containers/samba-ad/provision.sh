#!/bin/sh
# Makes the domain, without people. Runs while the image is built, and needs no privileges there.
set -eu
quietly() { "$@" >/tmp/out 2>&1 || { cat /tmp/out >&2; exit 1; }; }

# posix:eadb keeps the NT ACLs of sysvol in a file: extended attributes would take CAP_SYS_ADMIN.
quietly samba-tool domain provision --realm=AD.EXAMPLE.ORG --domain=AD --server-role=dc --dns-backend=NONE \
  --adminpass=Admin-Secret-1 --host-name=dc1 --host-ip=127.0.0.1 \
  --option=posix:eadb=/var/lib/samba/private/eadb.tdb

# provision has written a `server services` line of its own, and the last one counts. These few start in half the time.
sed -i '/server services =/d' /etc/samba/smb.conf
cat >/tmp/global <<'END'
	server services = ldap, cldap, kdc
	prefork children = 2
	# else the password before a change is good for another hour
	old password allowed period = 0
	log level = 0
	tls enabled = yes
	tls keyfile = /certs/server.key
	tls certfile = /certs/server.crt
	tls cafile = /certs/ca.crt
	include = /etc/samba/strong-auth.conf
END
sed -i '/^\[global\]/r /tmp/global' /etc/samba/smb.conf
: >/etc/samba/strong-auth.conf

# The greatest age there is: passwords in an image that is kept for long must not expire with it.
quietly samba-tool domain passwordsettings set --complexity=off --min-pwd-length=8 --min-pwd-age=0 \
  --history-length=3 --max-pwd-age=998 \
  --account-lockout-threshold=10 --account-lockout-duration=30 --reset-account-lockout-after=30
rm /tmp/out /tmp/global
