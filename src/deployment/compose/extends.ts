/** `extends`: a service that begins with another one's settings; after compose-go's extends.go (2.4). */
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import type { Located } from "../../text/text.ts";
import { mergeService } from "./merge.ts";
import { type ComposeProblem, notice, type Report, refusal } from "./problems.ts";
import { applyResets, type ResetPaths, resetsBelow } from "./reset.ts";
import { holeOf, printed, valueAt, withMember, withoutMember } from "./trees.ts";

/** The services of another file, in the long form, with paths that start where this file's do. */
export interface BaseFile {
  readonly services: Tree | undefined;
  readonly resets: readonly ResetPaths[];
}

/** What is needed to follow `extends`. */
export interface ExtendsContext {
  /** The file in which the services stand. */
  readonly file: string;
  /** The file's own `!reset` paths. */
  readonly resets: readonly ResetPaths[];
  /** Loads another file's services; undefined when it cannot be had, which is then reported. */
  readonly loadBase: (file: string, where: Located) => BaseFile | undefined;
  readonly report: Report;
}

interface Walk {
  readonly context: ExtendsContext;
  readonly file: string;
  readonly services: ReadonlyMap<string, Tree>;
  readonly resets: readonly ResetPaths[];
  /** Services on the way here, to notice a circle. */
  readonly trail: readonly string[];
}

/** The tree of one file with all `extends` of its services followed. */
export function applyExtends(tree: Tree, context: ExtendsContext): Tree {
  const services = valueAt(tree, "services");
  if (tree.kind !== "object" || services?.kind !== "object") return tree;
  if (!services.members.some((one) => valueAt(one.value, "extends") !== undefined)) return tree;
  const walk: Walk = {
    context,
    file: context.file,
    services: byName(services),
    resets: context.resets,
    trail: [],
  };
  const members = services.members.map((one) => ({ ...one, value: extended(one.key, walk) ?? one.value }));
  return withMember(tree, "services", { ...services, members });
}

/** A service with its base laid under it; undefined when there is no such service. */
function extended(name: string, walk: Walk): Tree | undefined {
  const service = walk.services.get(name);
  const link = valueAt(service, "extends");
  if (service?.kind !== "object" || link === undefined) return service;
  const bare = withoutMember(service, "extends");
  const { report } = walk.context;
  const target = readLink(link);
  if (target === undefined) {
    report(unreadable(name, link));
    return bare;
  }
  const from = target.file === undefined ? walk : otherFile(target.file, link, walk);
  if (from === undefined) return bare;
  const base = baseOf(name, target.service, link, from);
  if (base === undefined || base.kind === "null") return bare;
  const kept = from.resets.reduce<Tree>(
    (tree, paths) => applyResets(tree, resetsBelow(paths, "services", name)),
    base,
  );
  return mergeService(kept, bare, name, report);
}

/** The service that is extended, with its own base; undefined when there is none or the way leads in a circle. */
function baseOf(name: string, wanted: string, link: Tree, from: Walk): Tree | undefined {
  const { report } = from.context;
  if (!from.services.has(wanted)) {
    report(
      refusal("syntax", `service "${name}" extends "${wanted}", which ${from.file} does not have`, link),
    );
    return undefined;
  }
  const step = `${from.file}\n${name}`;
  if (from.trail.includes(step)) {
    report(
      refusal("syntax", `circular reference: service "${name}" extends itself through "${wanted}"`, link),
    );
    return undefined;
  }
  return extended(wanted, { ...from, trail: [...from.trail, step] });
}

function unreadable(name: string, link: Tree): ComposeProblem {
  const text = printed(valueAt(link, "service") ?? link);
  const unknown = link.kind === "object" || (text !== undefined && holeOf(text) !== undefined);
  const message = `services.${name}.extends: which service is meant is not known`;
  return unknown ? notice("unresolved", message, link) : refusal("syntax", message, link);
}

function readLink(link: Tree): { readonly service: string; readonly file: string | undefined } | undefined {
  if (link.kind === "string")
    return holeOf(link.text) === undefined ? { service: link.text.value, file: undefined } : undefined;
  const service = valueAt(link, "service");
  const file = valueAt(link, "file");
  const name = service === undefined ? undefined : printed(service);
  const path = file === undefined || file.kind === "null" ? undefined : printed(file);
  if (name === undefined || holeOf(name) !== undefined || (path !== undefined && holeOf(path) !== undefined))
    return undefined;
  return { service: name.value, file: path?.value };
}

function otherFile(file: string, where: Located, walk: Walk): Walk | undefined {
  const base = walk.context.loadBase(file, where);
  if (base === undefined) return undefined;
  if (base.services?.kind !== "object") {
    walk.context.report(refusal("syntax", `${file} has no services to extend`, where));
    return undefined;
  }
  return { ...walk, file, services: byName(base.services), resets: [...walk.resets, ...base.resets] };
}

function byName(services: ObjectTree): ReadonlyMap<string, Tree> {
  return new Map(services.members.map((one) => [one.key, one.value]));
}
