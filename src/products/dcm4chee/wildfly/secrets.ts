/** Passwords in a configuration of WildFly. */
import { isUnknown } from "../../../facts/unknown.ts";
import { type XmlElement, xmlAttribute, xmlChild, xmlChildren } from "../../../sources/xml/tree.ts";
import type { Text } from "../../../text/text.ts";
import type { Surroundings } from "../archive.ts";
import { type Secret, secretOf } from "../secrets.ts";
import { subsystem, type WildFlyServer } from "./server.ts";
import { settle } from "./sockets.ts";

/** Passwords in the configuration. */
export function wildflySecrets(server: WildFlyServer, around: Surroundings): readonly Secret[] {
  const secrets = server.datasources.flatMap((source) => {
    if (source.password === undefined || source.name === "ExampleDS") return [];
    const user = settle(source.user, around, source.element).value;
    return [
      secretOf(
        source.password,
        `datasource ${source.name}: password`,
        "the database",
        isUnknown(user) ? null : user,
        around,
      ),
    ];
  });
  const elytron = subsystem(server.root, "elytron(?::[a-z]+)?");
  const references = elytron === undefined ? [] : credentialReferences(elytron);
  const stores = references.map(({ owner, text }) =>
    secretOf(text, `${owner}: credential`, `the ${owner}`, null, around),
  );
  const clients = server.secured.flatMap((secured) =>
    clientSecret(secured.element, secured.name.value, around),
  );
  return [...secrets, ...stores, ...clients];
}

function credentialReferences(
  element: XmlElement,
): readonly { readonly owner: string; readonly text: Text }[] {
  const found: { owner: string; text: Text }[] = [];
  const pending: XmlElement[] = [element];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const reference = xmlChild(current, "credential-reference");
    const text = reference && xmlAttribute(reference, "clear-text")?.value;
    if (text !== undefined)
      found.push({
        owner: `${current.name} ${xmlAttribute(current, "name")?.value.value ?? ""}`.trim(),
        text,
      });
    pending.push(...xmlChildren(current));
  }
  return found;
}

function clientSecret(element: XmlElement, name: string, around: Surroundings): readonly Secret[] {
  return xmlChildren(element, "credential").flatMap((credential) => {
    const text = xmlAttribute(credential, "secret")?.value;
    return text === undefined
      ? []
      : [
          secretOf(
            text,
            `oidc ${name}: secret`,
            `the client of ${name} at the identity provider`,
            null,
            around,
          ),
        ];
  });
}
