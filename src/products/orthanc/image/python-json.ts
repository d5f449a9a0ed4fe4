/**
 * JSON as the Python programs of the orthancteam image read it.
 * Source: docker/orthanc/configurator.py (setConfig, mergeConfigFromEnvVar), helpers.py (removeCppCommentsFromJson).
 */
import { type JsonResult, readJson } from "../../../sources/json.ts";
import type { Tree } from "../../../sources/tree.ts";
import { holeIn, type Located, locate, type Text } from "../../../text/text.ts";
import { isHole } from "./envsubst.ts";

/**
 * A value of a variable or of a secret: JSON if it can be read as such, otherwise text. `true` is a boolean, `True` a
 * text, `123456` a number.
 */
export function variableValue(text: Text, at: Located): Tree {
  const where = text.pieces.length === 0 ? at : locate(text, 0, text.value.length);
  const hole = holeIn(text, 0, text.value.length);
  if (hole !== undefined && isHole(text)) return { kind: "unknown", quoted: false, hole, ...where };
  if (text.value === "") return { kind: "string", text, ...where };
  const { root, errors } = readJson(text, "python");
  if (root !== undefined && errors.length === 0 && !hasComment(text.value)) return { ...root, ...where };
  // Whatever stands for the hole, the rest is no JSON: the whole is some text.
  if (hole !== undefined) return { kind: "unknown", quoted: true, hole, ...where };
  return { kind: "string", text, ...where };
}

/** A whole document: a file, or ORTHANC_JSON. Comments of C and C++ are removed before it is read. */
export function document(text: Text): JsonResult {
  return readJson(text, "python");
}

/** Outside of texts JSON has no slash: one there begins a comment, which values of variables may not have. */
function hasComment(source: string): boolean {
  if (!source.includes("/")) return false;
  return source.replaceAll(/"(?:\\.|[^"\\])*"/gsu, "").includes("/");
}
