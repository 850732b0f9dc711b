import type { Client, Database } from "../database/database.ts";
import {
  checkAccounts,
  checkCommands,
  checkHolds,
  type Counts,
  countBooks,
  type Finding,
} from "./audit-store.ts";
import { rangeOfCommands, snapshot } from "./audit-store.ts";

/** One thing that the books say and their entries do not. */
export interface Difference extends Finding {
  what:
    | "command"
    | "account"
    | "hold"
    | "trade"
    | "events"
    | "reservation"
    | "consent"
    | "transfer"
    | "advance"
    | "shop";
}

export interface Audit {
  /** Empty where the books are sound. */
  differences: Difference[];
  /** True where there are more differences of a kind than were asked for. */
  more: boolean;
  counts: Record<string, bigint>;
}

export interface Progress {
  stage: string;
  done: number;
  total: number;
}

export interface AuditOptions {
  /** Told how far it is: rows done of all rows of a stage. The audit waits for it. */
  onProgress?: (progress: Progress) => void | Promise<void>;
  /** How many differences of a kind are named; 1,000 if not given. */
  differencesMax?: number;
  /** Legs looked at in one statement; 200,000 if not given. */
  rangeRows?: number;
}

const firstId = "00000000-0000-0000-0000-000000000000";

/**
 * Proves the books from their entries, on one snapshot and beside running business: every command sums to
 * zero per currency and names accounts that exist, every account is the sum of its entries and not below its
 * floor, every hold is what was done to it. Reads the whole journal three times; writes nothing.
 */
export function audit(database: Database, options: AuditOptions = {}): Promise<Audit> {
  return snapshot(database, async (client) => {
    const max = options.differencesMax ?? 1000;
    const counts: Counts = await countBooks(client);
    const found = collector(max);
    await auditCommands(client, Number(counts.entries), max, options, found.add);
    const stages = [
      { stage: "accounts", what: "account", total: Number(counts.accounts), check: checkAccounts },
      { stage: "holds", what: "hold", total: Number(counts.holds), check: checkHolds },
    ] as const;
    for (const { stage, what, total, check } of stages) {
      await options.onProgress?.({ stage, done: 0, total });
      found.add(what, await check(client, max + 1));
      await options.onProgress?.({ stage, done: total, total });
    }
    return { ...found.all(), counts: { ...counts } };
  });
}

async function auditCommands(
  client: Client,
  total: number,
  max: number,
  options: AuditOptions,
  add: (what: Difference["what"], findings: readonly Finding[]) => void,
): Promise<void> {
  let done = 0;
  let from: string | null = firstId;
  await options.onProgress?.({ stage: "entries", done, total });
  while (from !== null) {
    const range = await rangeOfCommands(client, from, options.rangeRows ?? 200_000);
    if (range === undefined) return;
    const { legs, findings } = await checkCommands(client, from, range.last, max + 1);
    add("command", findings);
    done += legs;
    await options.onProgress?.({ stage: "entries", done, total });
    from = range.next;
  }
}

/** Gathers differences, `max` of each kind. */
export function collector(max: number): {
  add: (what: Difference["what"], findings: readonly Finding[]) => void;
  all: () => Pick<Audit, "differences" | "more">;
} {
  const kept = new Map<string, Difference[]>();
  let more = false;
  return {
    add(what, findings) {
      const some = kept.get(what) ?? [];
      kept.set(what, some);
      for (const finding of findings) {
        if (some.length < max) some.push({ what, ...finding });
        else more = true;
      }
    },
    all: () => ({ differences: [...kept.values()].flat(), more }),
  };
}
