/**
 * Which values of a configuration are secrets, and what can be said of them.
 * Source: the options that the catalogue marks; OrthancFramework/Sources/WebServiceParameters.cpp for peers.
 * The text of a secret never leaves this file.
 */
import type { PasswordVerdict } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import type { StringTree, Tree } from "../../sources/tree.ts";
import { isFromOtherFile, slice, type Text } from "../../text/text.ts";
import { judgePassword } from "../passwords.ts";
import { scalarText } from "./settings.ts";
import { sibling, type Visited } from "./walk.ts";

/** A secret within a value. */
export interface FoundSecret {
  readonly visited: Visited;
  /** The user it belongs to; null where it belongs to none. */
  readonly user: string | null;
  /** What is known of it. */
  readonly verdict: PasswordVerdict;
  /** Where in the value's text it stands; undefined when the value as a whole is the secret. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
}

/** Where a value stands: its place in the configuration, and where a variable in it takes the text from. */
export function valueOrigins(tree: Tree): readonly Origin[] {
  const supplied = suppliedPiece(tree);
  if (supplied === undefined) return [fromPlace(tree)];
  const standing = "the value stands here";
  return tree.via === undefined
    ? [fromPlace(tree), fromPlace(supplied, standing)]
    : [fromPlace(tree, standing)];
}

/** Whether the value is changed elsewhere: the configuration names a variable, whose place is known. */
export function isSupplied(tree: Tree): boolean {
  const supplied = suppliedPiece(tree);
  return supplied !== undefined && (tree.via === undefined || isFromOtherFile(supplied));
}

/** The part of a text that a variable supplies. */
export function suppliedPiece(tree: Tree): Text["pieces"][number] | undefined {
  return tree.kind === "string" ? tree.text.pieces.find(({ via }) => via.length > 0) : undefined;
}

/** The secrets of one value: most often none. */
export function secretsIn(visited: Visited): readonly FoundSecret[] {
  const { tree } = visited;
  if (tree.kind === "object" || tree.kind === "array") return [];
  if (isSecretValue(visited)) {
    const user = userOf(visited);
    if (isBlank(tree) && !emptyMatters(visited)) return [];
    return [{ visited, user, verdict: judge(tree, user), range: undefined }];
  }
  if (isKeyFile(visited))
    return visited.index === 1 ? [{ visited, user: null, verdict: "reference", range: undefined }] : [];
  if (tree.kind !== "string") return [];
  return innerRanges(tree.text.value).map(({ start, end, user }) => ({
    visited,
    user,
    verdict: judgeText(slice(tree.text, start, end), user),
    range: { start, end },
  }));
}

function isBlank(tree: Tree): boolean {
  return tree.kind !== "unknown" && scalarText(tree) === "";
}

/** Where an empty password is one that works. */
function emptyMatters(visited: Visited): boolean {
  const section = visited.path.split(".")[0];
  return section === "RegisteredUsers" || section === "Education";
}

/** Whether the whole value is a secret. */
function isSecretValue(visited: Visited): boolean {
  const { node, holder, key, index } = visited;
  if (node?.option?.secret === true || holder?.node?.option?.secret === true) return true;
  const holderPath = holder?.node?.path ?? "";
  // ["http://host:8042/", "user", "password"]
  if (index === 2 && (holderPath === "OrthancPeers.*" || holderPath === "DicomWeb.Servers.*")) return true;
  if (/\.(?:DicomWeb)?HttpHeaders$/u.test(holderPath)) return isSecretHeader(key);
  if (/\.MasterKey$/u.test(node?.path ?? "")) return visited.tree.kind === "string";
  const isKnown = node?.option !== undefined && !node.path.endsWith(".<other>");
  return (
    !isKnown &&
    index === undefined &&
    visited.tree.kind === "string" &&
    isSecretKey(key) &&
    !looksLikePath(visited.tree)
  );
}

function isSecretHeader(name: string): boolean {
  return isSecretKey(name) || /auth|cookie/iu.test(name);
}

/** Whether a key names a password, token or key by itself. */
export function isSecretKey(key: string): boolean {
  return (
    /pass(?:word|wd|phrase)?$|^pwd$|secret|token$|api[-_]?key|access[-_]?key|account[-_]?key|master[-_]?key|credentials?$|^pin$/iu.test(
      key,
    ) || /Pin$/u.test(key)
  );
}

/** A file that holds the secret, or an address, is not the secret. */
function looksLikePath(tree: StringTree): boolean {
  return /^(?:[a-z]+:)?[\\/]|\.(?:pem|key|crt|json|txt)$|^https?:/iu.test(tree.text.value);
}

/** `[identifier, "path of the key"]` of a StorageEncryption. */
function isKeyFile(visited: Visited): boolean {
  return /\.(?:MasterKey|PreviousMasterKeys)(?:$|\[)/u.test(visited.holder?.path ?? "");
}

function userOf(visited: Visited): string | null {
  const { node, holder, key, index } = visited;
  if (node?.path === "RegisteredUsers.*" || holder?.node?.path.endsWith(".Credentials") === true) return key;
  if (index === 2 && holder?.tree.kind === "array") return textOf(holder.tree.items[1]);
  return /pass/iu.test(key) && !/KeyPassword$/u.test(key)
    ? textOf(sibling(visited, "Username") ?? sibling(visited, "WebServiceUsername"))
    : null;
}

function textOf(tree: Tree | undefined): string | null {
  return tree?.kind === "string" ? tree.text.value : null;
}

function judge(tree: Tree, user: string | null): PasswordVerdict {
  if (tree.kind === "unknown") return "reference";
  return tree.kind === "string" ? judgeText(tree.text, user) : judgePassword(user, scalarText(tree));
}

/** A weak password stays one when a variable supplies it; otherwise that it is no literal is what counts. */
function judgeText(text: Text, user: string | null): PasswordVerdict {
  const verdict = judgePassword(user, text.value);
  return verdict === "literal" && text.pieces.some(({ via }) => via.length > 0) ? "reference" : verdict;
}

/** The verdict on the password of a user. */
export function passwordVerdict(tree: Tree, user: string): PasswordVerdict {
  return judge(tree, user);
}

interface InnerRange {
  readonly start: number;
  readonly end: number;
  readonly user: string | null;
}

/** Longer values are images or scripts. */
const longestAddress = 10_000;

const addressLogin = /:\/\/([^\s/:@?#"]*):([^\s@/"]+)@/gu;
const connectionPart =
  /(?<=^|[;\s?&{,])(?:pwd|password|accountkey|sharedaccesskey|sharedaccesssignature|sig)\s*=\s*(\{[^}]*\}|'[^']*'|(?:[^;&\s]|&(?![\w ]+=))+)/giu;
const connectionUser = /(?:^|[;\s?&])(?:uid|user|user id|username)\s*=\s*([^;&\s]+)/iu;

/** Passwords inside addresses (`https://user:password@host`) and connection strings (`Uid=…;Pwd=…`). */
function innerRanges(value: string): readonly InnerRange[] {
  const ranges: InnerRange[] = [];
  if (value.length > longestAddress) return ranges;
  for (const match of value.matchAll(addressLogin)) {
    const end = match.index + match[0].length - 1;
    const user = match[1] ?? "";
    ranges.push({ start: end - (match[2] ?? "").length, end, user: user === "" ? null : user });
  }
  for (const match of value.matchAll(connectionPart)) {
    const end = match.index + match[0].length;
    ranges.push({ start: end - (match[1] ?? "").length, end, user: connectionUser.exec(value)?.[1] ?? null });
  }
  return ranges;
}

/** A text with the secrets inside it replaced. */
export function maskedText(visited: Visited): string {
  if (visited.tree.kind !== "string") return "";
  let masked = visited.tree.text.value;
  for (const { range } of [...secretsIn(visited)].reverse()) {
    if (range !== undefined) masked = `${masked.slice(0, range.start)}***${masked.slice(range.end)}`;
  }
  return masked;
}
