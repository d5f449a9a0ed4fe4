/** Hardened deployments to start from: the files below starters/, put together for a product and a profile. */
import files from "../../generated/starters.js";

/** The products that a starter exists for. */
export const starterProducts = ["orthanc", "dcm4chee"] as const;

/** One of them. */
export type StarterProduct = (typeof starterProducts)[number];

/** The files of a starter, by their path below the folder that they are written to. */
export type Starter = Readonly<Record<string, string>>;

/**
 * The starter of a product. `encrypted`: DICOM asks for TLS and a certificate of every caller; otherwise the callers' AE
 * titles and addresses have to do, because many scanners know no more. The archive of dcm4chee always asks for both.
 */
export function starterOf(product: StarterProduct, encrypted: boolean): Starter {
  if (product === "dcm4chee") return filesBelow("dcm4chee/");
  return { ...filesBelow("orthanc/common/"), ...filesBelow(`orthanc/dicom-${encrypted ? "tls" : "plain"}/`) };
}

function filesBelow(folder: string): Starter {
  return Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.startsWith(folder))
      .map(([path, text]) => [path.slice(folder.length), text]),
  );
}
