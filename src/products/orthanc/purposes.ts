/** What a secret of a configuration opens, in words. */
import type { Visited } from "./walk.ts";

/** By the beginning of the catalogue's path; the first that fits. A star is replaced by the name that the site chose. */
const purposes: readonly (readonly [prefix: string, purpose: string])[] = [
  ["RegisteredUsers", "user * of the REST API"],
  ["OrthancPeers.*.CertificateKeyPassword", "the private key shown to the Orthanc server *"],
  ["OrthancPeers", "the Orthanc server *"],
  ["DicomWeb.Servers.*.CertificateKeyPassword", "the private key shown to the DICOMweb server *"],
  ["DicomWeb.Servers", "the DICOMweb server *"],
  ["PostgreSQL", "the PostgreSQL database"],
  ["MySQL", "the MySQL database"],
  ["Odbc", "the database over ODBC"],
  ["AwsS3Storage.StorageEncryption", "the encryption of the stored images"],
  ["AzureBlobStorage.StorageEncryption", "the encryption of the stored images"],
  ["GoogleCloudStorage.StorageEncryption", "the encryption of the stored images"],
  ["AwsS3Storage", "the S3 storage"],
  ["AzureBlobStorage", "the Azure storage"],
  ["BlobStorage", "the Azure storage"],
  ["GoogleCloudStorage", "the Google storage"],
  ["Authorization", "the authorization service"],
  ["OrthancExplorer2.Emails", "the mail server"],
  ["Pkcs11", "the PKCS#11 token"],
  ["HttpProxy", "the HTTP proxy"],
  ["Education.Administrators", "administrator * of the Education plugin"],
  ["Education.StandardUsers", "user * of the Education plugin"],
  ["StoneWebViewer", "the DICOMweb server of the viewer; every browser gets it"],
];

/** What the secret at this value opens: "user radiology of the REST API". */
export function secretPurpose(visited: Visited): string {
  const known = nearestNode(visited);
  const purpose = purposes.find(
    ([prefix]) => known === prefix || known.startsWith(`${prefix}.`) || known.startsWith(`${prefix}[`),
  )?.[1];
  return purpose === undefined
    ? `something that pacslint does not know (${visited.path})`
    : purpose.replace("*", siteName(visited, known));
}

function nearestNode(visited: Visited): string {
  for (let current: Visited | undefined = visited; current !== undefined; current = current.holder) {
    if (current.node !== undefined) return current.node.path;
  }
  return "";
}

/** The name at the star of the path, or the key itself: a user. */
function siteName(visited: Visited, known: string): string {
  for (let current: Visited | undefined = visited; current !== undefined; current = current.holder) {
    if (current.node?.path.endsWith(".*") === true) return current.key;
  }
  return known === "" ? visited.path : visited.key;
}
