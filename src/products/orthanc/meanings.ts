/**
 * Which way each option opens a server, and what its values do, as clauses: for the effect of a misspelt key.
 * Source: the tables of OrthancServer/Sources/main.cpp and of the plugins, as told in data/orthanc/options.json.
 */

/** A switch: the value that is the safer one, and what each value does. */
interface SwitchMeaning {
  readonly safer: boolean;
  readonly on: string;
  readonly off: string;
}

const operations: Readonly<Record<string, string>> = {
  Echo: "test the connection",
  Store: "send images",
  Find: "search patients",
  FindWorklist: "read the worklist",
  Get: "fetch images",
  Move: "have images sent elsewhere",
};

/** Options that are true or false, by catalogue path. */
export const switches: Readonly<Record<string, SwitchMeaning>> = {
  AuthenticationEnabled: { safer: true, on: "a login is asked for", off: "no login is asked for" },
  RemoteAccessAllowed: { safer: false, on: "other hosts are answered", off: "other hosts are refused" },
  HttpServerEnabled: { safer: false, on: "the HTTP server runs", off: "the HTTP server is off" },
  DicomServerEnabled: { safer: false, on: "the DICOM server runs", off: "the DICOM server is off" },
  SslEnabled: { safer: true, on: "HTTP is encrypted", off: "HTTP is not encrypted" },
  SslVerifyPeers: {
    safer: true,
    on: "callers must show a certificate",
    off: "no certificate is asked of callers",
  },
  ExecuteLuaEnabled: {
    safer: false,
    on: "callers can run scripts on the server",
    off: "scripts of callers are refused",
  },
  RestApiWriteToFileSystemEnabled: {
    safer: false,
    on: "callers can write files to the server's disk",
    off: "callers cannot write files to the server's disk",
  },
  WebDavEnabled: {
    safer: false,
    on: "images are published over WebDAV",
    off: "images are not published over WebDAV",
  },
  WebDavUploadAllowed: {
    safer: false,
    on: "images can be uploaded over WebDAV",
    off: "nothing can be uploaded over WebDAV",
  },
  WebDavDeleteAllowed: {
    safer: false,
    on: "images can be deleted over WebDAV",
    off: "nothing can be deleted over WebDAV",
  },
  OrthancExplorerEnabled: {
    safer: false,
    on: "the old user interface is served",
    off: "the old user interface is not served",
  },
  HttpDescribeErrors: {
    safer: false,
    on: "errors tell callers their details",
    off: "errors tell no details",
  },
  HttpsVerifyPeers: {
    safer: true,
    on: "certificates of other servers are verified",
    off: "certificates of other servers are not verified",
  },
  HttpVerbose: {
    safer: false,
    on: "headers of outgoing requests are logged",
    off: "headers of outgoing requests are not logged",
  },
  ReadOnly: {
    safer: true,
    on: "callers cannot change anything",
    off: "callers can change and delete images",
  },
  DicomCheckCalledAet: {
    safer: true,
    on: "callers must name the server's AE title",
    off: "callers may name any AE title of the server",
  },
  DicomCheckModalityHost: {
    safer: true,
    on: "an AE title counts only from its host",
    off: "a listed AE title is accepted from any address",
  },
  StrictAetComparison: {
    safer: true,
    on: "AE titles must match in upper and lower case",
    off: "AE titles match in any case",
  },
  DicomTlsEnabled: { safer: true, on: "DICOM is encrypted", off: "DICOM is not encrypted" },
  DicomTlsRemoteCertificateRequired: {
    safer: true,
    on: "DICOM callers must show a certificate",
    off: "no certificate is asked of DICOM callers",
  },
  UnknownSopClassAccepted: {
    safer: false,
    on: "objects of any kind are accepted",
    off: "objects of unknown kinds are refused",
  },
  DeidentifyLogs: {
    safer: true,
    on: "patients are left out of the log",
    off: "patients are named in the log",
  },
  LogExportedResources: { safer: true, on: "exports are recorded", off: "exports are not recorded" },
  OverwriteInstances: {
    safer: false,
    on: "a sender can replace images",
    off: "images that are there already stay as they are",
  },
  DicomModalitiesInDatabase: {
    safer: false,
    on: "modalities are kept in the database",
    off: "modalities are read from the file",
  },
  OrthancPeersInDatabase: {
    safer: false,
    on: "peers are kept in the database",
    off: "peers are read from the file",
  },
  "DicomModalities.*.UseDicomTls": {
    safer: true,
    on: "images are sent to it encrypted",
    off: "images are sent to it unencrypted",
  },
  "PostgreSQL.EnableSsl": {
    safer: true,
    on: "the connection to the database is encrypted",
    off: "the connection to the database is not encrypted",
  },
  "MySQL.EnableSsl": {
    safer: true,
    on: "the connection to the database is encrypted",
    off: "the connection to the database is not encrypted",
  },
  "MySQL.SslVerifyServerCertificates": {
    safer: true,
    on: "the database's certificate is verified",
    off: "the database's certificate is not verified",
  },
  "DicomWeb.Enable": { safer: false, on: "DICOMweb is served", off: "DICOMweb is not served" },
  "DicomWeb.EnableWado": { safer: false, on: "WADO is served", off: "WADO is not served" },
  "OrthancExplorer2.Inbox.EnableAnonymousAccess": {
    safer: false,
    on: "anybody can upload to the inbox",
    off: "the inbox asks for a login",
  },
  "OrthancExplorer2.Tokens.RequiredForLinks": {
    safer: true,
    on: "links carry a token",
    off: "links carry no token",
  },
  "Education.SecureCookies": {
    safer: true,
    on: "cookies are sent over HTTPS only",
    off: "cookies are sent over plain HTTP as well",
  },
  "AdvancedStorage.Indexer.TakeOwnership": {
    safer: false,
    on: "deleting in Orthanc deletes the original file",
    off: "original files stay",
  },
  ...Object.fromEntries(
    Object.entries(operations).flatMap(([name, words]) => [
      [
        `DicomAlwaysAllow${name}`,
        {
          safer: false,
          on: `callers with any AE title may ${words}`,
          off: `only listed AE titles may ${words}`,
        },
      ],
      [`DicomModalities.*.Allow${name}`, { safer: false, on: `it may ${words}`, off: `it may not ${words}` }],
    ]),
  ),
  ...Object.fromEntries(
    ["AwsS3Storage", "AzureBlobStorage", "GoogleCloudStorage"].map((store) => [
      `${store}.StorageEncryption.Enable`,
      { safer: true, on: "stored images are encrypted", off: "stored images are not encrypted" },
    ]),
  ),
};

/** Numbers of which 0 means "without limit". */
export const limits: Readonly<Record<string, string>> = {
  LimitFindResults: "searches for patients, studies and series",
  LimitFindInstances: "searches for instances",
  MaximumRequestBodySizeMB: "the size of a request",
  MaximumFileSizeInArchiveMB: "the size of a file in an archive",
};

/** Options that protect by being there: what applies without them. */
export const protections: Readonly<Record<string, string>> = {
  HttpBindAddresses: "HTTP listens on every address",
  SslCiphersAccepted: "the default cipher suites apply, CBC ones among them",
  DicomTlsCiphersAccepted: "the default cipher suites apply",
  SslMinimumProtocolVersion: "the default version of TLS applies",
  DicomTlsMinimumProtocolVersion: "the default version of TLS applies",
  AcceptedSopClasses: "objects of every known kind are accepted",
  RejectedSopClasses: "objects of every known kind are accepted",
  Authorization: "the authorization plugin has no section and protects nothing",
  "Authorization.WebServiceTokenValidationUrl": "the authorization plugin does not ask its service",
  "Authorization.WebServiceUserProfileUrl": "the authorization plugin does not ask its service",
  "Authorization.WebServiceRootUrl": "the authorization plugin does not ask its service",
  "AwsS3Storage.StorageEncryption": "images are stored unencrypted",
  "AzureBlobStorage.StorageEncryption": "images are stored unencrypted",
  "GoogleCloudStorage.StorageEncryption": "images are stored unencrypted",
  "AwsS3Storage.StorageEncryption.MasterKey": "images are stored unencrypted",
  "AzureBlobStorage.StorageEncryption.MasterKey": "images are stored unencrypted",
  "GoogleCloudStorage.StorageEncryption.MasterKey": "images are stored unencrypted",
  "OrthancPeers.*.Password":
    "it is kept as a property that the REST API shows in clear, and no password is sent",
  "OrthancPeers.*.CertificateKeyPassword": "it is kept as a property that the REST API shows in clear",
  "OrthancPeers.*.CertificateFile": "no client certificate is shown to the peer",
  "DicomWeb.Servers.*.Password":
    "it is kept as a property that the REST API shows in clear, and no password is sent",
};

/** Options that admit others by being there: what applies without them. */
export const admissions: Readonly<Record<string, string>> = {
  DicomModalities: "its entries are not known, and their AE titles have no rights of their own",
  OrthancPeers: "its entries are not known",
  "DicomWeb.Servers": "its entries are not known",
  "OrthancPeers.*.Username": "no user name is sent",
  "OrthancPeers.*.Url": "the peer has no address, and Orthanc refuses to start",
};
