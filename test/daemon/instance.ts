import { createHash } from "node:crypto";
import { type Element, encodeElements, UID } from "./agent/dimse.ts";

/** The one image that the tests send, ask for and delete. */
export const INSTANCE = {
  patient: "PACSLINT",
  study: "1.2.826.0.1.3680043.9.9999.10.1",
  series: "1.2.826.0.1.3680043.9.9999.10.2",
  instance: "1.2.826.0.1.3680043.9.9999.10.3",
} as const;

/** How an image differs from the usual one. */
export interface Variant {
  name?: string;
  sopClass?: string;
  /** Added to its three identifiers. */
  suffix?: string;
}

/** The image as a data set in implicit VR little endian, without pixels. */
export function instanceDataset({
  name = "Pacslint^Test",
  sopClass = UID.ct,
  suffix = "",
}: Variant = {}): Buffer {
  const elements: Element[] = [
    [0x00080016, sopClass],
    [0x00080018, INSTANCE.instance + suffix],
    [0x00080060, "CT"],
    [0x00100010, name],
    [0x00100020, INSTANCE.patient],
    [0x0020000d, INSTANCE.study + suffix],
    [0x0020000e, INSTANCE.series + suffix],
  ];
  return encodeElements(elements);
}

/** The image as a file: preamble, meta header (explicit VR), data set. */
export function instanceFile(variant: Variant = {}): Buffer {
  const meta = Buffer.concat([
    explicit("OB", 0x0001, Buffer.from([0, 1])),
    explicit("UI", 0x0002, uid(UID.ct)),
    explicit("UI", 0x0003, uid(INSTANCE.instance + (variant.suffix ?? ""))),
    explicit("UI", 0x0010, uid(UID.implicit)),
    explicit("UI", 0x0012, uid(UID.implementation)),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    explicit("UL", 0x0000, length),
    meta,
    instanceDataset(variant),
  ]);
}

/** The identifier that Orthanc gives to the image. */
export function orthancId(): string {
  const { patient, study, series, instance } = INSTANCE;
  const digest = createHash("sha1").update([patient, study, series, instance].join("|")).digest("hex");
  return (digest.match(/.{8}/g) ?? []).join("-");
}

function explicit(vr: string, element: number, value: Buffer): Buffer {
  const long = vr === "OB";
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(2, 0);
  head.writeUInt16LE(element, 2);
  head.write(vr, 4, "latin1");
  if (long) head.writeUInt32LE(value.length, 8);
  else head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
}

function uid(value: string): Buffer {
  return Buffer.from(value.length % 2 === 0 ? value : `${value}\0`, "latin1");
}
