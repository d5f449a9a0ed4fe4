/**
 * Would it start? The reasons for which Orthanc refuses a configuration, by release.
 * Source: OrthancServer/Sources/main.cpp, OrthancConfiguration.cpp; OrthancFramework RemoteModalityParameters.cpp,
 * WebServiceParameters.cpp, DicomTls.cpp, HttpServer.cpp; measured on four releases.
 */

import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { optionAt } from "./catalogue.ts";
import { configurationFolder } from "./filters.ts";
import { noUserMessage } from "./image/users.ts";
import type { Fault } from "./load.ts";
import { readAlwaysAllowed } from "./modalities.ts";
import { isDebian, type OrthancModel, since } from "./model.ts";
import { modalityFaults, peerFaults } from "./nodes.ts";
import { wrongTypes } from "./types.ts";
import type { Login } from "./users.ts";

/** Every reason against the start, and those for which a started server dies. */
export function startupFaults(model: OrthancModel, login: Login): readonly Fault[] {
  return [
    ...model.loaded.faults,
    ...typeFaults(model),
    ...numberFaults(model),
    ...userFaults(model, login),
    ...modalityFaults(model),
    ...peerFaults(model),
    ...valueFaults(model),
    ...httpTlsFaults(model),
    ...dicomTlsFaults(model),
    ...portFaults(model),
    ...scriptFaults(model),
  ];
}

function refusal(message: string, expected: string, ...origins: readonly Origin[]): Fault {
  return { message, expected, effect: "start", origins };
}

/** A form that a later release brought says, where the release is not known, that it is not older. */
function isNewerForm(model: OrthancModel, path: string, tree: Tree): boolean {
  return path === "OverwriteInstances" && tree.kind === "string" && model.service.version.value === null;
}

function typeFaults(model: OrthancModel): readonly Fault[] {
  return wrongTypes(model.settings).flatMap(({ option, tree, effect }): readonly Fault[] => {
    if (isNewerForm(model, option.path, tree)) return [];
    const words = option.path === "OverwriteInstances" && !since(model, "1.13.0") ? "boolean" : option.type;
    const expected = typeNames(words);
    if (effect === "refuses")
      return [
        refusal(
          `${option.path} must be ${expected}, and Orthanc refuses to start with ${describe(tree)}`,
          expected,
          fromPlace(tree),
        ),
      ];
    if (effect === "late" && crashesLate(model)) {
      const message = `${option.path} must be ${expected}; one association of any caller ends the server while it is ${describe(tree)}`;
      return [{ message, expected, effect: "crash", origins: [fromPlace(tree)] }];
    }
    return [];
  });
}

/** Measured on four releases: an association ends the server when nothing is allowed to everybody and a title is listed. */
function crashesLate(model: OrthancModel): boolean {
  const always = Object.values(readAlwaysAllowed(model.settings).operations);
  return model.modalities.length > 0 && always.every((allowed) => allowed === false);
}

/** What a value is, for a message; never the value of a text, which may be a secret. */
function describe(tree: Tree): string {
  switch (tree.kind) {
    case "string":
    case "unknown":
      return "a text in quotes";
    case "number":
      return tree.integer ? "a number" : "a number with a fraction";
    case "boolean":
      return String(tree.value);
    case "null":
      return "null";
    case "array":
      return "a list in brackets";
    case "object":
      return "an object in braces";
  }
}

function typeNames(types: string): string {
  const names: Readonly<Record<string, string>> = {
    boolean: "true or false without quotes",
    integer: "a whole number without quotes",
    string: "a text in quotes",
    array: "a list in brackets",
    object: "an object in braces",
  };
  return types
    .split("|")
    .map((type) => names[type] ?? type)
    .join(" or ");
}

/** Keys that may not be zero. */
const positive = ["HttpThreadsCount", "HttpRequestTimeout", "DicomThreadsCount"];

function numberFaults(model: OrthancModel): readonly Fault[] {
  const faults: Fault[] = [];
  const bad = new Set(wrongTypes(model.settings).map(({ option }) => option.path));
  for (const [key, { value }] of model.loaded.members) {
    const option = optionAt(key);
    if (option?.section !== "core" || option.type !== "integer" || bad.has(key) || !model.settings.knows(key))
      continue;
    if (value.kind !== "number") continue;
    const zero = value.value === 0 && positive.includes(key);
    if (value.value < 0 || zero) {
      faults.push(
        refusal(
          `${key} is ${value.value}, and Orthanc refuses to start with it`,
          zero ? "1 or more" : "0 or more",
          fromPlace(value),
        ),
      );
    }
  }
  return faults;
}

function userFaults(model: OrthancModel, login: Login): readonly Fault[] {
  const { settings } = model;
  if (settings.boolean("HttpServerEnabled").value !== true) return [];
  const faults: Fault[] = [];
  const toldByImage = model.image?.faults.some(({ message }) => message === noUserMessage) === true;
  if (login.refusesWithoutUsers === true && !toldByImage) {
    const message =
      "Remote access and login are on and RegisteredUsers is missing: Orthanc refuses to start since 1.13.0";
    faults.push(
      refusal(
        message,
        "at least one user in RegisteredUsers",
        settings.originOf(["RegisteredUsers"]),
        ...login.remoteAccess.origins,
      ),
    );
  }
  const users = settings.find(["RegisteredUsers"]);
  if (users?.kind !== "object") return faults;
  for (const member of users.members) {
    const scalar = member.value.kind !== "object" && member.value.kind !== "array";
    const text = member.value.kind === "string" || member.value.kind === "unknown";
    if (!scalar || (!text && since(model, "1.12.9"))) {
      faults.push(
        refusal(
          "A password in RegisteredUsers must be a text in quotes, and Orthanc refuses to start otherwise",
          "a text in quotes",
          fromPlace(member.value),
        ),
      );
    }
    if (member.key.includes(":") && since(model, "1.12.10")) {
      faults.push(
        refusal(
          "A user name in RegisteredUsers may not hold a colon, and Orthanc refuses to start since 1.12.10",
          "a name without colon",
          fromPlace(member.keyAt),
        ),
      );
    }
  }
  return faults;
}

/** Names that Warnings knows, with their release. */
const warningNames: Readonly<Record<string, string>> = {
  W001_TagsBeingReadFromStorage: "1.11.0",
  W002_InconsistentDicomTagsInDb: "1.11.0",
  W003_DecoderFailure: "1.12.5",
  W004_NoMainDicomTagsSignature: "1.12.5",
  W005_RequestingTagFromLowerResourceLevel: "1.12.5",
  W006_RequestingTagFromMetaHeader: "1.12.5",
  W007_MissingRequestedTagsNotReadFromDisk: "1.12.5",
};

/** Options that take one of a few words. */
const words: Readonly<Record<string, readonly string[]>> = {
  StorageAccessOnFind: ["Always", "Never", "Answers"],
  BuiltinDecoderTranscoderOrder: ["Before", "After", "Disabled"],
  DeidentifyLogsDicomVersion: ["2008", "2017c", "2021b", "2023b"],
};

function valueFaults(model: OrthancModel): readonly Fault[] {
  const { settings } = model;
  const faults: Fault[] = [];
  for (const [key, allowed] of Object.entries(words)) {
    const tree = settings.find([key]);
    if (tree?.kind !== "string" || !settings.knows(key) || allowed.includes(tree.text.value)) continue;
    faults.push(
      refusal(
        `${key} has a value that Orthanc does not know, and it refuses to start`,
        allowed.join(", "),
        fromPlace(tree),
      ),
    );
  }
  const overwrite = settings.find(["OverwriteInstances"]);
  if (
    since(model, "1.13.0") &&
    overwrite?.kind === "string" &&
    !["Never", "Always", "IfChanged"].includes(overwrite.text.value)
  ) {
    faults.push(
      refusal(
        "OverwriteInstances has a value that Orthanc does not know, and it refuses to start",
        "Never, Always or IfChanged",
        fromPlace(overwrite),
      ),
    );
  }
  return [...faults, ...warningFaults(model), ...storageFaults(model), ...titleFaults(model)];
}

/** Names of warnings that the release does not know. */
function warningFaults(model: OrthancModel): readonly Fault[] {
  const warnings = model.settings.find(["Warnings"]);
  if (warnings?.kind !== "object" || !since(model, "1.11.0")) return [];
  const known = Object.keys(warningNames).filter((name) => since(model, warningNames[name] ?? "0"));
  const strange = warnings.members.filter(({ key }) => !known.includes(key));
  if (strange.length === 0) return [];
  const origins = strange.map(({ keyAt }) => fromPlace(keyAt));
  const message = "Warnings has a name that this release does not know, and Orthanc refuses to start";
  return [refusal(message, known.join(", "), ...origins)];
}

function storageFaults(model: OrthancModel): readonly Fault[] {
  const { settings } = model;
  if (!since(model, "1.13.0") || settings.boolean("PatientLevelEnabled").value !== false) return [];
  return ["MaximumPatientCount", "MaximumStorageSize"].flatMap((key) => {
    const { value, origins } = settings.integer(key);
    if (isUnknown(value) || value === 0) return [];
    return [
      refusal(
        `${key} cannot be used while PatientLevelEnabled is false, and Orthanc refuses to start`,
        `${key}: 0, or PatientLevelEnabled: true`,
        ...origins,
      ),
    ];
  });
}

/**
 * The server's own AE title: 1 to 16 characters; since 1.13.0 without control characters and backslash. While the DICOM
 * server is off 1.13.0 still looks at it, but not at its length, and older releases do not (measured on four releases).
 */
function titleFaults(model: OrthancModel): readonly Fault[] {
  const tree = model.settings.find(["DicomAet"]);
  const isServing = model.settings.boolean("DicomServerEnabled").value === true;
  if (tree?.kind !== "string" || (!isServing && !since(model, "1.13.0"))) return [];
  const raw = tree.text.value;
  const title = since(model, "1.13.0") ? raw.replace(/^ +| +$/gu, "") : raw;
  const badCharacter = since(model, "1.13.0") && /[\u0000-\u001f\u007f\\]/u.test(raw);
  const tooLong = title.length > 16 && isServing;
  if (title.length > 0 && !tooLong && !badCharacter) return [];
  return [
    refusal(
      "DicomAet is not a valid AE title, and Orthanc refuses to start",
      "1 to 16 characters",
      fromPlace(tree),
    ),
  ];
}

/** Whether a file that the configuration names is certainly not there. */
function isMissing(model: OrthancModel, path: string, base: string | null): boolean {
  return model.service.lookup(path, base).state === "missing";
}

function httpTlsFaults(model: OrthancModel): readonly Fault[] {
  const { settings } = model;
  const enabled = settings.boolean("SslEnabled");
  if (settings.boolean("HttpServerEnabled").value !== true || enabled.value !== true) return [];
  const faults: Fault[] = [...debianTlsFault(model, enabled.origins)];
  const base = configurationFolder(model);
  const certificate = settings.string("SslCertificate");
  if (typeof certificate.value === "string" && isMissing(model, certificate.value, base)) {
    faults.push(
      refusal(
        "SslEnabled is on and the file of SslCertificate is not there: Orthanc refuses to start",
        "a PEM file with certificate and private key",
        ...certificate.origins,
      ),
    );
  } else if (
    typeof certificate.value === "string" &&
    lacksPart(model, certificate.value, base, ["CERTIFICATE", "PRIVATE KEY"])
  ) {
    faults.push(
      refusal(
        "The file of SslCertificate does not hold both certificate and private key: Orthanc refuses to start",
        "certificate and private key in one PEM file",
        ...certificate.origins,
      ),
    );
  }
  if (!since(model, "1.7.4") || settings.boolean("SslVerifyPeers").value !== true) return faults;
  const trusted = settings.string("SslTrustedClientCertificates");
  if (
    typeof trusted.value === "string" &&
    (isMissing(model, trusted.value, base) || lacksPart(model, trusted.value, base, ["CERTIFICATE"]))
  ) {
    faults.push(
      refusal(
        "SslVerifyPeers is on and there is no trusted certificate in SslTrustedClientCertificates: Orthanc refuses to start",
        "a PEM file with the certificates of the clients",
        ...trusted.origins,
      ),
    );
  }
  return faults;
}

/** Debian's builds from 1.10.1 on die at the first TLS handshake; 1.9.1 needs a library that is not installed. */
function debianTlsFault(model: OrthancModel, origins: readonly Origin[]): readonly Fault[] {
  if (!isDebian(model)) return [];
  const message = since(model, "1.10.0")
    ? "Debian's package of Orthanc dies at the first HTTPS connection of anybody, before any login"
    : "Debian's package of Orthanc 1.9.1 starts with SslEnabled only where an unversioned libssl.so is installed";
  return [{ message, expected: "SslEnabled: false, with TLS in a reverse proxy", effect: "crash", origins }];
}

/** Whether a file that can be read lacks one of these PEM sections. */
function lacksPart(
  model: OrthancModel,
  path: string,
  base: string | null,
  parts: readonly string[],
): boolean {
  const found = model.service.lookup(path, base);
  if (found.state !== "found") return false;
  const opened = model.context.sources.open(found.path);
  if (!opened.ok) return opened.reason === "binary";
  const { value } = opened.source.text;
  return parts.some((part) => !new RegExp(`-----BEGIN [A-Z ]*${part}-----`, "u").test(value));
}

/** DICOM over TLS; files that are named are opened even while it is off (key and certificate as a pair). */
function dicomTlsFaults(model: OrthancModel): readonly Fault[] {
  if (!since(model, "1.9.0")) return [];
  const { settings } = model;
  const faults: Fault[] = [];
  const text = (key: string): string | null => {
    const { value } = settings.string(key);
    return typeof value === "string" && value !== "" ? value : null;
  };
  const certificate = text("DicomTlsCertificate");
  const key = text("DicomTlsPrivateKey");
  const trusted = text("DicomTlsTrustedCertificates");
  const named: [string, string | null][] = [["DicomTlsTrustedCertificates", trusted]];
  if (certificate !== null && key !== null)
    named.push(["DicomTlsCertificate", certificate], ["DicomTlsPrivateKey", key]);
  for (const [option, path] of named) {
    if (path !== null && isMissing(model, path, model.service.workingDirectory)) {
      faults.push(
        refusal(
          `The file of ${option} is not there: Orthanc refuses to start, even while DICOM TLS is off`,
          "the path of a file that exists, best an absolute one",
          settings.originOf([option]),
        ),
      );
    }
  }
  const enabled = settings.boolean("DicomTlsEnabled");
  if (settings.boolean("DicomServerEnabled").value !== true || enabled.value !== true) return faults;
  return [
    ...faults,
    ...missingTlsParts(model, {
      DicomTlsCertificate: certificate,
      DicomTlsPrivateKey: key,
      DicomTlsTrustedCertificates: trusted,
    }),
    ...dicomCipherFaults(model),
  ];
}

function missingTlsParts(
  model: OrthancModel,
  parts: Readonly<Record<string, string | null>>,
): readonly Fault[] {
  const { settings } = model;
  const required = settings.boolean("DicomTlsRemoteCertificateRequired", true).value;
  const needsTrusted = !since(model, "1.12.4") || required === true;
  return Object.entries(parts).flatMap(([option, path]) => {
    if (path !== null || isUnknown(settings.string(option).value)) return [];
    if (option === "DicomTlsTrustedCertificates" && !needsTrusted) return [];
    return [
      refusal(
        `DicomTlsEnabled is on without ${option}: Orthanc refuses to start`,
        `the path of a PEM file in ${option}`,
        settings.originOf([option]),
        ...settings.boolean("DicomTlsEnabled").origins,
      ),
    ];
  });
}

function dicomCipherFaults(model: OrthancModel): readonly Fault[] {
  if (!since(model, "1.12.4")) return [];
  const { settings } = model;
  const version = settings.integer("DicomTlsMinimumProtocolVersion");
  const ciphers = settings.strings("DicomTlsCiphersAccepted");
  if (isUnknown(ciphers.value) || ciphers.value === null || ciphers.value.length === 0 || version.value !== 0)
    return [];
  return [
    refusal(
      "DicomTlsCiphersAccepted cannot be used while DicomTlsMinimumProtocolVersion is 0: Orthanc refuses to start",
      "DicomTlsMinimumProtocolVersion 4 or 5, or no list of ciphers",
      ...ciphers.origins,
      ...version.origins,
    ),
  ];
}

/** Both servers on one port: the second cannot open it. */
function portFaults(model: OrthancModel): readonly Fault[] {
  const { settings } = model;
  if (
    settings.boolean("HttpServerEnabled").value !== true ||
    settings.boolean("DicomServerEnabled").value !== true
  )
    return [];
  const http = settings.integer("HttpPort");
  const dicom = settings.integer("DicomPort");
  if (isUnknown(http.value) || isUnknown(dicom.value)) return [];
  if ((http.value & 0xffff) !== (dicom.value & 0xffff) || (http.value & 0xffff) === 0) return [];
  return [
    refusal(
      "HttpPort and DicomPort are the same: Orthanc refuses to start",
      "two different ports",
      ...http.origins,
      ...dicom.origins,
    ),
  ];
}

/** Lua scripts that are not there stop the start. */
function scriptFaults(model: OrthancModel): readonly Fault[] {
  const scripts = model.settings.find(["LuaScripts"]);
  if (scripts?.kind !== "array") return [];
  return scripts.items.flatMap((item) => {
    if (item.kind !== "string" || !isMissing(model, item.text.value, configurationFolder(model))) return [];
    return [
      refusal(
        "A script of LuaScripts is not there: Orthanc refuses to start",
        "the path of a script that exists",
        fromPlace(item),
      ),
    ];
  });
}
