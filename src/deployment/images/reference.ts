/** Names of images, taken apart. */
import { type Maybe, map, unknown } from "../../facts/unknown.ts";
import { holeIn, locate, type Text } from "../../text/text.ts";

/** The parts of an image's name; those with an unresolved variable in them are unknown. */
export interface ImageReference {
  /** "docker.io" when none is written. */
  readonly registry: Maybe<string>;
  /** Without the "library/" of official images. */
  readonly repository: Maybe<string>;
  /** Null: none is written, which means "latest". */
  readonly tag: Maybe<string | null>;
  readonly digest: Maybe<string | null>;
}

/** The registry of names that have none. */
export const dockerHub = "docker.io";

/** Takes an image's name apart. Source: distribution/reference, normalize.go. */
export function parseImageReference(text: Text): ImageReference {
  const { value } = text;
  const digestAt = value.indexOf("@");
  const end = digestAt < 0 ? value.length : digestAt;
  const lastSlash = value.lastIndexOf("/", end - 1);
  const colon = value.indexOf(":", lastSlash + 1);
  const nameEnd = colon < 0 || colon >= end ? end : colon;
  const firstSlash = value.indexOf("/");
  const hasRegistry = firstSlash >= 0 && firstSlash < nameEnd && isRegistry(text, firstSlash);
  const nameStart = hasRegistry ? firstSlash + 1 : 0;
  const repository = part(text, nameStart, nameEnd);
  return {
    registry: hasRegistry ? map(part(text, 0, firstSlash), officialRegistry) : dockerHub,
    repository: map(repository, (name) => name.replace(/^library\//u, "")),
    tag: nameEnd < end ? part(text, nameEnd + 1, end) : null,
    digest: digestAt < 0 ? null : part(text, digestAt + 1, value.length),
  };
}

/** The first part is a registry when it has a dot or a port; an unresolved variable that is all of it is taken for one. */
function isRegistry(text: Text, end: number): boolean {
  const first = text.value.slice(0, end);
  return /[.:]|^localhost$|^[^a-z0-9]*$/u.test(first) || first !== first.toLowerCase();
}

function officialRegistry(name: string): string {
  return /^(?:index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)$/u.test(name)
    ? dockerHub
    : name;
}

function part(text: Text, start: number, end: number): Maybe<string> {
  const hole = holeIn(text, start, end);
  return hole === undefined
    ? text.value.slice(start, end)
    : unknown("input", hole.reason, locate(text, start, end));
}
