/** Permissions of the files that a container's secret variables come from, where the platform has them. */
import type { Container, Service } from "../../deployment/model.ts";
import type { FileFact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import type { DeriveContext } from "../product.ts";
import { isSecretName } from "../secret-names.ts";

/** Products whose own readers look at these files. */
const readElsewhere: readonly string[] = ["orthanc"];

/** One fact for each env file or manifest with secrets in it whose permissions are known. */
export function environmentFileFacts(
  service: Service,
  container: Container,
  context: DeriveContext,
): readonly FileFact[] {
  if (readElsewhere.includes(service.product)) return [];
  const secret = container.variables.filter(({ name, value }) => isSecretName(name) && value.value !== "");
  const paths = new Set(secret.flatMap(({ value }) => value.pieces.map(({ at }) => at.file)));
  return [...paths].flatMap((path): readonly FileFact[] => {
    // A copy in a working folder has the permissions of whoever checked it out, which say nothing.
    const counts = context.onHost || /^\/(?:etc|opt|run|srv|usr|var)\//u.test(path);
    const mode = counts ? context.files.stat(path)?.mode : undefined;
    if (mode === undefined) return [];
    const origins = [fromPlace({ at: { file: path, start: 0, end: 0 } })];
    return [
      {
        kind: "file",
        id: `${service.name}/file/${path}`,
        service: service.name,
        product: service.product,
        path,
        use: "environment",
        holdsSecrets: true,
        mode: `0${(mode & 0o777).toString(8).padStart(3, "0")}`,
        worldReadable: (mode & 0o004) !== 0,
        worldWritable: (mode & 0o002) !== 0,
        origins: { "": origins, "/mode": origins, "/worldReadable": origins, "/worldWritable": origins },
      },
    ];
  });
}
