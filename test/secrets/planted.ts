/** Deployments with a secret of its own in every place where one may stand. */

/** A text that occurs nowhere else. Its characters change when they are encoded for URLs or XML. */
function secret(place: string): string {
  return `S3cr&t+${place}!q9z`;
}

const s = secret;

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Files of each deployment by its folder. */
export const planted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  orthanc: {
    "orthanc.json": `{
  "Name": "Clinic", "RemoteAccessAllowed": true, "AuthenticationEnabled": true, "HttpPort": 8042,
  "RegisteredUsers": { "desk": "${s("registered")}", "night": "${s("registered2")}" },
  "SslEnabled": true, "SslCertificate": "server.pem",
  "OrthancPeers": {
    "array": ["http://peer:8042/", "alice", "${s("peer-array")}"],
    "object": { "Url": "http://bob:${s("peerurl")}@peer2/", "Username": "bob", "Password": "${s("peer-object")}",
      "HttpHeaders": { "Authorization": "Bearer ${s("peer-header")}" } }
  },
  "PostgreSQL": { "EnableIndex": true, "Host": "db", "Username": "orthanc", "Password": "${s("postgres")}" },
  "MySQL": { "EnableIndex": true, "Password": "${s("mysql")}", "Username": "m" },
  "Odbc": { "EnableIndex": true, "IndexConnectionString": "Driver={PG};Server=db;Uid=u;Pwd=${s("odbc")}" },
  "DicomWeb": { "Enable": true, "Servers": {
    "list": ["http://web/dicom-web", "carol", "${s("dicomweb-array")}"],
    "object": { "Url": "http://web/", "Username": "dave", "Password": "${s("dicomweb-object")}",
      "HttpHeaders": { "X-Api-Key": "${s("dicomweb-header")}" }, "Pkcs11Pin": "${s("pkcs-pin")}" } } },
  "AwsS3Storage": { "BucketName": "b", "AccessKey": "AKIA", "SecretKey": "${s("aws")}" },
  "AzureBlobStorage": { "ConnectionString": "AccountName=a;AccountKey=${s("azure")};EndpointSuffix=x" },
  "StorageEncryption": { "Enable": true, "MasterKey": [1, "${s("masterkey")}"] },
  "Pkcs11": { "Module": "/x.so", "Pin": "${s("pkcs11")}" },
  "Authorization": { "WebServiceUsername": "svc", "WebServicePassword": "${s("authz")}",
    "WebServiceRootUrl": "http://auth:${s("authz-url")}@svc/" },
  "HttpProxy": "http://proxyuser:${s("http-proxy")}@proxy:3128",
  "Kafka": { "Password": "${s("unknown-option")}" },
  "Tokens": { "ApiToken": "${s("unknown-token")}" },
  "RegisteredUsersX": { "desk": "${s("misspelt-users")}" },
  "OrthancPeer": { "a": ["http://x/", "u", "${s("misspelt-peer")}"] }
}
`,
    "server.pem": `-----BEGIN PRIVATE KEY-----
${base64(`${s("private-key")}`.repeat(8))}
-----END PRIVATE KEY-----
`,
  },
  compose: {
    "compose.yml": `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    ports: ["8042:8042", "4242:4242"]
    environment:
      ORTHANC__NAME: Clinic
      ORTHANC__REGISTERED_USERS: '{"desk": "${s("env-users")}"}'
      ORTHANC__POSTGRESQL__PASSWORD: "${s("env-pg")}"
      ORTHANC__POSTGRESQL__HOST: db
      ORTHANC_JSON: '{"Name": "x", "OrthancPeers": {"p": ["http://p/", "u", "${s("orthanc-json")}"]}}'
      FROM_DOTENV: "\${DOTENV_SECRET}"
      ORTHANC__DICOM_WEB__SERVERS: '{"s": ["http://s/", "u", "${s("env-dicomweb")}"]}'
      SOME_API_KEY: ${JSON.stringify(s("env-apikey"))}
      DATABASE_URL: "postgres://orthanc:${s("env-url")}@db/orthanc"
    env_file: [orthanc.env]
    secrets: [orthanc.secret.json]
    labels:
      traefik.http.middlewares.a.basicauth.users: "desk:${s("label")}"
      note: "password=${s("label2")}"
    command: ["/etc/orthanc", "--password=${s("command")}"]
    healthcheck:
      test: ["CMD", "curl", "-u", "desk:${s("healthcheck")}", "http://localhost:8042/system"]
    volumes: ["./orthanc.json:/etc/orthanc/orthanc.json:ro", "./pgpass:/root/.pgpass:ro"]
    build: { context: ., args: { TOKEN: "${s("build-arg")}" } }
  redis:
    image: redis:7
    command: redis-server --requirepass ${s("redis")}
    ports: ["6379:6379"]
  db:
    image: postgres:15
    ports: ["5432:5432"]
    environment: ["POSTGRES_PASSWORD=${s("postgres-env")}", "POSTGRES_USER=orthanc"]
    healthcheck: { test: "PGPASSWORD=${s("pgpassword")} psql -U orthanc" }
  keycloak:
    image: quay.io/keycloak/keycloak:24.0
    command: start-dev --db-password ${s("keycloak-arg")}
    ports: ["8080:8080"]
    environment:
      KEYCLOAK_ADMIN: admin
      KEYCLOAK_ADMIN_PASSWORD: "${s("keycloak-admin")}"
  pgadmin:
    image: dpage/pgadmin4
    ports: ["5050:80"]
    environment: { PGADMIN_DEFAULT_EMAIL: a@b.c, PGADMIN_DEFAULT_PASSWORD: "${s("pgadmin")}" }
  mongo:
    image: mongo:4
    ports: ["27017:27017"]
    environment: { MONGO_INITDB_ROOT_USERNAME: root, MONGO_INITDB_ROOT_PASSWORD: "${s("mongo")}" }
secrets:
  orthanc.secret.json: { file: ./orthanc.secret.json }
configs:
  inline: { content: "password: ${s("inline-config")}" }
`,
    ".env": `DOTENV_SECRET='${s("dotenv")}'\nPASSWORD="${s("dotenv2")}"\n`,
    "orthanc.env": `ORTHANC__MYSQL__PASSWORD=${s("envfile")}\nORTHANC__AUTHENTICATION_ENABLED=false\n`,
    "orthanc.secret.json": `{ "RegisteredUsers": { "desk": "${s("compose-secret")}" } }\n`,
    "orthanc.json": `{ "DicomWeb": { "Servers": { "x": { "Url": "http://u:${s("mounted-url")}@h/" } } }, "RemoteAccessAllowed": true }\n`,
    pgpass: `db:5432:*:orthanc:${s("pgpass")}\n`,
    Dockerfile: `FROM orthancteam/orthanc:24.6.2
ARG TOKEN=${s("dockerfile-arg")}
ENV ORTHANC__REGISTERED_USERS='{"desk": "${s("dockerfile-env")}"}' DB_PASSWORD=${s("dockerfile-env2")}
RUN curl -u admin:${s("dockerfile-run")} https://x/
`,
  },
  nginx: {
    "orthanc.json": '{ "Name": "a", "RemoteAccessAllowed": false, "AuthenticationEnabled": true }\n',
    "nginx.conf": `events {}
http {
  server {
    listen 80;
    auth_basic_user_file users.htpasswd;
    location / {
      proxy_pass http://127.0.0.1:8042;
      proxy_set_header Authorization "Basic ${base64(`orthanc:${s("nginx-header")}`)}";
      proxy_set_header X-Token "${s("nginx-token")}";
    }
    location /url { proxy_pass http://u:${s("nginxurl")}@127.0.0.1:8042; }
    if ($http_x_key = "${s("nginx-if")}") { return 200 "${s("nginx-return")}"; }
  }
}
`,
    "users.htpasswd": `desk:{PLAIN}${s("htpasswd")}\nnight:$apr1$abcdefgh$${s("hash")}\n`,
  },
  dcm4chee: {
    "device.ldif": `dn: dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org
objectClass: dicomDevice
objectClass: dcmDevice
objectClass: dcmArchiveDevice
dicomDeviceName: dcm4chee-arc
dcmKeyStorePin: ${s("keystore-pin")}
dcmTrustStorePin: ${s("truststore-pin")}
dcmKeyStoreURL: file:///x.p12

dn: cn=admin,dc=dcm4che,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: admin
userPassword: ${s("ldif-plain")}

dn: uid=base,dc=dcm4che,dc=org
objectClass: account
uid: base
userPassword:: ${base64(s("ldif-base64"))}
`,
    "dcm4che-realm.json": JSON.stringify(
      {
        realm: "dcm4che",
        enabled: true,
        sslRequired: "none",
        smtpServer: { host: "mail", user: "u", password: s("smtp") },
        users: [
          { username: "root", enabled: true, credentials: [{ type: "password", value: s("realm-user") }] },
        ],
        clients: [
          {
            clientId: "dcm4chee-arc-ui",
            secret: s("client-secret"),
            redirectUris: ["*"],
            publicClient: false,
          },
        ],
        identityProviders: [{ alias: "x", providerId: "oidc", config: { clientSecret: s("idp-secret") } }],
      },
      null,
      2,
    ),
    "dcm4chee-arc.xml": `<?xml version="1.0"?>
<server xmlns="urn:jboss:domain:19.0">
  <management><security-realms><security-realm name="M"><server-identities><ssl>
    <keystore path="k.jks" keystore-password="${xml(s("wildfly-keystore"))}" key-password="${xml(s("wildfly-key"))}"/>
  </ssl></server-identities></security-realm></security-realms></management>
  <system-properties><property name="db.password" value="${xml(s("wildfly-property"))}"/></system-properties>
  <profile>
    <subsystem xmlns="urn:jboss:domain:datasources:7.0"><datasources>
      <datasource jndi-name="java:/PacsDS" pool-name="PacsDS">
        <connection-url>jdbc:postgresql://db/pacs?password=${xml(s("wildfly-url"))}</connection-url>
        <security><user-name>pacs</user-name><password>${xml(s("wildfly-ds"))}</password></security>
      </datasource>
    </datasources></subsystem>
    <subsystem xmlns="urn:wildfly:elytron:16.0"><credential-stores><credential-store name="c" location="c.cs">
      <credential-reference clear-text="${xml(s("wildfly-clear"))}"/></credential-store></credential-stores></subsystem>
  </profile>
  <interfaces><interface name="management"><any-address/></interface><interface name="public"><any-address/></interface></interfaces>
  <socket-binding-group name="s" default-interface="public"><socket-binding name="http" port="8080"/></socket-binding-group>
</server>
`,
    "mgmt-users.properties": `admin=${s("mgmt")}\n`,
    "dcm4chee-arc-keycloak.properties": `client-secret=${s("properties")}\n`,
    "compose.yml": `services:
  ldap:
    image: dcm4che/slapd-dcm4chee:2.6.5-31.2
    ports: ["389:389"]
    environment: { LDAP_ROOTPASS: "${s("ldap-root")}", LDAP_CONFIGPASS: "${s("ldap-config")}", STORAGE_DIR: /x }
  arc:
    image: dcm4che/dcm4chee-arc-psql:5.31.2-secure
    ports: ["8080:8080", "11112:11112", "9990:9990"]
    environment:
      LDAP_ROOTPASS: "${s("arc-ldap")}"
      POSTGRES_PASSWORD: "${s("arc-pg")}"
      WILDFLY_ADMIN_USER: admin
      WILDFLY_ADMIN_PASSWORD: "${s("arc-admin")}"
      KEYSTORE_PASSWORD: "${s("arc-keystore")}"
      JAVA_OPTS: "-Djavax.net.ssl.keyStorePassword=${s("java-opts")}"
`,
  },
  systemd: {
    "orthanc.service": `[Unit]
Description=Orthanc
[Service]
User=root
Environment="ORTHANC_PASSWORD=${s("systemd")}" "TOKEN=${s("systemd2")}"
ExecStart=/usr/sbin/Orthanc --token=${s("systemd-exec")} /etc/orthanc/orthanc.json
`,
    "orthanc.json": `{ "Name": "x", "RemoteAccessAllowed": true, "RegisteredUsers": { "a": "\${ORTHANC_PASSWORD}" } }\n`,
  },
  kubernetes: {
    "pacs.yaml": `apiVersion: v1
kind: Secret
metadata: { name: orthanc }
data:
  orthanc.json: ${base64(`{ "RegisteredUsers": { "desk": "${s("k8s-data")}" } }`)}
  password: ${base64(s("k8s-password"))}
stringData:
  other: "${s("k8s-string")}"
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config }
data:
  orthanc.json: |
    { "RemoteAccessAllowed": true, "AuthenticationEnabled": false, "PostgreSQL": { "Password": "${s("k8s-config")}" } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: orthanc }
spec:
  selector: { matchLabels: { app: orthanc } }
  template:
    metadata: { labels: { app: orthanc }, annotations: { token: "${s("k8s-annotation")}" } }
    spec:
      containers:
        - name: orthanc
          image: orthancteam/orthanc:24.6.2
          args: ["--password", "${s("k8s-arg")}"]
          env:
            - { name: ORTHANC__POSTGRESQL__PASSWORD, value: "${s("k8s-env")}" }
            - name: FROM_SECRET
              valueFrom: { secretKeyRef: { name: orthanc, key: password } }
          livenessProbe: { exec: { command: [curl, -u, "a:${s("k8s-probe")}", "http://localhost:8042"] } }
          ports: [{ containerPort: 8042 }]
          volumeMounts: [{ name: c, mountPath: /etc/orthanc }]
      volumes: [{ name: c, configMap: { name: config } }]
---
apiVersion: v1
kind: Service
metadata: { name: orthanc }
spec: { type: LoadBalancer, selector: { app: orthanc }, ports: [{ port: 8042 }] }
`,
  },
};

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
