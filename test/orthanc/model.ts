/** Makes the model of an Orthanc service from the text of its configuration. */
import type { Service } from "../../src/deployment/model.ts";
import type { Origin } from "../../src/facts/origin.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { orthancModel } from "../../src/products/orthanc/index.ts";
import type { OrthancModel } from "../../src/products/orthanc/model.ts";
import { type Files, joinPath, type Stat } from "../../src/sources/files.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import { positionAt } from "../../src/text/lines.ts";
import { textOfFile } from "../../src/text/text.ts";

/** What a test says of the service besides its configuration. */
export interface ModelOptions {
  readonly version?: string;
  readonly build?: "debian" | "image" | "other";
  /** Files beside `etc/orthanc.json`, by path from the root. */
  readonly files?: Readonly<Record<string, string>>;
  /** Permissions of files; the others have none, as in Windows. */
  readonly modes?: Readonly<Record<string, number>>;
  /** Variables of an env file `.env`, whose text is made of them. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly container?: boolean;
  readonly now?: Date;
}

/** The path of the configuration in every model. */
export const configurationPath = "etc/orthanc.json";

/** A model of a service whose configuration is this text; plugins are those whose files are given. */
export function modelOf(configuration: string, options: ModelOptions = {}): OrthancModel {
  const variables = Object.entries(options.environment ?? {});
  const dotenv = variables.map(([name, value]) => `${name}=${value}\n`).join("");
  const files = withModes(
    memoryFiles({ [configurationPath]: configuration, ".env": dotenv, ...options.files }),
    options.modes ?? {},
  );
  const sources = createSources(files, nodeCrypto);
  const opened = sources.open(configurationPath);
  if (!opened.ok) throw new Error(opened.message);
  sources.open(".env");
  const version = options.version ?? "1.12.4";
  const service: Service = {
    name: "pacs",
    product: "orthanc",
    version: { value: version, from: "flag", candidates: [version], build: options.build ?? "other" },
    environment: { complete: options.environment !== undefined, variables: variablesOf(variables) },
    configuration: [{ path: configurationPath, form: "file", files: [opened.source] }],
    workingDirectory: "run",
    network:
      options.container === true
        ? { kind: "container", hostNetwork: false, networks: ["default"], names: [], published: [] }
        : { kind: "host" },
    lookup: (path, base) => {
      const full = base === null ? path : joinPath(base, path);
      return { state: files.stat(full) === undefined ? "missing" : "found", path: full };
    },
  };
  return orthancModel(service, version, {
    files,
    sources,
    crypto: nodeCrypto,
    onHost: true,
    now: options.now ?? new Date("2026-01-01T00:00:00Z"),
  });
}

function withModes(files: Files, modes: Readonly<Record<string, number>>): Files {
  return {
    ...files,
    stat: (path): Stat | undefined => {
      const stat = files.stat(path);
      const mode = modes[path];
      return stat === undefined || mode === undefined ? stat : { ...stat, mode };
    },
  };
}

function variablesOf(entries: readonly (readonly [string, string])[]): Service["environment"]["variables"] {
  let offset = 0;
  return new Map(
    entries.map(([name, value]) => {
      const start = offset + name.length + 1;
      const at = { file: ".env", start: offset, end: offset + name.length };
      offset = start + value.length + 1;
      const text = textOfFile(".env", value);
      return [
        name,
        {
          at: { at },
          value: {
            ...text,
            pieces: text.pieces.map((piece) => ({
              ...piece,
              at: { file: ".env", start, end: start + value.length },
            })),
          },
        },
      ];
    }),
  );
}

/** Where an origin points, as an editor shows it: "etc/orthanc.json:3:5"; an absence is told by who fills it. */
export function placeOf(model: OrthancModel, origin: Origin | undefined): string {
  if (origin === undefined) return "nowhere";
  if (origin.kind === "absent") return origin.by;
  const source = model.context.sources.get(origin.at.file);
  if (source === undefined) return `${origin.at.file}:?`;
  const { line, column } = positionAt(source.lines, origin.at.start);
  return `${origin.at.file}:${line}:${column}`;
}

/** The text that an origin covers. */
export function textOf(
  model: OrthancModel,
  place: { readonly file: string; readonly start: number; readonly end: number },
): string {
  return model.context.sources.get(place.file)?.text.value.slice(place.start, place.end) ?? "";
}
