/**
 * Other servers that Orthanc sends images, passwords or questions about users to over HTTP.
 * Source: OrthancFramework/Sources/WebServiceParameters.cpp and HttpClient.cpp; orthanc-dicomweb Plugin/Configuration.cpp
 * and DicomWebServers.cpp; orthanc-authorization Plugin/Plugin.cpp.
 */
import type { PeerFact } from "../../facts/facts.ts";
import { fromPlace, labelled, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { hostOf, isOwnHost } from "./addresses.ts";
import { type OrthancModel, since } from "./model.ts";
import { plugin } from "./plugins.ts";
import { scalarText } from "./settings.ts";
import { memberValue } from "./walk.ts";

/** One fact for each server that is named. */
export function peerFacts(model: OrthancModel): readonly PeerFact[] {
  const dicomweb = plugin(model.plugins, "dicomweb");
  return [
    ...(model.settings.boolean("OrthancPeersInDatabase").value === true ? [] : listed(model, "OrthancPeers")),
    ...(dicomweb.loaded === false || model.settings.boolean("DicomWeb.ServersInDatabase").value === true
      ? []
      : listed(model, "DicomWeb.Servers")),
    ...services(model),
  ];
}

interface Entry {
  readonly name: string;
  readonly section: string;
  readonly url: Tree;
  /** The values by which a login is shown to the other side. */
  readonly credentials: readonly (Tree | undefined)[];
  readonly origin: Origin;
}

function listed(model: OrthancModel, section: string): readonly PeerFact[] {
  const list = model.settings.find(section.split("."));
  if (list?.kind !== "object") return [];
  const last = new Map(list.members.map((member) => [member.key, member]));
  return [...last.values()].flatMap((member) => {
    const origin = fromPlace(member.keyAt);
    const entry = entryOf(member.value);
    return entry === undefined ? [] : [peerFact(model, { ...entry, name: member.key, section, origin })];
  });
}

function entryOf(tree: Tree): Pick<Entry, "url" | "credentials"> | undefined {
  if (tree.kind === "unknown") return { url: tree, credentials: [tree] };
  if (tree.kind === "array") {
    const [url, user, password] = tree.items;
    return url === undefined ? undefined : { url, credentials: [user, password] };
  }
  if (tree.kind !== "object") return undefined;
  const url = memberValue(tree, "Url") ?? memberValue(tree, "URL");
  if (url === undefined) return undefined;
  const credentials = ["Username", "Password", "CertificateFile"].map((key) => memberValue(tree, key));
  const headers = memberValue(tree, "HttpHeaders");
  const tokens =
    headers?.kind === "object"
      ? headers.members.filter((header) => /auth|token|cookie|key/iu.test(header.key))
      : [];
  return { url, credentials: [...credentials, ...tokens.map((header) => header.value)] };
}

/** Options that hold the address of a service, and the keys of a login for it. */
const serviceKeys = [
  "WebServiceTokenValidationUrl",
  "WebService",
  "WebServiceUserProfileUrl",
  "WebServiceRootUrl",
  "WebServiceTokenCreationBaseUrl",
  "WebServiceTokenDecoderUrl",
  "WebServiceSettingsRolesUrl",
];

/** The service of the authorization plugin, which is told who asks for what. */
function services(model: OrthancModel): readonly PeerFact[] {
  const section = model.settings.find(["Authorization"]);
  if (section?.kind !== "object" || plugin(model.plugins, "authorization").loaded === false) return [];
  const credentials = ["WebServiceUsername", "WebServicePassword"].map((key) => memberValue(section, key));
  return serviceKeys.flatMap((name) => {
    const url = memberValue(section, name);
    if (url === undefined || (url.kind !== "unknown" && scalarText(url) === "")) return [];
    return [peerFact(model, { name, section: "Authorization", url, credentials, origin: fromPlace(url) })];
  });
}

function peerFact(model: OrthancModel, entry: Entry): PeerFact {
  const url: Maybe<string> =
    entry.url.kind === "unknown" ? unknown("input", entry.url.hole.reason, entry.url) : scalarText(entry.url);
  // Without a scheme curl speaks HTTP.
  const scheme = map(url, (text) => (/^https:/iu.test(text) ? "https" : "http"));
  const verify = model.settings.boolean("HttpsVerifyPeers");
  const authorities = model.settings.string("HttpsCACertificates");
  const address = fromPlace(entry.url);
  return {
    kind: "peer",
    id: `${model.service.name}/peer/${entry.section}.${entry.name}`,
    service: model.service.name,
    product: "orthanc",
    name: entry.name,
    section: entry.section,
    scheme,
    local: map(url, (text) => isOwnHost(model, hostOf(text))),
    hasCredentials: hasCredentials(entry, url),
    verified: and(
      map(scheme, (name) => name === "https"),
      verify.value,
    ),
    verificationFails: and(
      map(scheme, (name) => name === "https"),
      verify.value,
      failsAlways(model, authorities.value),
    ),
    savedWithJobs:
      entry.section === "OrthancPeers"
        ? and(model.settings.boolean("SaveJobs").value, hasCredentials(entry, url))
        : false,
    origins: {
      "": [entry.origin],
      "/scheme": [address],
      "/local": [address],
      "/hasCredentials": [
        ...entry.credentials.flatMap((tree) => (tree === undefined ? [] : [fromPlace(tree)])),
        address,
      ],
      "/verified": scheme === "http" ? [address] : [...verify.origins, labelled(address, "this server")],
      "/verificationFails": [...authorities.origins, ...verify.origins],
      "/savedWithJobs": model.settings.boolean("SaveJobs").origins,
    },
  };
}

/** Before 1.12.6 an empty path stands for the configuration's folder, in which there is no authority. */
function failsAlways(model: OrthancModel, authorities: Maybe<string | null>): Maybe<boolean> {
  if (since(model, "1.12.6")) return false;
  return map(authorities, (path) => path === null || path === "");
}

/** Whether a login, a token or a client certificate is shown. */
function hasCredentials(entry: Entry, url: Maybe<string>): Maybe<boolean> {
  if (!isUnknown(url) && /:\/\/[^/?#]*@/u.test(url)) return true;
  const given = entry.credentials.filter((tree) => tree !== undefined);
  if (given.some((tree) => tree.kind !== "unknown" && scalarText(tree) !== "")) return true;
  const unseen = given.find((tree) => tree.kind === "unknown");
  if (unseen?.kind === "unknown") return unknown("input", unseen.hole.reason, unseen);
  return isUnknown(url) ? url : false;
}
