/** A proxy between two servers that does to requests and replies what networks and broken machines do. */
import { createServer, type IncomingMessage, request as open, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../sim/chance.ts";

export const networkFaults = [
  "request lost",
  "reply lost",
  "doubled",
  "delayed",
  "reordered",
  "cut half-way",
  "request corrupted",
  "reply corrupted",
  "black hole",
] as const;
export type NetworkFault = (typeof networkFaults)[number];

export interface FaultProxy {
  url: string;
  /** Which faults happen from now on, and how often in a hundred requests. */
  disturb(often: number, kinds: readonly NetworkFault[]): void;
  /** From now on everything passes; what is in a black hole or waits for its turn is let go. */
  heal(): void;
  counts: Map<NetworkFault, number>;
}

interface Message {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** Listens before `target` until `t` ends. */
export async function startFaultProxy(
  t: { after(release: () => Promise<void>): unknown },
  chance: Chance,
  target: number,
): Promise<FaultProxy> {
  const counts = new Map<NetworkFault, number>();
  const held = new Set<() => void>();
  let often = 0;
  // In turn, so that also a short run has them all.
  let kinds: readonly NetworkFault[] = [];
  let faults = 0;
  const server = createServer((request, response) => {
    const fault = often > 0 && chance.percent(often) ? kinds[faults % kinds.length] : undefined;
    if (fault !== undefined) {
      faults += 1;
      counts.set(fault, (counts.get(fault) ?? 0) + 1);
    }
    // Whatever breaks here, the caller sees no more than a line that is cut.
    pass({ chance, target, held }, request, response, fault).catch(() => request.socket.destroy());
    if (fault !== "reordered") for (const go of held) go();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    for (const go of held) go();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    disturb: (more, which) => {
      often = more;
      kinds = chance.shuffled(which);
    },
    heal: () => {
      often = 0;
      for (const go of held) go();
      server.closeIdleConnections();
    },
  };
}

interface Place {
  chance: Chance;
  target: number;
  /** What lets those go on that wait until somebody has overtaken them. */
  held: Set<() => void>;
}

async function pass(
  { chance, target, held }: Place,
  request: IncomingMessage,
  response: ServerResponse,
  fault: NetworkFault | undefined,
): Promise<void> {
  const body = await bytesOf(request);
  const send = (bytes = body) => forward(target, request, bytes);
  switch (fault) {
    case "request lost":
      request.socket.destroy();
      return;
    case "black hole":
      // Nobody answers; the caller has to end it.
      return;
    case "reply lost":
      await send();
      request.socket.destroy();
      return;
    case "doubled": {
      const [first] = await Promise.all([send(), send().catch(() => undefined)]);
      return answer(response, first);
    }
    case "delayed":
      await pause(chance.int(20, 1_500));
      break;
    case "reordered":
      await overtaken(held);
      break;
    case "cut half-way": {
      const reply = await send();
      response.writeHead(reply.status, reply.headers);
      response.write(reply.body.subarray(0, reply.body.length >> 1));
      await pause(1);
      request.socket.destroy();
      return;
    }
    case "request corrupted":
      return answer(response, await send(corrupted(chance, body)));
    case "reply corrupted": {
      const reply = await send();
      return answer(response, { ...reply, body: corrupted(chance, reply.body) });
    }
    case undefined:
  }
  answer(response, await send());
}

/** Until the next request has passed, or for a while where none comes. */
async function overtaken(held: Set<() => void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => {
      clearTimeout(timer);
      held.delete(go);
      setTimeout(resolve, 30);
    };
    const timer = setTimeout(go, 1_000);
    held.add(go);
  });
}

function corrupted(chance: Chance, body: Buffer): Buffer {
  const changed = Buffer.from(body);
  if (changed.length === 0) return changed;
  const place = chance.int(0, changed.length - 1);
  changed[place] = (changed[place] ?? 0) ^ (1 << chance.int(0, 6));
  return changed;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Sends a request on as it came, `Host` too, which the signature is about. */
function forward(port: number, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Message> {
  return new Promise((resolve, reject) => {
    const kept = endToEnd(headers);
    const length = body.length > 0 ? { "content-length": String(body.length) } : {};
    const path = url ?? "/";
    const onward = open({
      host: "127.0.0.1",
      port,
      method,
      path,
      agent: false,
      headers: { ...kept, ...length },
    });
    onward.once("error", reject);
    onward.once("response", (reply) => {
      bytesOf(reply).then(
        (bytes) => resolve({ status: reply.statusCode ?? 502, headers: reply.headers, body: bytes }),
        reject,
      );
    });
    onward.end(body);
  });
}

function answer(response: ServerResponse, { status, headers, body }: Message): void {
  response.writeHead(status, { ...endToEnd(headers), "content-length": String(body.length) });
  response.end(body);
}

const ofOneConnection = new Set(["connection", "keep-alive", "transfer-encoding"]);

function endToEnd(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneConnection.has(name)));
}
