/** Which image has which ways, by its id in data/images.json. */
import {
  caddy,
  maildev,
  minio,
  mirth,
  pgadmin,
  phpldapadmin,
  phpmyadmin,
  portainer,
  rabbitmq,
  switched,
  traefik,
} from "./consoles.ts";
import { memcached, mongo, mysql, postgres, redis } from "./databases.ts";
import type { Given } from "./given.ts";
import {
  authService,
  keycloak,
  keycloakBitnami,
  keycloakDcm4chee,
  openldap,
  slapdDcm4chee,
} from "./identity.ts";
import { elasticsearch, grafana, kibana, logstashDcm4chee, prometheus } from "./search.ts";
import { type Traits, told } from "./traits.ts";

const table: Readonly<Record<string, Traits>> = {
  caddy,
  elasticsearch,
  grafana,
  keycloak,
  "keycloak-bitnami": keycloakBitnami,
  "keycloak-dcm4chee": keycloakDcm4chee,
  "keycloak-jboss": { tls: (_given, port) => told(port === 8443) },
  kibana,
  "logstash-dcm4chee": logstashDcm4chee,
  maildev,
  mariadb: mysql,
  "mariadb-dcm4chee": mysql,
  minio,
  mirth,
  memcached,
  mongo,
  "mongo-express": switched,
  mysql,
  openldap,
  "orthanc-auth-service": authService,
  pgadmin,
  phpldapadmin,
  phpmyadmin,
  portainer,
  postgres,
  "postgres-bitnami": postgres,
  "postgres-dcm4chee": postgres,
  prometheus,
  rabbitmq,
  redis,
  "slapd-dcm4chee": slapdDcm4chee,
  traefik,
};

const none: Traits = {};

/** The ways of the image of a container. */
export function traitsOf(given: Given): Traits {
  const id = given.image?.id;
  return id === undefined || id === null ? none : (table[id] ?? none);
}
