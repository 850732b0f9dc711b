/** The workbench of a run: servers whose parts are played, what they have asked, and what they were answered. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { randomDigits, randomToken, uuidv7 } from "../../storage/database/database.ts";
import { dammAppend, tradeNumberLength } from "../../core/protocol/protocol.ts";
import { type PublishedKey, publishedKey, readKeySet } from "../../edge/signing/signing.ts";
import {
  Broken,
  type Flaw,
  type Heard,
  type Sent,
  type Speaker,
  type Twist,
  flawOf,
  holds,
  signed,
  written,
} from "./message.ts";

/** A server whose part is played: its address, where it listens if not there, and ids of its consents. */
interface PlayedServer {
  url: string;
  listen?: string;
  pay: string;
  receive: string;
}

/** What an institution has to have for a run: two servers that it serves, and what its customers let them do. */
export interface ConformanceConfig {
  currency: string;
  otherCurrency: string;
  /** The server that does most of the asking, with an account of its own. */
  peer: PlayedServer & { own: { pay: string; receive: string } };
  /** Another server, which must see nothing of the first. */
  other: PlayedServer;
  /** A consent of `peer` with a limit for a trade, and one for a month that is less than twice as much. */
  limited: string;
  /** A consent of `peer` to an account with so much free money, used for nothing else. */
  small: { pay: string; available: number };
  /** A consent of `peer` whose owner confirms payments above a sum, where the institution has that. */
  confirming?: { pay: string; above: number };
  /** A shop's key, where the institution takes `POST /v1/consents`, and the id under which it knows `peer`. */
  shop?: { key: string; peer: string };
  /** The key of somebody who takes money for dues, and by which channel. */
  collector?: { key: string; channel: string };
  /** A consent of `peer` to collect, and how much it lets be said on a day. */
  collecting?: { consent: string; perDay: number };
}

/** A request and its answer; `proper` where the request kept every rule. */
export interface Exchange {
  sent: Sent;
  heard: Heard;
  proper: boolean;
  flaw: Flaw | undefined;
}

export interface Asking {
  as?: Speaker;
  twist?: Twist;
  headers?: Record<string, string>;
}

export interface Workbench {
  url: string;
  config: ConformanceConfig;
  peer: Speaker;
  other: Speaker;
  exchanges: Exchange[];
  /** Ids that this run has given, and may therefore be told. */
  known: Set<string>;
  /** Milliseconds since 1970. */
  clock: () => number;
  newId(): string;
  newTrade(): string;
  /** An instant so many seconds from now. */
  inSeconds(seconds: number): string;
  /** Asks, signed; a body that is a string or bytes goes as it is. Throws Broken where no answer comes. */
  ask(method: string, path: string, body?: object | string, asking?: Asking): Promise<Heard>;
  /** Sends bytes as they are. */
  send: (sent: Sent) => Promise<Heard>;
  sign(plain: Sent, twist?: Twist, as?: Speaker): Sent;
  /** Publishes another key of `peer` beside the first. */
  addKey(): Speaker;
  /** Reservations that were made and may still hold money. */
  made: Set<string>;
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  url: string;
  config: ConformanceConfig;
  clock: () => number;
  /** The private key of `peer`; a new one if left out. */
  key?: KeyObject;
}

const answerMs = 15_000;
/** How long the institution may take to look at the new key sets: a copy that it keeps may be a minute old. */
const patienceMs = 75_000;

const newKey = () => generateKeyPairSync("ed25519").privateKey;

async function send(url: string, { method, path, headers, body }: Sent): Promise<Heard> {
  try {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
      redirect: "manual",
      signal: AbortSignal.timeout(answerMs),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = bytes.toString("utf8");
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: bytes,
      text,
      json: jsonOf(text),
    };
  } catch (error) {
    const why =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : "";
    throw new Broken(`expected an answer to ${method} ${path}, saw none (${written(why)})`);
  }
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The keys that an institution publishes. Throws Broken where it publishes none that can be used. */
export async function keysOf(url: string): Promise<ReadonlyMap<string, KeyObject>> {
  const plain = { method: "GET", path: "/.well-known/jwks.json", headers: {}, body: Buffer.alloc(0) };
  const { status, text } = await send(url, plain);
  const keys = status === 200 && text.length <= 16 * 1024 ? readKeySet(text) : undefined;
  if (keys === undefined) throw new Broken(`expected a key set, saw ${status} ${written(text)}`);
  return keys;
}

/** The little server at which the institution under test finds the keys of a server that is played. */
interface KeyServer {
  /** What is published from now on. */
  publish(keys: readonly PublishedKey[]): void;
  close(): Promise<void>;
}

/** Publishes key sets at `host:port`. Throws where that is taken. */
async function openKeyServer(listen: string): Promise<KeyServer> {
  let published: readonly PublishedKey[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const found = request.method === "GET" && request.url === "/.well-known/jwks.json";
    const text = JSON.stringify(found ? { keys: published } : {});
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(text);
  });
  const colon = listen.lastIndexOf(":");
  const address = {
    host: listen.slice(0, colon).replace(/^\[(.*)\]$/, "$1"),
    port: Number(listen.slice(colon + 1)),
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, resolve);
  });
  return {
    publish: (keys) => {
      published = keys;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Opens the servers that are played, and waits until the institution knows their keys. Throws Broken if it never does. */
export async function openWorkbench({
  url,
  config,
  clock,
  key = newKey(),
}: WorkbenchOptions): Promise<Workbench> {
  const keys = await keysOf(url);
  const servers: KeyServer[] = [];
  const speak = async (played: PlayedServer, own: KeyObject): Promise<Speaker> => {
    const { host } = new URL(played.url);
    const server = await openKeyServer(played.listen ?? (host.includes(":") ? host : `${host}:80`));
    servers.push(server);
    server.publish([publishedKey(own)]);
    return { url: played.url, kid: publishedKey(own).kid, key: own };
  };
  const close = async () => void (await Promise.all(servers.map((server) => server.close())));
  try {
    const [peer, other] = [await speak(config.peer, key), await speak(config.other, newKey())];
    const workbench = makeWorkbench({ url, config, clock, peer, other, keys });
    const addKey = () => {
      const more = newKey();
      servers[0]?.publish([publishedKey(key), publishedKey(more)]);
      return { ...peer, kid: publishedKey(more).kid, key: more };
    };
    await Promise.all([peer, other].map((speaker) => greet(workbench, speaker)));
    return { ...workbench, addKey, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function greet(workbench: Pick<Workbench, "ask" | "clock" | "exchanges">, as: Speaker): Promise<void> {
  const until = workbench.clock() + patienceMs;
  for (;;) {
    const { status, text } = await workbench.ask("GET", "/v1/reservations/totals", undefined, { as });
    if (status === 200) return;
    workbench.exchanges.length = 0;
    if (workbench.clock() > until)
      throw new Broken(`expected that ${as.url} is known by its key set, saw ${status} ${written(text)}`);
    await pause(500);
  }
}

type Made = Omit<Workbench, "addKey" | "close">;

function makeWorkbench(
  given: Pick<Workbench, "url" | "config" | "clock" | "peer" | "other"> & {
    keys: ReadonlyMap<string, KeyObject>;
  },
): Made {
  const { url, config, clock, keys } = given;
  const exchanges: Exchange[] = [];
  const { peer: mine, other: theirs, limited, small } = config;
  const known = new Set([
    mine.pay,
    mine.receive,
    mine.own.pay,
    mine.own.receive,
    theirs.pay,
    theirs.receive,
    limited,
    small.pay,
    ...(config.confirming === undefined ? [] : [config.confirming.pay]),
  ]);
  const sign = (plain: Sent, twist: Twist = {}, as = given.peer) =>
    signed(as, plain, { to: url, now: clock() / 1000, nonce: randomToken(16) }, twist);
  return {
    url,
    config,
    clock,
    peer: given.peer,
    other: given.other,
    exchanges,
    known,
    sign,
    made: new Set(),
    newId: () => {
      const id = uuidv7();
      known.add(id);
      return id;
    },
    newTrade: () => dammAppend(randomDigits(tradeNumberLength - 1)),
    inSeconds: (seconds) => new Date(clock() + seconds * 1000).toISOString(),
    send: (sent) => send(url, sent),
    ask: async (method, path, body, { as, twist, headers = {} } = {}) => {
      const sent = sign(plainOf(method, path, body, headers), twist, as);
      const heard = await send(url, sent);
      const seen = { url, keys, now: clock() / 1000 };
      const flaw = flawOf(heard, sent.headers["signature"] ?? "", seen);
      exchanges.push({ sent, heard, proper: twist === undefined, flaw });
      return heard;
    },
  };
}

/** A request before it is signed. */
export function plainOf(
  method: string,
  path: string,
  body?: object | string,
  headers: Record<string, string> = {},
): Sent {
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return {
    method,
    path,
    body: Buffer.from(text),
    headers: { ...type, accept: "application/json", "accept-encoding": "identity", ...headers },
  };
}

/** Asks until something holds. Throws Broken where it does not within so many seconds. */
export async function eventually(
  workbench: Workbench,
  seconds: number,
  what: string,
  look: () => Promise<readonly [is: boolean, seen: unknown]>,
): Promise<void> {
  const until = workbench.clock() + seconds * 1000;
  for (;;) {
    const [is, seen] = await look();
    if (is) return;
    holds(what, workbench.clock() < until, seen);
    await pause(200);
  }
}
