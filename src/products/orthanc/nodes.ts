/**
 * Entries of DicomModalities and OrthancPeers that stop the start.
 * Source: OrthancFramework/Sources/DicomNetworking/RemoteModalityParameters.cpp; OrthancFramework/Sources/
 * WebServiceParameters.cpp; OrthancConfiguration.cpp, CheckAlphanumeric.
 */
import { fromPlace } from "../../facts/origin.ts";
import type { Member, Tree } from "../../sources/tree.ts";
import { atLeast } from "../version.ts";
import type { Fault } from "./load.ts";
import type { OrthancModel } from "./model.ts";
import { scalarText } from "./settings.ts";

/** Why an entry is refused, and where that stands. */
type Complaint = { readonly problem: string; readonly expected: string; readonly tree: Tree } | undefined;

/** Names of manufacturers, with the release that brought or dropped them. */
const manufacturers: Readonly<Record<string, { readonly since?: string; readonly until?: string }>> = {
  Generic: {},
  GenericNoWildcardInDates: {},
  GenericNoUniversalWildcard: {},
  Vitrea: {},
  GE: {},
  SiemensSyngoCT: { since: "1.13.0" },
  AgfaImpax: {},
  SyngoVia: {},
  EFilm2: {},
  MedInria: {},
  ClearCanvas: {},
  Dcm4Chee: {},
  StoreScp: { until: "1.8.0" },
};

/** Flags of a modality and the release that reads each. */
const flags: Readonly<Record<string, string>> = {
  AllowEcho: "1.5.0",
  AllowFind: "1.5.0",
  AllowFindWorklist: "1.10.0",
  AllowGet: "1.7.0",
  AllowMove: "1.5.0",
  AllowStore: "1.5.0",
  AllowNAction: "1.6.0",
  AllowEventReport: "1.6.0",
  AllowStorageCommitment: "1.6.0",
  AllowTranscoding: "1.7.0",
  UseDicomTls: "1.9.0",
};

/** Faults of the modalities. */
export function modalityFaults(model: OrthancModel): readonly Fault[] {
  if (model.settings.boolean("DicomModalitiesInDatabase").value === true) return [];
  return entryFaults(model, "DicomModalities", (tree) => modalityComplaint(tree, model.version));
}

/** Faults of the peers. */
export function peerFaults(model: OrthancModel): readonly Fault[] {
  if (model.settings.boolean("OrthancPeersInDatabase").value === true) return [];
  return entryFaults(model, "OrthancPeers", peerComplaint);
}

function entryFaults(
  model: OrthancModel,
  section: string,
  complaintOf: (tree: Tree) => Complaint,
): readonly Fault[] {
  const tree = model.settings.find([section]);
  if (tree?.kind !== "object") return [];
  const last = new Map<string, Member>(tree.members.map((member) => [member.key, member]));
  return [...last.values()].flatMap((member): readonly Fault[] => {
    if (!/^[A-Za-z0-9_-]*$/u.test(member.key)) {
      return [
        entryFault(
          section,
          "a name may hold letters, digits, - and _ only",
          "letters, digits, - and _",
          member.keyAt,
        ),
      ];
    }
    if (member.value.kind === "unknown") return [];
    const complaint = complaintOf(member.value);
    return complaint === undefined
      ? []
      : [entryFault(section, complaint.problem, complaint.expected, complaint.tree)];
  });
}

function entryFault(
  section: string,
  problem: string,
  expected: string,
  where: Parameters<typeof fromPlace>[0],
): Fault {
  return {
    message: `Orthanc refuses to start because of an entry of ${section}: ${problem}`,
    expected,
    effect: "start",
    origins: [fromPlace(where)],
  };
}

function modalityComplaint(tree: Tree, version: string): Complaint {
  if (tree.kind === "array") return modalityArrayComplaint(tree.items, tree, version);
  if (tree.kind !== "object")
    return { problem: "it must be a list or an object", expected: '["AET", "host", port]', tree };
  const find = (key: string): Tree | undefined =>
    tree.members.findLast((member) => member.key === key)?.value;
  for (const key of ["AET", "Host"]) {
    const value = find(key);
    if (value === undefined || !isText(value))
      return {
        problem: `${key} must be a text and may not be missing`,
        expected: `${key}: a text in quotes`,
        tree: value ?? tree,
      };
  }
  const port = find("Port");
  if (port === undefined) return { problem: "Port is missing", expected: "a port number", tree };
  const known = portComplaint(port) ?? manufacturerComplaint(find("Manufacturer"), version);
  if (known !== undefined) return known;
  for (const [key, release] of Object.entries(flags)) {
    const value = find(key);
    if (value === undefined || !atLeast(version, release)) continue;
    if (value.kind !== "boolean" && !(value.kind === "unknown" && !value.quoted))
      return {
        problem: `${key} must be true or false`,
        expected: "true or false without quotes",
        tree: value,
      };
  }
  return undefined;
}

function modalityArrayComplaint(items: readonly Tree[], tree: Tree, version: string): Complaint {
  const [aet, host, port, manufacturer] = items;
  if (items.length !== 3 && items.length !== 4)
    return { problem: "a list must have three or four items", expected: '["AET", "host", port]', tree };
  if (aet === undefined || host === undefined || port === undefined) return undefined;
  for (const item of [aet, host])
    if (!isText(item))
      return { problem: "AE title and host must be texts", expected: "a text in quotes", tree: item };
  return portComplaint(port) ?? manufacturerComplaint(manufacturer, version);
}

function isText(tree: Tree): boolean {
  return tree.kind === "string" || tree.kind === "unknown";
}

/** A number as it is read for a port: in quotes as well, without a fraction. */
function wholeNumber(tree: Tree): number | undefined {
  if (tree.kind === "number") return tree.integer && Number.isInteger(tree.value) ? tree.value : undefined;
  return tree.kind === "string" && /^[+-]?\d+$/u.test(tree.text.value) ? Number(tree.text.value) : undefined;
}

function portComplaint(tree: Tree): Complaint {
  if (tree.kind === "unknown") return undefined;
  const written = wholeNumber(tree);
  if (written !== undefined && written >= 1 && written <= 65_534) return undefined;
  return { problem: "the port must be a number from 1 to 65534", expected: "1 to 65534", tree };
}

function manufacturerComplaint(tree: Tree | undefined, version: string): Complaint {
  if (tree === undefined || tree.kind === "unknown") return undefined;
  const release = tree.kind === "string" ? manufacturers[tree.text.value] : undefined;
  if (
    release !== undefined &&
    atLeast(version, release.since ?? "0") &&
    !atLeast(version, release.until ?? "9999")
  )
    return undefined;
  return {
    problem: "the manufacturer is not one that it knows",
    expected: Object.keys(manufacturers).join(", "),
    tree,
  };
}

const reservedPeerKeys = new Set([
  "CertificateFile",
  "CertificateKeyFile",
  "CertificateKeyPassword",
  "HttpHeaders",
  "Password",
  "Pkcs11",
  "Url",
  "URL",
  "Username",
  "Timeout",
]);

function peerComplaint(tree: Tree): Complaint {
  if (tree.kind === "array") return peerArrayComplaint(tree.items, tree);
  if (tree.kind !== "object")
    return { problem: "it must be a list or an object", expected: '["https://host:8042/"]', tree };
  const find = (key: string): Tree | undefined =>
    tree.members.findLast((member) => member.key === key)?.value;
  for (const key of [
    "Url",
    "URL",
    "Username",
    "Password",
    "CertificateFile",
    "CertificateKeyFile",
    "CertificateKeyPassword",
  ]) {
    const value = find(key);
    if (value !== undefined && !isText(value))
      return { problem: `${key} must be a text`, expected: "a text in quotes", tree: value };
  }
  const url = find("Url") ?? find("URL");
  const complaint =
    url === undefined
      ? { problem: "Url is missing", expected: "an address that starts with https://", tree }
      : urlComplaint(url);
  if (complaint !== undefined) return complaint;
  const user = find("Username");
  const password = find("Password");
  if (isBlank(user) && password?.kind === "string" && password.text.value !== "")
    return { problem: "it has a Password and no Username", expected: "a Username", tree: password };
  const other = tree.members.find(
    (member) =>
      !reservedPeerKeys.has(member.key) &&
      !["string", "boolean", "number", "unknown"].includes(member.value.kind),
  );
  return other === undefined
    ? undefined
    : {
        problem: "an unknown property must be a text, a number, true or false",
        expected: "a text in quotes",
        tree: other.value,
      };
}

function isBlank(tree: Tree | undefined): boolean {
  return tree === undefined || (tree.kind === "string" && tree.text.value === "");
}

function peerArrayComplaint(items: readonly Tree[], tree: Tree): Complaint {
  const [url, user, password] = items;
  if (items.length !== 1 && items.length !== 3)
    return {
      problem: "a list must have one or three items",
      expected: '["https://host:8042/", "user", "password"]',
      tree,
    };
  if (url !== undefined) {
    const complaint = urlComplaint(url);
    if (complaint !== undefined) return complaint;
  }
  if (
    user !== undefined &&
    password !== undefined &&
    user.kind !== "unknown" &&
    scalarText(user) === "" &&
    scalarText(password) !== ""
  ) {
    return { problem: "it has a password and no user", expected: "a user name", tree: user };
  }
  return undefined;
}

/** An address without a scheme is taken; one with a scheme must be http or https. */
function urlComplaint(tree: Tree): Complaint {
  if (tree.kind === "unknown") return undefined;
  const url = scalarText(tree);
  if (url === "")
    return { problem: "its address is empty", expected: "an address that starts with https://", tree };
  if (url.includes("://") && !url.startsWith("http://") && !url.startsWith("https://"))
    return { problem: "its address must start with http:// or https://", expected: "https://", tree };
  return undefined;
}
