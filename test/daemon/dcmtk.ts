import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DICOM_OPERATIONS, type DicomAnswer, type DicomOperation } from "./agent/protocol.ts";
import { INSTANCE, instanceFile } from "./instance.ts";
import { DAEMONS } from "./paths.ts";
import { type DicomCall, type Place, road, type Server } from "./server.ts";

/** The tools of the bookworm tree, which the set-up unpacks with Orthanc. */
const TREE = join(DAEMONS, "bookworm");
const IMAGE = "/tmp/pacslint.dcm";
const STUDY = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", `StudyInstanceUID=${INSTANCE.study}`];

/** A call with an operation that dcmtk has a tool for. */
type Asked = DicomCall & { operation: DicomOperation };

/** The tool for each operation, its options, and what follows the address. */
const TOOLS: Readonly<Record<DicomOperation, (call: Asked) => readonly [string, string[], string[]]>> = {
  echo: () => ["echoscu", [], []],
  store: () => ["storescu", [], [IMAGE]],
  find: () => ["findscu", STUDY, []],
  findWorklist: () => ["findscu", ["-W", "-k", "PatientID="], []],
  get: () => ["getscu", ["-od", "/tmp", ...STUDY], []],
  move: ({ destination = "PL_NOWHERE" }) => ["movescu", ["-aem", destination, ...STUDY], []],
};

/** Whether dcmtk's tools are there: a second opinion on the harness's own DICOM client. */
export function hasDcmtk(): boolean {
  return existsSync(join(TREE, "usr/bin/echoscu"));
}

/** The same operation as {@link Server.dicom}, in plain text, done by dcmtk. */
async function askDcmtk(server: Server, place: Place, call: Asked): Promise<DicomAnswer["outcome"]> {
  if (!existsSync(join(TREE, IMAGE))) writeFileSync(join(TREE, IMAGE), instanceFile());
  const [agent, host] = road(server.site, place);
  const [tool, options, files] = TOOLS[call.operation](call);
  const port = String(server.sockets.dicom[0]?.port ?? 0);
  const titles = ["-aet", call.calling, "-aec", call.called ?? server.test.called];
  const { stdout, stderr } = await agent.exec(
    `/usr/bin/${tool}`,
    ["-v", ...titles, ...options, host, port, ...files],
    TREE,
  );
  return outcome(stdout + stderr);
}

/** The tools' exit codes say little; their words do. */
function outcome(output: string): DicomAnswer["outcome"] {
  if (/Association Rejected/.test(output)) return "rejected";
  if (/No (Acceptable|presentation) (Presentation )?Context/i.test(output)) return "not-offered";
  if (/Peer aborted Association/.test(output)) return "aborted";
  if (/(Response|Received).*\((Success|Failed|Refused|Warning|Error)/.test(output)) return "answered";
  return /Failed to establish association|Connection refused/.test(output) ? "unreachable" : "closed";
}

/** The tools do not tell an abort from an end without a word. */
function isSame(own: DicomAnswer["outcome"], other: DicomAnswer["outcome"]): boolean {
  const isCutOff = (outcome: DicomAnswer["outcome"]) => outcome === "aborted" || outcome === "closed";
  return own === other || (isCutOff(own) && isCutOff(other));
}

/** Asks dcmtk everything that the harness's own client has asked in a plain-text association; tells the differences. */
export async function secondOpinion(server: Server, titles: readonly string[]): Promise<string[]> {
  const differences: string[] = [];
  const [destination = "PL_NOWHERE"] = Object.keys(server.test.titles);
  for (const calling of titles) {
    for (const operation of DICOM_OPERATIONS) {
      const call = { operation, calling, destination };
      const own = (await server.dicom("other", call)).outcome;
      const other = await askDcmtk(server, "other", call);
      if (!isSame(own, other))
        differences.push(`  ${operation} as ${calling}: own client ${own}, dcmtk ${other}`);
    }
  }
  return differences;
}
