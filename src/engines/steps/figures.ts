/** What the events of trades mean for the figures of their parties, and for the list of disputes. */
import type { Trade } from "../../core/trade/trade.ts";
import type { Figure, FigureKind } from "../../storage/parties/parties.ts";
import type { DisputeChange, DisputeOutcome } from "./dispute-store.ts";
import type { NewEvents } from "./store.ts";
import type { World } from "./world.ts";

type Parties = Pick<Trade, "shop" | "buyer" | "carrier">;
interface Event {
  type: string;
  data: Record<string, unknown>;
}

function eventsOf({ types, data }: Pick<NewEvents, "types" | "data">): Event[] {
  return types.map((type, index) => ({ type, data: data[index] ?? {} }));
}

/**
 * What one event adds to the figures of the trade's parties. Goods that were rejected count for the shop that sent them and
 * for the buyer who sent them back; a delivery that was late for the shop and for the carrier, who cannot be told apart.
 */
export function figuresOf({ shop, buyer, carrier }: Parties, { type, data }: Event): Figure[] {
  const count = (kind: FigureKind, ...parties: (string | null)[]): Figure[] =>
    parties.flatMap((party) => (party === null ? [] : [{ party, kind }]));
  switch (type) {
    case "trade.rejected":
      return count("rejections", shop, buyer);
    case "trade.resolved":
      if (data["lost"] === "shop") return count("disputes_lost", shop);
      return data["lost"] === "buyer" ? count("disputes_lost", buyer) : [];
    case "trade.delivered":
    case "trade.deadline_near":
      // What is told ahead is not late yet.
      return data["deadline"] === "deliverBy" && data["before"] === undefined
        ? count("late_deliveries", shop, carrier)
        : [];
    default:
      return [];
  }
}

/** What all events of a batch add to the figures. */
export function figuresOfBatch({ events, trades }: Pick<World, "events" | "trades">): Figure[] {
  return events.flatMap((row) => {
    const trade = trades.get(row.number);
    return trade === undefined ? [] : eventsOf(row).flatMap((event) => figuresOf(trade, event));
  });
}

/** How far a trade's dispute has come; the deadlines are those of the trade. */
interface Disputed {
  at: string;
  answerBy?: string | null | undefined;
  decideBy?: string | null | undefined;
  lateSince?: string | undefined;
}

const outcomeOf = (lost: unknown): DisputeOutcome =>
  lost === "shop" ? "shop_lost" : lost === "buyer" ? "buyer_lost" : "neither_lost";

const dateOf = (text: string | null | undefined): Date | null => (text == null ? null : new Date(text));

/**
 * What becomes of the disputes of one trade. `wasOpen`: it had one before the first of these rows, which are in their order;
 * `disputed` is what it has after the last. What ends a dispute may be an operator's word, an agreement or silence.
 */
export function disputeChanges(
  trade: bigint,
  wasOpen: boolean,
  rows: readonly NewEvents[],
  disputed: Disputed | null,
): DisputeChange[] {
  const none = { trade, answerBy: null, decideBy: null, ended: null };
  let open: DisputeChange | undefined = wasOpen ? { ...none, opened: null } : undefined;
  const over: DisputeChange[] = [];
  const end = (at: Date, outcome: DisputeOutcome): void => {
    if (open !== undefined) over.push({ ...open, ended: { at, outcome } });
    open = undefined;
  };
  const happened = rows.flatMap((row) =>
    eventsOf(row).map((event, index) => ({ ...event, seq: row.seq + index, at: row.at, by: row.role })),
  );
  for (const [index, { type, data, ...opened }] of happened.entries()) {
    if (type === "trade.disputed" && open === undefined) open = { ...none, opened };
    if (type !== "trade.resolved") continue;
    // It is decided piece by piece, and goes on while a piece of it is left.
    const goesOn =
      disputed !== null && !happened.slice(index + 1).some((later) => later.type === "trade.disputed");
    if (!goesOn) end(opened.at, outcomeOf(data["lost"]));
  }
  const last = rows.at(-1);
  if (disputed === null && last !== undefined) end(last.at, "neither_lost");
  if (open === undefined) return over;
  const { answerBy, decideBy, lateSince } = disputed ?? {};
  // An operator who is late stays so until it is decided, however often the clock reminds them.
  return [...over, { ...open, answerBy: dateOf(answerBy), decideBy: dateOf(lateSince ?? decideBy) }];
}

/** What becomes of the disputes of a batch. */
export function disputesOfBatch({
  events,
  trades,
  disputed,
}: Pick<World, "events" | "trades" | "disputed">): DisputeChange[] {
  return [...disputed].flatMap(([number, wasOpen]) => {
    const rows = events.filter((row) => row.number === number);
    const after: Disputed | null = trades.get(number)?.progress.disputed ?? null;
    return disputeChanges(number, wasOpen, rows, after);
  });
}
