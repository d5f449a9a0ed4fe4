/**
 * Times whole runs of the built command, start-up included: node bench/bench.mjs, after npm run build. Beside the time on
 * the clock stand the time of the processor, which other programs do not change, and the memory at its highest.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const root = join(import.meta.dirname, "..");
const bin = join(root, "dist/pacslint.js");
const folder = mkdtempSync(join(tmpdir(), "pacslint-bench-"));

const configuration = '{ "Name": "Clinic", "RemoteAccessAllowed": true, "AuthenticationEnabled": false }\n';

/** What is timed, with how often. A release is given where many servers would be judged at every one. */
const cases = [
  { name: "bare Node", argv: ["-e", "0"], runs: 5 },
  { name: "one small file", argv: [bin, join(folder, "small")], runs: 5 },
  { name: "the examples", argv: [bin, join(root, "examples")], runs: 3 },
  { name: "1,000 servers", argv: [bin, join(folder, "many"), "--orthanc-version", "1.12.7"], runs: 1 },
  // Exports of the directory of a hospital, at every release of the archive: time and memory grow with their size.
  { name: "1,250 devices", argv: [bin, join(folder, "ldif-1250")], runs: 1 },
  { name: "2,500 devices", argv: [bin, join(folder, "ldif-2500")], runs: 1 },
  { name: "5,000 devices", argv: [bin, join(folder, "ldif-5000")], runs: 1 },
];

/** Tells on its way out what the process used. */
const witness = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); process.stderr.write(`used ${userCPUTime + systemCPUTime} ${maxRSS}\\n`); });',
)}`;

try {
  write("small", 1);
  write("many", 1000);
  for (const count of [1250, 2500, 5000]) writeDirectory(count);
  for (const { name, argv, runs } of cases) {
    const all = Array.from({ length: runs }, () => time(argv)).sort(
      (left, right) => left.clock - right.clock,
    );
    const { clock, processor, megabytes } = all[Math.floor(all.length / 2)];
    const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
    const row = [name.padEnd(14), seconds(clock), `processor ${seconds(processor)}`, `${megabytes} MB`];
    console.log(`${row.join("   ")}   (median of ${runs})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function write(name, count) {
  for (let index = 0; index < count; index++) {
    mkdirSync(join(folder, name, `site-${index}`), { recursive: true });
    writeFileSync(join(folder, name, `site-${index}/orthanc.json`), configuration);
  }
}

/** One archive, and modalities with thirty transfer capabilities each: about ten thousand bytes a device. */
function writeDirectory(count) {
  const above = "cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org";
  const records = device("dcm4chee-arc", above, "ARCHIVE", ["dcmArchiveDevice"], 11112);
  for (let index = 0; index < count; index++)
    records.push(
      ...device(`modality-${index}`, above, `MOD${index}`, [], 104),
      ...capabilities(index, above),
    );
  mkdirSync(join(folder, `ldif-${count}`));
  writeFileSync(join(folder, `ldif-${count}`, "directory.ldif"), records.join("\n"));
}

function device(name, above, title, classes, port) {
  const dn = `dicomDeviceName=${name},${above}`;
  return [
    `dn: ${dn}\nobjectClass: dicomDevice\nobjectClass: dcmDevice\n${classes.map((one) => `objectClass: ${one}\n`).join("")}dicomDeviceName: ${name}\ndicomInstalled: TRUE\n`,
    `dn: cn=dicom,${dn}\nobjectClass: dicomNetworkConnection\nobjectClass: dcmNetworkConnection\ncn: dicom\ndicomHostname: ${name}.example\ndicomPort: ${port}\n`,
    `dn: dicomAETitle=${title},${dn}\nobjectClass: dicomNetworkAE\nobjectClass: dcmNetworkAE\ndicomAETitle: ${title}\ndicomAssociationAcceptor: TRUE\ndicomAssociationInitiator: TRUE\ndicomNetworkConnectionReference: cn=dicom,${dn}\n`,
  ];
}

function capabilities(index, above) {
  const dn = `dicomAETitle=MOD${index},dicomDeviceName=modality-${index},${above}`;
  return Array.from(
    { length: 30 },
    (_, number) =>
      `dn: cn=capability ${number},${dn}\nobjectClass: dicomTransferCapability\ncn: capability ${number}\ndicomSOPClass: 1.2.840.10008.5.1.4.1.1.${number}\ndicomTransferRole: SCP\ndicomTransferSyntax: 1.2.840.10008.1.2\ndicomTransferSyntax: 1.2.840.10008.1.2.1\n`,
  );
}

function time(argv) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", witness, ...argv], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0 && status !== 1 && status !== 3) throw new Error(`exit code ${status}: ${stderr}`);
  const [, microseconds = 0, kilobytes = 0] = /used (\d+) (\d+)/.exec(stderr) ?? [];
  return {
    clock: performance.now() - started,
    processor: Number(microseconds) / 1000,
    megabytes: Math.round(Number(kilobytes) / 1024),
  };
}
