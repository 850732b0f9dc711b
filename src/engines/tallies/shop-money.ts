/**
 * What moved for each shop in a pass through the lists, counted in the transaction of that pass. What was reserved, paid and
 * paid back stands in events; what was given free stands in none of every kind, and is what is frozen no longer.
 */
import { type Client } from "../../storage/database/database.ts";
import type { CountedRow } from "./kinds.ts";
import { addShopMoney, type ShopTally } from "./shop-money-store.ts";

export const shopKinds = ["frozen", "settled", "released", "refunded"] as const;
export type ShopKind = (typeof shopKinds)[number];

/** A row of events with its trade as it is now. */
export interface MovedRow
  extends Pick<CountedRow, "number" | "shop" | "currency" | "slot" | "types" | "data"> {
  nth: number;
  id: string;
  /** The number of the last event in it, and of the last that the trade has. */
  upto: number;
  version: number;
  frozen: bigint;
  /** Whether its money is this shop's and known here: not of what is private, or waits for its order. */
  counts: boolean;
}

interface Happened {
  slot: number;
  kind: ShopKind;
  amount: bigint;
  fee: bigint;
}

/** What moved for a trade in a pass. */
export interface Moved {
  id: string;
  shop: string;
  number: bigint;
  currency: string;
  happened: Happened[];
  /** By how much that has changed what is frozen. */
  gained: bigint;
  /** What is frozen now; null where more has happened than stands in the lists, which another pass will see. */
  frozen: bigint | null;
  /** When the last of it happened. */
  slot: number;
}

const kindsByEvent: Readonly<Record<string, ShopKind>> = {
  "trade.reserved": "frozen",
  "trade.settled": "settled",
  "trade.refunded": "refunded",
};

function happenedIn({ slot, types, data }: MovedRow): Happened[] {
  if (types === null) return [];
  return types.split(" ").flatMap((type, index) => {
    const kind = kindsByEvent[type];
    if (kind === undefined) return [];
    const { amount = 0, fee = 0 } = (data?.[index] ?? {}) as { amount?: number; fee?: number };
    // What the fee account gave of a refund is taken off the fees.
    return { slot, kind, amount: BigInt(amount), fee: BigInt(kind === "refunded" ? -fee : fee) };
  });
}

const gainOf = ({ kind, amount }: Happened): bigint =>
  kind === "frozen" ? amount : kind === "settled" ? -amount : 0n;

/** By trade, for those whose money counts. */
export function movedIn(rows: readonly MovedRow[]): Map<string, Moved> {
  const moved = new Map<string, Moved>();
  for (const row of rows.toSorted((one, other) => one.nth - other.nth)) {
    if (!row.counts) continue;
    const { id, shop, number, currency, slot, upto, version } = row;
    const known = moved.get(id);
    const happened = happenedIn(row);
    moved.set(id, {
      id,
      shop: known?.shop ?? shop,
      number,
      currency,
      slot: Math.max(slot, known?.slot ?? slot),
      happened: [...(known?.happened ?? []), ...happened],
      gained: happened.reduce((sum, each) => sum + gainOf(each), known?.gained ?? 0n),
      frozen: upto >= version ? row.frozen : (known?.frozen ?? null),
    });
  }
  return moved;
}

/** What the lists had seen frozen for a trade, in the row of a party that sells; less than nothing where they have seen it paid first. */
export interface FrozenBefore {
  party: string;
  id: string;
  frozen: bigint;
}

/** What is frozen no longer and was not paid was given free; what nobody was seen to freeze came with the trade, from another shop. */
function restOf(rest: bigint, { slot }: Moved): Happened[] {
  if (rest === 0n) return [];
  return [{ slot, kind: rest > 0n ? "released" : "frozen", amount: rest > 0n ? rest : -rest, fee: 0n }];
}

/** Adds what moved; `position` is the one that the last event of the pass was given. */
export async function tallyShops(
  client: Client,
  moved: ReadonlyMap<string, Moved>,
  stood: readonly FrozenBefore[],
  position: bigint,
): Promise<void> {
  const tallies = new Map<string, ShopTally>();
  const add = ({ number, currency }: Moved, shop: string, happened: readonly Happened[]) => {
    for (const { slot, kind, amount, fee } of happened) {
      const key = `${shop} ${slot} ${kind} ${currency}`;
      const tally = tallies.get(key) ?? { shop, slot, kind, currency, amount: 0n, fee: 0n, numbers: [] };
      tally.amount += amount;
      tally.fee += fee;
      tally.numbers.push(number);
      tallies.set(key, tally);
    }
  };
  const before = new Map(stood.map(({ party, id, frozen }) => [`${party} ${id}`, frozen]));
  for (const trade of moved.values()) {
    const { id, shop, happened, gained, frozen } = trade;
    const rest = frozen === null ? 0n : (before.get(`${shop} ${id}`) ?? 0n) + gained - frozen;
    add(trade, shop, [...happened, ...restOf(rest, trade)]);
  }
  // A store has taken the order: what was frozen for the head of its chain is so no longer.
  for (const { party, id, frozen } of stood) {
    const trade = moved.get(id);
    if (trade !== undefined && party !== trade.shop) add(trade, party, restOf(frozen, trade));
  }
  if (tallies.size > 0) await addShopMoney(client, [...tallies.values()], position);
}
