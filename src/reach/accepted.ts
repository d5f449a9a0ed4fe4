/** Verdicts over what the site accepts: ports, versions of TLS, registries, AE titles. A fact of which it says nothing has none. */
import type { EntryFact, Fact, ImageFact, ModalityFact } from "../facts/facts.ts";
import { map } from "../facts/unknown.ts";
import type { Parameters, Site } from "../products/site.ts";

/** The facts with these verdicts. */
export function withVerdicts(facts: readonly Fact[], site: Site | undefined): readonly Fact[] {
  if (site === undefined || Object.keys(site.parameters).length === 0) return facts;
  return facts.map((fact) => {
    if (fact.kind === "entry") return entryVerdicts(fact, site.parameters);
    if (fact.kind === "image") return imageVerdict(fact, site.parameters);
    return fact.kind === "modality" ? modalityVerdict(fact, site.parameters) : fact;
  });
}

const versions: readonly (string | null)[] = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

function entryVerdicts(entry: EntryFact, { ports, minimumTls }: Parameters): EntryFact {
  const least = minimumTls === undefined ? -1 : versions.indexOf(minimumTls.value);
  const oldest = entry.tls.mode === "off" ? null : entry.tls.minVersion;
  return {
    ...entry,
    ...(ports === undefined ? {} : { portAccepted: map(entry.port, (port) => ports.value.includes(port)) }),
    ...(minimumTls === undefined || oldest === null
      ? {}
      : { tlsAccepted: map(oldest, (version) => versions.indexOf(version) >= least) }),
  };
}

function imageVerdict(image: ImageFact, { registries }: Parameters): ImageFact {
  if (registries === undefined) return image;
  const accepted = map(image.reference, (reference) =>
    registries.value.some((registry) => comesFrom(reference, registry)),
  );
  return { ...image, registryAccepted: accepted, mirror: image.mirror && accepted !== true };
}

/** Docker's own registry is what a name without one means, and its own images lie in library/ (docs.docker.com/reference/cli/docker/image/tag). */
function comesFrom(reference: string, registry: string): boolean {
  const [first = "", ...rest] = reference.split("/");
  const named = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const full = named ? reference : `docker.io/${rest.length === 0 ? "library/" : ""}${reference}`;
  const wanted = registry.replace(/\/+$/, "");
  return [":", "@", "/"].some((mark) => full.startsWith(`${wanted}${mark}`));
}

function modalityVerdict(modality: ModalityFact, { aeTitles }: Parameters): ModalityFact {
  if (aeTitles === undefined) return modality;
  return { ...modality, titleAccepted: map(modality.aet, (title) => aeTitles.value.includes(title)) };
}
