/**
 * Where kustomize's own changes apply: labels, annotations, names that refer to other objects.
 * Source: sigs.k8s.io/kustomize/api/internal/konfig/builtinpluginconsts.
 */

/** The pods of workloads. */
const templates: Readonly<Record<string, string>> = {
  Deployment: "spec/template",
  StatefulSet: "spec/template",
  DaemonSet: "spec/template",
  ReplicaSet: "spec/template",
  ReplicationController: "spec/template",
  Job: "spec/template",
  CronJob: "spec/jobTemplate/spec/template",
};

/** A path, and whether it is made where it is not there. */
export interface Field {
  readonly path: readonly string[];
  readonly create: boolean;
}

function field(path: string, create: boolean): Field {
  return { path: path.split("/"), create };
}

/** Where labels are put, besides the metadata of the object itself: templates, and selectors. */
export function labelFields(
  kind: string,
  { selectors, templates: inTemplates }: { readonly selectors: boolean; readonly templates: boolean },
): readonly Field[] {
  const template = templates[kind];
  const ofTemplate =
    template === undefined || !inTemplates
      ? []
      : [
          field(`${template}/metadata/labels`, true),
          ...(kind === "CronJob" ? [field("spec/jobTemplate/metadata/labels", true)] : []),
          ...(kind === "StatefulSet" ? [field("spec/volumeClaimTemplates[]/metadata/labels", true)] : []),
        ];
  return [field("metadata/labels", true), ...ofTemplate, ...(selectors ? selectorFields(kind) : [])];
}

function selectorFields(kind: string): readonly Field[] {
  switch (kind) {
    case "Service":
    case "ReplicationController":
      return [field("spec/selector", true)];
    case "Deployment":
    case "StatefulSet":
      return [field("spec/selector/matchLabels", true), ...affinity("spec/template/spec")];
    case "ReplicaSet":
    case "DaemonSet":
      return [field("spec/selector/matchLabels", true)];
    case "Job":
      return [field("spec/selector/matchLabels", false)];
    case "CronJob":
      return [field("spec/jobTemplate/spec/selector/matchLabels", false)];
    case "PodDisruptionBudget":
      return [field("spec/selector/matchLabels", false)];
    case "NetworkPolicy":
      return [
        field("spec/podSelector/matchLabels", false),
        field("spec/ingress[]/from[]/podSelector/matchLabels", false),
        field("spec/egress[]/to[]/podSelector/matchLabels", false),
      ];
    default:
      return [];
  }
}

function affinity(pod: string): readonly Field[] {
  const terms = (["podAffinity", "podAntiAffinity"] as const).flatMap((kind) => [
    `${kind}/preferredDuringSchedulingIgnoredDuringExecution[]/podAffinityTerm/labelSelector/matchLabels`,
    `${kind}/requiredDuringSchedulingIgnoredDuringExecution[]/labelSelector/matchLabels`,
  ]);
  return [
    ...terms.map((term) => field(`${pod}/affinity/${term}`, false)),
    field(`${pod}/topologySpreadConstraints[]/labelSelector/matchLabels`, false),
  ];
}

/** Where annotations are put. */
export function annotationFields(kind: string): readonly Field[] {
  const template = templates[kind];
  return [
    field("metadata/annotations", true),
    ...(template === undefined ? [] : [field(`${template}/metadata/annotations`, true)]),
    ...(kind === "CronJob" ? [field("spec/jobTemplate/metadata/annotations", true)] : []),
  ];
}

/** Kinds that belong to no namespace. */
export const clusterScoped: ReadonlySet<string> = new Set([
  "Namespace",
  "Node",
  "PersistentVolume",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "StorageClass",
  "IngressClass",
  "GatewayClass",
  "PriorityClass",
  "RuntimeClass",
  "CSIDriver",
  "APIService",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "VolumeAttachment",
  "ComponentStatus",
]);

/** Kinds whose names get no prefix and no suffix. */
export const keepsName: ReadonlySet<string> = new Set([
  "Namespace",
  "CustomResourceDefinition",
  "APIService",
]);

/** Names of other objects in a pod. */
const inPod: readonly (readonly [string, string])[] = [
  ["ConfigMap", "volumes[]/configMap/name"],
  ["ConfigMap", "volumes[]/projected/sources[]/configMap/name"],
  ["Secret", "volumes[]/secret/secretName"],
  ["Secret", "volumes[]/projected/sources[]/secret/name"],
  ["Secret", "imagePullSecrets[]/name"],
  ["PersistentVolumeClaim", "volumes[]/persistentVolumeClaim/claimName"],
  ["ServiceAccount", "serviceAccountName"],
  ["PriorityClass", "priorityClassName"],
  ...["containers[]", "initContainers[]"].flatMap((list): readonly (readonly [string, string])[] => [
    ["ConfigMap", `${list}/env[]/valueFrom/configMapKeyRef/name`],
    ["ConfigMap", `${list}/envFrom[]/configMapRef/name`],
    ["Secret", `${list}/env[]/valueFrom/secretKeyRef/name`],
    ["Secret", `${list}/envFrom[]/secretRef/name`],
  ]),
];

/** A place at which an object names another one. */
export interface Reference {
  readonly kind: string;
  readonly path: readonly string[];
}

const resourceNames: readonly (readonly [string, string])[] = [
  ["ConfigMap", "rules[]/resourceNames"],
  ["Secret", "rules[]/resourceNames"],
];

const others: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  StatefulSet: [
    ["Service", "spec/serviceName"],
    ["StorageClass", "spec/volumeClaimTemplates[]/spec/storageClassName"],
  ],
  PersistentVolume: [["StorageClass", "spec/storageClassName"]],
  PersistentVolumeClaim: [
    ["StorageClass", "spec/storageClassName"],
    ["PersistentVolume", "spec/volumeName"],
  ],
  Role: resourceNames,
  ClusterRole: resourceNames,
  Ingress: [
    ["Service", "spec/rules[]/http/paths[]/backend/service/name"],
    ["Service", "spec/rules[]/http/paths[]/backend/serviceName"],
    ["Service", "spec/defaultBackend/service/name"],
    ["Service", "spec/backend/serviceName"],
    ["Secret", "spec/tls[]/secretName"],
    ["IngressClass", "spec/ingressClassName"],
  ],
  ServiceAccount: [
    ["Secret", "imagePullSecrets[]/name"],
    ["Secret", "secrets[]/name"],
  ],
};

/** Annotations whose value is the name of a Secret. */
const secretAnnotations = [
  "ingress.kubernetes.io/auth-secret",
  "nginx.ingress.kubernetes.io/auth-secret",
  "nginx.ingress.kubernetes.io/auth-tls-secret",
  "nginx.ingress.kubernetes.io/proxy-ssl-secret",
];

/** The places at which an object of a kind names others. */
export function referencesIn(kind: string): readonly Reference[] {
  const template = kind === "Pod" ? "" : templates[kind];
  const ofPod =
    template === undefined
      ? []
      : inPod.map(([name, path]) => ({
          kind: name,
          path: [...template.split("/").filter((step) => step !== ""), "spec", ...path.split("/")],
        }));
  const own = (others[kind] ?? []).map(([name, path]) => ({ kind: name, path: path.split("/") }));
  const annotated =
    kind === "Ingress"
      ? secretAnnotations.map((key) => ({ kind: "Secret", path: ["metadata", "annotations", key] }))
      : [];
  return [...ofPod, ...own, ...annotated];
}
