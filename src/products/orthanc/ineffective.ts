/**
 * Settings that look like a protection and are none, beyond keys that are misspelt.
 * Source: OrthancServer/Sources/main.cpp (StartHttpServer, StartDicomServer), OrthancConfiguration.cpp (lists in the
 * database); OrthancServer/Plugins/Samples/MultitenantDicom/MultitenantDicomServer.cpp; Toolbox.cpp,
 * SubstituteVariables; measured on 1.10.1.
 */
import type { IneffectiveFact } from "../../facts/facts.ts";
import { fromPlace, labelled, type Origin } from "../../facts/origin.ts";
import { type Located, locate, type Text } from "../../text/text.ts";
import { type Reference, references } from "./environment.ts";
import { type OrthancModel, since } from "./model.ts";
import { plugin } from "./plugins.ts";

/** One fact for each of them. */
export function ineffectiveFacts(model: OrthancModel): readonly IneffectiveFact[] {
  return [
    ...clientCertificates(model),
    ...unusedDicomCertificate(model),
    ...tenantsWithoutTls(model),
    ...listsInDatabase(model),
    ...variables(model),
  ];
}

function fact(
  model: OrthancModel,
  path: string,
  because: string,
  looksSafe: boolean,
  ...origins: readonly Origin[]
): IneffectiveFact {
  return {
    kind: "ineffective",
    id: `${model.service.name}/ineffective/${path}`,
    service: model.service.name,
    product: "orthanc",
    path,
    because,
    looksSafe,
    origins: { "": origins, "/path": origins },
  };
}

/** A file of trusted clients is looked at only with SslVerifyPeers. Full copies of the default file name one as well. */
function clientCertificates(model: OrthancModel): readonly IneffectiveFact[] {
  const { settings } = model;
  const tree = settings.find(["SslTrustedClientCertificates"]);
  if (!since(model, "1.7.4") || tree?.kind !== "string" || tree.text.value === "") return [];
  if (tree.text.value === "trustedClientCertificates.pem") return [];
  const verify = settings.boolean("SslVerifyPeers");
  if (settings.boolean("SslEnabled").value !== true || verify.value !== false) return [];
  const because = "SslVerifyPeers is not true, so that no certificate is asked of anybody";
  return [fact(model, "SslTrustedClientCertificates", because, true, fromPlace(tree), ...verify.origins)];
}

/** Certificate and key for DICOM, and neither the server nor a connection to others uses them. */
function unusedDicomCertificate(model: OrthancModel): readonly IneffectiveFact[] {
  const { settings } = model;
  if (!since(model, "1.9.0") || settings.boolean("DicomServerEnabled").value !== true) return [];
  const enabled = settings.boolean("DicomTlsEnabled");
  const written = ["DicomTlsCertificate", "DicomTlsPrivateKey"].map((key) => settings.find([key]));
  const [certificate] = written;
  if (certificate === undefined || written.some((tree) => tree?.kind !== "string" || tree.text.value === ""))
    return [];
  if (enabled.value !== false || model.modalities.some((modality) => modality.tls !== false)) return [];
  const because = "DicomTlsEnabled is not true, so that the DICOM port answers in clear text";
  return [fact(model, "DicomTlsCertificate", because, true, fromPlace(certificate), ...enabled.origins)];
}

/** The plugin opens ports of its own, which know no TLS. */
function tenantsWithoutTls(model: OrthancModel): readonly IneffectiveFact[] {
  const enabled = model.settings.boolean("DicomTlsEnabled");
  const servers = model.settings.find(["MultitenantDicom", "Servers"]);
  if (!since(model, "1.12.0") || enabled.value !== true || servers?.kind !== "array") return [];
  if (servers.items.length === 0 || plugin(model.plugins, "multitenant-dicom").loaded === false) return [];
  const because = "the ports of the MultitenantDicom plugin answer without TLS all the same";
  const ports = labelled(fromPlace(servers), "these ports stay without TLS");
  return [fact(model, "DicomTlsEnabled", because, true, ...enabled.origins, ports)];
}

/** A list that is kept in the database is not read from the file, and any HTTP user may change it. */
function listsInDatabase(model: OrthancModel): readonly IneffectiveFact[] {
  const { settings } = model;
  return ["DicomModalities", "OrthancPeers"].flatMap((list) => {
    const tree = settings.find([list]);
    const elsewhere = settings.boolean(`${list}InDatabase`);
    if (tree?.kind !== "object" || tree.members.length === 0 || elsewhere.value !== true) return [];
    const because = `${list}InDatabase is true, so that the list in the database counts`;
    return [fact(model, list, because, list === "DicomModalities", fromPlace(tree), ...elsewhere.origins)];
  });
}

/** Variables whose value does something else than to stand for itself. */
function variables(model: OrthancModel): readonly IneffectiveFact[] {
  return model.loaded.files.flatMap(({ source }) =>
    [...references(source.text.value)].flatMap((reference) => variable(model, source.text, reference)),
  );
}

function variable(model: OrthancModel, text: Text, reference: Reference): readonly IneffectiveFact[] {
  const { start, end, name, fallback } = reference;
  const place = locate(text, start, end);
  const origins = (label: string, at: Located | undefined): readonly Origin[] => [
    fromPlace(place),
    ...(at === undefined ? [] : [fromPlace(at, label)]),
  ];
  if (!/^\w+$/u.test(name) && fallback === undefined && isQuoted(text.value, start)) {
    const because = "it is taken for a variable, and vanishes from the value";
    // What stands between the braces may be part of a password: it is not repeated.
    return [fact(model, "${…}", because, true, ...origins("", undefined))];
  }
  const given = model.service.environment.variables.get(name)?.value;
  if (given === undefined) return [];
  const standing = locate(given, 0, given.value.length);
  if (given.value === "" && fallback !== undefined) {
    const because = "the variable is set and empty, and then the default does not count";
    return [fact(model, `\${${name}}`, because, false, ...origins("the empty value stands here", standing))];
  }
  if (given.value.includes('"') && isQuoted(text.value, start)) {
    const because =
      "its value holds a quotation mark: the text ends there, and the rest is read as configuration";
    return [fact(model, `\${${name}}`, because, true, ...origins("the value stands here", standing))];
  }
  return [];
}

/** Whether an offset lies inside quotation marks: an odd number of them stands before it in its line. */
function isQuoted(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return (line.replace(/\\./gu, "").match(/"/gu) ?? []).length % 2 === 1 && !/^\s*\/\//u.test(line);
}
