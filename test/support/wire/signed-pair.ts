/** Two servers that sign, and somebody between them who may change what they say to each other. */
import { createServer, type IncomingMessage, request as send, type Server as NodeServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Database, randomToken } from "../../../src/storage/database/database.ts";
import { closeGracefully, makeLog, makeServer, type Server } from "../../../src/edge/http/http.ts";
import { refuse } from "../../../src/core/protocol/protocol.ts";
import {
  makePeerClient,
  openPeers,
  openSigner,
  type Peer,
  type PeerClient,
  type Peers,
  registerSigning,
  type Signer,
} from "../../../src/edge/signing/signing.ts";
import { replyMessage, requestMessage } from "../../../src/edge/signing/message.ts";
import { freshDatabase } from "../world/cluster.ts";
import { testKeyring } from "../world/vault.ts";

export type Ending = { after(release: () => Promise<void>): unknown };

/** A message as it passes. */
export interface Passing {
  method: string;
  path: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

type Meddle = (passing: Passing) => Passing | Promise<Passing>;

export interface Middleman {
  url: string;
  /** Where what comes here really goes. */
  target: string;
  /** What happens to requests and replies that are not for the key set; nothing unless told. */
  request: Meddle;
  reply: Meddle;
  /** All requests that have passed, key sets too. */
  seen: Passing[];
  /** Passes a request on, once more or as one pleases. */
  forward(passing: Passing): Promise<Passing>;
}

/** What passes as if the server that signs like this had answered it to a request. */
export async function answeredBy(
  signer: Signer,
  { passing, request, status, body }: { passing: Passing; request: Passing; status: number; body: object },
): Promise<Passing> {
  const bytes = Buffer.from(JSON.stringify(body));
  const type = { "content-type": status < 400 ? "application/json" : "application/problem+json" };
  const message = replyMessage(status, String(request.headers["signature"]), type, bytes);
  return { ...passing, status, headers: { ...type, ...(await signer.sign(message)) }, body: bytes };
}

/** The fields of a request by hand, with those by which a server signs it. */
export async function signedFields(
  signer: Signer,
  url: string,
  fields: Record<string, string>,
  body: Buffer,
): Promise<Record<string, string>> {
  return { ...fields, ...(await signer.sign(requestMessage("POST", url, fields, body), randomToken(16))) };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function listen(server: NodeServer, t: Ending): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The fields that are there, without those that are about one connection. */
function given(headers: Passing["headers"]): Record<string, string | string[]> {
  const names = new Set(["connection", "keep-alive", "transfer-encoding"]);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || names.has(name) ? [] : [[name, value] as const],
    ),
  );
}

/** Sends what passes to a server, and answers what that says. */
export function forwardTo(target: string, { method, path, headers, body }: Passing): Promise<Passing> {
  return new Promise((resolve, reject) => {
    const length = body.length > 0 || headers["content-length"] !== undefined;
    const all = { ...given(headers), ...(length ? { "content-length": String(body.length) } : {}) };
    const asked = send(`${target}${path}`, { method, headers: all, agent: false }, (answer) => {
      bytesOf(answer).then(
        (bytes) =>
          resolve({ method, path, status: answer.statusCode ?? 0, headers: answer.headers, body: bytes }),
        reject,
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Listens before a server that is named later (`target`). */
export async function startMiddleman(t: Ending): Promise<Middleman> {
  const as = (passing: Passing): Passing => passing;
  const man: Middleman = {
    url: "",
    target: "",
    request: as,
    reply: as,
    seen: [],
    forward: (passing) => forwardTo(man.target, passing),
  };
  const relay = async (incoming: IncomingMessage): Promise<Passing> => {
    const { method = "", url: path = "", headers } = incoming;
    const came = { method, path, status: 0, headers, body: await bytesOf(incoming) };
    man.seen.push(came);
    const ours = path === "/.well-known/jwks.json";
    const answer = await man.forward(ours ? came : await man.request(came));
    return ours ? answer : man.reply(answer);
  };
  const server = createServer((incoming, outgoing) => {
    relay(incoming).then(
      ({ status, headers, body }) => {
        const length = status === 204 ? {} : { "content-length": String(body.length) };
        outgoing.writeHead(status, { ...given(headers), ...length }).end(body);
      },
      () => outgoing.destroy(),
    );
  });
  man.url = await listen(server, t);
  return man;
}

/** A server of the kind under test, behind its middleman. */
export interface Party {
  id: string;
  database: Database;
  man: Middleman;
  signer: Signer;
  peers: Peers;
  client: PeerClient;
  server: Server;
  /** Where it listens itself. */
  address: string;
  log: string[];
  /** Milliseconds by which its caches age: moved by tests. */
  clock: { ms: number };
}

/** A caller who sends this value as an operator is one. */
export const operator = { authorization: "Bearer operator" };

export interface Prepared {
  id: string;
  man: Middleman;
  database: Database;
}

export async function prepare(t: Ending, id: string): Promise<Prepared> {
  const [man, { database }] = await Promise.all([startMiddleman(t), freshDatabase(t, "trading")]);
  return { id, man, database };
}

/** Starts a server on what was prepared; several on one database are processes of one server. */
export async function startParty(
  t: Ending,
  { id, man, database }: Prepared,
  others: readonly Peer[],
  routes: (server: Server) => void,
): Promise<Party> {
  const clock = { ms: 0 };
  const log: string[] = [];
  const signer = await openSigner(database, man.url, { kind: "kept", keyring: testKeyring });
  const peers = openPeers({ database, peers: others, monotonic: () => clock.ms });
  const server = await makeServer({
    name: id,
    version: "0",
    access: { server: "Another server", operator: "An operator" },
    log: makeLog("signed", "warn", { write: (line) => void log.push(line) }),
    ready: async () => true,
    secureCookies: false,
  });
  registerSigning(server, {
    database,
    signer,
    peers,
    isOperator: async (request) => {
      if (request.headers.authorization !== operator.authorization) refuse("not_authenticated");
    },
    rotate: async (_request, reply, overlapMs) => reply.send({ keys: await signer.rotate(overlapMs) }),
  });
  routes(server);
  const address = await server.listen({ port: 0, host: "127.0.0.1" });
  man.target = address;
  t.after(async () => void (await closeGracefully(server, { timeoutMs: 1000 })));
  const client = makePeerClient({ signer, peers });
  return { id, man, database, signer, peers, client, server, address, log, clock };
}
