/**
 * The secrets of a configuration as facts.
 * Source: the options that the catalogue marks; WebServiceParameters.cpp for what a misspelt key of a peer becomes.
 */
import type { SecretFact } from "../../facts/facts.ts";
import type { Maybe } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { permissionsOf } from "./filefacts.ts";
import type { OrthancModel } from "./model.ts";
import { secretPurpose } from "./purposes.ts";
import { isActedUpon } from "./relevance.ts";
import { type FoundSecret, isSupplied, secretsIn, suppliedPiece, valueOrigins } from "./secret-values.ts";
import { type Visited, walk } from "./walk.ts";

export { secretPlaces } from "./secret-places.ts";

/** One fact for each secret that the configuration holds. */
export function secretFacts(model: OrthancModel): readonly SecretFact[] {
  const facts = new Map<string, SecretFact>();
  for (const visited of walk(model.loaded.members.values())) {
    for (const found of secretsIn(visited)) {
      const fact = secretFact(model, found);
      if (!facts.has(fact.id)) facts.set(fact.id, fact);
    }
  }
  return [...facts.values()];
}

function secretFact(model: OrthancModel, found: FoundSecret): SecretFact {
  const { visited } = found;
  const origins = valueOrigins(visited.tree);
  const read = isUsed(model, visited);
  const mode = permissionsOf(model, innermostFile(visited.tree));
  return {
    kind: "secret",
    id: `${model.service.name}/secret/${visited.path}`,
    service: model.service.name,
    product: "orthanc",
    path: visited.path,
    verdict: found.verdict === "literal" && isSecretFile(model, visited.tree) ? "reference" : found.verdict,
    purpose: secretPurpose(visited),
    supplied: isSupplied(visited.tree),
    read,
    idle: read === false,
    shown: isShownProperty(visited),
    ...(mode === undefined ? {} : { worldReadable: (mode & 0o004) !== 0 }),
    origins: { "": origins, "/verdict": origins, "/worldReadable": origins },
  };
}

function innermostFile(tree: Tree): string {
  return (suppliedPiece(tree) ?? tree).at.file;
}

/** A file that is given to the container as a secret is where a password belongs. */
function isSecretFile({ service }: OrthancModel, tree: Tree): boolean {
  const file = innermostFile(tree);
  return (service.container?.files ?? []).some(
    ({ target, content }) =>
      target.startsWith("/run/secrets/") && content.type === "file" && content.path === file,
  );
}

/** The nearest option around the value tells whether anything takes it. */
function isUsed(model: OrthancModel, visited: Visited): Maybe<boolean> {
  for (let current: Visited | undefined = visited; current !== undefined; current = current.holder) {
    const option = current.node?.option;
    if (option !== undefined) return isActedUpon(model, option);
  }
  return false;
}

/** A key of a peer that Orthanc does not know: `GET /peers/{id}/configuration` gives it away. */
function isShownProperty(visited: Visited): boolean {
  if (visited.index !== undefined) return false;
  const path = visited.node?.path;
  return (
    path === "OrthancPeers.*.<other>" ||
    (visited.node === undefined && visited.holder?.node?.path === "DicomWeb.Servers.*")
  );
}
