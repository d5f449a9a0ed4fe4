/** Paths of requests, as proxies written in Go clean them. */

/** Without `.`, `..` and double slashes; a slash at the end stays (url.URL.JoinPath() of Go). */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const clean = `/${parts.join("/")}`;
  return /\/\.{0,2}$/u.test(path) && clean !== "/" ? `${clean}/` : clean;
}
