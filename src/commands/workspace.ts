/** The repository that a run takes place in: services that show findings beside code know paths from its root. */
import type { Workspace } from "../reports/context.ts";
import { folderOf } from "../sources/files.ts";
import type { Io } from "./io.ts";

/** Found by its `.git`, which is a file in a worktree; otherwise the folder that a CI service checked out. */
export function workspaceOf({ cwd, env, files }: Io): Workspace {
  const folder = cwd.replaceAll("\\", "/");
  for (let above = folder; ; above = folderOf(above)) {
    if (files.stat(`${above === "/" ? "" : above}/.git`) !== undefined) return { folder, root: above };
    if (folderOf(above) === above || folderOf(above) === ".") break;
  }
  const checkedOut = (env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR)?.replaceAll("\\", "/").replace(/\/+$/u, "");
  const inside = checkedOut !== undefined && (folder === checkedOut || folder.startsWith(`${checkedOut}/`));
  return { folder, root: inside ? checkedOut : folder };
}
