/** What of a trade's events is counted, and as what. */

/** What a figure counts: each is one event of a trade. */
export const kinds = [
  "frozen",
  "accepted",
  "settled",
  "refunded",
  "rejected",
  "disputed",
  "ran_out",
] as const;
export type Kind = (typeof kinds)[number];

export const isByShop = (kind: Kind): boolean => kind === "rejected" || kind === "disputed";

/** Stands where something is not counted by shop. */
export const noShop = "00000000-0000-0000-0000-000000000000";

/** Stands where no money is counted. */
export const noCurrency = "";

const kindsByEvent: Readonly<Record<string, { kind: Kind; money?: true }>> = {
  "trade.reserved": { kind: "frozen", money: true },
  "trade.accepted": { kind: "accepted" },
  "trade.settled": { kind: "settled", money: true },
  "trade.refunded": { kind: "refunded", money: true },
  "trade.rejected": { kind: "rejected" },
  "trade.disputed": { kind: "disputed" },
  "trade.expired": { kind: "ran_out" },
};

/** The events that are counted, and of these the ones with an amount, for a statement that leaves out all others. */
export const countedTypes: readonly string[] = Object.keys(kindsByEvent);
export const moneyTypes: readonly string[] = countedTypes.filter(
  (type) => kindsByEvent[type]?.money === true,
);

/** A row of events with its trade, as the lists are made of it; what costs something to read is read only where it counts. */
export interface CountedRow {
  number: bigint;
  shop: string;
  currency: string;
  /** In which quarter of an hour since 1970. */
  slot: number;
  /** With a space between two; null where none of them is counted. */
  types: string | null;
  data: Record<string, unknown>[] | null;
  /** Nothing was ever frozen for the trade. */
  unfrozen: boolean;
  /** This server does not know the amounts. */
  private: boolean;
  /** Of a row with an acceptance: seconds since the goods were last delivered before. */
  waited: number | null;
}

export interface Happened {
  kind: Kind;
  currency: string;
  shop: string;
  slot: number;
  number: bigint;
  amount: bigint;
}

/** Seconds in a quarter of an hour, in which figures are kept. */
export const slotSeconds = 900;

/** What a row adds to the figures. An end that a clock brings counts where nobody had agreed: an approval that ran out. */
export function happenedIn(row: CountedRow): Happened[] {
  const { number, currency, slot, types, data } = row;
  if (types === null) return [];
  return types.split(" ").flatMap((type, index) => {
    const counted = kindsByEvent[type];
    if (counted === undefined || (counted.kind === "ran_out" && !row.unfrozen)) return [];
    const { kind, money = false } = counted;
    return {
      kind,
      currency: money ? currency : noCurrency,
      shop: isByShop(kind) ? row.shop : noShop,
      slot,
      number,
      amount: money && !row.private ? BigInt(Number(data?.[index]?.["amount"] ?? 0)) : 0n,
    };
  });
}

/** Steps of waits: each is a tenth longer than the one before. */
const ratio = 1.1;
const lastStep = 200;

/** The step of a wait, in seconds. */
export function stepOf(seconds: number): number {
  return Math.min(Math.max(Math.floor(Math.log(Math.max(seconds, 1)) / Math.log(ratio)), 0), lastStep);
}

/** The middle of a step, in seconds: no wait in it is a twentieth away. */
export const secondsOf = (step: number): number => ratio ** (step + 0.5);
