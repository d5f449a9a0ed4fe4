/** Variables whose names look like one that the image reads, and that it does not read: the default applies silently. */
import data from "../../../data/image-variables.json" with { type: "json" };
import type { ImageLogin } from "../../deployment/images/catalogue.ts";
import type { Container, ContainerVariable, Service } from "../../deployment/model.ts";
import type { UnknownOptionFact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { isUnknown } from "../../facts/unknown.ts";
import { closestWord, isSlip } from "../spelling.ts";

/** What an image reads, with a source for each in the data file. */
interface ImageVariables {
  readonly image: string;
  readonly variables: readonly string[];
  /** What people write for one of these where no slip of the pen explains it. */
  readonly mistaken: Readonly<Record<string, string | undefined>>;
}

const rows: readonly ImageVariables[] = data.images;

/** One fact for each variable that was probably meant to be another. */
export function unknownVariableFacts(service: Service, container: Container): readonly UnknownOptionFact[] {
  const row = readBy(container);
  if (row === undefined) return [];
  const given = new Set(container.variables.map(({ name }) => name));
  return container.variables.flatMap((variable): UnknownOptionFact[] => {
    const closest = meantBy(row, variable.name);
    // Where the right one is there too, nothing is missing, and the other is likely to be somebody's own.
    if (closest === undefined || given.has(closest) || isUsed(container, variable.name)) return [];
    return [unknownVariable(service, container, variable, closest)];
  });
}

/** Bitnami's copies of images have start scripts of their own; those that have no entry are not judged. */
function readBy(container: Container): ImageVariables | undefined {
  const image = container.recognised;
  if (image === undefined) return undefined;
  const { repository } = image.reference;
  if (isUnknown(repository)) return undefined;
  const isCopy = /^bitnami/u.test(repository) && image.id?.endsWith("-bitnami") === false;
  return isCopy ? undefined : rows.find((row) => row.image === image.id);
}

function meantBy(row: ImageVariables, name: string): string | undefined {
  if (row.variables.includes(name)) return undefined;
  const mistaken = row.mistaken[name];
  if (mistaken !== undefined) return mistaken;
  const closest = closestWord(name, row.variables);
  if (closest === undefined || isNumbered(name, closest)) return undefined;
  return isSlip(name.toUpperCase(), closest.toUpperCase()) ? closest : undefined;
}

/** POSTGRES_DB_2, MYSQL_USERS: names that a site gives to further ones of a kind, for scripts of its own. */
function isNumbered(name: string, closest: string): boolean {
  const bare = (text: string): string => text.toUpperCase().replaceAll(/[\d_]|S(?=_|$)/gu, "");
  return name.toUpperCase() !== closest.toUpperCase() && bare(name) === bare(closest);
}

/** Whether the manifest itself makes use of it: a command line, a health check, a file that it writes. */
function isUsed(container: Container, name: string): boolean {
  const words = [...(container.entrypoint ?? []), ...(container.command ?? []), ...container.healthCheck];
  const texts = container.files.flatMap(({ content }) => (content.type === "text" ? [content.text] : []));
  return [...words, ...texts].some(({ value }) => value.includes(name));
}

function unknownVariable(
  service: Service,
  container: Container,
  { name, at }: ContainerVariable,
  closest: string,
): UnknownOptionFact {
  const origins = [fromPlace(at)];
  return {
    kind: "unknownOption",
    id: `${service.name}/unknownOption/${name}`,
    service: service.name,
    product: service.product,
    path: name,
    closest,
    ...consequenceOf(container, closest),
    origins: { "": origins, "/path": origins, "/closest": origins },
  };
}

type Consequence = Pick<UnknownOptionFact, "effect" | "consequence">;

/** What the image does instead. */
function consequenceOf(container: Container, closest: string): Consequence {
  const image = container.recognised;
  const name = image?.name ?? "the image";
  const login = image?.logins.find(({ passwordVariables }) => passwordVariables.includes(closest));
  const isSet = login?.passwordVariables.some((other) =>
    container.variables.some((one) => one.name === other),
  );
  if (login === undefined || isSet === true)
    return { effect: "none", consequence: `${name} behaves as if ${closest} were not set` };
  return withoutPassword(login, closest, name);
}

function withoutPassword({ without, purpose }: ImageLogin, closest: string, name: string): Consequence {
  switch (without) {
    case "default":
      return { effect: "opens", consequence: `the password that everybody can look up stays (${purpose})` };
    case "open":
      return { effect: "opens", consequence: `${name} asks for no password (${purpose})` };
    case "none":
      return { effect: "none", consequence: `${name} makes no such account (${purpose})` };
    case "random":
      return {
        effect: "none",
        consequence: `${name} makes a password up and writes it to its log (${purpose})`,
      };
    case "refuses":
      return {
        effect: "closes",
        consequence: `${name} does not start with an empty folder of data, since ${closest} is not set`,
      };
    default:
      return without satisfies never;
  }
}
