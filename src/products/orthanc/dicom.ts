/**
 * The DICOM server as a socket: what strangers may do, and what those who merely use a listed AE title may do.
 * Source: OrthancServer/Sources/main.cpp, OrthancApplicationEntityFilter; measured on four releases.
 */
import type { Auth, DicomOperations } from "../../facts/facts.ts";
import { labelled, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, not, or } from "../../facts/unknown.ts";
import type { Answer, Socket } from "../product.ts";
import {
  type AlwaysAllowed,
  allowedOperations,
  type Modality,
  type Operation,
  operations,
  readAlwaysAllowed,
  sameAet,
} from "./modalities.ts";
import { type OrthancModel, since } from "./model.ts";
import { anyActive } from "./plugins.ts";
import { dicomTls } from "./tls.ts";
import { wrongTypes } from "./types.ts";

/** DICOM has no login; user identities are not looked at. */
const noLogin: Auth = { mode: "none", defaultCredentials: false, lockout: false };

/** An address that no configuration lists: a stranger's. */
const elsewhere = null;

/** The DICOM socket of a service. */
export function dicomSocket(model: OrthancModel): Socket {
  const { settings } = model;
  const on = settings.boolean("DicomServerEnabled");
  const port = settings.integer("DicomPort");
  const { tls, origins } = dicomTls(model);
  const always = readAlwaysAllowed(settings);
  return {
    id: "dicom",
    protocol: "dicom",
    on: on.value,
    bind: "0.0.0.0",
    port: map(port.value, (number) => number & 0xffff),
    tls,
    seen: { loopback: answer(model, always, "127.0.0.1"), other: answer(model, always, elsewhere) },
    origins: {
      ...origins,
      "": on.origins,
      "/on": on.origins,
      "/port": port.origins,
      "/bind": [{ kind: "absent", by: "DICOM has no option for the address" }],
    },
  };
}

function answer(model: OrthancModel, always: AlwaysAllowed, address: string | null): Answer {
  const checkHost = model.settings.boolean("DicomCheckModalityHost").value;
  const decide = (entries: readonly Modality[]): DicomOperations =>
    limited(model, allowedOperations({ entries, address }, always.operations, checkHost, model.version));
  const broken = titlesAreBroken(model, always);
  return titledAnswer(model, always, (entries) => decide(broken ? [] : entries));
}

/** What a caller gets, by its AE title; `decide` says what the entries of a title come to, none for a stranger's. */
export function titledAnswer(
  model: OrthancModel,
  always: AlwaysAllowed,
  decide: (entries: readonly Modality[]) => DicomOperations,
): Answer {
  const spoofed = titles(model).flatMap(([, entries]) => {
    const allowed = decide(entries);
    return entries.flatMap(({ aet }): [string, DicomOperations][] =>
      isUnknown(aet) ? [] : [[aet, allowed]],
    );
  });
  const spoofableTitles = [
    ...new Set(spoofed.filter(([, allowed]) => spoofable(allowed) === true).map(([title]) => title)),
  ];
  return {
    refused: false,
    auth: noLogin,
    unknownPeer: decide([]),
    spoofedPeer: Object.fromEntries(spoofed),
    anySpoofedPeer: most(spoofed.map(([, allowed]) => allowed)),
    spoofableTitles,
    checks: {
      host: model.settings.boolean("DicomCheckModalityHost").value,
      calledTitle: model.settings.boolean("DicomCheckCalledAet").value,
      exactTitle: model.settings.boolean("StrictAetComparison").value,
    },
    origins: {
      ...unknownPeerOrigins(always),
      ...spoofedOrigins(model, spoofableTitles),
      ...checkOrigins(model),
    },
  };
}

/** What some of them may do. */
function most(allowed: readonly DicomOperations[]): DicomOperations {
  const some = (operation: Operation): Maybe<boolean> => or(...allowed.map((one) => one[operation]));
  return {
    echo: some("echo"),
    store: some("store"),
    find: some("find"),
    findWorklist: some("findWorklist"),
    get: some("get"),
    move: some("move"),
  };
}

function checkOrigins(model: OrthancModel): Readonly<Record<string, readonly Origin[]>> {
  const option = (path: string): readonly Origin[] => [model.settings.originOf([path])];
  return {
    "/checks/host": option("DicomCheckModalityHost"),
    "/checks/calledTitle": option("DicomCheckCalledAet"),
    "/checks/exactTitle": option("StrictAetComparison"),
  };
}

/** Worklists are answered by a plugin only; a server that is read-only since 1.12.5 takes no images (measured). */
function limited(model: OrthancModel, allowed: DicomOperations): DicomOperations {
  const readOnly = since(model, "1.12.5") ? model.settings.boolean("ReadOnly").value : false;
  return {
    ...allowed,
    store: and(allowed.store, not(readOnly)),
    findWorklist: and(allowed.findWorklist, anyActive(model.plugins, ["worklists", "worklists-sample"])),
  };
}

/**
 * A wrong type of these keys cuts off every command that consults the list: listed titles have what strangers have.
 * Before 1.9.3 commands do not look at DicomCheckModalityHost, only associations do, and these only while nothing is
 * allowed to everybody (measured on four releases).
 */
function titlesAreBroken(model: OrthancModel, always: AlwaysAllowed): boolean {
  const wrong = wrongTypes(model.settings)
    .filter(({ effect }) => effect === "late")
    .map(({ option }) => option.path);
  if (wrong.includes("StrictAetComparison")) return true;
  if (!wrong.includes("DicomCheckModalityHost")) return false;
  return since(model, "1.9.3") || or(...Object.values(always.operations)) === false;
}

/** The listed AE titles, each with the entries that the server takes for it. */
export function titles(
  model: Pick<OrthancModel, "settings" | "modalities">,
): readonly (readonly [string, readonly Modality[]])[] {
  const strict = model.settings.boolean("StrictAetComparison").value === true;
  const result: [string, Modality[]][] = [];
  for (const modality of model.modalities) {
    const { aet } = modality;
    if (isUnknown(aet)) continue;
    const known = result.find(([title]) => sameAet(title, aet, strict));
    if (known === undefined) result.push([aet, [modality]]);
    else known[1].push(modality);
  }
  return result;
}

const operationNames: Readonly<Record<Operation, string>> = {
  echo: "test the connection",
  store: "send images",
  find: "search patients",
  findWorklist: "read the worklist",
  get: "fetch images",
  move: "have images sent",
};

function unknownPeerOrigins(always: AlwaysAllowed): Readonly<Record<string, readonly Origin[]>> {
  const entries = operations.map((operation): [string, readonly Origin[]] => [
    `/unknownPeer/${operation}`,
    [labelled(always.origins[operation], `any AE title may ${operationNames[operation]}`)],
  ]);
  const open = worstFirst.filter((operation) => always.operations[operation] === true);
  const shown = (open.length === 0 ? worstFirst : open).map((operation) => always.origins[operation]);
  return Object.fromEntries([...entries, ["/unknownPeer", shown]]);
}

/** What strangers should not do, the worst first; testing the connection is of no weight. */
const worstFirst: readonly Operation[] = ["get", "find", "move", "findWorklist", "store"];

/** The entries that matter; more than a few say no more. */
const shownEntries = 4;

function spoofedOrigins(
  model: OrthancModel,
  open: readonly string[],
): Readonly<Record<string, readonly Origin[]>> {
  const checked = model.settings.boolean("DicomCheckModalityHost");
  const check =
    checked.value === true
      ? checked.origins
      : checked.origins.map((origin) => labelled(origin, "the caller's address is not checked"));
  const strict = model.settings.boolean("StrictAetComparison").value === true;
  const carriers = model.modalities.filter(
    ({ aet }) => !isUnknown(aet) && open.some((title) => sameAet(title, aet, strict)),
  );
  const listed = carriers
    .slice(0, shownEntries)
    .map((modality) => labelled(modality.origins.aet, "a listed AE title"));
  return { "/spoofedPeer": [...check, ...listed], "/spoofableTitles": listed };
}

/** Whether anything that matters can be done under a listed title from any address. */
function spoofable(allowed: DicomOperations): Maybe<boolean> {
  const worst = [allowed.find, allowed.get, allowed.move, allowed.findWorklist];
  return worst.includes(true) ? true : (worst.find((value) => isUnknown(value)) ?? false);
}
