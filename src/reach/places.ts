/** What outsiders reach, and who is beside a server, in the words of a cluster: there is no "this host" in one. */
import type { Deployment } from "../deployment/model.ts";
import type { EntryFact, Fact } from "../facts/facts.ts";

/** The facts of a cluster with these words; those of others as they are. */
export function inWordsOf(deployment: Deployment, facts: readonly Fact[]): readonly Fact[] {
  if (deployment.form !== "kubernetes") return facts;
  const placed = facts.map((fact) => (fact.kind === "entry" ? withPlace(fact) : fact));
  const entries = placed.filter((fact) => fact.kind === "entry");
  return placed.map((fact): Fact => {
    if (fact.kind === "listener") return { ...fact, neighbour: neighbourOf(fact, deployment) };
    if (fact.kind !== "account") return fact;
    const entry = entries.find(({ service, reach }) => service === fact.service && reach === fact.reach);
    return {
      ...fact,
      neighbour: neighbourOf(fact, deployment),
      ...(entry?.place === undefined ? {} : { place: entry.place }),
    };
  });
}

/** What is not a load balancer or a controller is a port of the nodes. */
function withPlace(entry: EntryFact): EntryFact {
  const isOutside = entry.reach === "network" || entry.reach === "internet";
  return entry.place !== undefined || entry.tunnel !== undefined || !isOutside
    ? entry
    : { ...entry, place: "a node of the cluster" };
}

function neighbourOf({ service }: Fact, { services }: Deployment): string {
  const network = services.find(({ name }) => name === service)?.network;
  const isLimited = network?.kind === "container" && network.admissions !== undefined;
  return isLimited ? "pod that a network policy lets in" : "pod of the cluster";
}
