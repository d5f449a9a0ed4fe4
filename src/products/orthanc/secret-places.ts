/** Where secrets stand, so that reports can mask them: rather too many places than one too few. */
import { locate, type Place, type Text } from "../../text/text.ts";
import { isNoSecret } from "../secret-names.ts";
import type { OrthancModel } from "./model.ts";
import { isSecretKey, secretsIn } from "./secret-values.ts";
import { type Visited, walk } from "./walk.ts";

/** Ranges of files that hold secrets, also in defaults of variables, overridden duplicates, comments and env files. */
export function secretPlaces(model: OrthancModel): readonly Place[] {
  const places: Place[] = [];
  for (const file of model.loaded.files) {
    for (const visited of walk(file.root?.members ?? [], "all")) places.push(...placesIn(visited));
    places.push(...placesInRawText(file.source.text));
  }
  for (const visited of walk(model.loaded.members.values(), "all")) places.push(...placesIn(visited));
  for (const [name, variable] of model.service.environment.variables) {
    if (isSecretName(name) && !isNoSecret(variable.value.value)) places.push(...placesOfText(variable.value));
  }
  return unique(places.flatMap((place) => withoutReference(model, place))).filter(
    (place) => !isImageName(model, place),
  );
}

/** A password that the image itself brings is published; the line that names the image does not hold it. */
function isImageName({ service }: OrthancModel, place: Place): boolean {
  const at = service.container?.imageAt.at;
  return at !== undefined && at.file === place.file && at.start === place.start && at.end === place.end;
}

function placesIn(visited: Visited): readonly Place[] {
  const { tree } = visited;
  if (tree.kind === "object" || tree.kind === "array") return [];
  const named = isSecretKey(visited.key) && tree.kind !== "boolean" && tree.kind !== "null";
  if (!named && secretsIn(visited).length === 0) return [];
  if (tree.kind === "string" && tree.text.value === "") return [];
  const text = tree.kind === "string" ? placesOfText(tree.text) : [];
  return text.length > 0 ? text : [tree.at, ...(tree.via ?? [])];
}

/** Every range that a text was made of, and the references through which it came. */
function placesOfText(text: Text): readonly Place[] {
  return text.pieces.flatMap((piece) => [piece.at, ...piece.via]);
}

/** Names of environment variables: "PG_PASSWORD", "ORTHANC__REGISTERED_USERS". */
function isSecretName(name: string): boolean {
  return (
    isSecretKey(name) ||
    /pass|pwd|secret|token|key|pin$|credential|users|auth|_json$|uri|connection/iu.test(name)
  );
}

const reference = /^["']?\$\{?[\w.]+(?::?[-+?]["']?([\s\S]*?)["']?)?\}?["']?$/u;

/** A reference to a variable is no secret: of `${PW:-text}` the default is masked, of `${PW}` nothing. */
function withoutReference(model: OrthancModel, place: Place): readonly Place[] {
  const source = model.context.sources.get(place.file)?.text.value.slice(place.start, place.end) ?? "";
  const match = source.length > longestReference ? null : reference.exec(source);
  if (match === null) return [place];
  const fallback = match[1] ?? "";
  if (fallback === "") return [];
  const start = place.start + source.lastIndexOf(fallback);
  return [{ file: place.file, start, end: start + fallback.length }];
}

const longestReference = 1000;

const keyAndText = /"([^"\n]{1,100})"\s*:\s*"((?:[^"\\\n]|\\.)*)"/gu;
/** Misspelt ones too: "RegisteredUser". */
const userList = /"\w*(?:Users?|Credentials)\w*"\s*:\s*\{([^}]*)\}/giu;
const peer = /\[\s*"\w+:\/\/[^"\n]*"\s*,\s*"(?:[^"\\\n]|\\.)*"\s*,\s*"((?:[^"\\\n]|\\.)*)"/gu;
const addressLogin = /:\/\/[^\s/:@?#"]*:([^\s@/"]+)@/gu;
const textAfterColon = /:\s*"((?:[^"\\\n]|\\.)*)"/gu;

/** What a parser does not see: comments, and files that are broken. */
function placesInRawText(text: Text): readonly Place[] {
  const places: Place[] = [];
  const add = (match: RegExpExecArray, content: string, offset = 0, fromEnd = 1): void => {
    const end = offset + match.index + match[0].length - fromEnd;
    if (content !== "") places.push(locate(text, end - content.length, end).at);
  };
  for (const match of text.value.matchAll(keyAndText))
    if (isSecretKey(match[1] ?? "")) add(match, match[2] ?? "");
  for (const match of text.value.matchAll(addressLogin)) add(match, match[1] ?? "");
  for (const match of text.value.matchAll(peer)) add(match, match[1] ?? "");
  for (const list of text.value.matchAll(userList)) {
    const content = list[1] ?? "";
    const offset = list.index + list[0].length - 1 - content.length;
    for (const match of content.matchAll(textAfterColon)) add(match, match[1] ?? "", offset);
  }
  return places;
}

function unique(places: readonly Place[]): readonly Place[] {
  const solid = places.filter((place) => place.end > place.start);
  return [...new Map(solid.map((place) => [`${place.file}\n${place.start}\n${place.end}`, place])).values()];
}
