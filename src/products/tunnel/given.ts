/** What a tunnel program is given: words, variables and files. */
import type { Service } from "../../deployment/model.ts";
import { contentOf } from "../../sources/templates.ts";
import type { Text } from "../../text/text.ts";
import { commandLine } from "../command-line.ts";
import { type Word, wordIn } from "../flags.ts";
import type { DeriveContext } from "../product.ts";
import { hostDisk, mountedDisk } from "../proxy/disk.ts";

/** What a tunnel program is given. */
export interface TunnelGiven {
  readonly words: readonly Text[];
  /** The image is the program's own, which starts it by itself. */
  readonly isImage: boolean;
  /** Its own file, where it is found on a host. */
  readonly file: Text | undefined;
  /** A file by its path, as the program sees it. */
  readonly read: (path: string) => Text | undefined;
  /** A variable that is set. */
  readonly variable: (name: string) => Word | undefined;
  readonly service: Service;
}

/** Collects what a service is given. `images`: the ids of the program's own images. */
export function tunnelGiven(
  service: Service,
  images: readonly string[],
  context: DeriveContext,
): TunnelGiven {
  const { container } = service;
  const disk =
    container === undefined
      ? hostDisk(service, service.workingDirectory ?? "/", context, () => undefined)
      : mountedDisk(container, {}, context);
  const [first] = service.configuration.flatMap(({ files }) => files);
  return {
    words: commandLine(service),
    isImage: images.includes(container?.recognised?.id ?? ""),
    file: container === undefined && first !== undefined ? contentOf(first) : undefined,
    read: disk.read,
    variable(name) {
      const found = service.environment.variables.get(name);
      return found === undefined || found.value.value === "" ? undefined : wordIn(found.value);
    },
    service,
  };
}
