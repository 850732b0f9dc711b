/**
 * The workbench of a run: servers whose parts are played, what they have asked, and what they were answered; and what
 * a rule is, which works at it.
 */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { dammAppend, tradeNumberLength } from "../../core/protocol/protocol.ts";
import { publishedKey, readKeySet } from "../../edge/signing/signing.ts";
import { randomDigits, randomToken, uuidv7 } from "../../storage/database/database.ts";
import { Broken, holds, written } from "./expectations.ts";
import { type KeyServer, openKeyServer } from "./key-server.ts";
import { type Flaw, flawOf, type Heard, type Sent, signed, type Speaker, type Twist } from "./message.ts";

/** What an institution has to have for a run: two servers that it serves, and what its customers let them do. */
export interface Grounds {
  currency: string;
  otherCurrency: string;
  /** The server that does most of the asking. Its address, where it listens, and ids of its consents. */
  peer: { url: string; listen?: string; pay: string; receive: string; own: { pay: string; receive: string } };
  /** Another server, which must see nothing of the first. */
  other: { url: string; listen?: string; pay: string; receive: string };
  /** A consent of `peer` with a limit for a trade, and one for a month that is less than twice as much. */
  limited: string;
  /** A consent of `peer` to an account with so much free money, used for nothing else. */
  small: { pay: string; available: number };
  /** A shop's key, where the institution takes `POST /v1/consents`, and the id under which it knows `peer`. */
  shop?: { key: string; peer: string };
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

export interface Bench {
  url: string;
  grounds: Grounds;
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

export interface BenchOptions {
  url: string;
  grounds: Grounds;
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

/** Opens the servers that are played, and waits until the institution knows their keys. Throws Broken if it never does. */
export async function openBench({ url, grounds, clock, key = newKey() }: BenchOptions): Promise<Bench> {
  const keys = await keysOf(url);
  const servers: KeyServer[] = [];
  const speak = async (place: { url: string; listen?: string }, own: KeyObject): Promise<Speaker> => {
    const { host } = new URL(place.url);
    const server = await openKeyServer(place.listen ?? (host.includes(":") ? host : `${host}:80`));
    servers.push(server);
    server.publish([publishedKey(own)]);
    return { url: place.url, kid: publishedKey(own).kid, key: own };
  };
  const close = async () => void (await Promise.all(servers.map((server) => server.close())));
  try {
    const [peer, other] = [await speak(grounds.peer, key), await speak(grounds.other, newKey())];
    const bench = makeBench({ url, grounds, clock, peer, other, keys });
    const addKey = () => {
      const more = newKey();
      servers[0]?.publish([publishedKey(key), publishedKey(more)]);
      return { ...peer, kid: publishedKey(more).kid, key: more };
    };
    await Promise.all([peer, other].map((speaker) => greet(bench, speaker)));
    return { ...bench, addKey, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function greet(bench: Pick<Bench, "ask" | "clock" | "exchanges">, as: Speaker): Promise<void> {
  const until = bench.clock() + patienceMs;
  for (;;) {
    const { status, text } = await bench.ask("GET", "/v1/reservations/totals", undefined, { as });
    if (status === 200) return;
    bench.exchanges.length = 0;
    if (bench.clock() > until)
      throw new Broken(`expected that ${as.url} is known by its key set, saw ${status} ${written(text)}`);
    await pause(500);
  }
}

type Made = Omit<Bench, "addKey" | "close">;

function makeBench(
  given: Pick<Bench, "url" | "grounds" | "clock" | "peer" | "other"> & {
    keys: ReadonlyMap<string, KeyObject>;
  },
): Made {
  const { url, grounds, clock, keys } = given;
  const exchanges: Exchange[] = [];
  const { peer: mine, other: theirs, limited, small } = grounds;
  const known = new Set([
    mine.pay,
    mine.receive,
    mine.own.pay,
    mine.own.receive,
    theirs.pay,
    theirs.receive,
    limited,
    small.pay,
  ]);
  const sign = (plain: Sent, twist: Twist = {}, as = given.peer) =>
    signed(as, plain, { to: url, now: clock() / 1000, nonce: randomToken(16) }, twist);
  return {
    ...{ url, grounds, clock, peer: given.peer, other: given.other, exchanges, known, sign },
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
    ...{ method, path, body: Buffer.from(text) },
    headers: { ...type, accept: "application/json", "accept-encoding": "identity", ...headers },
  };
}

/** Asks until something holds. Throws Broken where it does not within so many seconds. */
export async function eventually(
  bench: Bench,
  seconds: number,
  what: string,
  look: () => Promise<readonly [is: boolean, seen: unknown]>,
): Promise<void> {
  const until = bench.clock() + seconds * 1000;
  for (;;) {
    const [is, seen] = await look();
    if (is) return;
    holds(what, bench.clock() < until, seen);
    await pause(200);
  }
}

/** One thing that docs/between-parties.md demands of an institution, and how to find out. */
export interface Rule {
  /** Stays the same from version to version: what stands in other programs' lists. */
  name: string;
  /** The heading under which docs/between-parties.md says so. */
  section: string;
  says: string;
  /** Throws Broken where the rule is not kept. */
  check: (bench: Bench) => Promise<void>;
  /** What the configuration has to hold for it, beside what all rules need. */
  needs?: "shop";
}

/** Writes the rules of one section as lines: its name, what it says, how to find out. */
export function rulesOf(
  section: string,
  lines: readonly (readonly [name: string, says: string, check: Rule["check"]])[],
): Rule[] {
  return lines.map(([name, says, check]) => ({ name, section, says, check }));
}
