/**
 * The further DICOM ports of the MultitenantDicom plugin: in clear text, with rules of their own.
 * Source: OrthancServer/Plugins/Samples/MultitenantDicom (MultitenantDicomServer.cpp, DicomFilter.cpp) at 1.13.0.
 */
import type { DicomOperations } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { and, type Maybe, map, not, or, unknown } from "../../facts/unknown.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import type { Answer, Socket } from "../product.ts";
import { titledAnswer } from "./dicom.ts";
import { operations, readAlwaysAllowed } from "./modalities.ts";
import { type OrthancModel, since } from "./model.ts";
import { plugin } from "./plugins.ts";

/** One socket for each server of the plugin's list, whether or not Orthanc's own DICOM server is on. */
export function tenantSockets(model: OrthancModel): readonly Socket[] {
  const { loaded } = plugin(model.plugins, "multitenant-dicom");
  const servers = model.settings.find(["MultitenantDicom", "Servers"]);
  if (loaded === false || !since(model, "1.12.0") || servers?.kind !== "array") return [];
  return servers.items.flatMap((server, index) =>
    server.kind === "object" ? [tenantSocket(model, server, index, loaded)] : [],
  );
}

function tenantSocket(model: OrthancModel, server: ObjectTree, index: number, on: Maybe<boolean>): Socket {
  const find = (key: string): Tree | undefined =>
    server.members.findLast((member) => member.key === key)?.value;
  const port = find("Port");
  const here = fromPlace(server);
  return {
    id: `dicom-tenant-${index + 1}`,
    protocol: "dicom",
    on,
    bind: "0.0.0.0",
    port: port?.kind === "number" ? port.value & 0xffff : unknown("input", "the port is not known", port),
    tls: tlsOff,
    seen: { loopback: answer(model, "127.0.0.1"), other: answer(model, null) },
    origins: {
      "": [here],
      "/on": [here],
      "/port": [port === undefined ? here : fromPlace(port)],
      "/tls": [here],
      "/bind": [here],
      "/reach": [here],
    },
  };
}

/** Operations that these ports never offer. */
const never: readonly (keyof DicomOperations)[] = ["findWorklist", "get"];

function answer(model: OrthancModel, address: string | null): Answer {
  const always = readAlwaysAllowed(model.settings);
  const given = (operation: keyof DicomOperations): Maybe<boolean> =>
    !never.includes(operation) && always.operations[operation];
  const anything = or(...operations.map(given));
  const checkHost = model.settings.boolean("DicomCheckModalityHost").value;
  // A title counts as its first entry has it; the address is looked at only when nothing is allowed to everybody.
  return titledAnswer(model, always, ([entry]) => {
    const hostMatches = entry === undefined ? false : map(entry.host, (host) => host === address);
    const admitted = or(anything, entry === undefined ? false : or(not(checkHost), hostMatches));
    const allowed = (operation: keyof DicomOperations): Maybe<boolean> =>
      or(given(operation), !never.includes(operation) && and(admitted, entry?.allows[operation] ?? false));
    return {
      echo: allowed("echo"),
      store: allowed("store"),
      find: allowed("find"),
      findWorklist: false,
      get: false,
      move: allowed("move"),
    };
  });
}
