#!/bin/sh
# until-eof.sh COMMAND [ARG...]
# Becomes COMMAND (same process id, so that signals and SIGSTOP reach it), and ends it with SIGTERM at the end of
# standard input. The starter keeps the other end of that pipe: however suddenly it dies, COMMAND dies with it.
set -eu
exec 3<&0
# Started from a shell that ends at once: COMMAND, which does not know this child, never has to reap it.
(
  {
    while read -r _; do :; done <&3
    kill -TERM $$
    kill -CONT $$ # a stopped process does not see the SIGTERM before it goes on
  } >/dev/null 2>&1 &
)
exec "$@" </dev/null 3<&-
