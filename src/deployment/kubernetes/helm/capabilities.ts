/** What Helm takes a cluster for when it cannot ask one. Source: `helm template` of Helm 4.1. */

/** The release of Kubernetes. */
export const kubeVersion = { major: "1", minor: "35" } as const;

const groups = `v1 admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1
internal.apiserver.k8s.io/v1alpha1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1 authentication.k8s.io/v1alpha1
authentication.k8s.io/v1beta1 authorization.k8s.io/v1 authorization.k8s.io/v1beta1 autoscaling/v1 autoscaling/v2
autoscaling/v2beta1 autoscaling/v2beta2 batch/v1 batch/v1beta1 certificates.k8s.io/v1 certificates.k8s.io/v1beta1
certificates.k8s.io/v1alpha1 coordination.k8s.io/v1alpha2 coordination.k8s.io/v1beta1 coordination.k8s.io/v1
discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1 events.k8s.io/v1beta1 extensions/v1beta1
flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2
flowcontrol.apiserver.k8s.io/v1beta3 networking.k8s.io/v1 networking.k8s.io/v1beta1 node.k8s.io/v1 node.k8s.io/v1alpha1
node.k8s.io/v1beta1 policy/v1 policy/v1beta1 rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1beta1
rbac.authorization.k8s.io/v1alpha1 resource.k8s.io/v1 resource.k8s.io/v1beta2 resource.k8s.io/v1beta1
resource.k8s.io/v1alpha3 scheduling.k8s.io/v1alpha1 scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1 storage.k8s.io/v1beta1
storage.k8s.io/v1 storage.k8s.io/v1alpha1 storagemigration.k8s.io/v1beta1 apiextensions.k8s.io/v1beta1
apiextensions.k8s.io/v1`;

const versions: ReadonlySet<string> = new Set(groups.split(/\s+/u));

/** The groups with their versions, as `.Capabilities.APIVersions` lists them. */
export const apiVersions: readonly string[] = [...versions];

/**
 * Whether `.Capabilities.APIVersions.Has` says yes. `helm template` knows no kinds ("networking.k8s.io/v1/Ingress"), a cluster
 * does: those of released versions count here, as they do wherever the chart is installed.
 */
export function hasVersion(name: string): boolean {
  const group = /^(.*\/?v\d+)\/[A-Z]\w*$/u.exec(name)?.[1];
  return versions.has(name) || (group !== undefined && versions.has(group));
}
