/** What facts of all kinds share: who they are about, where they come from. */
import type { Origin } from "./origin.ts";

/** What every fact has. */
export interface FactBase {
  /** Unique within a deployment, stable when lines move: part of a finding's fingerprint. */
  readonly id: string;
  /** Name of the service it is about; absent for a fact about a file that no service claims. */
  readonly service?: string;
  /** Product of that service. */
  readonly product?: Product;
  /** JSON pointer of a property → its origins, the one to change first leading; "" is the fact as a whole. */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** The servers that pacslint knows by name. */
export type Product =
  | "orthanc"
  | "dcm4chee"
  | "nginx"
  | "traefik"
  | "caddy"
  | "haproxy"
  | "httpd"
  | "keycloak"
  | "postgres"
  | "mysql"
  | "slapd"
  | "oauth2-proxy"
  | "tunnel"
  | "authelia"
  | "orthanc-auth-service"
  | "redis"
  | "elasticsearch"
  | "kibana"
  | "logstash"
  | "minio"
  | "portainer"
  | "adminer"
  | "pgadmin"
  | "viewer"
  | "mongodb"
  | "grafana"
  | "prometheus"
  | "other";

/** What starts the servers of a deployment; `unlinked`: nothing, they are files that no server reads. */
export type DeploymentForm = "compose" | "kubernetes" | "commands" | "image" | "host" | "unlinked";
