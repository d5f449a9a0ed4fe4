/** Regular expressions of Go in those of JavaScript. */

const classes: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  digit: "0-9",
  lower: "a-z",
  upper: "A-Z",
  space: "\\t\\n\\v\\f\\r ",
  punct: "!-\\/:-@\\[-`{-~",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** An expression as Go means it; undefined where it cannot be said here. */
export function goRegex(pattern: string, flags = ""): RegExp | undefined {
  const [, modes = ""] = /^\(\?([ims]+)\)/u.exec(pattern) ?? [];
  const source = pattern
    .slice(modes === "" ? 0 : modes.length + 3)
    .replaceAll(/\[:(\^?)(\w+):\]/gu, (whole, _, name: string) => classes[name] ?? whole)
    .replaceAll("(?P<", "(?<")
    .replaceAll("\\A", "^")
    .replaceAll("\\z", "$")
    // Go lets any sign stand behind a backslash, JavaScript's strict mode does not.
    .replaceAll(/\\([^\w\s])/gu, (whole, sign: string) =>
      /[\^$\\.*+?()[\]{}|/-]/u.test(sign) ? whole : sign,
    )
    .replaceAll(/\\-(?![^[\]]*\])/gu, "-");
  for (const mode of ["u", ""])
    try {
      return new RegExp(source, `${modes}${flags}${mode}`);
    } catch {
      // The next mode may take it.
    }
  return undefined;
}
