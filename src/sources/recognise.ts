/** Tells by its content what a file is. Names only help where the content says nothing. */
import optionData from "../../data/orthanc/options.json" with { type: "json" };
import { holeAt, type Text } from "../text/text.ts";
import { type ScriptDialect, startsContainers } from "./container-commands.ts";
import { type Dcm4cheeKind, dcm4cheeReasons, recogniseDcm4chee } from "./dcm4chee-kinds.ts";
import { baseName } from "./files.ts";
import { readJson } from "./json.ts";
import type { SourceFile } from "./source.ts";
import { contentOf, renderedPath } from "./templates.ts";
import type { Tree } from "./tree.ts";

/** The kinds of file that pacslint reads. */
export type FileKind =
  | "orthanc-json"
  | "compose"
  | "kubernetes"
  | "kustomization"
  | "helm"
  | "dockerfile"
  | "commands"
  | "nginx"
  | "caddyfile"
  | "haproxy"
  | "httpd"
  | "traefik"
  | "tunnel"
  | "systemd"
  | "dotenv"
  | "unknown"
  | Dcm4cheeKind;

/** What a file is, and why that was concluded. */
export interface Recognised {
  readonly kind: FileKind;
  /** A clause: "it has the keys DicomAet and HttpPort". */
  readonly because: string;
}

/** Top-level names of Orthanc that other programs use as well, so that they prove nothing alone. */
const commonNames = new Set([
  "Name",
  "Plugins",
  "Dictionary",
  "Locale",
  "Warnings",
  "Java",
  "Python",
  "ReadOnly",
  "Indexer",
  "Transfers",
  "KeepAlive",
]);

const orthancNames: ReadonlyMap<string, string> = new Map(
  optionData.options
    .map((option) => option.path.split(".")[0] ?? "")
    .map((name) => [name.toLowerCase(), name]),
);

const coreNames: ReadonlySet<string> = new Set(
  optionData.options.flatMap(({ path, section }) => (section === "core" ? [path.split(".")[0] ?? ""] : [])),
);

/** Recognises a file; `named` when the user named it, so that it is read as what it is nearest to. */
export function recognise(source: SourceFile, named: boolean): Recognised {
  const name = baseName(renderedPath(source.path)).toLowerCase();
  if (/^\.env(?:\..+)?$|\.env$/u.test(name)) return { kind: "dotenv", because: "of its name" };
  if (/^dockerfile(?:\..+)?$|\.dockerfile$/u.test(name))
    return { kind: "dockerfile", because: "of its name" };
  const ofArchive = recogniseDcm4chee(contentOf(source), source.path);
  if (ofArchive !== undefined && !isManifest(source.text.value))
    return { kind: ofArchive, because: dcm4cheeReasons[ofArchive] };
  if (/^\[Service\]\s*$/mu.test(source.text.value))
    return { kind: "systemd", because: "it has a section [Service]" };
  if (/^caddyfile(?:\..+)?$|\.caddy(?:file)?$/u.test(name))
    return { kind: "caddyfile", because: "of its name" };
  if (/^kustomization(?:\.ya?ml)?$/u.test(name)) return { kind: "kustomization", because: "of its name" };
  if (name === "chart.yaml" || isHelmTemplate(source))
    return { kind: "helm", because: "it is part of a chart" };
  if (looksLikeManifest(source)) return { kind: "kubernetes", because: "it has apiVersion and kind" };
  const tunnel = recogniseTunnel(source.text.value);
  if (tunnel !== undefined) return tunnel;
  // A table of TOML begins like a list of JSON.
  if (looksLikeJson(source) && !name.endsWith(".toml")) return recogniseJson(source, named);
  return recogniseText(source, name);
}

/** YAML that holds the text of another format. */
function isManifest(value: string): boolean {
  return /^(?:services|apiVersion)\s*:/mu.test(value.slice(0, 65_536));
}

/** A template in the folder that charts keep them in. */
function isHelmTemplate({ path, text }: SourceFile): boolean {
  return /(?:^|\/)templates\/.+\.(?:ya?ml|tpl)$/u.test(path) && /\{\{/u.test(text.value);
}

/** YAML or JSON with the two keys that every object of Kubernetes has. */
function looksLikeManifest({ text: { value } }: SourceFile): boolean {
  const start = value.slice(0, 262_144);
  if (/^\s*\{/u.test(start)) return /"apiVersion"\s*:/u.test(start) && /"kind"\s*:/u.test(start);
  return /^(?:- )?["']?apiVersion["']?\s*:/mu.test(start) && /^(?:- | {2})?["']?kind["']?\s*:/mu.test(start);
}

/** Whether a text that something holds is a configuration of Orthanc, by its keys. */
export function isOrthancConfiguration(text: Text): boolean {
  return recogniseKeys(topLevelKeys(readJson(text, "jsoncpp").root)) !== undefined;
}

/** Whether a text holds sections of plugins and no setting of the server itself: a part of a configuration. */
export function holdsSectionsOnly(text: Text): boolean {
  const keys = topLevelKeys(readJson(text, "jsoncpp").root);
  return (
    keys.length > 0 && keys.every((key) => orthancNames.get(key.toLowerCase()) === key && !coreNames.has(key))
  );
}

function recogniseText(source: SourceFile, name: string): Recognised {
  const { value } = source.text;
  const unknownKind: Recognised = { kind: "unknown", because: "nothing in it is known to pacslint" };
  // Descriptions show parts of configurations; what XML is a part of dcm4chee has been recognised.
  if (/\.(?:md|markdown|rst|adoc|txt|html?|xml|xsd|dtd)$/u.test(name) || /^\s*<[?!]/u.test(value))
    return unknownKind;
  if (
    /\.ya?ml/u.test(name) &&
    // The values of a chart have services of their own.
    !/^values[\w.-]*\.ya?ml$/u.test(name) &&
    /^(?:services|include)\s*:/mu.test(value) &&
    // A list of services is the business of CI systems and hosts of web sites.
    !/^services[ \t]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*- /mu.test(value) &&
    !/^apiVersion\s*:/mu.test(value)
  ) {
    return { kind: "compose", because: "it has services at the top" };
  }
  // What a script writes is read as the files that it becomes, the script itself as commands.
  if (scriptDialect(source) !== undefined)
    return startsContainers(value) ? { kind: "commands", because: "it starts containers" } : unknownKind;
  const isYaml = /\.ya?ml$/u.test(name) || /^---[ \t]*$/mu.test(value.slice(0, 4_096));
  if (isYaml) return recogniseTraefik(value, name) ?? unknownKind;
  if (looksLikeNginx(value)) return { kind: "nginx", because: "it has blocks of nginx" };
  return recogniseProxy(value) ?? recogniseTraefik(value, name) ?? unknownKind;
}

/** The configuration of cloudflared, of ngrok or of frpc. */
function recogniseTunnel(value: string): Recognised | undefined {
  const kind = "tunnel";
  if (
    /^ingress\s*:/mu.test(value) &&
    /^\s+(?:- )?service\s*:\s*\S/mu.test(value) &&
    /^(?:tunnel|credentials-file)\s*:/mu.test(value)
  )
    return { kind, because: "it has the ingress rules of cloudflared" };
  if (/^(?:authtoken|agent)\s*:/mu.test(value) && /^(?:tunnels|endpoints)\s*:/mu.test(value))
    return { kind, because: "it has tunnels of ngrok" };
  if (
    (/^\s*\[common\]\s*$/mu.test(value) && /^\s*server_addr\s*=/mu.test(value)) ||
    (/^\s*serverAddr\s*=/mu.test(value) && /^\s*\[\[proxies\]\]/mu.test(value))
  )
    return { kind, because: "it has proxies of frpc" };
  return undefined;
}

function recogniseProxy(value: string): Recognised | undefined {
  if (
    /^[ \t]*<(?:VirtualHost|Location|LocationMatch|Directory|Proxy|IfModule)(?:[ \t][^>\n]*)?>/imu.test(value)
  )
    return { kind: "httpd", because: "it has sections of Apache httpd" };
  if (/^[ \t]*(?:ProxyPass|ServerRoot|LoadModule|IncludeOptional)[ \t]+\S/mu.test(value))
    return { kind: "httpd", because: "it has directives of Apache httpd" };
  const section = /^(?:frontend|backend|listen|defaults)(?:[ \t]+[\w.:-]+)*[ \t]*(?:#.*)?$/mu;
  if (
    section.test(value) &&
    /^[ \t]+(?:bind|server|mode|timeout|option|default_backend)[ \t]+\S/mu.test(value)
  )
    return { kind: "haproxy", because: "it has sections of HAProxy" };
  return undefined;
}

function recogniseTraefik(value: string, name: string): Recognised | undefined {
  if (/\.(?:ya?ml|toml)$/u.test(name) && /^(?:entryPoints\s*:|\[entryPoints\b)/imu.test(value))
    return { kind: "traefik", because: "it has entry points of Traefik" };
  return undefined;
}

/** How a script is written; undefined for what is none. */
export function scriptDialect({ path, text }: SourceFile): ScriptDialect | undefined {
  const name = baseName(renderedPath(path)).toLowerCase();
  if (/\.(?:bat|cmd)$/u.test(name)) return "batch";
  if (/\.ps1$/u.test(name)) return "powershell";
  const isShell =
    /\.(?:ba|z)?sh$|\.command$|^(?:makefile|justfile)$/u.test(name) ||
    /^#!.*\b(?:ba|da|z)?sh\b/u.test(text.value);
  return isShell ? "shell" : undefined;
}

/** A block that only nginx has, and a directive that ends in a semicolon, each within its line. */
function looksLikeNginx(value: string): boolean {
  const block =
    /(?:^|[{};])[ \t]*(?:server|http|stream|upstream[ \t]+\S+|location[ \t]+[^{;\r\n]+)[ \t]*\{/mu;
  const directive =
    /(?:^|[{};])[ \t]*(?:listen|proxy_pass|server_name|include|server|root|return|worker_processes)[ \t][^;{\r\n]*;/mu;
  return block.test(value) && directive.test(value);
}

function looksLikeJson(source: SourceFile): boolean {
  const text = contentOf(source);
  const path = renderedPath(source.path);
  const first = afterComments(text.value);
  const start = text.value.charAt(first);
  if (holeAt(text, first) !== undefined) return /\.json$/iu.test(path);
  if (start === "") return /\.json$/iu.test(path);
  if (start === "$") return /\.json/iu.test(path);
  return start === "{" || start === "[";
}

/** Where the first thing stands that is neither white space, a byte order mark nor a comment. */
function afterComments(value: string): number {
  const skipped = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*/uy;
  let end = 0;
  while (skipped.test(value)) end = skipped.lastIndex;
  return end;
}

function recogniseJson(source: SourceFile, named: boolean): Recognised {
  const { root } = readJson(contentOf(source), "jsoncpp");
  const keys = topLevelKeys(root);
  const telling = recogniseKeys(keys);
  if (telling !== undefined)
    return { kind: "orthanc-json", because: `it has the keys ${telling.slice(0, 3).join(", ")}` };
  if (named && (keys.length === 0 || /orthanc/iu.test(source.path)))
    return { kind: "orthanc-json", because: "it is named on the command line" };
  if (/(?:^|\/)[^/]*orthanc[^/]*\.json$/iu.test(renderedPath(source.path)) && keys.length === 0)
    return { kind: "orthanc-json", because: "of its name" };
  return { kind: "unknown", because: "no key in it is one of Orthanc's" };
}

/** The keys that show a configuration of Orthanc; undefined where they do not. */
function recogniseKeys(keys: readonly string[]): readonly string[] | undefined {
  const known = keys.filter((key) => orthancNames.has(key.toLowerCase()));
  const telling = known.filter((key) => !commonNames.has(orthancNames.get(key.toLowerCase()) ?? ""));
  if (telling.length > 0 && !looksLikeSomethingElse(keys)) return telling;
  return known.length >= 3 || (known.length >= 2 && known.length === keys.length && keys.includes("Plugins"))
    ? known
    : undefined;
}

/** JSON files of other programs that share a word with Orthanc. */
function looksLikeSomethingElse(keys: readonly string[]): boolean {
  return [
    "$ref",
    "dependencies",
    "devDependencies",
    "compilerOptions",
    "dicomDeviceName",
    "openapi",
    "swagger",
  ].some((key) => keys.includes(key));
}

function topLevelKeys(root: Tree | undefined): readonly string[] {
  return root?.kind === "object" ? root.members.map((member) => member.key) : [];
}
