/** Secrets of a deployment's manifests that no service shows: profiles that are off, comments, files for other services. */
import type { Deployment } from "../../deployment/model.ts";
import type { Place } from "../../text/text.ts";
import { isNoSecret, isSecretName, secretRanges } from "../secret-names.ts";

/** Kinds of files that hold variables of containers. */
const kinds = ["compose", "dotenv", "dockerfile", "kubernetes", "kustomization", "kustomize", "helm"];

const assignment =
  /^[ \t#-]*["']?([A-Za-z_][\w.-]{0,80})["']?[ \t]*[:=][ \t]*["']?([^\s"'#][^\n"'#]*?)["']?[ \t]*$/gmu;

/** Ranges that reports mask: rather too many than one too few. */
export function manifestSecretPlaces(deployment: Deployment): readonly Place[] {
  return deployment.files
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ source }) => placesIn(source.path, source.text.value));
}

function placesIn(file: string, text: string): readonly Place[] {
  const places: Place[] = [];
  for (const match of text.matchAll(assignment)) {
    const value = match[2] ?? "";
    // The secrets of Compose are names.
    if (
      match[1] === "secrets" ||
      !isSecretName(match[1] ?? "") ||
      isNoSecret(value) ||
      value.startsWith("{{")
    )
      continue;
    const end = match.index + match[0].trimEnd().replace(/["']$/u, "").length;
    places.push(...withoutReference(file, value, end - value.length));
  }
  for (const line of text.matchAll(/[^\n]+/gu))
    for (const { start, end } of secretRanges(line[0]))
      places.push({ file, start: line.index + start, end: line.index + end });
  return places;
}

/** Of `${NAME:-text}` only the default is a secret, of `${NAME}` nothing. */
function withoutReference(file: string, value: string, start: number): readonly Place[] {
  const reference = /^\$\{\w+(?::?[-?+]([^}]*))?\}$|^\$\w+$/u.exec(value);
  if (reference === null) return [{ file, start, end: start + value.length }];
  const fallback = value.includes("-") ? (reference[1] ?? "") : "";
  if (fallback === "") return [];
  const from = start + value.lastIndexOf(fallback);
  return [{ file, start: from, end: from + fallback.length }];
}
