/** The other servers that this one is configured to talk to, and their keys. */
import type { KeyObject } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Database } from "../../storage/database/database.ts";
import { type Contacts, reasonOf } from "../http/http.ts";
import { readResponse } from "./bounded-body.ts";
import { readKeySet } from "./key-sets.ts";
import * as store from "./store.ts";

/** Another server, as the configuration names it. `url` is where it is reached, and in whose name its keys sign. */
export interface Peer {
  id: string;
  name: string;
  url: string;
  /** Of an institution that takes part for a time, RFC 3339: from then on nothing new is tied or reserved there. */
  until?: string;
}

export interface PeersOptions {
  database: Database;
  peers: readonly Peer[];
  fetch?: typeof globalThis.fetch;
  /** Milliseconds that only go forward; replaced in tests. */
  monotonic?: () => number;
  /** Told each time that a key set was asked for, whether it could be had. */
  contacts?: Contacts | undefined;
}

/** A key that a message names, and whose it is. */
export interface PeerKey {
  peer: Peer;
  kid: string;
  key: KeyObject;
}

export interface Peers {
  list(): readonly Peer[];
  /** The peer with this id. Throws where the configuration has none. */
  get(id: string): Peer;
  /**
   * The key that a `keyid` (`<address of the server>#<kid>`) names; a sentence where there is none, and "unreachable"
   * where the server's keys could not be had.
   */
  find(keyid: string): Promise<PeerKey | "unknown peer" | "unknown key" | "unreachable">;
  /** The time by the database's real clock, and whether the key has been revoked here. */
  standing(peer: Peer, kid: string): Promise<store.KeyStanding>;
  /** The names of a peer's keys as they are known here; undefined where they could not be had. */
  kids(peer: Peer): Promise<string[] | undefined>;
}

/** Milliseconds. A key set is read again when it is older than `fresh`, used without an answer up to `stale`. */
const times = {
  fresh: 60_000,
  stale: 3_600_000,
  betweenTries: 3_000,
  // While a copy of the keys is there, a silent server must not delay every message that it sends.
  afterFailure: 30_000,
  timeout: 3_000,
} as const;
const largestKeySet = 16 * 1024;

type Keys = ReadonlyMap<string, KeyObject>;

/** A peer's key set as it was last read, and when it was asked for. */
interface CachedKeys {
  keys: Keys | undefined;
  readAt: number;
  triedAt: number;
  failed: boolean;
  reading: Promise<void> | undefined;
}

/** Knows the other servers and their keys. Throws where two of them have one id or one address. */
export function openPeers(options: PeersOptions): Peers {
  const { database, fetch = globalThis.fetch, monotonic = () => performance.now(), contacts } = options;
  const peers = options.peers.map((peer) => ({ ...peer, url: new URL(peer.url).origin }));
  const held = new Map<Peer, CachedKeys>(
    peers.map((peer) => [
      peer,
      { keys: undefined, readAt: -Infinity, triedAt: -Infinity, failed: false, reading: undefined },
    ]),
  );
  const byUrl = new Map(peers.map((peer) => [peer.url, peer]));
  if (Math.min(byUrl.size, new Set(peers.map(({ id }) => id)).size) < peers.length) {
    throw new Error("The configuration names two servers with one id or one address.");
  }

  /** Reads the key set again, unless that was tried a moment ago; callers that come meanwhile wait for the same answer. */
  async function refresh(peer: Peer, state: CachedKeys): Promise<void> {
    if (state.reading === undefined) {
      const serves = state.failed && monotonic() - state.readAt <= times.stale;
      if (monotonic() - state.triedAt < (serves ? times.afterFailure : times.betweenTries)) return;
      state.triedAt = monotonic();
      state.reading = fetchKeySet(fetch, peer).then((keys) => {
        state.reading = undefined;
        state.failed = typeof keys === "string";
        contacts?.note(peer, "keys", typeof keys === "string" ? keys : undefined);
        if (typeof keys === "string") return;
        state.keys = keys;
        state.readAt = monotonic();
      });
    }
    await state.reading;
  }

  async function keysOf(peer: Peer, wanted?: string): Promise<Keys | undefined> {
    const state = held.get(peer);
    if (state === undefined) return undefined;
    const old = monotonic() - state.readAt > times.fresh;
    // A key that is not in the set may have been made a moment ago.
    if (old || (wanted !== undefined && state.keys?.has(wanted) !== true)) await refresh(peer, state);
    return monotonic() - state.readAt > times.stale ? undefined : state.keys;
  }

  return {
    list: () => peers,
    get: (id) => {
      const peer = peers.find((each) => each.id === id);
      if (peer === undefined) throw new Error(`The configuration names no server ${id}.`);
      return peer;
    },
    find: async (keyid) => {
      const [url = "", kid = "", ...more] = keyid.split("#");
      const peer = byUrl.get(url);
      if (peer === undefined || more.length > 0) return "unknown peer";
      const keys = await keysOf(peer, kid);
      if (keys === undefined) return "unreachable";
      const key = keys.get(kid);
      return key === undefined ? "unknown key" : { peer, kid, key };
    },
    standing: (peer, kid) => store.readStanding(database, peer.id, kid),
    kids: async (peer) => {
      const keys = await keysOf(peer);
      return keys === undefined ? undefined : [...keys.keys()];
    },
  };
}

/** A peer's key set, or why it cannot be had. */
async function fetchKeySet(fetch: typeof globalThis.fetch, { url }: Peer): Promise<Keys | string> {
  const at = `${url}/.well-known/jwks.json`;
  try {
    const answer = await fetch(at, {
      headers: { accept: "application/json", "accept-encoding": "identity" },
      redirect: "error",
      signal: AbortSignal.timeout(times.timeout),
    });
    const body = await readResponse(answer, largestKeySet);
    if (answer.status !== 200) return `${at} answers ${answer.status}.`;
    return readKeySet(body.toString("utf8")) ?? `${at} is not a key set.`;
  } catch (error) {
    return `${at}: ${reasonOf(error)}`;
  }
}
