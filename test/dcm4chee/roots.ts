/** The entries above the devices of the test directory. */
import { suffix } from "./slapd.ts";

/** Somebody with a login and no rights. */
export const user = { dn: `uid=reader,ou=users,${suffix}`, password: "kV9-reader" };

/** What stands above the devices. */
export const directoryRoots = `dn: ${suffix}
objectClass: dcObject
objectClass: organization
dc: dcm4che
o: dcm4che

dn: ou=users,${suffix}
objectClass: organizationalUnit
ou: users

dn: ${user.dn}
objectClass: inetOrgPerson
uid: reader
cn: reader
sn: reader
userPassword: ${user.password}

dn: cn=DICOM Configuration,${suffix}
objectClass: dicomConfigurationRoot
cn: DICOM Configuration

dn: cn=Devices,cn=DICOM Configuration,${suffix}
objectClass: dicomDevicesRoot
cn: Devices

`;
