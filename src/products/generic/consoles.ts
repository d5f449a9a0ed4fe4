import { isUnknown, unknown } from "../../facts/unknown.ts";
import { before } from "../version.ts";
import { type Found, firstVariable, flag, type Given, hasWord, saysYes, variable } from "./given.ts";
import { absence, openingOf } from "./logins.ts";
import { openTo, type Told, type Traits, told, undecidedAccess } from "./traits.ts";

/** A console whose login one variable takes away. */
export const switched: Traits = {
  access: (given, _port, usual) => {
    const opening = openingOf(given);
    if (opening === undefined) return usual;
    return isUnknown(opening.value)
      ? undecidedAccess(opening.value, opening.origins)
      : openTo(opening.origins);
  },
};

export const pgadmin: Traits = {
  ...switched,
  moved: {
    80: { variables: ["PGADMIN_LISTEN_PORT"], flags: [] },
    443: { variables: ["PGADMIN_LISTEN_PORT"], flags: [] },
  },
  on: (given, port) => {
    const tls = variable(given, "PGADMIN_ENABLE_TLS");
    return told((tls !== undefined && tls.value !== "") === (port === 443), tls?.origins ?? []);
  },
  tls: (_given, port) => told(port === 443),
};

export const phpmyadmin: Traits = {
  tls: (_given, port) => told(port === 443),
  access: (given, _port, usual) => {
    const user = firstVariable(given, ["PMA_USER"]);
    const password = firstVariable(given, ["PMA_PASSWORD", "PMA_PASSWORD_FILE"]);
    return user === undefined || password === undefined
      ? usual
      : openTo([...password.origins, ...user.origins]);
  },
};

export const phpldapadmin: Traits = {
  on: (given, port) => {
    const https = variable(given, "PHPLDAPADMIN_HTTPS");
    const on = https === undefined ? true : saysYes(https.value);
    return told(isUnknown(on) ? on : on === (port === 443), https?.origins ?? []);
  },
  tls: (_given, port) => told(port === 443),
};

export const portainer: Traits = {
  on: (given, port) => {
    if (port === 9443 && before(given.version, "2.9") && given.version !== "0") return told(false);
    return told(!(port === 9000 && hasWord(given, "--http-disabled")));
  },
  tls: (_given, port) => told(port === 9443),
  access: (given, _port, usual) =>
    hasWord(given, "--no-auth") ? openTo([absence(given, "--no-auth")]) : usual,
};

export const minio: Traits = {
  moved: {
    9000: { variables: ["MINIO_ADDRESS"], flags: ["--address"] },
    9001: { variables: ["MINIO_CONSOLE_ADDRESS"], flags: ["--console-address"] },
  },
};

export const rabbitmq: Traits = {
  on: (given, port) => {
    const variant = given.image?.variant ?? null;
    const repository = given.image?.reference.repository;
    if (port !== 15672 || (typeof repository === "string" && repository.startsWith("bitnami")))
      return told(true);
    if (isUnknown(variant)) return told<boolean>(variant);
    const tag = given.image?.reference.tag;
    return told((typeof tag === "string" && /management/u.test(tag)) || given.container.built);
  },
};

export const mirth: Traits = { tls: (_given, port) => told(port === 8443) };

export const maildev: Traits = {
  access: (given, port, usual) => {
    const user = firstVariable(given, ["MAILDEV_WEB_USER"]);
    return port !== 1080 || user === undefined
      ? usual
      : { ...usual, mode: "basic", modeOrigins: user.origins };
  },
};

/** Where its own reader finds no configuration: the dashboard has a port of its own only where api.insecure says so. */
export const traefik: Traits = {
  on: (given, port) => (port === 8080 ? insecureDashboard(given) : told(true)),
  tls: (_given, port) =>
    told(port === 443 ? unknown("opaque", "the configuration of Traefik decides it") : false),
  access: (given, port, usual) => (port === 8080 ? openTo(insecureDashboard(given).origins) : usual),
};

function insecureDashboard(given: Given): Told<boolean> {
  const found: Found | undefined = flag(given, "--api.insecure") ?? variable(given, "TRAEFIK_API_INSECURE");
  if (found !== undefined) return told(found.value === "" ? true : saysYes(found.value), found.origins);
  const file = given.container.files.find(({ target }) => target.startsWith("/etc/traefik"));
  if (file === undefined) return told(false);
  return told<boolean>(unknown("input", `the file ${file.target} is not part of the input`, file.at));
}

/** Caddy's administration listens on the loopback of the container unless it is told otherwise. */
export const caddy: Traits = {
  bind: (given, port) => {
    if (port !== 2019) return told("0.0.0.0");
    const opening = openingOf(given);
    return told(opening === undefined ? "127.0.0.1" : "0.0.0.0", opening?.origins ?? []);
  },
  tls: (_given, port) => told(port === 443),
  access: (given, port, usual) => (port === 2019 ? openTo(openingOf(given)?.origins ?? []) : usual),
};
