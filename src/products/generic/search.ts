/**
 * Elasticsearch, Kibana, Grafana, Prometheus: what is searched and looked at.
 * Sources: elastic/elasticsearch docs/reference/setup/install/docker.asciidoc; elastic/kibana docs/setup/docker.asciidoc;
 * grafana/grafana conf/defaults.ini; prometheus/prometheus docs/configuration/https.md.
 */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { locate } from "../../text/text.ts";
import { atLeast, before } from "../version.ts";
import {
  type Found,
  fileText,
  firstVariable,
  flag,
  type Given,
  givenTo,
  hidesVariables,
  saysYes,
  variable,
} from "./given.ts";
import { absence, hidden, openingOf } from "./logins.ts";
import { openTo, type Told, type Traits, told, undecidedAccess } from "./traits.ts";

export const elasticsearch: Traits = {
  moved: { 9200: { variables: ["http.port", "ELASTICSEARCH_HTTP_PORT_NUMBER"], flags: ["-Ehttp.port"] } },
  tls: (given, port) => {
    const setting = elasticSetting(
      given,
      port === 9300 ? "xpack.security.transport.ssl.enabled" : "xpack.security.http.ssl.enabled",
    );
    if (setting !== undefined) return told(saysYes(setting.value), setting.origins);
    const { value } = security(given);
    if (value === false || before(given.version, "8")) return told(false);
    // The start script makes certificates only while nobody set anything about security.
    return told(
      elasticSetting(given, "xpack.security.enabled") === undefined
        ? true
        : unknown("opaque", "the start script of Elasticsearch decides it"),
    );
  },
  access: (given, _port, usual) => {
    const { value, origins } = security(given);
    if (isUnknown(value)) return undecidedAccess(value, origins);
    return value ? { ...usual, mode: "basic" } : openTo(origins);
  },
};

/** Whether Elasticsearch asks for a login. */
function security(given: Given): Told<boolean> {
  const setting =
    elasticSetting(given, "xpack.security.enabled") ??
    firstVariable(given, ["ELASTICSEARCH_ENABLE_SECURITY"]);
  if (setting !== undefined) return told(saysYes(setting.value), setting.origins);
  if (hidesVariables(given)) return told<boolean>(hidden(given));
  const repository = given.image?.reference.repository;
  if (typeof repository === "string" && repository.startsWith("bitnami"))
    return told(false, [byImage(given)]);
  const on = atLeast(given.version, "8") || (atLeast(given.version, "5") && before(given.version, "6"));
  return told(on, [on ? absence(given, "xpack.security.enabled is not set") : byImage(given)]);
}

/** The release in the image asks for no login by itself. */
function byImage(given: Given): Origin {
  return fromPlace(given.container.imageAt, "asks for no login while xpack.security.enabled is not set");
}

function elasticSetting(given: Given, name: string): Found | undefined {
  return variable(given, name) ?? flag(given, `-E${name}`) ?? settingInFile(given, name);
}

function settingInFile(given: Given, name: string): Found | undefined {
  const text = fileText(given, "/usr/share/elasticsearch/config/elasticsearch.yml");
  const line = new RegExp(`^${name.replaceAll(".", "\\.")}[ \\t]*:[ \\t]*["']?(\\w+)`, "mu").exec(
    text?.value ?? "",
  );
  if (line === null || text === undefined) return undefined;
  return {
    name,
    value: line[1] ?? "",
    origins: [fromPlace(locate(text, line.index, line.index + line[0].length))],
  };
}

/** Over TLS it can ask for certificates (dcm4che-dockerfiles/logstash-dcm4chee Dockerfile:18, SSL_VERIFY: false unless set). */
export const logstashDcm4chee: Traits = {
  tls: (_given, port) => told(port === 6514),
  clients: (given, port) => (port === 6514 ? saysYes(firstVariable(given, ["SSL_VERIFY"])?.value) : false),
};

/** Kibana asks for a login when its Elasticsearch does; then it has one itself. */
export const kibana: Traits = {
  moved: { 5601: { variables: ["SERVER_PORT", "server.port"], flags: ["--port", "-p"] } },
  tls: (given) => told(saysYes(firstVariable(given, ["SERVER_SSL_ENABLED", "server.ssl.enabled"])?.value)),
  access: (given, _port, usual) => {
    const names = [
      "ELASTICSEARCH_PASSWORD",
      "ELASTICSEARCH_SERVICEACCOUNTTOKEN",
      "elasticsearch.password",
      "elasticsearch.serviceAccountToken",
    ];
    const own = firstVariable(given, names);
    if (own !== undefined) return { ...usual, mode: "form", modeOrigins: own.origins };
    const off = firstVariable(given, ["XPACK_SECURITY_ENABLED", "xpack.security.enabled"]);
    if (off !== undefined && saysYes(off.value) === false) return openTo(off.origins);
    if (hidesVariables(given)) return undecidedAccess(hidden(given));
    if (fileText(given, "/usr/share/kibana/config/kibana.yml") !== undefined)
      return undecidedAccess(unknown("opaque", "kibana.yml decides it"));
    const asked = askedBySearched(given);
    if (asked?.value === false) return openTo(asked.origins);
    if (before(given.version, "8"))
      return openTo([absence(given, "no login at Elasticsearch is set, so that Kibana asks for none")]);
    if (asked?.value === true) return { ...usual, mode: "form", modeOrigins: asked.origins };
    return undecidedAccess(unknown("opaque", "Kibana asks for a login when its Elasticsearch does"));
  },
};

/** Whether the Elasticsearch that Kibana shows asks for a login; undefined where it is not in this deployment. */
function askedBySearched(given: Given): Told<boolean> | undefined {
  const found = firstVariable(given, ["ELASTICSEARCH_HOSTS", "elasticsearch.hosts", "ELASTICSEARCH_URL"]);
  const written = found?.value ?? "http://elasticsearch:9200";
  if (isUnknown(written)) return undefined;
  const host = /^[\s["']*(?:https?:\/\/)?([\w.-]+)/iu.exec(written)?.[1];
  const searched = given.service.partners?.find(
    ({ product, network }) =>
      product === "elasticsearch" && network.kind === "container" && network.names.includes(host ?? ""),
  );
  if (searched?.container === undefined) return undefined;
  const version = searched.version.candidates.at(-1) ?? "0";
  return security(givenTo(searched, searched.container, version, given.context));
}

export const grafana: Traits = {
  moved: { 3000: { variables: ["GF_SERVER_HTTP_PORT"], flags: [] } },
  tls: (given) => told(mapHttps(variable(given, "GF_SERVER_PROTOCOL")?.value)),
  access: (given, _port, usual) => {
    const opening = openingOf(given);
    if (opening === undefined) return usual;
    if (isUnknown(opening.value)) return undecidedAccess(opening.value, opening.origins);
    // Visitors look only; who logs in with a known password administers.
    return usual.guessed === true ? usual : openTo(opening.origins);
  },
};

function mapHttps(protocol: Maybe<string> | undefined): Maybe<boolean> {
  return protocol === undefined || isUnknown(protocol) ? (protocol ?? false) : /^https|^h2$/u.test(protocol);
}

export const prometheus: Traits = {
  access: (given) => {
    const file = flag(given, "--web.config.file");
    if (file !== undefined)
      return undecidedAccess(unknown("opaque", "the file in --web.config.file decides it"), file.origins);
    return openTo([absence(given, "--web.config.file is not given")]);
  },
};
