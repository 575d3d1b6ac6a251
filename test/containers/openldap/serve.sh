#!/bin/sh
# serve.sh [DIR [PORT [TLS_PORT [LDIF]]]]
# Serves dc=example,dc=org with OpenLDAP: ldap:// on PORT, ldaps:// on TLS_PORT. Prints READY once it answers.
# All it writes is in DIR: the database (seeded from LDIF when it is new), and certs/, made once. Clients trust
# certs/ca.crt. It becomes slapd: SIGTERM and SIGINT end it, and nothing else is left running.
#   LISTEN          address to listen on (127.0.0.1)
#   TLS_NAMES, CLIENT_SUBJECT  what to put into the certificates: see make-certs.sh
#   CERTS_FROM      a folder that make-certs.sh has filled, to copy certs/ from instead of making it
#   CA_FILE         where to put a copy of the CA's certificate, for other containers
#   LATER_LDIF      what a new database gets through the running server, since slapadd runs no overlays
#   SLAPD_USER      the user that slapd becomes when it is started as root (unset: stays as it is)
#   SLAPD_EXTRA     lines for the global part of slapd.conf, e.g. `idletimeout 1` or `security simple_bind=128`
#   SLAPD_OVERLAYS  lines for the end of the database's part, e.g. `overlay memberof`
#   SLAPD_DEBUG     slapd's -d: none (errors only), stats (every operation), …
set -eu
here=$(cd "$(dirname "$0")" && pwd)
DIR=${1:-${DIR:?the folder to keep the database in}}
PORT=${2:-${PORT:-389}}
TLS_PORT=${3:-${TLS_PORT:-636}}
LDIF=${4:-${LDIF:?the people to begin with}}
LISTEN=${LISTEN:-127.0.0.1}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

mkdir -p "$DIR"
DIR=$(cd "$DIR" && pwd)
slapd=$(command -v slapd) || { echo "serve.sh: slapd is not installed" >&2; exit 1; }
if [ -e /etc/apparmor.d/usr.sbin.slapd ]; then
  # The profile keeps /usr/sbin/slapd out of DIR. A copy is not confined.
  cp "$slapd" "$DIR/slapd" && slapd=$DIR/slapd
fi

umask 077
mkdir -p "$DIR/certs" "$DIR/db"
chmod 755 "$DIR" "$DIR/certs"
if [ ! -f "$DIR/certs/server.crt" ]; then
  if [ -n "${CERTS_FROM:-}" ]; then
    cp "$CERTS_FROM"/* "$DIR/certs/"
  else
    sh "$here/make-certs.sh" "$DIR/certs"
  fi
fi

printf '%s\n' "${SLAPD_EXTRA:-}" >"$DIR/extra.conf"
printf '%s\n' "${SLAPD_OVERLAYS:-}" >"$DIR/overlays.conf"
sed -e "s|@DIR@|$DIR|g" -e "s|@HERE@|$here|g" "$here/slapd.conf" >"$DIR/slapd.conf"
if [ ! -f "$DIR/db/data.mdb" ]; then
  [ -z "${LATER_LDIF:-}" ] || cp "$LATER_LDIF" "$DIR/later.ldif"
  "$slapd" -T add -q -f "$DIR/slapd.conf" -l "$LDIF"
fi
if [ -n "${CA_FILE:-}" ]; then
  cp "$DIR/certs/ca.crt" "$CA_FILE.new" && chmod 644 "$CA_FILE.new" && mv "$CA_FILE.new" "$CA_FILE"
fi

urls="ldap://$LISTEN:$PORT ldaps://$LISTEN:$TLS_PORT"
# Over this socket later.ldif is loaded, whatever TLS is asked of clients.
ldapi=ldapi://$(printf %s "$DIR/ldapi" | sed 's|/|%2F|g')
[ ! -f "$DIR/later.ldif" ] || urls="$urls $ldapi"
set -- -f "$DIR/slapd.conf" -h "$urls" -d "${SLAPD_DEBUG:-none}"
if [ "$(id -u)" = 0 ] && [ -n "${SLAPD_USER:-}" ]; then
  chown -R "$SLAPD_USER" "$DIR"
  set -- "$@" -u "$SLAPD_USER"
fi

load_later() {
  [ -f "$DIR/later.ldif" ] || return 0
  ldapmodify -x -H "$ldapi" -D cn=admin,dc=example,dc=org -w admin-secret -f "$DIR/later.ldif" >/dev/null
  rm "$DIR/later.ldif"
}

say_when_ready() {
  for _ in $(seq 1 400); do
    kill -0 $$ 2>/dev/null || return 0
    # Written once slapd has its ports: whatever answered before that was another server.
    [ -s "$DIR/slapd.pid" ] || { sleep 0.02; continue; }
    ldapsearch -x -o nettimeout=1 -H "ldap://127.0.0.1:$PORT" -b '' -s base 1.1 >/dev/null 2>&1 && rc=0 || rc=$?
    # 13, confidentiality required, is an answer too.
    case $rc in 0 | 13) load_later; echo READY; return 0 ;; esac
    sleep 0.02
  done
  echo "serve.sh: slapd does not answer on port $PORT" >&2
}
rm -f "$DIR/slapd.pid"
# Started from a shell that ends at once: slapd, which does not know this child, never has to reap it.
(say_when_ready </dev/null &)

# slapd sizes its tables by this limit: a very high one costs memory and start time.
# shellcheck disable=SC3045  # every sh that is about has -n; one without it goes on as it is
ulimit -n 4096 2>/dev/null || :
exec "$slapd" "$@"
