/** Patterns of file names. Source: github.com/gobwas/glob, with / between the parts of a path. */

/** What a pattern of `.Files.Glob` takes. */
export function globPattern(glob: string): RegExp {
  let depth = 0;
  const source = glob.replaceAll(/\*\*|\[[^\]]*\]|\\.|[\s\S]/gu, (part) => {
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.length > 1) return part.replace(/^\[!/u, "[^");
    if (part === "{") {
      depth++;
      return "(?:";
    }
    if (part === "}" && depth > 0) {
      depth--;
      return ")";
    }
    if (part === "," && depth > 0) return "|";
    return part.replace(/[.+^$()|{}\]/-]/u, "\\$&").replace("\\-", "-");
  });
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return /^$/u;
  }
}
