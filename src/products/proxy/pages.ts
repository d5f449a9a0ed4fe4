/** Pages that a proxy shows of itself, such as a dashboard or statistics: who gets to them at which of its sockets. */
import type { Auth } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { isUnknown, unknown } from "../../facts/unknown.ts";
import type { Answer, Socket } from "../product.ts";
import type { Front, Treatment } from "./front.ts";
import type { PageWay } from "./ways.ts";

/** What the pages are: for people, after the name of the proxy. */
export interface Pages {
  /** "HAProxy". */
  readonly proxy: string;
  /** Paths under which they may be, beside those that the configuration tells apart. */
  readonly paths: readonly string[];
}

interface Found extends PageWay {
  readonly front: Front;
}

/** A socket for each page, with the least that is asked there; those for certain addresses only are left out. */
export function pageSockets(
  fronts: readonly Front[],
  sockets: readonly Socket[],
  { proxy, paths }: Pages,
): readonly Socket[] {
  const found = new Map<string, Found>();
  for (const front of fronts) {
    const asked = new Set([...front.samples.map(({ path }) => path), ...paths]);
    for (const way of [...asked].flatMap((path) => front.pages?.(path, "GET") ?? [])) {
      const { callers, login } = way.treatment;
      if (callers !== "anybody" || login === "client-certificate") continue;
      const key = `${front.socket} ${way.page.name}`;
      const known = found.get(key);
      if (known === undefined || weight(way.treatment) < weight(known.treatment))
        found.set(key, { ...way, front });
    }
  }
  return [...found.values()].flatMap((one) => {
    const socket = sockets.find(({ id }) => id === one.front.socket);
    return socket === undefined ? [] : [socketOf(one, socket, proxy)];
  });
}

function weight({ login }: Treatment): number {
  if (isUnknown(login)) return 1;
  return login === "none" ? 0 : 2;
}

function socketOf({ page, treatment, front }: Found, socket: Socket, proxy: string): Socket {
  const at = [fromPlace(page.at)];
  const asked = treatment.loginAt.map((place) => fromPlace(place));
  const answer: Answer = {
    refused: false,
    auth: authOf(treatment),
    origins: {
      "/reach": socket.origins["/bind"] ?? at,
      "/auth/mode": asked.length > 0 ? asked : at,
      "/auth/defaultCredentials": asked,
    },
  };
  return {
    id: `management-${front.socket.replace(/^\D*-/u, "")}-${page.name.replaceAll(/\W+/gu, "-")}`,
    protocol: "management",
    role: page.role,
    purpose: `${proxy} (${page.name})`,
    on: true,
    bind: socket.bind,
    port: socket.port,
    tls: front.tls,
    seen: { loopback: answer, other: answer },
    origins: { ...front.origins, "": at, "/on": at, ...bound(socket) },
  };
}

/** Where the socket is opened at which the page is. */
function bound({ origins }: Socket): Socket["origins"] {
  const own = origins["/bind"] ?? [];
  return { "/bind": own, "/port": origins["/port"] ?? own };
}

function authOf({ login, accounts }: Treatment): Auth {
  if (login === "none") return { mode: "none", defaultCredentials: false, lockout: false };
  const kept = unknown("opaque", "nothing is known of its passwords");
  const mode = login === "client-certificate" ? unknown("opaque", "a certificate is asked") : login;
  return { mode, defaultCredentials: accounts?.published ?? kept, lockout: false };
}
