/**
 * The directory schema of the tests, made from the catalogue: names, syntaxes and classes are dcm4chee's, the object
 * identifiers are invented (below OpenLDAP's arc for experiments).
 */
import data from "../../data/dcm4chee/options.json" with { type: "json" };

interface Row {
  readonly kind: string;
  readonly section: string;
  readonly name: string;
  readonly type: string;
  readonly multi?: boolean;
  readonly required?: boolean;
}

const arc = "1.3.6.1.4.1.4203.666.11.99";

const syntaxes: Readonly<Record<string, string>> = {
  boolean: "EQUALITY booleanMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.7",
  integer: "EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27",
  dn: "EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12",
  octets: "EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40",
  binary: "SYNTAX 1.3.6.1.4.1.1466.115.121.1.40",
};
const text = "EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15";

/** What the catalogue does not list, because it bears on nothing. */
const further: readonly Row[] = [
  ...["dicomSOPClass", "dicomTransferRole"].map((name) => ({
    kind: "ldap",
    section: "dicomTransferCapability",
    name,
    type: "string",
  })),
  {
    kind: "ldap",
    section: "dicomTransferCapability",
    name: "dicomTransferSyntax",
    type: "string",
    multi: true,
  },
];

const auxiliary = new Set([
  "dcmDevice",
  "dcmNetworkConnection",
  "dcmNetworkAE",
  "dcmArchiveDevice",
  "dcmArchiveNetworkAE",
  "dcmArchiveHL7Application",
]);
const standard = new Set(["cn", "uid", "userpassword", "description"]);
const containers = ["dicomConfigurationRoot", "dicomDevicesRoot"];

/** The schema as one entry of cn=schema,cn=config. */
export function schemaLdif(): string {
  const rows: readonly Row[] = [...data.options.filter((row) => row.kind === "ldap"), ...further];
  const attributes = new Map(
    rows.filter((row) => !standard.has(row.name.toLowerCase())).map((row) => [row.name.toLowerCase(), row]),
  );
  const lines = [...attributes.values()].map((row, index) => {
    const single = row.multi === true ? "" : " SINGLE-VALUE";
    return `olcAttributeTypes: ( ${arc}.1.${index + 1} NAME '${row.name}' ${syntaxes[row.type] ?? text}${single} )`;
  });
  const sections = [...new Set([...rows.map((row) => row.section), "dcmAuditRecordRepository"])];
  const classes = sections.map((section, index) =>
    classLine(
      section,
      index + 1,
      rows.filter((row) => row.section === section),
    ),
  );
  const roots = containers.map(
    (name, index) => `olcObjectClasses: ( ${arc}.3.${index + 1} NAME '${name}' SUP top STRUCTURAL MUST cn )`,
  );
  return `dn: cn=dcm4chee,cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: dcm4chee\n${[...lines, ...classes, ...roots].join("\n")}\n`;
}

function classLine(section: string, number: number, rows: readonly Row[]): string {
  const names = (required: boolean): readonly string[] =>
    rows.filter((row) => (row.required === true) === required).map((row) => row.name);
  const must = names(true);
  const may = new Set(
    [...names(false), "cn", "description", "dicomNetworkConnectionReference", "dicomInstalled"].filter(
      (name) => !must.includes(name),
    ),
  );
  const demands = must.length === 0 ? "" : ` MUST ( ${must.join(" $ ")} )`;
  const kind = auxiliary.has(section) ? "AUXILIARY" : "STRUCTURAL";
  const allowed =
    kind === "AUXILIARY" ? [...may].filter((name) => rows.some((row) => row.name === name)) : [...may];
  return `olcObjectClasses: ( ${arc}.2.${number} NAME '${section}' SUP top ${kind}${demands}${allowed.length === 0 ? "" : ` MAY ( ${allowed.join(" $ ")} )`} )`;
}
