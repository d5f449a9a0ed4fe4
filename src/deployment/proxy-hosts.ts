/** The proxies on a host that the files make. */
import type { Product } from "../facts/facts.ts";
import type { Candidate } from "../sources/discover.ts";
import { baseName, type Files, folderOf } from "../sources/files.ts";
import { nginxHosts } from "./nginx.ts";
import type { ProxyHost } from "./proxies.ts";

/** Whichever proxies they are. */
export function proxyHosts(candidates: readonly Candidate[], files: Files): readonly ProxyHost[] {
  return [
    ...nginxHosts(candidates, files),
    ...mainFiles(candidates, "caddyfile", "caddy", /^caddyfile/iu),
    ...mainFiles(candidates, "traefik", "traefik", /^traefik\./iu),
  ];
}

/**
 * One server for each main file; the others of its kind in and below its folder are taken for parts of it. Without any
 * file that is called like a main one, each is one.
 */
function mainFiles(
  candidates: readonly Candidate[],
  kind: Candidate["kind"],
  product: Product,
  called: RegExp,
): readonly ProxyHost[] {
  const own = candidates.filter((candidate) => candidate.kind === kind);
  const named = own.filter(({ source }) => called.test(baseName(source.path)));
  const mains = named.length > 0 ? named : own;
  return mains.map((first) => {
    const home = folderOf(first.source.path);
    const included = own.filter(
      (other) => !mains.includes(other) && (home === "." || other.source.path.startsWith(`${home}/`)),
    );
    return { product, first, home, mains: [first], included };
  });
}
