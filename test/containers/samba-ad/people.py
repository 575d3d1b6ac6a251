"""Puts people and groups into the domain; a password is NAME-secret. Runs while the image is built, with Samba down.

One process, since samba-tool takes most of a second for each of them.
"""

from base64 import b64encode

from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

settings = LoadParm()
settings.load_default()
sam = SamDB(session_info=system_session(), lp=settings)
base = sam.domain_dn()
long_ago = '132223104000000000'  # 2020-01-01, in AD's steps of 100 ns since 1601

for unit in ('People', 'Groups', 'Services'):
    sam.create_ou(f'OU={unit},{base}')


def person(name, given, surname, unit='People', must_change=False):
    sam.newuser(name, f'{name}-secret', userou=f'OU={unit}', givenname=given, surname=surname, useusernameascn=None,
                mailaddress=f'{name}@example.org', force_password_change_at_next_login_req=must_change)


def put(cn, attribute, value, controls=None):
    octets = b64encode(value.encode()).decode()
    sam.modify_ldif(f'dn: CN={cn},OU=People,{base}\nchangetype: modify\nreplace: {attribute}\n'
                    f'{attribute}:: {octets}\n', controls)


def group(name, *members):
    sam.newgroup(name, groupou='OU=Groups')
    sam.add_remove_group_members(name, members, add_members_operation=True)


person('svc', 'Service', 'Account', unit='Services')
person('alice', 'Alice', 'Archer')
person('bob', 'Bob', 'Baker')
person('victim', 'Victor', 'Victim')
person('carol', 'Carol', 'MustChange', must_change=True)
person('dora', 'Dora', 'Disabled')
person('erin', 'Erin', 'Expired')
person('lena', 'Lena', 'Locked')  # serve.sh locks her: only wrong passwords can
person('olga', 'Olga', 'AccountExpired')
person('hugo', 'Hugo', 'LogonHours')
person('wanda', 'Wanda', 'Workstation')

sam.disable_account('(sAMAccountName=dora)')
# pwdLastSet takes 0 and -1 only, but for this control, which Samba takes from nobody but its own host.
put('Erin Expired', 'pwdLastSet', long_ago, ['local_oid:1.3.6.1.4.1.7165.4.3.20:1'])
put('Olga AccountExpired', 'accountExpires', long_ago)
put('Hugo LogonHours', 'logonHours', '\0' * 21)  # a bit for each hour of the week
put('Wanda Workstation', 'userWorkstations', 'OTHERPC')

group('developers', 'alice')
group('staff', 'developers', 'carol')
# Windows allows no comma in the short name.
sam.add_ldif(f'dn: CN=Sales\\, West,OU=Groups,{base}\nobjectClass: group\nsAMAccountName: sales-west\n'
             f'member: CN=Bob Baker,OU=People,{base}\n')
group('ring-a', 'bob')
group('ring-b', 'ring-a')
sam.add_remove_group_members('ring-a', ['ring-b'], add_members_operation=True)
