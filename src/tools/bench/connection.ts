/**
 * HTTP/1.1 by hand, one request at a time on a connection that stays open. The load shares the machine with what it
 * measures, so it does no more with an answer than finding its end.
 */
import { connect, type Socket } from "node:net";
import type { Buyer } from "./loader.ts";

/** What came back; `text` is the body, one character a byte. */
export type OnAnswer = (status: number, text: string) => void;

/** Takes what arrives on a connection, in whatever pieces, and hands over each whole answer. */
export function answerReader(onAnswer: OnAnswer): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let have = 0;
  /** Bytes of the answer that has begun, or 0 while its length is not known. */
  let needed = 0;
  return function take(chunk: Buffer): void {
    chunks.push(chunk);
    have += chunk.length;
    if (have < needed) return;
    const data = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    const headEnd = data.indexOf("\r\n\r\n");
    needed = headEnd === -1 ? 0 : headEnd + 4 + bodyLength(data.toString("latin1", 0, headEnd));
    if (headEnd === -1 || data.length < needed) {
      chunks = [data];
      return;
    }
    const rest = data.subarray(needed);
    chunks = [];
    have = 0;
    const end = needed;
    needed = 0;
    onAnswer(Number(data.toString("latin1", 9, 12)), data.toString("latin1", headEnd + 4, end));
    if (rest.length > 0) take(rest);
  };
}

function bodyLength(head: string): number {
  const length = /\r\ncontent-length: *([0-9]+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`An answer without a length: ${head}`);
  return Number(length);
}

export interface Line {
  /** Sends a request; the answer goes to `onAnswer`. There may be one under way at a time. */
  send(request: string, onAnswer: OnAnswer): void;
  close(): void;
}

/** Opens a connection. Status 0 answers a request whose connection broke. */
export function openLine(host: string, port: number): Promise<Line> {
  return new Promise((opened, failed) => {
    let waiting: OnAnswer | undefined;
    const answer: OnAnswer = (status, text) => {
      const onAnswer = waiting;
      waiting = undefined;
      onAnswer?.(status, text);
    };
    const socket: Socket = connect({ host, port, noDelay: true });
    socket.once("error", failed);
    socket.on("data", answerReader(answer));
    socket.once("close", () => answer(0, "The connection was closed."));
    socket.once("connect", () => {
      socket.off("error", failed);
      // What follows an error is a close, and that is what counts.
      socket.on("error", () => {});
      opened({
        send: (request, onAnswer) => {
          waiting = onAnswer;
          socket.write(request, "latin1");
        },
        close: () => socket.destroy(),
      });
    });
  });
}

/** The text of a POST with a JSON body, up to its Idempotency-Key and from there on. */
export function postParts(host: string, path: string, bearer: string, body: string): [string, string] {
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${bearer}\r\nContent-Type: application/json\r\n`;
  const length = Buffer.byteLength(body, "latin1");
  return [`${head}Idempotency-Key: `, `\r\nContent-Length: ${length}\r\n\r\n${body}`];
}

/** A trade as shops make them most: one line, a member who has agreed beforehand, and the shop may confirm acceptance. */
export function proposal({ member, mandate, currency }: Buyer) {
  return {
    buyer: { member },
    currency,
    lines: [{ name: "Tea set", quantity: 3, unitAmount: 400 }],
    approval: { mandate },
    acceptance: { by: ["buyer", "shop"], need: 1 },
    reference: "B-000001",
  };
}
