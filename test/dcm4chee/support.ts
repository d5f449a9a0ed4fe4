/** Small archives for the tests: files, variables and an image in, derived facts with places out. */
import { createHash } from "node:crypto";
import type { Service } from "../../src/deployment/model.ts";
import type { Fact, FactKind } from "../../src/facts/facts.ts";
import type { Origin } from "../../src/facts/origin.ts";
import { deriveDcm4chee } from "../../src/products/dcm4chee/derive.ts";
import type { Derive, DeriveContext, Derived, Socket } from "../../src/products/product.ts";
import { createSources, type SourceFile } from "../../src/sources/source.ts";
import { lineStarts, positionAt } from "../../src/text/lines.ts";
import { type Text, textOfFile } from "../../src/text/text.ts";
import { containerOf } from "../container.ts";

export interface ArchiveInput {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Image of the container; without one it runs on a host. */
  readonly image?: string | Text;
  readonly version?: string;
  readonly args?: readonly string[];
  readonly derive?: Derive;
}

export interface Archive extends Derived {
  readonly all: readonly Fact[];
  socket(id: string): Socket;
  facts1<K extends FactKind>(kind: K): readonly Extract<Fact, { kind: K }>[];
  /** "file:line" of the first origin, or who set a value that stands nowhere. */
  place(origins: readonly Origin[] | undefined): string;
}

export function archive(input: ArchiveInput): Archive {
  const sources = Object.entries(input.files ?? {}).map(([path, content]) => source(path, content));
  const service = serviceOf(input, sources);
  const derived = (input.derive ?? deriveDcm4chee)(service, input.version ?? "5.35.1", context);
  const all = derived.facts([]);
  return {
    ...derived,
    all,
    socket: (id) => {
      const found = derived.sockets.find((socket) => socket.id === id);
      if (found === undefined)
        throw new Error(`no socket ${id}: ${derived.sockets.map((socket) => socket.id).join(", ")}`);
      return found;
    },
    facts1: <K extends FactKind>(kind: K) =>
      all.filter((fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind),
    place: (origins) => placeOf(origins?.[0], sources),
  };
}

function source(path: string, content: string): SourceFile {
  return {
    path,
    text: textOfFile(path, content),
    encoding: "utf-8",
    sha256: createHash("sha256").update(content).digest("hex"),
    lines: lineStarts(content),
  };
}

function placeOf(origin: Origin | undefined, sources: readonly SourceFile[]): string {
  if (origin === undefined) return "nowhere";
  if (origin.kind === "absent") return origin.by;
  const file = sources.find((candidate) => candidate.path === origin.at.file);
  return file === undefined
    ? `${origin.at.file}:?`
    : `${file.path}:${positionAt(file.lines, origin.at.start).line}`;
}

const files = {
  read: () => ({ ok: false as const, reason: "absent" as const, message: "" }),
  list: () => undefined,
  stat: () => undefined,
};
const crypto = {
  sha256: (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex"),
  certificates: () => [],
};
const context: DeriveContext = {
  files,
  sources: createSources(files, crypto),
  crypto,
  onHost: false,
  now: new Date("2026-11-22"),
};

function serviceOf(input: ArchiveInput, sources: readonly SourceFile[]): Service {
  const variables = new Map(
    Object.entries(input.env ?? {}).map(([name, value]) => [
      name,
      { value: textOfFile(".env", value), at: { at: { file: ".env", start: 0, end: 1 } } },
    ]),
  );
  const version = input.version ?? "5.35.1";
  return {
    name: "arc",
    product: "dcm4chee",
    version: {
      value: version,
      from: input.image === undefined ? "assumed" : "image",
      candidates: [version],
      build: input.image === undefined ? "other" : "image",
    },
    environment: { complete: input.image !== undefined || input.env !== undefined, variables },
    ...(input.args === undefined ? {} : { args: input.args.map((word) => textOfFile("run.conf", word)) }),
    configuration: [{ path: "conf", form: "folder", files: sources }],
    workingDirectory: null,
    network:
      input.image === undefined
        ? { kind: "host" }
        : { kind: "container", hostNetwork: false, networks: [], names: [], published: [] },
    lookup: (path) => ({ state: "unknown", path }),
    ...(input.image === undefined ? {} : { container: containerOf(input.image) }),
  };
}

export const suffix = "cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org";
const device = `dicomDeviceName=dcm4chee-arc,${suffix}`;

export interface DeviceInput {
  readonly device?: string;
  readonly dicom?: string;
  readonly ae?: string;
  readonly more?: string;
}

/** A small archive device as LDIF, with further attributes for its parts. */
export function deviceLdif(input: DeviceInput = {}): string {
  return `version: 1

dn: ${device}
objectClass: dicomDevice
objectClass: dcmDevice
objectClass: dcmArchiveDevice
dicomDeviceName: dcm4chee-arc
${lines(input.device ?? "dicomInstalled: TRUE")}
dn: cn=dicom,${device}
objectClass: dicomNetworkConnection
objectClass: dcmNetworkConnection
cn: dicom
dicomHostname: archive.example
${lines(input.dicom ?? "dicomPort: 11112\ndcmBindAddress: 0.0.0.0")}
dn: dicomAETitle=ARCHIVE,${device}
objectClass: dicomNetworkAE
objectClass: dcmNetworkAE
objectClass: dcmArchiveNetworkAE
dicomAETitle: ARCHIVE
dicomNetworkConnectionReference: cn=dicom,${device}
dicomAssociationInitiator: TRUE
dicomAssociationAcceptor: TRUE
${lines(input.ae ?? "")}${input.more ?? ""}`;
}

function lines(text: string): string {
  return text === "" ? "\n" : `${text}\n\n`;
}

/** A record below the device. */
export function part(rdn: string, ...attributes: readonly string[]): string {
  return `\ndn: ${rdn},${device}\n${attributes.join("\n")}\n`;
}

export const deviceDn = device;
