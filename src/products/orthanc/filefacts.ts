/** Permissions of the files that Orthanc reads, where the platform has them. Checklist: Orthanc Book, faq/security. */
import type { FileFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import type { Tree } from "../../sources/tree.ts";
import { baseOf } from "./certificates.ts";
import type { OrthancModel } from "./model.ts";
import { secretPlaces } from "./secret-places.ts";
import { scalarText } from "./settings.ts";
import { walk } from "./walk.ts";

interface Candidate {
  readonly path: string;
  readonly use: FileFact["use"];
  readonly holdsSecrets: boolean;
  readonly origins: readonly Origin[];
}

/** One fact for each file whose permissions are known. */
export function fileFacts(model: OrthancModel): readonly FileFact[] {
  const secret = new Set(secretPlaces(model).map((place) => place.file));
  const byPath = new Map<string, Candidate>();
  for (const candidate of [
    ...configurationFiles(model, secret),
    ...environmentFiles(model, secret),
    ...namedFiles(model),
  ]) {
    if (!byPath.has(candidate.path)) byPath.set(candidate.path, candidate);
  }
  return [...byPath.values()].flatMap((candidate) => fileFact(model, candidate));
}

function fileFact(model: OrthancModel, { path, use, holdsSecrets, origins }: Candidate): readonly FileFact[] {
  const mode = permissionsOf(model, path);
  if (mode === undefined) return [];
  return [
    {
      kind: "file",
      id: `${model.service.name}/file/${path}`,
      service: model.service.name,
      product: "orthanc",
      path,
      use,
      holdsSecrets,
      mode: `0${(mode & 0o777).toString(8).padStart(3, "0")}`,
      worldReadable: (mode & 0o004) !== 0,
      worldWritable: (mode & 0o002) !== 0,
      origins: { "": origins, "/mode": origins, "/worldReadable": origins, "/worldWritable": origins },
    },
  ];
}

/**
 * Permission bits of a file of the server. A copy in a working folder has those of whoever checked it out, which say
 * nothing: they count on the server itself, and in the folders where servers keep their files.
 */
export function permissionsOf(model: OrthancModel, path: string): number | undefined {
  const counts = model.context.onHost || /^\/(?:etc|opt|run|usr|var)\//u.test(path);
  return counts ? model.context.files.stat(path)?.mode : undefined;
}

function configurationFiles(model: OrthancModel, secret: ReadonlySet<string>): readonly Candidate[] {
  return model.loaded.files.map(({ source }) => ({
    path: source.path,
    use: "configuration",
    holdsSecrets: secret.has(source.path),
    origins: [startOf(source.path)],
  }));
}

/** The files that variables of the environment come from, compose files among them. */
function environmentFiles(model: OrthancModel, secret: ReadonlySet<string>): readonly Candidate[] {
  const variables = [...model.service.environment.variables.values()];
  const paths = variables.flatMap((variable) => variable.value.pieces.map((piece) => piece.at.file));
  return [...new Set(paths)]
    .filter((path) => path !== "")
    .map((path) => ({ path, use: "environment", holdsSecrets: secret.has(path), origins: [startOf(path)] }));
}

function startOf(file: string): Origin {
  return fromPlace({ at: { file, start: 0, end: 0 } });
}

/** Options that name a private key, by catalogue path. */
const privateKeys = new Set([
  "SslCertificate",
  "DicomTlsPrivateKey",
  "OrthancPeers.*.CertificateKeyFile",
  "DicomWeb.Servers.*.CertificateKeyFile",
]);

/** Options that name code which runs inside the server. */
const scripts = new Set(["LuaScripts", "PythonScript", "Python.Path"]);

function namedFiles(model: OrthancModel): readonly Candidate[] {
  return walk(model.loaded.members.values()).flatMap(({ node, holder, index, tree }) => {
    const option = (index === undefined ? node : holder?.node)?.path ?? "";
    const isKey =
      privateKeys.has(option) || (index === 1 && /\.(?:MasterKey|PreviousMasterKeys\[\])$/u.test(option));
    if (!isKey && !scripts.has(option)) return [];
    const path = pathOf(model, option, tree);
    return path === undefined
      ? []
      : [
          {
            path,
            use: isKey ? "private-key" : "script",
            holdsSecrets: isKey,
            origins: [fromPlace(tree)],
          } as const,
        ];
  });
}

function pathOf(model: OrthancModel, option: string, tree: Tree): string | undefined {
  if (tree.kind !== "string" || tree.text.value === "") return undefined;
  const found = model.service.lookup(scalarText(tree), baseOf(model, option));
  return found.state === "found" ? found.path : undefined;
}
