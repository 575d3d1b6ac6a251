#!/bin/sh
# ldapts parses no filter whose attribute is a numeric object identifier.
#
# RFC 4515, 3 takes an attribute description from RFC 4512, 2.5: a name or a dotted number. Python's ldap3 reads
# (2.5.4.3=alice) as an equality match; ldapts's FilterParser throws "Invalid expression", for equality, presence, substrings
# and extensible matches alike, while the same filter built of its classes is sent as it is. So a filter that an
# administrator copies from a tool that writes identifiers fails before anything is sent.
#
# Guess before it was run: it parses, and only the encoding might be wrong.
# Seen with ldapts 9.2.0 on Node 26, and ldap3 2.9.1 on Python 3.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error ldapts@9.2.0 >/dev/null
cat >parse.mjs <<'JS'
import { EqualityFilter, FilterParser } from 'ldapts';

const outcome = (text) => {
  try {
    return FilterParser.parseString(text).constructor.name;
  } catch (failure) {
    return failure.message;
  }
};
for (const text of ['(cn=alice)', '(2.5.4.3=alice)', '(2.5.4.3=*)', '(2.5.4.3=al*e)', '(2.5.4.3:=alice)'])
  console.log(`${text} ${outcome(text)}`);
console.log(`built of classes ${new EqualityFilter({ attribute: '2.5.4.3', value: 'alice' })}`);
JS
cat >parse.py <<'PY'
from ldap3.operation.search import parse_filter

for text in ['(2.5.4.3=alice)', '(2.5.4.3=*)', '(2.5.4.3:=alice)']:
    tree = parse_filter(text, None, True, True, None, False)
    print('ldap3', text, tree.elements[0].assertion['attr'])
PY
python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location --target py ldap3==2.9.1
{ node parse.mjs; PYTHONPATH=py python3 parse.py; } | tee seen
cat >expected <<'TEXT'
(cn=alice) EqualityFilter
(2.5.4.3=alice) Invalid expression: 2.5.4.3=alice
(2.5.4.3=*) Invalid expression: 2.5.4.3=*
(2.5.4.3=al*e) Invalid expression: 2.5.4.3=al*e
(2.5.4.3:=alice) Invalid expression: 2.5.4.3:=alice
built of classes (2.5.4.3=alice)
ldap3 (2.5.4.3=alice) 2.5.4.3
ldap3 (2.5.4.3=*) 2.5.4.3
ldap3 (2.5.4.3:=alice) 2.5.4.3
TEXT
cmp seen expected
