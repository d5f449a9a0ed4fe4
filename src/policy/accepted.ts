/** Which files below the paths of a run the site wants to be read. */
import { folderOf } from "../sources/files.ts";
import type { Config } from "./config.ts";
import { fitsGlob } from "./glob.ts";
import { absolute, seenFrom } from "./paths.ts";

/** Whether a path is included and not excluded; everything is, without a configuration. `cwd` is absolute. */
export function acceptedBy(config: Config | undefined, cwd: string): (path: string) => boolean {
  const { include, exclude } = config ?? {};
  if (config === undefined || (include === undefined && exclude === undefined)) return () => true;
  const folder = folderOf(absolute(config.file, cwd));
  return (path) => {
    const seen = seenFrom(folder, absolute(path, cwd));
    const fits = (glob: string) => fitsGlob(glob, seen);
    return (include === undefined || include.value.some(fits)) && exclude?.value.some(fits) !== true;
  };
}
