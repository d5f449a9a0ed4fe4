/**
 * The keys and authorities that dcm4che publishes with its images and distributions, by SHA-256: whoever downloads them has
 * them too. Sources: dcm4chee-arc-psql and slapd images (key.p12 and cert.pem of 2024, serial 0x626, valid to 2034-09-18);
 * dcm4chee-arc-light #3806 for the one of 2022 (serial 0x4b3).
 */
import type { Service } from "../../deployment/model.ts";
import type { KeystoreFact, Product } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Crypto } from "../../sources/files.ts";
import type { DeriveContext, Opening } from "../product.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import type { Found } from "./expressions.ts";

/** Whole key stores: key.p12 of 2024. */
const stores: ReadonlySet<string> = new Set([
  "b63d7bfa01ff225664919e13210a0b33a3624b49d1f798079cefe4f7641eddde",
]);

/** Certificates: the sample of 2024, that of 2022, and the authority that signed them and is among Java's in the images. */
const certificates: ReadonlySet<string> = new Set([
  "0c0e096ad86b9f8ce29c60c34ce829cb6467087f415b7912aaa24518ce82b696",
  "bd601c19d4ed8718b3ecf653529100c8a270210f0487e6b7ed1523a797d828ac",
  "21ebca864a08e9a2d21f6e84378d60bb14924d1bb0ddb0dc75030c2ef3b26edd",
]);

/** Whether a file is one of them, or holds one as PEM or DER. */
function isPublished(bytes: Uint8Array, crypto: Crypto): boolean {
  if (stores.has(crypto.sha256(bytes))) return true;
  return crypto.certificates(bytes).some(({ sha256 }) => certificates.has(sha256));
}

/** Looks at a file that a configuration names: undefined where the run does not see it. */
export function sampleCheck(
  service: Pick<Service, "lookup">,
  context: DeriveContext,
): (path: string) => boolean | undefined {
  return (path) => {
    const found = service.lookup(path, null);
    const read = found.state === "found" ? context.files.read(found.path) : undefined;
    return read?.ok === true ? isPublished(read.bytes, context.crypto) : undefined;
  };
}

/** Where the images keep the samples: Dockerfiles of dcm4chee-arc-psql, keycloak-quarkus, keycloak and slapd. */
export const imagePaths =
  /^\/(?:opt\/(?:wildfly|keycloak)\/(?:standalone\/configuration|conf)|etc)\/(?:keystores|certs)\/(?:key|cacerts|cert)\.(?:p12|jks|pem)$/;

/** Whether a deployment puts a file of its own in the place of the sample, or a folder in that of its folder. */
function isReplaced({ container }: Service, path: string): boolean {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const own = container?.files.filter(({ content }) => content.type !== "volume") ?? [];
  return own.some(({ target }) => [path, folder].includes(target.replace(/\/$/, "")));
}

/** The key that a server beside the archive shows, by the variable that names it. */
export function imageKeyFact(
  service: Service,
  around: Surroundings,
  product: Product,
  variable: string,
): KeystoreFact {
  const found = around.lookup(`env.${variable}`);
  const path = pathIn(found);
  const given = service.environment.variables.get(variable);
  const origins: readonly Origin[] = [
    given === undefined
      ? unset(service.at, `${variable} is not set: the image has a sample`)
      : fromPlace(given.at),
  ];
  return {
    kind: "keystore",
    ...factBase(around, "keystore", "identity"),
    product,
    use: "identity",
    source: "file",
    path,
    sample: isSample(path, service, around),
    public: false,
    guards: false,
    presented: false,
    origins: { "": origins, "/source": origins, "/path": origins, "/sample": origins },
  };
}

function isSample(path: Maybe<string | null>, service: Service, around: Surroundings): Maybe<boolean> {
  if (isUnknown(path)) return path;
  if (path === null) return false;
  const seen = around.isSampleKey(path);
  if (seen !== undefined) return seen;
  if (!imagePaths.test(path)) return false;
  return isReplaced(service, path) ? unknown("input", `${path} is not among the files`) : true;
}

/** Openings with TLS that other hosts reach; a proxy that serves HTTP shows a certificate of its own. */
export function reachedWithTls(openings: readonly Opening[]): readonly Opening[] {
  return openings.filter(
    (opening) =>
      opening.kind === "entry" &&
      opening.tls.mode !== "off" &&
      (opening.through === "direct" || opening.protocol !== "http") &&
      (isUnknown(opening.reach) || opening.reach === "network" || opening.reach === "internet"),
  );
}

function pathIn(found: Found): Maybe<string | null> {
  if (found.state === "set") return found.value.value;
  return found.state === "unset" ? null : unknown("input", found.reason);
}
