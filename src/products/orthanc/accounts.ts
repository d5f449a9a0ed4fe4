/**
 * The accounts that a server takes over HTTP.
 * Source: OrthancServer/Sources/OrthancConfiguration.cpp, SetupRegisteredUsers; OrthancFramework HttpServer.cpp,
 * IsAuthenticated; orthanc-education Plugin/Plugin.cpp. Measured on 1.9.1, 1.10.1, 1.12.7 and 1.13.0.
 */
import type { AccountFact, PasswordVerdict, Reach } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { and, type Maybe, map, not, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { isGuessable, judgePassword } from "../passwords.ts";
import { type OrthancModel, since } from "./model.ts";
import { plugin } from "./plugins.ts";
import { isSupplied, passwordVerdict, valueOrigins } from "./secret-values.ts";
import type { Login, User } from "./users.ts";
import { memberValue } from "./walk.ts";

/** One fact for each account, listed or created by the server; `reach` is that of the listener that takes them. */
export function accountFacts(model: OrthancModel, login: Login, reach: Maybe<Reach>): readonly AccountFact[] {
  const users = login.users.map((user) => userFact(model, login, user, reach));
  return [...users, ...educationFacts(model, reach)];
}

function userFact(model: OrthancModel, login: Login, user: User, reach: Maybe<Reach>): AccountFact {
  const tree = listedPassword(model, user.name);
  const { authentication } = login;
  const server = model.settings.boolean("HttpServerEnabled");
  return {
    ...base(model, user.name),
    password:
      tree === undefined || user.createdBy === "server"
        ? createdVerdict(user)
        : passwordVerdict(tree, user.name),
    createdBy: user.createdBy,
    usable: and(
      server.value,
      authentication.value,
      not(plugin(model.plugins, "education").active),
      acceptable(model, tree, user),
    ),
    reach,
    purpose: "REST API",
    colonInName: user.name.includes(":"),
    published: map(user.password, (password) => isGuessable(user.name, password)),
    supplied: user.supplied,
    origins: {
      "": user.origins,
      "/name": nameOrigins(model, user),
      "/colonInName": nameOrigins(model, user),
      "/password": user.origins,
      "/usable":
        authentication.value === false
          ? authentication.origins
          : [...server.origins, ...authentication.origins],
    },
  };
}

function base(
  model: OrthancModel,
  name: string,
): Pick<AccountFact, "kind" | "id" | "service" | "product" | "name"> {
  return {
    kind: "account",
    id: `${model.service.name}/account/${name}`,
    service: model.service.name,
    product: "orthanc",
    name,
  };
}

function createdVerdict(user: User): PasswordVerdict {
  return typeof user.password === "string" ? judgePassword(user.name, user.password) : "reference";
}

function listedPassword(model: OrthancModel, name: string): Tree | undefined {
  const users = model.settings.find(["RegisteredUsers"]);
  return users?.kind === "object" ? memberValue(users, name) : undefined;
}

/** A password that is no text, or a name with a colon, stops the newer releases: the account never works there. */
function acceptable(model: OrthancModel, tree: Tree | undefined, user: User): Maybe<boolean> {
  if (user.name.includes(":") && since(model, "1.12.10")) return false;
  if (tree === undefined || tree.kind === "string" || !since(model, "1.12.9")) return true;
  if (tree.kind === "unknown") return tree.quoted ? true : unknown("input", tree.hole.reason, tree);
  return false;
}

function nameOrigins(model: OrthancModel, user: User): readonly Origin[] {
  const users = model.settings.find(["RegisteredUsers"]);
  const member =
    users?.kind === "object" ? users.members.findLast((candidate) => candidate.key === user.name) : undefined;
  return member === undefined ? user.origins : [fromPlace(member.keyAt)];
}

/** The Education plugin has logins of its own, asked for where its Authentication is Login. */
function educationFacts(model: OrthancModel, reach: Maybe<Reach>): readonly AccountFact[] {
  const { settings } = model;
  return (["Administrators", "StandardUsers"] as const).flatMap((group) => {
    const listed = settings.find(["Education", group, "Credentials"]);
    if (listed?.kind !== "object") return [];
    const mode = settings.string(`Education.${group}.Authentication`);
    const asked = typeof mode.value === "object" && mode.value !== null ? mode.value : mode.value === "Login";
    return listed.members.map((member): AccountFact => {
      const origins = valueOrigins(member.value);
      return {
        ...base(model, member.key),
        id: `${model.service.name}/account/Education.${group}.${member.key}`,
        password: passwordVerdict(member.value, member.key),
        supplied: isSupplied(member.value),
        createdBy: "file",
        usable: and(plugin(model.plugins, "education").active, asked),
        reach,
        purpose: group === "Administrators" ? "administration of the Education plugin" : "Education plugin",
        origins: {
          "": origins,
          "/name": [fromPlace(member.keyAt)],
          "/password": origins,
          "/usable": mode.origins,
        },
      };
    });
  });
}
