/** What the derivation of a dcm4chee archive knows about where it runs, apart from its files. */
import type { FactBase } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import type { Located } from "../../text/text.ts";
import type { Lookup } from "./expressions.ts";

/** The surroundings of an archive. */
export interface Surroundings {
  /** Name of the service. */
  readonly service: string;
  readonly version: string;
  /** Its loopback addresses are its own: nobody else listens there. */
  readonly inContainer: boolean;
  /** The container's ports that the deployment publishes. */
  readonly published?: ReadonlySet<number>;
  /** Variables and system properties. */
  readonly lookup: Lookup;
  /** The line that starts the archive: shown for what its image brings along. */
  readonly startedAt?: Located;
  /** The line that starts its directory, which loads the device. */
  readonly directoryAt?: Located;
  /** Whether a file that a configuration names is a published key; undefined where the run does not see it. */
  readonly isSampleKey: (path: string) => boolean | undefined;
}

/** What every fact about the archive starts with. */
export function factBase(
  around: Surroundings,
  kind: string,
  name: string,
): Required<Pick<FactBase, "id" | "service" | "product">> {
  return { id: `${around.service}/${kind}/${name}`, service: around.service, product: "dcm4chee" };
}

/** Something that nobody wrote: shown at the line that starts the container, where there is one. */
export function unset(at: Located | undefined, label: string): Origin {
  return at === undefined ? { kind: "absent", by: label } : fromPlace(at, label);
}

/** A reason why the archive would not start, or would not load this configuration. */
export interface Fault {
  readonly message: string;
  readonly expected: string;
  /** `start`: the archive does not start with it; `syntax`: the file or entry itself is refused. */
  readonly effect: "start" | "syntax";
  readonly origins: readonly Origin[];
}
