/**
 * Which guarantees have ended, for those who hold a word of this server and ask nobody: lists as the IETF's Token Status List has
 * them (a bit for each word, compressed and signed), which a cache may keep (paragraphs 0075, 0078).
 */
import { deflateSync } from "node:zlib";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Context } from "../../edge/api/api.ts";
import type { Server } from "../../edge/http/http.ts";
import type { Signer } from "../../edge/signing/signing.ts";
import { type Database, readClock } from "../../storage/database/database.ts";
import {
  endedIn,
  endWords,
  forgetOldWords,
  keepWords,
  listLength,
  touchAllWords,
  touchedWords,
  touchPlaces,
  type Word,
} from "../../engines/vouching/vouching.ts";

/** Seconds for which a list is shown before it is made anew, and for which one is good. */
const [ttl, goodFor] = [15, 3600];
/** How often words are looked at that were touched, in milliseconds, and how many in one step. */
const [lookEveryMs, atATime] = [1000, 500];

/** What is said of a trade now; undefined where this server stands for nothing in it any more. */
export type Said = (number: bigint) => Promise<Pick<Word, "order" | "amount"> | undefined>;

export interface EndedLists {
  start(): void;
  /** Looks at all words whose trades something has happened to. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

export interface EndedOptions {
  database: Database;
  /** Resolves when what was committed has touched its words. */
  upToDate: () => Promise<void>;
  said: Said;
  onError: (error: unknown) => void;
}

/** Keeps the words as their trades are. A word ends for good: what is said of the trade afterwards is another one. */
export function createEndedLists({ database, upToDate, said, onError }: EndedOptions): EndedLists {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;

  /** Whether what another process left behind when it was killed has been touched again. */
  let isCaughtUp = false;
  /** Words whose touch was taken away, and that are not judged yet: an error must not lose them. */
  const left = new Set<bigint>();

  async function look(): Promise<void> {
    if (!isCaughtUp) await touchAllWords(database);
    isCaughtUp = true;
    await touchPlaces(database, [...left]);
    left.clear();
    while (!stopped) {
      const words = await touchedWords(database, atATime);
      if (words.length === 0) return;
      const places = words.map(({ idx }) => idx);
      for (const idx of places) left.add(idx);
      await keepWords(database, places);
      for (const { idx, number, order, amount } of words) {
        const now = await said(number);
        if (now?.order !== order || now.amount !== amount) await endWords(database, [idx]);
        left.delete(idx);
      }
    }
  }

  function round(): Promise<void> {
    const done = running.then(upToDate).then(look);
    running = done.catch(() => {});
    return done;
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = running.then(look).catch(onError);
      void running.finally(next);
    }, lookEveryMs);
  }

  return {
    start: () => {
      forgetOldWords(database).catch(onError);
      next();
    },
    round,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** One bit for each place, the first in the lowest bit of the first byte (draft-ietf-oauth-status-list, section 4). */
export function bitsOf(places: readonly number[], length = listLength): Buffer {
  const bits = Buffer.alloc(length / 8);
  for (const place of places) bits.writeUInt8(bits.readUInt8(place >> 3) | (1 << (place & 7)), place >> 3);
  return bits;
}

/** Where the list is that speaks of a word, and the word's place in it. */
export function placeIn(url: string, idx: bigint): { uri: string; idx: number } {
  const length = BigInt(listLength);
  return { uri: `${url}/v1/ended-guarantees/${idx / length}`, idx: Number(idx % length) };
}

interface Made {
  token: string;
  /** Seconds since 1970. */
  at: number;
}

/** The lists over HTTP, each signed at most every few seconds. */
export function registerEndedLists(server: Server, { database }: Context, signer: Signer): void {
  const made = new Map<number, Made>();
  server.get(
    "/v1/ended-guarantees/:list",
    {
      config: { access: ["anyone"], refusals: ["not_found"] },
      schema: {
        tags: ["Guarantees"],
        summary: "Which guarantees have ended, as a signed list of bits",
        description:
          "A Token Status List (IETF) as a JWT: the token of a guarantee names its list and its place there in `status`; a bit that is " +
          "set says that it holds no more as it was said: it was released or claimed, or the order or the amount has changed. " +
          "`ttl` says for how many seconds a cache may keep it, and `exp` until when one may rely on it.",
        answers: { 200: Type.String({ contentMediaType: "application/statuslist+jwt" }) },
        params: closed({ list: Type.String({ pattern: "^[0-9]{1,9}$" }) }),
      },
    },
    async (request, reply) => {
      const list = Number(request.params.list);
      const at = Math.floor((await readClock(database)).getTime() / 1000);
      const kept = made.get(list);
      const fresh = kept !== undefined && kept.at <= at && at < kept.at + ttl;
      const shown = fresh ? kept : await makeList(database, signer, list, at);
      if (shown === undefined) return refuse("not_found");
      made.set(list, shown);
      return reply
        .type("application/statuslist+jwt")
        .header("cache-control", `public, max-age=${ttl}`)
        .send(shown.token);
    },
  );
}

async function makeList(
  database: Database,
  signer: Signer,
  list: number,
  at: number,
): Promise<Made | undefined> {
  const ended = await endedIn(database, list);
  if (ended === undefined) return undefined;
  const lst = deflateSync(bitsOf(ended), { level: 9 }).toString("base64url");
  const { uri } = placeIn(signer.url, BigInt(list) * BigInt(listLength));
  const claims = {
    iss: signer.url,
    sub: uri,
    iat: at,
    exp: at + goodFor,
    ttl,
    status_list: { bits: 1, lst },
  };
  return { token: await signer.signToken("statuslist+jwt", claims), at };
}
