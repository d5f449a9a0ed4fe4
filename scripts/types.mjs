/** Writes dist/types/: the declarations of the library, as TypeScript makes them of its sources. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, root, writeAtomically } from "./files.mjs";

rmSync(join(root, "dist/types"), { recursive: true, force: true });
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.types.json"], {
  cwd: root,
  stdio: "inherit",
});
for (const file of filesBelow("generated", (name) => name.endsWith(".d.ts")))
  writeAtomically(join(root, "dist/types", file), readFileSync(join(root, file), "utf8"));
for (const file of filesBelow("dist/types")) {
  const path = join(root, file);
  // Sources name each other with .ts; what is published has declarations beside .js.
  writeFileSync(path, readFileSync(path, "utf8").replace(/(from |import\()"(\.[^"]+)\.ts"/g, '$1"$2.js"'));
}
