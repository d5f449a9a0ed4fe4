/** Which derivation understands a service of dcm4chee: the archive, or a server that its project ships beside it. */
import type { Service } from "../../deployment/model.ts";
import type { Derive } from "../product.ts";
import { deriveDcm4chee } from "./derive.ts";
import { deriveKeycloakDcm4chee } from "./keycloak-image.ts";
import { deriveSlapdDcm4chee } from "./slapd-image.ts";

/** The derivation; undefined for the servers of others. */
export function dcm4cheeDerivation(service: Service): Derive | undefined {
  if (service.product === "dcm4chee") return deriveDcm4chee;
  if (service.container === undefined)
    return service.product === "slapd" || service.product === "keycloak" ? deriveDcm4chee : undefined;
  const id = service.container.recognised?.id;
  if (id === "slapd-dcm4chee") return deriveSlapdDcm4chee;
  return id === "keycloak-dcm4chee" ? deriveKeycloakDcm4chee : undefined;
}
