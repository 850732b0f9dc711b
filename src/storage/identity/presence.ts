/**
 * Who was there: whoever was signed in, or used a key, may have seen what they have to act on. To know it to the hour is
 * enough, so of the requests of an hour one is written down, together with those of others.
 */
import { coalesce, type Database } from "../database/database.ts";
import type { Caller } from "./callers.ts";
import { notePresence } from "./presence-store.ts";

export interface Presence {
  /** A caller was known. Costs a look into memory, and once an hour a row beside the request. */
  note(caller: Caller): void;
  /** They sign in: written down whatever was remembered. */
  arrived(caller: Caller): void;
  /** The clock was moved: what was remembered is long ago. */
  forget(): void;
  /** Resolves when all that was noted is written, or has failed. */
  settled(): Promise<void>;
}

const everyMs = 3_600_000;
/** More than are there in an hour; what does not fit is written down again too early, and nothing else. */
const rememberedMost = 100_000;
/** Others are told otherwise: operators are asked nothing by mail, and who holds a link may not be whom it is for. */
const kinds: ReadonlySet<Caller["kind"]> = new Set(["member", "shop"]);

/** `clock`: milliseconds that only grow. */
export function makePresence(options: {
  database: Database;
  clock: () => number;
  onError: (error: unknown) => void;
}): Presence {
  const { database, clock, onError } = options;
  const until = new Map<string, number>();
  const writing = new Set<Promise<void>>();
  const write = coalesce<string, true>(async (subjects) => {
    await notePresence(database, subjects);
    return new Map();
  });

  function arrived({ kind, id }: Caller): void {
    if (!kinds.has(kind)) return;
    if (until.size >= rememberedMost) until.clear();
    until.set(id, clock() + everyMs);
    const written = write(id)
      .then(() => {})
      .catch((error: unknown) => {
        until.delete(id);
        onError(error);
      })
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  return {
    arrived,
    note: (caller) => {
      if ((until.get(caller.id) ?? 0) <= clock()) arrived(caller);
    },
    forget: () => until.clear(),
    settled: async () => {
      await Promise.all(writing);
    },
  };
}
