/** Which release of Orthanc runs on a host. */
import { unknown } from "../../facts/unknown.ts";
import type { Files } from "../../sources/files.ts";
import type { VersionInfo } from "../model.ts";

/** The version that the user gave, or the set that an unknown one stands for. */
export function versionInfo(given: string | undefined, breakpoints: readonly string[]): VersionInfo {
  if (given === undefined) {
    return {
      value: null,
      from: "assumed",
      candidates: breakpoints,
      build: unknown("input", "it is not known who built the server"),
    };
  }
  const release = /^(?:\d+:)?(\d+(?:\.\d+)*)/u.exec(given)?.[1] ?? given;
  const build = /\+dfsg|[-+]deb\d|-\d+(?:ubuntu|\+b)/u.test(given)
    ? "debian"
    : unknown("input", "it is not known who built the server");
  return { value: release, from: "flag", candidates: [release], build };
}

/** Releases that Debian packages; on a Debian host such a release is taken for the package. */
const debianReleases = new Set(["1.5.6", "1.9.1", "1.9.2", "1.10.1", "1.12.7", "1.12.10", "1.13.0"]);

/** The release, with the build that follows from a Debian host. */
export function hostVersion(version: VersionInfo, onHost: boolean, files: Files): VersionInfo {
  if (version.value === null || version.build === "debian" || !onHost) return version;
  const onDebian = files.stat("/etc/debian_version") !== undefined;
  return onDebian && debianReleases.has(version.value) ? { ...version, build: "debian" } : version;
}
