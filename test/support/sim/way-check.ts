/**
 * What has to be true of goods under way, read from the trades and from their record: pieces and money add up, whose word
 * counts, and that silence decides only against those who were told, by what was seen.
 */
import type { Trade } from "../../../src/core/trade/trade.ts";
import { oracleOf } from "../tables/cart-oracle.ts";
import type { Facilitator } from "./facilitator.ts";
import type { Asked } from "./callers.ts";

export function faultsOfWays(at: Facilitator, asked: readonly Asked[]): string[] {
  return [...at.trades.values()].flatMap((trade) => [
    ...faultsOfLots(at, trade),
    ...faultsOfWords(at, trade, asked),
    ...faultsOfSilence(at, trade),
    ...faultsOfContests(at, trade),
  ]);
}

interface Happened {
  type: string;
  data: Record<string, unknown>;
}

function recordOf({ events }: Facilitator, trade: Trade): Happened[] {
  return (events.get(trade.id) ?? []).flatMap(({ types, data }) =>
    types.map((type, index) => ({ type, data: data[index] ?? {} })),
  );
}

/** Each piece is somewhere, and frozen is what those are worth that nobody has accepted. */
function faultsOfLots(
  { id }: Facilitator,
  { number, terms, progress, frozen, settled, hold }: Trade,
): string[] {
  const { pieces, worth } = oracleOf(terms.lines);
  let open = 0n;
  let owed = BigInt(progress.divided) - settled;
  for (const [index, line] of progress.lines.entries()) {
    const quantity = pieces[index] ?? 0;
    const lots = progress.lots.filter((lot) => lot.line === index + 1);
    const waiting = lots.filter(({ at, unpaid }) => at === "rejected" || unpaid === true);
    const back = waiting.reduce((sum, lot) => sum + lot.quantity, 0);
    const under = lots.reduce(
      (sum, { at, quantity: pieces }) => sum + (at === "shipped" || at === "delivered" ? pieces : 0),
      0,
    );
    const unshipped = quantity - line.accepted - line.rejected - line.ended - under;
    if (unshipped < 0 || line.rejected !== line.returned + back || line.accepted > line.delivered)
      return [`${id}: the pieces of line ${index + 1} of ${number} do not add up`];
    open += worth(index, line.accepted, quantity - line.returned - line.ended);
    owed += worth(index, 0, line.accepted);
  }
  const adds = hold === null || frozen === owed + open;
  return adds ? [] : [`${id}: ${number} has ${frozen} frozen for goods of ${owed + open}`];
}

/** The shop's word of a delivery counts only where the buyer has agreed to it. */
function faultsOfWords(at: Facilitator, trade: Trade, asked: readonly Asked[]): string[] {
  const agreed =
    trade.terms.acceptance.by.includes("shop") ||
    asked.some(
      ({ at: where, request }) =>
        where === at &&
        request.do === "move" &&
        request.number === trade.number &&
        request.body.do === "approve" &&
        request.body.shopWord === true,
    );
  const counted = recordOf(at, trade).some(
    ({ type, data }) => type === "trade.delivered" && data["by"] === "shop",
  );
  return counted && !agreed ? [`${at.id}: the shop's word alone has delivered ${trade.number}`] : [];
}

/** What the clock has decided against a side, that side was told of; and where that was late, it had a day more. */
function faultsOfSilence(at: Facilitator, trade: Trade): string[] {
  const told = at.toldSince(trade.number, at.now());
  let waited = false;
  return recordOf(at, trade).flatMap(({ type, data }) => {
    if (data["by"] !== "clock") return [];
    if (type === "trade.extended") waited = true;
    const hadTime = (side: "buyer" | "shop") => told[side] !== null && (told[side].getTime() === 0 || waited);
    const silent = (data["silent"] ?? []) as ("buyer" | "shop")[];
    const against =
      type === "trade.accepted" || (type === "trade.withdrawn" && data["lapsed"] === true)
        ? ["buyer" as const]
        : type === "trade.returned"
          ? ["shop" as const]
          : silent;
    return against
      .filter((side) => !hadTime(side))
      .map(
        (side) => `${at.id}: ${type} of ${trade.number} by the silence of a ${side} who was not told in time`,
      );
  });
}

/** What the shop has contested is known of the goods, until they are sent anew, taken back, or somebody has decided. */
function faultsOfContests(at: Facilitator, trade: Trade): string[] {
  const contested = new Map<number, number>();
  for (const { type, data } of recordOf(at, trade)) {
    if (type === "trade.disputed" && data["contest"] !== undefined)
      for (const { line, quantity } of (data["lines"] ?? []) as { line: number; quantity: number }[])
        contested.set(line, quantity);
    if (clearing.has(type) && data["outcome"] !== "resume") contested.clear();
  }
  return [...contested].flatMap(([line, quantity]) => {
    const known = trade.progress.lots.filter((lot) => lot.line === line && lot.contested !== undefined);
    const pieces = known.reduce((sum, lot) => sum + lot.quantity, 0);
    return pieces >= quantity ? [] : [`${at.id}: what the shop of ${trade.number} contested is forgotten`];
  });
}

const clearing = new Set([
  "trade.sent_back",
  "trade.delivered",
  "trade.returned",
  "trade.resolved",
  "trade.withdrawn",
  "trade.cancelled",
]);
