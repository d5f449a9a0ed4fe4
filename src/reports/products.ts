/** How products and their releases are called in sentences. */
import type { Product } from "../facts/facts.ts";

const names: Partial<Record<Product, string>> = {
  orthanc: "Orthanc",
  dcm4chee: "dcm4chee-arc",
  traefik: "Traefik",
  caddy: "Caddy",
  haproxy: "HAProxy",
  httpd: "Apache httpd",
  keycloak: "Keycloak",
  postgres: "PostgreSQL",
  mysql: "MySQL",
  slapd: "OpenLDAP",
  authelia: "Authelia",
  redis: "Redis",
  elasticsearch: "Elasticsearch",
  kibana: "Kibana",
  logstash: "Logstash",
  minio: "MinIO",
  portainer: "Portainer",
  adminer: "Adminer",
  pgadmin: "pgAdmin",
  mongodb: "MongoDB",
  grafana: "Grafana",
  prometheus: "Prometheus",
};

/** The product's name as its makers write it. */
export function productName(product: Product): string {
  return names[product] ?? product;
}

/** Releases in order; a long list as its ends. */
export function spans(releases: readonly string[]): string {
  return releases.length <= 3 ? releases.join(", ") : `${releases[0]} to ${releases.at(-1)}`;
}
