/** dcm4chee 2.x on JBoss 4: MBeans, connectors, data sources, login modules. */
import type { Surroundings } from "../archive.ts";
import { secretFacts } from "../secrets.ts";
import type { ArchiveFiles } from "../sources.ts";
import type { Side } from "../web-side.ts";
import { legacyDicomSocket, legacyOptions, legacySecrets } from "./dicom.ts";
import { datasourceSecrets, loginFacts } from "./jboss.ts";
import { readMBeans } from "./mbeans.ts";
import { tomcatSecrets, tomcatSockets } from "./tomcat.ts";

/** What the files of a 2.x archive say. */
export function legacySide(files: ArchiveFiles, around: Surroundings): Side {
  const attributes = files.xml.flatMap(({ file, root }) =>
    file.kind === "jboss-mbeans" ? readMBeans(root, file.path) : [],
  );
  const dicom = legacyDicomSocket(attributes);
  const tomcat = files.xml.filter(({ file }) => file.kind === "jboss-server-xml");
  const secrets = [
    ...legacySecrets(attributes, around),
    ...tomcat.flatMap(({ root }) => tomcatSecrets(root, around)),
    ...files.xml.flatMap(({ file, root }) =>
      file.kind === "jboss-datasource" ? datasourceSecrets(root, around) : [],
    ),
  ];
  return {
    sockets: [
      ...(dicom === undefined ? [] : [dicom]),
      ...tomcat.flatMap(({ root }) => tomcatSockets(root, around)),
    ],
    facts: [
      ...legacyOptions(attributes, around),
      ...files.xml.flatMap(({ file, root }) =>
        file.kind === "jboss-login-config" ? loginFacts(root, around) : [],
      ),
      ...secretFacts(secrets, around),
    ],
    secrets,
    assumptions: [],
  };
}
