/** dcm4chee: from the files, image and variables of a service to sockets and facts, at one release. */
import type { PublishedPort, Service } from "../../deployment/model.ts";
import type { Fact, FaultFact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Derive, DeriveContext, Derived, Setting } from "../product.ts";
import { weaknesses } from "./advisories.ts";
import { type Fault, factBase, type Surroundings } from "./archive.ts";
import { fileSecrets, notes, otherFacts, realmsOf } from "./beside.ts";
import { archiveDevice, type DeviceDerived, deriveDevice } from "./device.ts";
import { editableOf } from "./editable.ts";
import { countsOn, imageFacts } from "./image-facts.ts";
import { startAddress } from "./legacy/jboss.ts";
import { legacySide } from "./legacy/side.ts";
import {
  createLookup,
  deployedBy,
  directoryOf,
  isLegacyImage,
  type LookupInput,
  runsImage,
  variantOfService,
} from "./lookup.ts";
import type { ConfigObject } from "./model.ts";
import { sampleCheck } from "./sample-keys.ts";
import { secretFacts } from "./secrets.ts";
import { type ArchiveFiles, filesOf } from "./sources.ts";
import { stockDevices } from "./stock.ts";
import { unknownAttributes, unknownClasses, unknownVariables } from "./unknown-names.ts";
import { variableFacts, variableFaults, variableOptions } from "./variables.ts";
import { webSide } from "./web-side.ts";
import { cliSecrets } from "./wildfly/cli.ts";
import { readServer, type WildFlyServer } from "./wildfly/server.ts";
import { believedWithin, loginReach, storeWithin, withReach } from "./within-reach.ts";
/** What a dcm4chee archive does with the configuration of this service. `version` may carry the tag's variant: "5.35.0-secure". */
export const deriveDcm4chee: Derive = (service, version, context) => {
  const files = filesOf(service);
  const wildfly = files.xml.find(({ file }) => file.kind === "wildfly-xml");
  const server = wildfly === undefined ? undefined : readServer(wildfly.root);
  const around = surroundingsOf(service, version, context, propertiesOf(files, server));
  const onlyPages = deployedBy(service) === "ui";
  const config = onlyPages ? undefined : archiveDevice(files.devices, deviceName(around));
  const device = onlyPages ? nothing : deriveDeviceOf(config, files, around, runsImage(service));
  const variant = variantOfService(service, version);
  const web = webSide(files, server, around, service, version);
  const legacy = legacySide(files, around, isLegacyImage(service));
  const secrets = [...device.secrets, ...web.secrets, ...legacy.secrets, ...fileSecrets(files, around)];
  const faults = [...device.faults, ...files.problems.map(problemFault), ...variableFaults(service)];
  return {
    startup: startupOf(faults),
    sockets: [...device.sockets, ...web.sockets, ...legacy.sockets],
    facts: (openings) =>
      [
        ...faults.map((fault, index) => faultFact(fault, index, around)),
        ...device.facts.map((fact) => storeWithin(fact, openings, around)),
        ...web.facts,
        ...legacy.facts,
        ...withReach(otherFacts(files, service, around, web.usersLogIn), loginReach(openings)),
        ...secretFacts(
          files.files.flatMap((file) => (file.kind === "wildfly-cli" ? cliSecrets(file.text, around) : [])),
          around,
        ),
        ...variableFacts(service, around),
        ...(onlyPages ? [] : weaknesses(service, files, variant, web.usersLogIn, around)),
        ...(runsImage(service)
          ? [
              ...variableOptions(service, "dcm4chee-arc-psql", around, (name) =>
                onlyPages && /^(?:LDAP|POSTGRES)_/.test(name) ? false : countsOn(name, variant, around),
              ),
              ...imageFacts(service, variant, server !== undefined || onlyPages, around),
              ...unknownVariables(service, ["dcm4chee-arc-psql", "wildfly"], around),
            ]
          : []),
      ].map((fact) => believedWithin(fact, openings)),
    settings: () => settingsOf([...device.facts, ...web.facts, ...legacy.facts]),
    secrets: secrets.flatMap((secret) => (secret.place === undefined ? [] : [secret.place])),
    problems: notes(files, around),
    assumptions: [...device.assumptions, ...web.assumptions],
    editable: editableOf({
      device: device.device,
      realms: realmsOf(files),
      configuration: files.configuration,
      acceptedTitles: context.site?.parameters.aeTitles?.value ?? [],
      ...baseOf(around),
    }),
  };
};

/** The root of the directory, where a variable names it. */
function baseOf(around: Surroundings): { readonly base?: string } {
  const base = around.lookup("env.LDAP_BASE_DN");
  return base.state === "set" ? { base: base.value.value } : {};
}

function surroundingsOf(
  service: Service,
  version: string,
  context: DeriveContext,
  properties: LookupInput["properties"],
): Surroundings {
  return {
    service: service.name,
    version,
    inContainer: service.network.kind === "container",
    ...(service.network.kind === "container" ? { published: publishedPorts(service.network.published) } : {}),
    ...startOf(service),
    lookup: createLookup({ service, version, properties }),
    isSampleKey: sampleCheck(service, context),
  };
}

function publishedPorts(ports: readonly PublishedPort[]): ReadonlySet<number> {
  return new Set(ports.flatMap(({ containerPort }) => (isUnknown(containerPort) ? [] : [containerPort])));
}

/** The lines that start the archive and its directory. */
function startOf(service: Service): Pick<Surroundings, "startedAt" | "directoryAt"> {
  const started = service.container?.imageAt ?? service.at;
  const directory = directoryOf(service);
  const loaded = directory?.container?.imageAt ?? directory?.at;
  return {
    ...(started === undefined ? {} : { startedAt: started }),
    ...(loaded === undefined ? {} : { directoryAt: loaded }),
  };
}

/** System properties that files set: WildFly's XML, or the start options of JBoss 4. */
function propertiesOf(files: ArchiveFiles, server: WildFlyServer | undefined): LookupInput["properties"] {
  const start = files.files.flatMap((file) => {
    const address = file.kind === "jboss-run-conf" ? startAddress(file.text) : undefined;
    return address === undefined ? [] : [{ name: "jboss.bind.address", value: address }];
  });
  return [...(server?.systemProperties ?? []), ...start];
}

/** The device with what follows from it. */
interface RunningDevice extends DeviceDerived {
  readonly device?: ConfigObject;
}

const nothing: RunningDevice = { sockets: [], facts: [], faults: [], secrets: [], assumptions: [] };

/** The device that runs: from the files, else what the image of the directory loads. */
function deriveDeviceOf(
  device: ConfigObject | undefined,
  files: ArchiveFiles,
  around: Surroundings,
  image: boolean,
): RunningDevice {
  if (device !== undefined) {
    const derived = deriveDevice(device, files.devices, around);
    return {
      ...derived,
      device,
      facts: [...derived.facts, ...unknownAttributes(device, around)],
      faults: [...derived.faults, ...unknownClasses(device)],
    };
  }
  if (!image) return nothing;
  const stock = stockDevices(around);
  const archive = archiveDevice(stock, "dcm4chee-arc");
  if (archive === undefined) return nothing;
  const derived = deriveDevice(archive, stock, around);
  const assumption =
    "No LDIF of the device is among the files: the one that the image slapd-dcm4chee loads is taken for granted.";
  return { ...derived, device: archive, assumptions: [...derived.assumptions, assumption] };
}

/** The name of the device to run: a system property, which the image sets from a variable. */
function deviceName(around: Surroundings): string {
  for (const name of ["dcm4chee-arc.DeviceName", "env.ARCHIVE_DEVICE_NAME"]) {
    const found = around.lookup(name);
    if (found.state === "set") return found.value.value;
  }
  return "dcm4chee-arc";
}

function problemFault(problem: ArchiveFiles["problems"][number]): Fault {
  const expected =
    problem.kind === "syntax" ? "a file that its server can read" : "a record that the server accepts";
  return { message: problem.message, expected, effect: "syntax", origins: [fromPlace(problem)] };
}

function startupOf(faults: readonly Fault[]): Derived["startup"] {
  const against = faults.filter((fault) => fault.effect === "start");
  return {
    verdict: against.length > 0 ? "refuses" : "starts",
    reasons: against.map(({ message, origins }) => ({ message, origins })),
  };
}

function faultFact(fault: Fault, index: number, around: Surroundings): FaultFact {
  return {
    kind: "fault",
    ...factBase(around, "fault", String(index)),
    message: fault.message,
    effect: fault.effect,
    expected: fault.expected,
    origins: { "": fault.origins, "/message": fault.origins },
  };
}

/** Options as settings for `pacslint effective`. */
function settingsOf(facts: readonly Fact[]): readonly Setting[] {
  return facts.flatMap((fact): Setting[] => {
    if (fact.kind !== "option") return [];
    const shown = isUnknown(fact.value) ? `unknown: ${fact.value.reason}` : JSON.stringify(fact.value);
    return [
      {
        path: fact.path,
        shown,
        security: fact.security,
        isDefault: fact.isDefault,
        origins: fact.origins[""] ?? [],
      },
    ];
  });
}
