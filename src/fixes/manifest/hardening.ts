/**
 * Takes rights from a container that its image is known to run without: what it still needs, where it writes and what has to
 * be mounted is in data/images.json, with its source. Nothing is written for an image that nobody has tried.
 */
import type { HardenedImage } from "../../deployment/images/catalogue.ts";
import type { Container, Deployment, Service } from "../../deployment/model.ts";
import type { Fact } from "../../facts/facts.ts";
import { covers } from "../../text/text.ts";
import type { Splice } from "../writers/change.ts";
import { ownMember, removeItem, removeKey } from "../writers/yaml.ts";
import { addVariable, withItem, withList, withValue } from "./compose.ts";
import { type Definition, definitionsOf } from "./definitions.ts";

/** The usual three: no new rights, none of root's, nothing written into the image. */
export function writeUsualRights(service: Service, deployment: Deployment): readonly Splice[] | undefined {
  const { container } = service;
  const image = container?.recognised?.hardened;
  const definition = definitionsOf(service, deployment).at(-1);
  if (container === undefined || image === undefined || image === null || definition === undefined)
    return undefined;
  if (!isAsTried(container, image, service)) return undefined;
  const { hardening } = container;
  const parts = [
    ...(hardening.noNewPrivileges ? [] : items("security_opt", ["no-new-privileges:true"], definition)),
    ...(hardening.dropsCapabilities ? [] : capabilities(image, definition)),
    ...(hardening.readOnly === true ? [] : readOnly(container, image, definition)),
  ];
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : known;
}

/** The account that the image brings along for its server. */
export function writeAccount(service: Service, deployment: Deployment): readonly Splice[] | undefined {
  const account = service.container?.recognised?.hardened?.account ?? null;
  const definition = definitionsOf(service, deployment).at(-1);
  if (account === null || definition === undefined || service.container?.built === true) return undefined;
  const written = withValue("user", account, definition);
  return written === undefined ? undefined : [written];
}

/** Programs, variables and files of the site's own may write elsewhere, or need more. */
export function isAsTried(
  { built, entrypoint, files, mounts, hardening }: Container,
  image: HardenedImage,
  service: Service,
): boolean {
  const covers = (path: string): boolean =>
    files.some(({ target }) => path === target || path.startsWith(`${target}/`));
  return (
    !built &&
    entrypoint === undefined &&
    hardening.privileged === false &&
    hardening.addedCapabilities.length === 0 &&
    service.environment.complete &&
    !image.notWith.some((name) =>
      name.startsWith("/")
        ? files.some(({ target }) => target === name || target.startsWith(`${name}/`))
        : service.environment.variables.has(name),
    ) &&
    image.volumes.every(covers) &&
    mounts.every(({ source }) => typeof source === "string")
  );
}

/** What the list has already is left out. */
function items(
  key: string,
  values: readonly string[],
  definition: Definition,
): readonly (Splice | undefined)[] {
  if (values.length === 0) return [];
  const list = ownMember(definition.object, key)?.value;
  if (list === undefined) return [withList(key, values, definition)];
  const has = (value: string): boolean =>
    list.kind === "array" && list.items.some((one) => one.kind === "string" && one.text.value === value);
  return values.filter((value) => !has(value)).map((value) => withItem(key, value, definition));
}

function capabilities(
  { capabilities: needed }: HardenedImage,
  definition: Definition,
): readonly (Splice | undefined)[] {
  return [...items("cap_drop", ["ALL"], definition), ...items("cap_add", needed, definition)];
}

function readOnly(
  { files, variables }: Container,
  image: HardenedImage,
  definition: Definition,
): readonly (Splice | undefined)[] {
  const set = new Set(variables.map(({ name }) => name));
  const free = image.writes.filter((path) => !files.some(({ target }) => target === path));
  return [
    withValue("read_only", "true", definition),
    ...items("tmpfs", free, definition),
    ...Object.entries(image.variables).flatMap(([name, value]) =>
      set.has(name) ? [] : [addVariable(name, value, definition)],
    ),
  ];
}

/** Programs that are there to command Docker, or to learn from it what runs. */
const dockerTools: readonly string[] = ["traefik", "portainer", "nginx-proxy"];

/** Takes the mounts out that a finding shows; only of programs that are known, and known to need no socket of Docker. */
export function writeWithoutSocket(
  fact: Fact,
  service: Service,
  deployment: Deployment,
): readonly Splice[] | undefined {
  const image = service.container?.recognised;
  const id = image?.hardened == null ? null : image.id;
  if (id === null || dockerTools.includes(id)) return undefined;
  const shown = (fact.origins["/dockerSocket"] ?? []).flatMap((origin) =>
    origin.kind === "place" ? [origin.at] : [],
  );
  const splices = definitionsOf(service, deployment).flatMap(({ object, source }) => {
    const list = ownMember(object, "volumes");
    if (list?.value.kind !== "array" || list.value.via !== undefined) return [];
    const { items } = list.value;
    const found = items.filter((item) => shown.some((place) => covers(item.at, place)));
    if (found.length === items.length && found.length > 0) return [removeKey(object, list, source)];
    const array = list.value;
    return found.map((item) => removeItem(array, item, source, "(remove the socket of Docker)"));
  });
  const known = splices.filter((splice) => splice !== undefined);
  return known.length === 0 || known.length < splices.length ? undefined : known;
}
