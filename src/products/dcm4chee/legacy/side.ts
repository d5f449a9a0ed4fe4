/** dcm4chee 2.x on JBoss 4: MBeans, connectors, data sources, login modules. */
import type { Socket } from "../../product.ts";
import { type Surroundings, unset } from "../archive.ts";
import { secretFacts } from "../secrets.ts";
import type { ArchiveFiles } from "../sources.ts";
import type { Side } from "../web-side.ts";
import { legacyDicomSocket, legacyOptions, legacySecrets } from "./dicom.ts";
import { datasourceSecrets, loginFacts } from "./jboss.ts";
import { readMBeans } from "./mbeans.ts";
import { stockConnector, tomcatSecrets, tomcatSockets } from "./tomcat.ts";

/** Defaults stand nowhere: the line that starts the container is shown for them. */
function startedHere(socket: Socket, around: Surroundings): Socket {
  const placed = (origins: Socket["origins"]): Socket["origins"] =>
    Object.fromEntries(
      Object.entries(origins).map(([key, list]) => [
        key,
        list.map((origin) => (origin.kind === "absent" ? unset(around.startedAt, origin.by) : origin)),
      ]),
    );
  const answer = { ...socket.seen.other, origins: placed(socket.seen.other.origins) };
  return { ...socket, seen: { loopback: answer, other: answer }, origins: placed(socket.origins) };
}

/** What the files of a 2.x archive say. */
export function legacySide(files: ArchiveFiles, around: Surroundings, image = false): Side {
  const attributes = files.xml.flatMap(({ file, root }) =>
    file.kind === "jboss-mbeans" ? readMBeans(root, file.path) : [],
  );
  const dicom = legacyDicomSocket(attributes, image);
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
      ...(dicom === undefined ? [] : [startedHere(dicom, around)]),
      ...tomcat.flatMap(({ root }) => tomcatSockets(root, around)),
      ...(image && tomcat.length === 0
        ? [stockConnector([unset(around.startedAt, "the image listens here")])]
        : []),
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
