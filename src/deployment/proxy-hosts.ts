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
    ...httpdHosts(candidates),
    ...mainFiles(candidates, "haproxy", "haproxy", /^haproxy/iu),
    ...mainFiles(candidates, "traefik", "traefik", /^traefik\./iu),
    ...mainFiles(candidates, "tunnel", "tunnel", /./u),
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

/** Folders below that of the package whose files its main file includes. */
const partFolders =
  /^(?:sites|conf|mods)-(?:enabled|available)$|^conf(?:\.modules)?\.d$|^vhosts\.d$|^extra$/u;

/** Apache httpd: its main file, or what one that is not here would include (sites that are enabled). */
function httpdHosts(candidates: readonly Candidate[]): readonly ProxyHost[] {
  const own = candidates.filter(({ kind }) => kind === "httpd");
  const homeOf = ({ source: { path } }: Candidate): string => {
    const folder = folderOf(path);
    return partFolders.test(baseName(folder)) ? folderOf(folder) : folder;
  };
  return [...new Set(own.map(homeOf))].flatMap((home): readonly ProxyHost[] => {
    const group = own.filter((candidate) => homeOf(candidate) === home);
    const main = group.find(({ source }) => /^(?:apache2|httpd)\.conf$/u.test(baseName(source.path)));
    const folderName = ({ source }: Candidate) => baseName(folderOf(source.path));
    const isPart = (candidate: Candidate) => /-(?:enabled|available)$/u.test(folderName(candidate));
    const enabled = group.filter((one) => !folderName(one).endsWith("-available"));
    const active = enabled.length > 0 ? enabled : group;
    const mains = main === undefined ? active : [main];
    const [first] = mains;
    if (first === undefined) return [];
    const rest = group.filter((one) => !mains.includes(one) && (main !== undefined || !isPart(one)));
    return [{ product: "httpd", first, home, mains, included: rest }];
  });
}
