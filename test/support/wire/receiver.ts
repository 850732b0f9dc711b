/** A receiver of webhooks as tests want it: well-behaved, slow, broken or hostile. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  id: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export type Answering = (response: ServerResponse, received: Received) => void;

export interface Receiver {
  url: string;
  /** As the configuration lists it. */
  place: string;
  /** Every request, in the order in which they arrived. */
  received: Received[];
  /** How many times each webhook-id came. */
  counts(): Map<string, number>;
  /** What it answers from now on. */
  answer: Answering;
}

export const status =
  (code: number, headers: Record<string, string> = {}): Answering =>
  (response) => {
    response.writeHead(code, headers).end();
  };

/** Listens until `t` ends; what is still open is cut then. */
export async function startReceiver(
  t: { after(release: () => void): unknown },
  answer: Answering = status(204),
): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = {
        id: String(request.headers["webhook-id"]),
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      receiver.received.push(one);
      receiver.answer(response, one);
    });
    response.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receiver: Receiver = {
    url: `http://${place}/hook`,
    place,
    received: [],
    counts: () => {
      const counts = new Map<string, number>();
      for (const { id } of receiver.received) counts.set(id, (counts.get(id) ?? 0) + 1);
      return counts;
    },
    answer,
  };
  return receiver;
}
