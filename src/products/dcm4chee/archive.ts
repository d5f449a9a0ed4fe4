/** What the derivation of a dcm4chee archive knows about where it runs, apart from its files. */
import type { FactBase } from "../../facts/facts.ts";
import type { Origin } from "../../facts/origin.ts";
import type { Lookup } from "./expressions.ts";

/** The surroundings of an archive. */
export interface Surroundings {
  /** Name of the service. */
  readonly service: string;
  readonly version: string;
  /** Its loopback addresses are its own: nobody else listens there. */
  readonly inContainer: boolean;
  /** Variables and system properties. */
  readonly lookup: Lookup;
  /** SHA-256 of a file that a configuration names, when it lies among what the run sees. */
  readonly hashOf: (path: string) => string | undefined;
}

/** What every fact about the archive starts with. */
export function factBase(
  around: Surroundings,
  kind: string,
  name: string,
): Required<Pick<FactBase, "id" | "service" | "product">> {
  return { id: `${around.service}/${kind}/${name}`, service: around.service, product: "dcm4chee" };
}

/** A reason why the archive would not start, or would not load this configuration. */
export interface Fault {
  readonly message: string;
  readonly expected: string;
  /** `start`: the archive does not start with it; `syntax`: the file or entry itself is refused. */
  readonly effect: "start" | "syntax";
  readonly origins: readonly Origin[];
}
