/** Globs over paths, without regular expressions: their time is bounded whatever somebody writes. */

/**
 * Whether a path, or a folder that it lies in, fits a glob. `*` and `?` stay within a name, `**` stands for any number of
 * folders; a glob without a slash fits in every folder.
 */
export function fitsGlob(glob: string, path: string): boolean {
  const wanted = glob.replace(/^\.\//, "").replace(/\/+$/, "").split("/");
  const pattern = wanted.length === 1 ? ["**", ...wanted] : wanted[0] === "" ? wanted.slice(1) : wanted;
  return fitsSegments(pattern, path.replace(/^\//, "").split("/"));
}

/** Every name of the pattern in turn; what is left of the path lies below. */
function fitsSegments(pattern: readonly string[], names: readonly string[]): boolean {
  // reached[i]: the pattern so far takes up exactly the first i names.
  let reached = names.map(() => false).concat(false);
  reached[0] = true;
  for (const part of pattern) {
    const next = reached.map(() => false);
    for (let index = 0; index < reached.length; index++) {
      if (part === "**") next[index] = reached[index] === true || next[index - 1] === true;
      else next[index] = index > 0 && reached[index - 1] === true && fitsText(part, names[index - 1] ?? "");
    }
    reached = next;
  }
  return reached.includes(true);
}

/** Whether a text fits a pattern in which `*` is any run of characters and `?` any one. */
export function fitsText(pattern: string, text: string): boolean {
  let star = -1;
  let resume = 0;
  let at = 0;
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = index;
    } else if (pattern[at] === "?" || pattern[at] === text[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
