/**
 * What Samba's own Python is to run in the container of the tests' domain controller: it lets the service account list
 * and read the deleted objects, as `dsacls "CN=Deleted Objects,…" /g DOMAIN\svc:LCRP` does on Windows.
 */
export const READ_DELETED_OBJECTS = `
import ldb
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

settings = LoadParm()
settings.load_default()
sam = SamDB(session_info=system_session(), lp=settings)
domain = security.dom_sid(sam.get_domain_sid())
octets = sam.search(expression='(sAMAccountName=svc)', attrs=['objectSid'])[0]['objectSid'][0]
service = ndr_unpack(security.dom_sid, octets)
dn = ldb.Dn(sam, f'CN=Deleted Objects,{sam.domain_dn()}')
entry = sam.search(base=dn, scope=ldb.SCOPE_BASE, attrs=['nTSecurityDescriptor'], controls=['show_deleted:1'])[0]
rights = ndr_unpack(security.descriptor, entry['nTSecurityDescriptor'][0]).as_sddl(domain)
assert 'D:PAI(' in rights, rights
rights = rights.replace('D:PAI(', f'D:PAI(A;CI;LCRP;;;{service})(', 1)
message = ldb.Message(dn)
message['nTSecurityDescriptor'] = ldb.MessageElement(
    ndr_pack(security.descriptor.from_sddl(rights, domain)), ldb.FLAG_MOD_REPLACE, 'nTSecurityDescriptor')
sam.modify(message, ['show_deleted:1', 'sd_flags:1:4'])
`;
