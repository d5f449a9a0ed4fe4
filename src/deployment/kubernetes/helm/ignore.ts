/** Which files of a chart Helm leaves out. Source: internal/ignore/rules.go of Helm. */
import { globPattern } from "./glob.ts";

/** Whether a .helmignore leaves out a file, given by its path from the chart's folder. */
export function ignoring(content: string | undefined): (path: string) => boolean {
  const rules = `${content ?? ""}\ntemplates/.?*`
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(ruleOf);
  return (path) => prefixesOf(path).some((part) => rules.some((rule) => rule(part, part !== path)));
}

/** A folder that is left out takes all that lies in it. */
function prefixesOf(path: string): readonly string[] {
  const steps = path.split("/");
  return steps.map((_, index) => steps.slice(0, index + 1).join("/"));
}

function ruleOf(line: string): (path: string, isFolder: boolean) => boolean {
  const isNegative = line.startsWith("!");
  const written = isNegative ? line.slice(1) : line;
  const onlyFolders = written.endsWith("/");
  const rule = onlyFolders ? written.slice(0, -1) : written;
  const pattern = globPattern(rule.replace(/^\//u, ""));
  return (path, isFolder) => {
    if (onlyFolders && !isFolder) return false;
    // Without a slash it is about names, wherever they lie.
    const name = rule.includes("/") ? path : path.slice(path.lastIndexOf("/") + 1);
    // A rule that begins with ! leaves out what it does not fit, which is how Helm has it.
    return pattern.test(name) !== isNegative;
  };
}
