#!/bin/sh
# make-template.sh NAME TARGET
# Makes in TARGET, unless it is there, what the image of NAME has in the folders of NAME/folders: a start as a process
# copies it. Removes what was made beside it from other sources. Needs root and the packages of NAME/packages.
# Whoever runs two of them at once puts a lock around each.
set -eu
[ ! -d "$2" ] || exit 0
containers=$(cd "$(dirname "$0")" && pwd)
making=$2.making
rm -rf "$making"
trap 'rm -rf "$making"' EXIT
trap 'exit 143' INT TERM
# What the packages brought into these folders, and nothing that this machine has there besides.
while read -r folder; do
  mkdir -p "$making$folder"
  # shellcheck disable=SC2046  # a word for each package
  dpkg -L $(cat "$containers/$1/packages") | grep -x "$folder\(/.*\)\?" | sort -u
done <"$containers/$1/folders" | tar -c --no-recursion -P -T - | tar -x -P --xform "s,^,$making,"
/usr/bin/python3 "$containers/run-apart.py" "$making" "$containers/$1/folders" -- tini -s -- sh "$containers/$1/provision.sh"
mv "$making" "$2"
for other in "$(dirname "$2")"/*/; do
  [ "$other" = "$2/" ] || rm -rf "$other"
done
