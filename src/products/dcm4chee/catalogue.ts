/** The settings of dcm4chee and its images: typed access to data/dcm4chee/options.json. */
import data from "../../../data/dcm4chee/options.json" with { type: "json" };

interface Row {
  readonly kind: string;
  readonly section: string;
  readonly name: string;
  readonly type: string;
  readonly image?: string;
  readonly default: unknown;
  readonly defaultFrom?: string;
  readonly unread?: boolean;
  readonly security: boolean;
  readonly secret?: boolean;
  readonly fileOf?: string;
}

const rows: readonly Row[] = data.options;

const attributes = new Map<string, string>();
const unread = new Set<string>();
for (const row of rows) {
  if (row.kind !== "ldap") continue;
  attributes.set(row.name.toLowerCase(), row.name);
  if (row.unread === true) unread.add(`${row.section.toLowerCase()}.${row.name.toLowerCase()}`);
}

/** Numbers of the schema that JSON has as texts (JsonConfiguration.java), and what the reader of JSON passes over. */
const otherInJson =
  /^(?:dcmAudit(?:Facility|\w+Severity)|dcmQueryMatchUnknown|dcmExportPriority|dcmRevokeRejection|hl7PSUMWL|dcmStgCmtUpdateLocationStatus|dcmAccessControlSeriesIndividually|dcm\w+(?:Task|Message)FetchSize)$/u;

/** The attributes that JSON has as whole numbers and booleans, by their names. */
export const jsonTypes: ReadonlyMap<string, "integer" | "boolean"> = new Map(
  rows.flatMap(({ kind, name, type, unread }): readonly (readonly [string, "integer" | "boolean"])[] => {
    const isTyped = type === "integer" || type === "boolean";
    return kind === "ldap" && isTyped && unread !== true && !otherInJson.test(name) ? [[name, type]] : [];
  }),
);

/** The attributes of dcm4chee's own object classes and of DICOM's, as the schema writes them. */
export const attributeNames: readonly string[] = [...new Set(attributes.values())];

/** Whether the catalogue has an attribute of this name, in whatever class. */
export function isKnownAttribute(name: string): boolean {
  return attributes.has(name.toLowerCase());
}

/** Whether the schema allows an attribute of a class that no code of 5.35 reads. */
export function isUnread(className: string, name: string): boolean {
  return unread.has(`${className.toLowerCase()}.${name.toLowerCase()}`);
}

/** The object classes of which the catalogue lists the attributes, as the schema writes them. */
export const classNames: readonly string[] = [
  ...new Set(rows.flatMap((row) => (row.kind === "ldap" ? [row.section] : []))),
];

/** The same in lower case. */
export const catalogueClasses: ReadonlySet<string> = new Set(classNames.map((name) => name.toLowerCase()));

/** The variables that an image knows. */
export function imageVariables(image: string): readonly string[] {
  return rows.flatMap((row) => (row.kind === "env" && row.image === image ? [row.name] : []));
}

/** The values that an image gives to variables that nobody sets. */
export function imageDefaults(image: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const ofImage = rows.filter((row) => row.kind === "env" && row.image === image);
  for (const row of ofImage) if (typeof row.default === "string") values.set(row.name, row.default);
  for (const row of ofImage) {
    const other = row.defaultFrom === undefined ? undefined : values.get(row.defaultFrom);
    if (other !== undefined && !values.has(row.name)) values.set(row.name, other);
  }
  return values;
}

/** The variables of an image that bear on security and hold no secret. */
export function securityVariables(image: string): readonly string[] {
  return rows.flatMap((row) =>
    row.kind === "env" &&
    row.image === image &&
    row.security &&
    row.secret !== true &&
    row.fileOf === undefined
      ? [row.name]
      : [],
  );
}
