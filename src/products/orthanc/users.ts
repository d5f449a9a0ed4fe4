/**
 * Who can log in. Source: OrthancServer/Sources/main.cpp, StartHttpServer, and OrthancConfiguration.cpp,
 * SetupRegisteredUsers, compared over the releases; measured on 1.9.1, 1.10.1, 1.12.7 and 1.13.0.
 */
import type { Origin, Sourced } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, not, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { atLeast, before } from "../version.ts";
import { isSupplied, valueOrigins } from "./secret-values.ts";
import { type Settings, scalarText } from "./settings.ts";

/** An account of the REST API. */
export interface User {
  readonly name: string;
  /** The password's text, for comparisons only: it never enters a fact. */
  readonly password: Maybe<string>;
  readonly createdBy: "file" | "server";
  /** Where the password stands, the place in the configuration first. */
  readonly origins: readonly Origin[];
  /** A variable supplies the password, which is changed where it is set. */
  readonly supplied: boolean;
}

/** The login of the HTTP server. */
export interface Login {
  readonly remoteAccess: Sourced<Maybe<boolean>>;
  /** Effective authentication, with what decides it first. */
  readonly authentication: Sourced<Maybe<boolean>>;
  readonly users: readonly User[];
  /** Whether there are users that the run cannot see. */
  readonly usersUnknown: Maybe<false>;
  /** The server creates orthanc/orthanc by itself. */
  readonly createsDefaultUser: Maybe<boolean>;
  /** No account works at all. */
  readonly nobody: Maybe<boolean>;
  /** 1.13.0 and newer refuse to start: remote access and login on, key absent. */
  readonly refusesWithoutUsers: Maybe<boolean>;
}

/** Works out the login at the settings' release. */
export function deriveLogin(settings: Settings): Login {
  const remoteAccess = settings.boolean("RemoteAccessAllowed");
  const authentication = effectiveAuthentication(settings, remoteAccess);
  const listed = settings.find(["RegisteredUsers"]);
  const users = listedUsers(listed);
  const usersUnknown = unseenUsers(settings, listed);
  const state = usersState(listed, users, usersUnknown);
  const remoteLogin = and(remoteAccess.value, authentication.value);
  const createsDefaultUser = and(remoteLogin, defaultUserCondition(settings.version, state));
  const created: User[] =
    createsDefaultUser === true
      ? [
          {
            name: "orthanc",
            password: "orthanc",
            createdBy: "server",
            origins: [settings.originOf(["RegisteredUsers"])],
            supplied: false,
          },
        ]
      : [];
  const none = isUnknown(state) ? state : state !== "some";
  return {
    remoteAccess,
    authentication,
    users: [...users, ...created],
    usersUnknown,
    createsDefaultUser,
    nobody: and(authentication.value, none, not(createsDefaultUser)),
    refusesWithoutUsers: atLeast(settings.version, "1.13.0")
      ? and(remoteLogin, isUnknown(state) ? state : state === "absent")
      : false,
  };
}

/** The key if it is there; otherwise remote access decides since 1.5.8, and nothing is asked before. */
function effectiveAuthentication(
  settings: Settings,
  remote: Sourced<Maybe<boolean>>,
): Sourced<Maybe<boolean>> {
  const own = settings.originOf(["AuthenticationEnabled"]);
  if (settings.find(["AuthenticationEnabled"]) !== undefined)
    return settings.boolean("AuthenticationEnabled");
  if (settings.open !== undefined) return { value: unknown("input", settings.open), origins: [own] };
  if (atLeast(settings.version, "1.5.8")) return { value: remote.value, origins: [own, ...remote.origins] };
  return { value: false, origins: [own] };
}

type UsersState = "absent" | "empty" | "some";

function usersState(
  listed: Tree | undefined,
  users: readonly User[],
  unseen: Maybe<false>,
): Maybe<UsersState> {
  if (users.length > 0) return "some";
  if (isUnknown(unseen)) return unseen;
  return listed === undefined ? "absent" : "empty";
}

/** From 1.5.8 to 1.12.8 an empty list is enough, up to 1.12.11 only an absent key. */
function defaultUserCondition(version: string, state: Maybe<UsersState>): Maybe<boolean> {
  if (!atLeast(version, "1.5.8") || atLeast(version, "1.13.0")) return false;
  if (isUnknown(state)) return state;
  if (before(version, "1.12.9")) return state !== "some";
  return state === "absent";
}

function unseenUsers(settings: Settings, listed: Tree | undefined): Maybe<false> {
  if (listed === undefined) return settings.open === undefined ? false : unknown("input", settings.open);
  if (listed.kind === "unknown") return unknown("input", listed.hole.reason, listed);
  if (listed.kind === "object" && listed.open !== undefined)
    return unknown("input", listed.open.reason, listed);
  return false;
}

function listedUsers(listed: Tree | undefined): readonly User[] {
  if (listed?.kind !== "object") return [];
  const byName = new Map<string, User>();
  for (const member of listed.members) {
    const { value } = member;
    const password: Maybe<string> =
      value.kind === "unknown" ? unknown("input", value.hole.reason, value) : scalarText(value);
    byName.set(member.key, {
      name: member.key,
      password,
      createdBy: "file",
      origins: valueOrigins(value),
      supplied: isSupplied(value),
    });
  }
  return [...byName.values()];
}
