import type { Socket } from "node:net";
import { INSTANCE, instanceDataset } from "../instance.ts";
import { connect } from "./connect.ts";
import {
  acceptedContexts,
  associateRequest,
  type Context,
  dataPdu,
  decodeCommand,
  type Element,
  encodeCommand,
  encodeElements,
  pdu,
  pieces,
  UID,
} from "./dimse.ts";
import type { DicomAnswer, DicomRequest } from "./protocol.ts";

/** Whoever answers does so in a twentieth of a second; who has not by now never will. */
const TIMEOUT = 4_000;
const STATUS = 0x0000_0900;
const COMMAND = 0x0000_0100;
const MESSAGE = 0x0000_0110;
const PRIORITY = 0x0000_0700;
const DATA = 0x0000_0800;
const NO_DATA = 0x0101;
const STORE_REQUEST = 0x0001;
const isPending = (status: number) => status === 0xff00 || status === 0xff01;

/** What one operation sends. */
interface Message {
  contexts: Context[];
  /** Absent: nothing is said, being let in is enough. */
  command?: Element[];
  data?: Buffer;
}

/** One association, one operation, and how it ended. */
export async function dicom(request: DicomRequest): Promise<DicomAnswer> {
  const socket = await connect(request);
  if ("at" in socket) {
    return { outcome: socket.at === "tcp" ? "unreachable" : "tls-failed", detail: socket.detail };
  }
  return converse(socket, request, message(request));
}

function converse(socket: Socket, request: DicomRequest, say: Message): Promise<DicomAnswer> {
  return new Promise((resolve) => {
    let pending = Buffer.alloc(0);
    let greeted = false;
    const conversation = newConversation(socket, say);
    const end = (answer: DicomAnswer) => {
      clearTimeout(timer);
      resolve(answer);
      socket.destroy();
    };
    const timer = setTimeout(() => end({ outcome: "silent" }), TIMEOUT);
    socket.on("error", (error) => end(lost(request, greeted, error.message)));
    socket.on("close", () => end(lost(request, greeted, "closed")));
    socket.on("data", (chunk: Buffer) => {
      greeted = true;
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 6 && pending.length >= 6 + pending.readUInt32BE(2)) {
        const size = 6 + pending.readUInt32BE(2);
        const answer = conversation(pending[0] ?? 0, pending.subarray(6, size));
        pending = pending.subarray(size);
        if (answer !== undefined) return end(answer);
      }
    });
    socket.write(associateRequest(request.calling, request.called, say.contexts));
  });
}

/** With TLS 1.3 a server that dislikes the client's certificate says so only after the client believes to be in. */
function lost(request: DicomRequest, greeted: boolean, detail: string): DicomAnswer {
  if (request.tls !== undefined && !greeted) return { outcome: "tls-failed", detail };
  return { outcome: "closed", detail };
}

/** Takes one PDU after the other; answers once the operation is over. */
function newConversation(socket: Socket, say: Message) {
  let command = Buffer.alloc(0);
  let items = 0;
  let storing: number | undefined;

  function begin(accepted: Set<number>): DicomAnswer | undefined {
    const context = say.contexts[0];
    if (context === undefined || !accepted.has(context.id)) {
      socket.write(pdu(7, Buffer.from([0, 0, 0, 0])));
      return { outcome: "not-offered" };
    }
    if (say.command === undefined) return { outcome: "answered" };
    socket.write(dataPdu(context.id, encodeCommand(say.command), true));
    if (say.data !== undefined) socket.write(dataPdu(context.id, say.data, false));
    return undefined;
  }

  function onCommand(context: number, elements: Map<number, Buffer>): DicomAnswer | undefined {
    if (elements.get(COMMAND)?.readUInt16LE(0) === STORE_REQUEST) {
      storing = context;
      storeReply = elements;
      return undefined;
    }
    const status = elements.get(STATUS)?.readUInt16LE(0) ?? 0;
    if (isPending(status)) {
      items += 1;
      return undefined;
    }
    socket.write(pdu(5, Buffer.alloc(4))); // A-RELEASE-RQ; the answer is not waited for
    return { outcome: "answered", status, items: received > 0 ? received : items };
  }

  let storeReply = new Map<number, Buffer>();
  let received = 0;

  /** An image of a C-GET has arrived whole: thanks. */
  function onStored(context: number): void {
    received += 1;
    storing = undefined;
    const text = (tag: number) => storeReply.get(tag)?.toString("latin1").replace(/\0$/, "") ?? "";
    socket.write(
      dataPdu(
        context,
        encodeCommand([
          [0x0000_0002, text(0x0000_0002)],
          [COMMAND, 0x8001],
          [0x0000_0120, storeReply.get(MESSAGE)?.readUInt16LE(0) ?? 1],
          [DATA, NO_DATA],
          [STATUS, 0],
          [0x0000_1000, text(0x0000_1000)],
        ]),
        true,
      ),
    );
  }

  return (type: number, body: Buffer): DicomAnswer | undefined => {
    if (type === 2) return begin(acceptedContexts(body));
    if (type === 3)
      return { outcome: "rejected", detail: `result ${body[1]} source ${body[2]} reason ${body[3]}` };
    if (type === 7) return { outcome: "aborted" };
    if (type !== 4) return undefined;
    for (const piece of pieces(body)) {
      if (!piece.isCommand) {
        if (piece.isLast && storing === piece.context) onStored(piece.context);
        continue;
      }
      command = Buffer.concat([command, piece.bytes]);
      if (!piece.isLast) continue;
      const elements = decodeCommand(command);
      command = Buffer.alloc(0);
      const answer = onCommand(piece.context, elements);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
}

function message({ operation, destination = "", sopClass = UID.ct }: DicomRequest): Message {
  const study = encodeElements([
    [0x00080052, "STUDY"],
    [0x0020000d, INSTANCE.study],
  ]);
  const command = (abstract: string, field: number, more: Element[] = []): Element[] => [
    [0x0000_0002, abstract],
    [COMMAND, field],
    [MESSAGE, 1],
    ...more,
  ];
  const withData: Element[] = [
    [PRIORITY, 0],
    [DATA, 0x0001],
  ];
  const one = (abstract: string): Context[] => [{ id: 1, abstract }];
  switch (operation) {
    case "associate":
      return { contexts: one(UID.verification) };
    case "echo":
      return { contexts: one(UID.verification), command: command(UID.verification, 0x30, [[DATA, NO_DATA]]) };
    case "store":
      return {
        contexts: one(sopClass),
        command: command(sopClass, STORE_REQUEST, [...withData, [0x0000_1000, INSTANCE.instance]]),
        data: instanceDataset({ sopClass }),
      };
    case "find":
      return { contexts: one(UID.find), command: command(UID.find, 0x20, withData), data: study };
    case "findWorklist":
      return {
        contexts: one(UID.worklist),
        command: command(UID.worklist, 0x20, withData),
        data: encodeElements([[0x00100020, ""]]),
      };
    case "get":
      return {
        contexts: [...one(UID.get), { id: 3, abstract: UID.ct, receiver: true }],
        command: command(UID.get, 0x10, withData),
        data: study,
      };
    case "move":
      return {
        contexts: one(UID.move),
        command: command(UID.move, 0x21, [...withData, [0x0000_0600, destination]]),
        data: study,
      };
  }
}
