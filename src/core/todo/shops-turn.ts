/** What a trade asks of its shop next, and when that ends: a shop's orders stand in lists by it. */
import { lookUntil } from "../earmarks/earmarks.ts";
import type { Todo } from "../protocol/protocol.ts";
import { type Trade, unshippedGoods } from "../trade/trade.ts";

/** What has to be known of a trade for it. */
type AskingTrade = Pick<
  Trade,
  | "state"
  | "terms"
  | "progress"
  | "approveBy"
  | "reservedUntil"
  | "shipBy"
  | "acceptBy"
  | "paymentDate"
  | "wakeAt"
>;

/** The most urgent of what it asks, or undefined where it asks nothing any more. */
function askedBy(trade: AskingTrade): Todo | undefined {
  const { state, progress, wakeAt } = trade;
  const { lots } = progress;
  if (state === "proposed" || state === "refused") return "approve";
  if (state === "disputed") return "dispute";
  if (wakeAt === null || state === "cancelled" || state === "expired") return undefined;
  if (state === "reserved" && lots.length === 0) return "ship";
  if (lots.some(({ at }) => at === "rejected" || at === "withdrawn")) return "back";
  if (state === "accepted") return "pay";
  if (state !== "reserved" && state !== "delivered") return undefined;
  if (unshippedGoods(trade).length > 0) return "ship";
  return state === "reserved" ? "way" : "look";
}

const instant = (text: string | null | undefined): Date | null => (text == null ? null : new Date(text));

/** The first of these that is set. */
const first = (...dates: (Date | null)[]): Date | null => dates.find((date) => date !== null) ?? null;

function earlier(...dates: (Date | null)[]): Date | null {
  const set = dates.filter((date) => date !== null);
  return set.length === 0 ? null : new Date(Math.min(...set.map((date) => date.getTime())));
}

const ends: Readonly<Record<Todo, (trade: AskingTrade) => Date | null>> = {
  approve: ({ approveBy }) => approveBy,
  ship: ({ shipBy, reservedUntil }) => earlier(shipBy, reservedUntil),
  way: ({ progress: { clocks }, wakeAt }) => first(instant(clocks.deliverBy), wakeAt),
  look: ({ acceptBy, wakeAt }) => first(acceptBy, wakeAt),
  pay: ({ paymentDate, progress: { guarantee }, wakeAt }) =>
    first(paymentDate, instant(guarantee?.claimFrom), wakeAt),
  back: ({ progress: { clocks }, wakeAt }) =>
    first(earlier(instant(clocks.inspectBy), instant(clocks.returnBy)), wakeAt),
  dispute: ({ progress: { disputed } }) => first(instant(disputed?.answerBy), instant(disputed?.decideBy)),
};

/** Behind all that ends. */
const never = new Date("9999-01-01T00:00:00Z");

/** What a trade asks of its shop, and when that ends; undefined where nothing is left to do. */
export function todoOf(trade: AskingTrade): { todo: Todo; endsAt: Date } | undefined {
  const todo = askedBy(trade);
  return todo && { todo, endsAt: ends[todo](trade) ?? never };
}

/**
 * In which list of its shop a trade stands, and until when. What is to be sent waits with what is not approved while its buyer looks
 * at the order; its state tells the two apart, so that a reader of the lists knows by the time alone when it can be sent.
 */
export function listedAs(trade: AskingTrade & Pick<Trade, "updatedAt">): ReturnType<typeof todoOf> {
  const asked = todoOf(trade);
  const until =
    asked?.todo === "ship" ? lookUntil(trade.progress.ordered?.objectBy, trade.updatedAt) : undefined;
  return until === undefined ? asked : { todo: "approve", endsAt: new Date(until) };
}
