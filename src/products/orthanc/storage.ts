/**
 * Where images are kept, whether encrypted, and what happens when there is no more room.
 * Source: orthanc-object-storage Common/EncryptionConfigurator.cpp and StoragePlugin.cpp; OrthancServer/Sources/main.cpp
 * (MaximumStorageMode).
 */
import type { StorageFact } from "../../facts/facts.ts";
import { fromPlace, labelled, type Origin, type Sourced } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, not, or, unknown } from "../../facts/unknown.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import { hostOf, isOwnHost } from "./addresses.ts";
import { type OrthancModel, since } from "./model.ts";
import { plugin } from "./plugins.ts";
import { memberValue } from "./walk.ts";

/** The object stores, by section of the configuration. */
const stores = [
  { section: "AwsS3Storage", plugin: "aws-s3", name: "S3" },
  { section: "AzureBlobStorage", plugin: "azure-blob", name: "Azure" },
  { section: "GoogleCloudStorage", plugin: "google-cloud", name: "Google" },
] as const;

type Store = (typeof stores)[number];

/** One fact for each object store that has a section, and one for the local disk. */
export function storageFacts(model: OrthancModel): readonly StorageFact[] {
  const full = whenFull(model);
  const objects = stores.flatMap((store) => {
    const section = model.settings.find([store.section]);
    return section?.kind === "object" ? [objectStorage(model, store, section, full)] : [];
  });
  return [...objects, localStorage(model, full)];
}

function base(
  model: OrthancModel,
  backend: string,
  full: Sourced<StorageFact["whenFull"]>,
): Pick<StorageFact, "kind" | "id" | "service" | "product" | "backend" | "whenFull"> {
  return {
    kind: "storage",
    id: `${model.service.name}/storage/${backend}`,
    service: model.service.name,
    product: "orthanc",
    backend,
    whenFull: full.value,
  };
}

function localStorage(model: OrthancModel, full: Sourced<StorageFact["whenFull"]>): StorageFact {
  const origins = [model.settings.originOf(["StorageDirectory"])];
  const elsewhere = stores.map((store) =>
    and(plugin(model.plugins, store.plugin).active, not(keepsLocal(model, store.section))),
  );
  const inDatabase = ["PostgreSQL", "MySQL", "Odbc"].map((section) =>
    and(
      plugin(model.plugins, section.toLowerCase()).loaded,
      model.settings.boolean(`${section}.EnableStorage`).value,
    ),
  );
  return {
    ...base(model, "local", full),
    encrypted: false,
    clearText: false,
    local: true,
    used: not(or(...elsewhere, ...inDatabase)),
    origins: {
      "": origins,
      "/encrypted": origins.map((origin) => labelled(origin, "Orthanc itself does not encrypt it")),
      "/clearText": origins,
      "/used": origins,
      "/whenFull": full.origins,
    },
  };
}

/** HybridMode other than Disabled keeps a part of the images on the disk. */
function keepsLocal(model: OrthancModel, section: string): Maybe<boolean> {
  const mode = model.settings.find([section, "HybridMode"]);
  if (mode?.kind === "unknown") return unknown("input", mode.hole.reason, mode);
  return mode?.kind === "string" && mode.text.value !== "Disabled";
}

function objectStorage(
  model: OrthancModel,
  store: Store,
  section: ObjectTree,
  full: Sourced<StorageFact["whenFull"]>,
): StorageFact {
  const encryption = encryptionOf(model, store.section);
  const endpoint = endpointOf(section);
  return {
    ...base(model, store.name, full),
    encrypted: encryption.value,
    encryptionMeant: encryptionMeant(model, store.section),
    clearText: endpoint.plain,
    local: isUnknown(endpoint.host)
      ? endpoint.host
      : endpoint.host !== null && isOwnHost(model, endpoint.host),
    used: plugin(model.plugins, store.plugin).active,
    enabled: plugin(model.plugins, store.plugin).loaded !== false,
    origins: {
      "": [fromPlace(section)],
      "/encrypted": encryption.origins,
      "/clearText": endpoint.origins.length > 0 ? endpoint.origins : [fromPlace(section)],
      "/local": endpoint.origins,
      "/used": plugin(model.plugins, store.plugin).origins,
      "/whenFull": full.origins,
    },
  };
}

/** Encryption takes a complete section; with anything missing or malformed images are stored as they are, with a warning. */
function encryptionOf(model: OrthancModel, store: string): Sourced<Maybe<boolean>> {
  const path = [store, "StorageEncryption"];
  const tree = model.settings.find(path);
  const origin = model.settings.originOf(path);
  if (tree?.kind === "unknown") return { value: unknown("input", tree.hole.reason, tree), origins: [origin] };
  if (tree?.kind !== "object") return { value: false, origins: [origin] };
  const enabled = memberValue(tree, "Enable");
  if (enabled?.kind === "unknown")
    return { value: unknown("input", enabled.hole.reason, enabled), origins: [fromPlace(enabled)] };
  if (enabled?.kind === "boolean" && !enabled.value) return { value: false, origins: [fromPlace(enabled)] };
  const master = memberValue(tree, "MasterKey");
  const masterOrigin = model.settings.originOf([...path, "MasterKey"]);
  if (master === undefined)
    return {
      value: false,
      origins: [labelled(masterOrigin, "without a MasterKey images are not encrypted")],
    };
  const verdicts = [isKey(master), ...previousKeys(memberValue(tree, "PreviousMasterKeys"))];
  const value = and(...verdicts.map(({ value: wellFormed }) => wellFormed));
  const bad = verdicts.find((verdict) => verdict.value !== true);
  if (bad === undefined) return { value: true, origins: [fromPlace(master)] };
  return {
    value,
    origins: [
      value === false
        ? fromPlace(bad.tree, "this is not [number, file], so that images are not encrypted")
        : fromPlace(bad.tree),
    ],
  };
}

function encryptionMeant(model: OrthancModel, store: string): Maybe<boolean> {
  if (model.settings.find([store, "StorageEncryption"]) === undefined) return false;
  return model.settings.boolean(`${store}.StorageEncryption.Enable`).value;
}

interface KeyVerdict {
  readonly value: Maybe<boolean>;
  readonly tree: Tree;
}

/** A key is written as `[identifier, "path of the file"]`. */
function isKey(tree: Tree): KeyVerdict {
  if (tree.kind === "unknown") return { value: unknown("input", tree.hole.reason, tree), tree };
  if (tree.kind !== "array") return { value: false, tree };
  const [identifier, path] = tree.items;
  const number =
    identifier?.kind === "unknown" ? !identifier.quoted : identifier?.kind === "number" && identifier.integer;
  return {
    value: tree.items.length === 2 && number && (path?.kind === "string" || path?.kind === "unknown"),
    tree,
  };
}

function previousKeys(tree: Tree | undefined): readonly KeyVerdict[] {
  if (tree === undefined) return [];
  return tree.kind === "array"
    ? tree.items.map((item) => isKey(item))
    : [{ value: tree.kind === "unknown" ? unknown("input", tree.hole.reason, tree) : false, tree }];
}

interface Endpoint {
  readonly plain: Maybe<boolean>;
  /** Null where the provider's own address applies. */
  readonly host: Maybe<string | null>;
  readonly origins: readonly Origin[];
}

/** HTTPS is the default of every provider; an Endpoint or a connection string can say otherwise. */
function endpointOf(section: ObjectTree): Endpoint {
  const tree = memberValue(section, "Endpoint") ?? memberValue(section, "ConnectionString");
  if (tree === undefined) return { plain: false, host: null, origins: [] };
  const origins = [fromPlace(tree)];
  if (tree.kind === "unknown") {
    const reason = unknown("input", tree.hole.reason, tree);
    return { plain: reason, host: reason, origins };
  }
  const value = tree.kind === "string" ? tree.text.value : "";
  if (/UseDevelopmentStorage\s*=\s*true/iu.test(value)) return { plain: true, host: "localhost", origins };
  const blob = /BlobEndpoint\s*=\s*([^;]*)/iu.exec(value)?.[1];
  const address = blob ?? (value.includes("=") ? "" : value);
  const plain =
    /^http:/iu.test(address) ||
    (blob === undefined && /DefaultEndpointsProtocol\s*=\s*http\s*(?:;|$)/iu.test(value));
  return { plain, host: address === "" ? null : hostOf(address), origins };
}

/** Without a limit the disk fills; with one old patients go, unless the mode is Reject. A misspelt mode is Recycle. */
function whenFull(model: OrthancModel): Sourced<StorageFact["whenFull"]> {
  const { settings } = model;
  const size = settings.integer("MaximumStorageSize");
  const count = settings.integer("MaximumPatientCount");
  if (size.value === 0 && count.value === 0)
    return { value: "fill", origins: [...size.origins, ...count.origins] };
  const limits = [size, count].filter(({ value }) => value !== 0);
  const unseen = limits.find(({ value }) => isUnknown(value));
  if (unseen !== undefined && isUnknown(unseen.value))
    return { value: unseen.value, origins: unseen.origins };
  const origins = limits.flatMap((limit) => limit.origins);
  if (!since(model, "1.11.2")) return { value: "recycle", origins };
  const mode = settings.string("MaximumStorageMode");
  if (isUnknown(mode.value)) return { value: mode.value, origins: mode.origins };
  return { value: mode.value === "Reject" ? "reject" : "recycle", origins: [...mode.origins, ...origins] };
}
