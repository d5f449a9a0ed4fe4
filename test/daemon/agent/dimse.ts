/** The bytes of DICOM messages: enough of PS3.7 and PS3.8 to be the client of six services, and no more. */

/** SOP classes and syntaxes by the names that the client uses. */
export const UID = {
  application: "1.2.840.10008.3.1.1.1",
  implicit: "1.2.840.10008.1.2",
  verification: "1.2.840.10008.1.1",
  ct: "1.2.840.10008.5.1.4.1.1.2",
  find: "1.2.840.10008.5.1.4.1.2.2.1",
  worklist: "1.2.840.10008.5.1.4.31",
  get: "1.2.840.10008.5.1.4.1.2.2.3",
  move: "1.2.840.10008.5.1.4.1.2.2.2",
  implementation: "1.2.826.0.1.3680043.9.9999.1",
} as const;

/** A data element with a text or a 16-bit number. */
export type Element = [tag: number, value: string | number];

/** Elements in implicit VR little endian, in ascending order of their tags. */
export function encodeElements(elements: Element[]): Buffer {
  const parts: Buffer[] = [];
  for (const [tag, value] of [...elements].sort((a, b) => a[0] - b[0])) {
    const content = typeof value === "number" ? uint16(value) : padded(value, isUid(value) ? "\0" : " ");
    const head = Buffer.alloc(8);
    head.writeUInt16LE(tag >>> 16, 0);
    head.writeUInt16LE(tag & 0xffff, 2);
    head.writeUInt32LE(content.length, 4);
    parts.push(head, content);
  }
  return Buffer.concat(parts);
}

/** A command set: elements with the group length in front. */
export function encodeCommand(elements: Element[]): Buffer {
  const content = encodeElements(elements);
  const length = Buffer.alloc(12);
  length.writeUInt32LE(4, 4);
  length.writeUInt32LE(content.length, 8);
  return Buffer.concat([length, content]);
}

/** The 16-bit numbers and texts of a command set, by tag. */
export function decodeCommand(bytes: Buffer): Map<number, Buffer> {
  const elements = new Map<number, Buffer>();
  let at = 0;
  while (at + 8 <= bytes.length) {
    const tag = bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2);
    const length = bytes.readUInt32LE(at + 4);
    elements.set(tag, bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return elements;
}

/** A presentation context and whether the client offers to be the receiver in it. */
export interface Context {
  id: number;
  abstract: string;
  receiver?: boolean;
}

/** A-ASSOCIATE-RQ. */
export function associateRequest(calling: string, called: string, contexts: Context[]): Buffer {
  const fixed = Buffer.alloc(68);
  fixed.writeUInt16BE(1, 0);
  fixed.write(called.padEnd(16).slice(0, 16), 4, "latin1");
  fixed.write(calling.padEnd(16).slice(0, 16), 20, "latin1");
  const presentation = contexts.map(({ id, abstract }) =>
    item(
      0x20,
      Buffer.concat([
        Buffer.from([id, 0, 0, 0]),
        item(0x30, Buffer.from(abstract)),
        item(0x40, Buffer.from(UID.implicit)),
      ]),
    ),
  );
  const roles = contexts
    .filter((context) => context.receiver === true)
    .map(({ abstract }) =>
      item(0x54, Buffer.concat([uint16BE(abstract.length), Buffer.from(abstract), Buffer.from([0, 1])])),
    );
  const user = item(
    0x50,
    Buffer.concat([item(0x51, uint32BE(65_536)), item(0x52, Buffer.from(UID.implementation)), ...roles]),
  );
  return pdu(1, Buffer.concat([fixed, item(0x10, Buffer.from(UID.application)), ...presentation, user]));
}

/** Ids of the contexts that an A-ASSOCIATE-AC accepts. */
export function acceptedContexts(body: Buffer): Set<number> {
  const accepted = new Set<number>();
  let at = 68;
  while (at + 4 <= body.length) {
    const length = body.readUInt16BE(at + 2);
    if (body[at] === 0x21 && body[at + 6] === 0) accepted.add(body[at + 4] ?? 0);
    at += 4 + length;
  }
  return accepted;
}

/** P-DATA-TF with one whole command or data set. */
export function dataPdu(context: number, bytes: Buffer, isCommand: boolean): Buffer {
  const head = Buffer.concat([uint32BE(bytes.length + 2), Buffer.from([context, isCommand ? 3 : 2])]);
  return pdu(4, Buffer.concat([head, bytes]));
}

/** A PDU: its type, length and body. */
export function pdu(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, 0]), uint32BE(body.length), body]);
}

/** One piece of a P-DATA-TF. */
export interface Piece {
  context: number;
  isCommand: boolean;
  isLast: boolean;
  bytes: Buffer;
}

/** The pieces of a P-DATA-TF. */
export function* pieces(body: Buffer): Generator<Piece> {
  let at = 0;
  while (at + 6 <= body.length) {
    const length = body.readUInt32BE(at);
    const flags = body[at + 5] ?? 0;
    yield {
      context: body[at + 4] ?? 0,
      isCommand: (flags & 1) === 1,
      isLast: (flags & 2) === 2,
      bytes: body.subarray(at + 6, at + 4 + length),
    };
    at += 4 + length;
  }
}

function item(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, 0]), uint16BE(body.length), body]);
}

function isUid(value: string): boolean {
  return /^[0-9]+(\.[0-9]+){3,}$/.test(value);
}

function padded(value: string, pad: string): Buffer {
  return Buffer.from(value.length % 2 === 0 ? value : value + pad, "latin1");
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint16BE(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32BE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
