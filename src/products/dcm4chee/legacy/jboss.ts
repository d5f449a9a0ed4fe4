/** dcm4chee 2.x: JBoss 4's data sources, login modules, users and start options. */
import type { AccountFact, IneffectiveFact } from "../../../facts/facts.ts";
import { fromPlace, type Origin } from "../../../facts/origin.ts";
import { unknown } from "../../../facts/unknown.ts";
import type { PropertiesResult } from "../../../sources/properties.ts";
import { type XmlElement, xmlAttribute, xmlChild, xmlChildren, xmlText } from "../../../sources/xml/tree.ts";
import { locate, slice, type Text } from "../../../text/text.ts";
import { factBase, type Surroundings } from "../archive.ts";
import { isLiteral, judgeSecret, type Secret } from "../secrets.ts";

/** Passwords of `*-ds.xml`. */
export function datasourceSecrets(root: XmlElement, around: Surroundings): readonly Secret[] {
  return xmlChildren(root).flatMap((source): Secret[] => {
    const password = xmlChild(source, "password");
    if (password === undefined) return [];
    const name = xmlChild(source, "jndi-name");
    const user = xmlChild(source, "user-name");
    const text = xmlText(password);
    const where = text.value === "" ? password.startTag : locate(text, 0, text.value.length);
    const secret: Secret = {
      path: `datasource ${name === undefined ? "" : xmlText(name).value}: password`,
      purpose: "the database",
      verdict: judgeSecret(text, user === undefined ? null : xmlText(user).value, around),
      origins: [fromPlace(where)],
    };
    return [isLiteral(text) && text.value !== "" ? { ...secret, place: where.at } : secret];
  });
}

/** Login modules that let everybody in, or that look like a check and are none. */
export function loginFacts(root: XmlElement, around: Surroundings): readonly IneffectiveFact[] {
  return xmlChildren(root, "application-policy").flatMap((policy) => {
    const name = xmlAttribute(policy, "name")?.value.value ?? "";
    const authentication = xmlChild(policy, "authentication");
    const modules = authentication === undefined ? [] : xmlChildren(authentication, "login-module");
    return modules.flatMap((module, index) => moduleFact(name, module, index, around));
  });
}

function moduleFact(
  policy: string,
  module: XmlElement,
  index: number,
  around: Surroundings,
): readonly IneffectiveFact[] {
  const code = xmlAttribute(module, "code")?.value.value ?? "";
  const identity = xmlChildren(module, "module-option").find(
    (option) => xmlAttribute(option, "name")?.value.value === "unauthenticatedIdentity",
  );
  const trusting = /\.TrustLoginModule$/.test(code);
  if (!trusting && identity === undefined) return [];
  const origins: readonly Origin[] = [
    fromPlace(trusting || identity === undefined ? module.startTag : identity),
  ];
  return [
    {
      kind: "ineffective",
      ...factBase(around, "ineffective", `${policy}/${index}`),
      path: `application-policy ${policy}`,
      because: trusting
        ? "TrustLoginModule takes every user name, passwords are not compared"
        : "callers without a login get an identity of their own",
      looksSafe: true,
      origins: { "": origins, "/because": origins },
    },
  ];
}

/** Users of a `*-users.properties`: plain text on JBoss 4, hashes on WildFly. */
export function propertyUsers(
  result: PropertiesResult,
  purpose: string,
  around: Surroundings,
): readonly AccountFact[] {
  return result.properties.map((entry) => ({
    kind: "account",
    ...factBase(around, "account", `${purpose}/${entry.key}`),
    name: entry.key,
    // MD5 of user, realm and password (WildFly): not compared with anything.
    password: /^[0-9a-f]{32}$/i.test(entry.value.value)
      ? "reference"
      : judgeSecret(entry.value, entry.key, around),
    createdBy: "file",
    usable: true,
    reach: unknown("input", "from where the login can be reached"),
    purpose,
    origins: {
      "": [fromPlace(entry)],
      "/name": [fromPlace(entry.keyAt)],
      "/password": [fromPlace(locate(entry.value, 0, entry.value.value.length))],
    },
  }));
}

/** The address of `-b` or `-Djboss.bind.address=` in run.conf or a start script; undefined when none is given. */
export function startAddress(text: Text): Text | undefined {
  for (const line of text.value.matchAll(/^[^#\n]*$/gm)) {
    const match = /(?:[\s"'=]-b(?:[ =]|(?=\d))|-Djboss\.bind\.address=)([\d.:a-zA-Z]+)/.exec(line[0]);
    if (match?.[1] === undefined) continue;
    const start = line.index + match.index + match[0].length - match[1].length;
    return slice(text, start, start + match[1].length);
  }
  return undefined;
}
