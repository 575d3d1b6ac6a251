#!/bin/sh
# Ask OpenLDAP for an attribute by an alias, and ldapts gives an empty list under that name, beside the values.
#
# A server may answer by another name than it was asked by (RFC 4511, 4.5.1.8 and 4.5.2: an attribute description has
# aliases). OpenLDAP answers userid, and 0.9.2342.19200300.100.1.1, as uid. ldapts adds every requested name that it did not
# meet in the answer with an empty list: the entry has {"uid":"alice","userid":[]}, which reads as "this person has no
# userid". Whoever looks the requested name up first finds nobody's value, where ldapsearch shows one.
#
# Guess before it was run: the requested name is missing, or has the values.
# Seen with ldapts 9.2.0 and slapd 2.5.13 of Debian 12.
set -eu
dir=$(mktemp -d)
slapd=
trap '[ -z "$slapd" ] || kill "$slapd"; rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 "$dir"
apt-get -qq download slapd=2.5.13+dfsg-5 libldap-2.5-0=2.5.13+dfsg-5 libltdl7 2>/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root/usr/lib" -name 'libldap-2.5.so.0')")
export LD_LIBRARY_PATH
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error ldapts@9.2.0 >/dev/null

port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
mkdir data
cat >slapd.conf <<CONF
include $dir/root/etc/ldap/schema/core.schema
include $dir/root/etc/ldap/schema/cosine.schema
include $dir/root/etc/ldap/schema/inetorgperson.schema
modulepath $dir/root/usr/lib/ldap
moduleload back_mdb
pidfile $dir/slapd.pid
database mdb
suffix dc=example,dc=org
directory $dir/data
CONF
cat >people.ldif <<'LDIF'
dn: dc=example,dc=org
objectClass: domain
dc: example

dn: uid=alice,dc=example,dc=org
objectClass: inetOrgPerson
uid: alice
cn: Alice Archer
sn: Archer
LDIF
./root/usr/sbin/slapd -Ta -f slapd.conf -l people.ldif
./root/usr/sbin/slapd -d 0 -f slapd.conf -h "ldap://127.0.0.1:$port" &
slapd=$!
cat >ask.mjs <<'JS'
import { Client } from 'ldapts';

const url = `ldap://127.0.0.1:${process.argv[2]}`;
for (let tries = 0; ; tries += 1) {
  const client = new Client({ url });
  try {
    for (const attributes of [['uid'], ['userid'], ['0.9.2342.19200300.100.1.1'], ['uid', 'userid']]) {
      const how = { scope: 'base', attributes };
      const { searchEntries } = await client.search('uid=alice,dc=example,dc=org', how);
      console.log(attributes.join(' '), JSON.stringify(searchEntries[0]));
    }
    break;
  } catch (failure) {
    if (tries > 100) throw failure;
    await new Promise((resolve) => setTimeout(resolve, 100));
  } finally {
    await client.unbind();
  }
}
JS
node ask.mjs "$port" | tee seen
cat >expected <<'TEXT'
uid {"dn":"uid=alice,dc=example,dc=org","uid":"alice"}
userid {"dn":"uid=alice,dc=example,dc=org","uid":"alice","userid":[]}
0.9.2342.19200300.100.1.1 {"dn":"uid=alice,dc=example,dc=org","uid":"alice","0.9.2342.19200300.100.1.1":[]}
uid userid {"dn":"uid=alice,dc=example,dc=org","uid":"alice","userid":[]}
TEXT
cmp seen expected
