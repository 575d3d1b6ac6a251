#!/bin/sh
# Serves the domain that provision.sh has made. Prints READY once it answers and lena is locked. It becomes samba: SIGTERM ends it.
#   STRONG_AUTH  `yes`, as AD's default is: a simple bind without TLS is refused (unset: it is taken)
set -eu
echo "ldap server require strong auth = ${STRONG_AUTH:-no}" >/etc/samba/strong-auth.conf
socket=/var/lib/samba/private/ldap_priv/ldapi
url=ldapi://$(echo "$socket" | sed 's,/,%2F,g')

wait_until_it_answers() {
  for _ in $(seq 1 600); do
    ldapsearch -x -o nettimeout=1 -H "$url" -b '' -s base 1.1 >/dev/null 2>&1 && return
    sleep 0.05
  done
  echo 'serve.sh: samba does not answer' >&2
  return 1
}

say_when_ready() {
  wait_until_it_answers
  # As often as the domain's threshold is. A lock lasts half an hour, so it cannot be in the image.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    ldapwhoami -x -H "$url" -D lena@ad.example.org -w wrong >/dev/null 2>&1 || :
  done
  echo READY
}
rm -f "$socket"
say_when_ready </dev/null &
exec samba --foreground --no-process-group --debug-stdout
