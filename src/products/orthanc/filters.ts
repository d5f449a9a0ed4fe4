/**
 * Plugins and scripts that stand between a caller and the REST API.
 * Source: orthanc-authorization Plugin/Plugin.cpp (FilterHttpRequests, OrthancPluginInitialize); orthanc-education
 * Plugin.cpp; OrthancFramework HttpServer.cpp for the order of checks.
 */
import type { Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, not, or, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { OrthancModel } from "./model.ts";
import { plugin } from "./plugins.ts";
import { scalarText } from "./settings.ts";

/** What the filters of a server come to. */
export interface RequestFilter {
  /** Some plugin asks for a login of its own. */
  readonly installed: Maybe<boolean>;
  /** The built-in login no longer counts. */
  readonly replacesLogin: Maybe<boolean>;
  /** Whether an anonymous caller may read, or change, where the built-in login does not stop it. */
  readonly letsRead: Maybe<boolean>;
  readonly letsChange: Maybe<boolean>;
  /** A Lua script of the site is asked about every request. */
  readonly scripted: Maybe<boolean>;
  readonly origins: readonly Origin[];
  /** The folders that are read without asking the plugin, and the scripts. */
  readonly readOrigins: readonly Origin[];
}

/** The keys of which one makes the authorization plugin install its filter. */
const filterKeys = [
  "WebServiceTokenValidationUrl",
  "WebService",
  "WebServiceUserProfileUrl",
  "WebServiceRootUrl",
];

/** Works out what stands in front of the REST API besides the built-in login. */
export function requestFilter(model: OrthancModel): RequestFilter {
  const authorization = authorizationFilter(model);
  const education = plugin(model.plugins, "education");
  const lua = luaFilter(model);
  const unseen = or(authorization.installed, education.active, lua);
  const service = isUnknown(unseen) ? unseen : unknown("opaque", "a script or a service decides");
  const none = and(not(authorization.installed), not(education.active), not(lua));
  const opaque = none === true ? true : service;
  return {
    installed: or(authorization.installed, education.active),
    replacesLogin: education.active,
    letsRead:
      authorization.installed === true ? or(authorization.letsRead, lua === true ? service : false) : opaque,
    letsChange: authorization.installed === true ? false : opaque,
    scripted: lua,
    origins: [...authorization.origins, ...(education.active === false ? [] : education.origins)],
    readOrigins: [
      ...authorization.readOrigins,
      ...(lua === false ? [] : [model.settings.originOf(["LuaScripts"])]),
    ],
  };
}

interface AuthorizationFilter {
  readonly installed: Maybe<boolean>;
  readonly letsRead: Maybe<boolean>;
  readonly origins: readonly Origin[];
  readonly readOrigins: readonly Origin[];
}

/** The plugin refuses (403) what its service does not grant, except below its unchecked folders, for reading. */
function authorizationFilter(model: OrthancModel): AuthorizationFilter {
  const { settings } = model;
  const section = settings.find(["Authorization"]);
  const state = plugin(model.plugins, "authorization");
  if (section === undefined || state.loaded === false)
    return { installed: false, letsRead: false, origins: [], readOrigins: [] };
  const configured = or(...filterKeys.map((key) => hasText(settings.find(["Authorization", key]))));
  const unchecked = settings.find(["Authorization", "UncheckedFolders"]);
  return {
    installed: and(state.loaded, configured),
    letsRead: coversEverything(unchecked),
    origins: [settings.originOf(["Authorization"])],
    readOrigins: unchecked === undefined ? [] : [settings.originOf(["Authorization", "UncheckedFolders"])],
  };
}

function hasText(tree: Tree | undefined): Maybe<boolean> {
  if (tree === undefined) return false;
  if (tree.kind === "unknown") return unknown("input", tree.hole.reason, tree);
  return tree.kind === "string" && tree.text.value !== "";
}

/** Whether one of the unchecked folders is so short that the studies lie below it. */
function coversEverything(tree: Tree | undefined): Maybe<boolean> {
  if (tree?.kind === "unknown") return unknown("input", tree.hole.reason, tree);
  if (tree?.kind !== "array") return false;
  const covered = tree.items.map((item): Maybe<boolean> => {
    if (item.kind === "unknown") return unknown("input", item.hole.reason, item);
    return "/studies".startsWith(scalarText(item).replace(/\/+$/u, ""));
  });
  return or(...covered);
}

/** A script with IncomingHttpRequestFilter may refuse what the settings allow; it cannot open what they bar. */
function luaFilter(model: OrthancModel): Maybe<boolean> {
  const scripts = model.settings.find(["LuaScripts"]);
  if (scripts?.kind !== "array") return false;
  const verdicts = scripts.items.map((item): Maybe<boolean> => {
    if (item.kind !== "string") return false;
    const found = model.service.lookup(item.text.value, configurationFolder(model));
    if (found.state !== "found") return false;
    const opened = model.context.sources.open(found.path);
    return opened.ok && /^[^-\n]*\bIncomingHttpRequestFilter\s*[(=]/mu.test(opened.source.text.value);
  });
  return or(...verdicts);
}

/** The folder against which most relative paths are resolved: that of the first configuration path. */
export function configurationFolder(model: Pick<OrthancModel, "service">): string | null {
  const [first] = model.service.configuration;
  if (first === undefined) return model.service.workingDirectory;
  if (first.form === "folder") return first.path;
  const slash = first.path.lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : first.path.slice(0, slash);
}
