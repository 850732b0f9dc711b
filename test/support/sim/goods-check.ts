/**
 * What has to be true of private trades: the institution has moved the price of just those pieces that the trade says, by
 * what the shop told first, and the facilitator's record says how many they are and nothing of what they cost.
 */
import type { Trade } from "../../../src/core/trade/trade.ts";
import { open } from "../../../src/storage/ledger/ledger.ts";
import type { Facilitator } from "./facilitator.ts";
import type { Institution } from "./institution.ts";

export function faultsOfGoods(at: Facilitator, institutions: readonly Institution[]): string[] {
  const hidden = [...at.trades.values()].filter(({ terms }) => terms.private === true);
  return hidden.flatMap((trade) => [
    ...faultsOfRecord(at, trade),
    ...institutions.flatMap((each) => faultsOfMoney(at.id, trade, each)),
  ]);
}

function faultsOfRecord({ id, events }: Facilitator, trade: Trade): string[] {
  const { number, amount, terms, progress } = trade;
  const pieces = terms.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const isPiece = (value: unknown) => value === undefined || (typeof value === "number" && value <= pieces);
  const data = (events.get(trade.id) ?? []).flatMap((row) => row.data);
  const isBlind =
    amount === BigInt(pieces) &&
    terms.lines.every(({ unitAmount }) => unitAmount === 1) &&
    progress.feeTaken === 0 &&
    progress.advance === undefined &&
    data.every((each) => ["amount", "settled", "released", "fee"].every((name) => isPiece(each[name])));
  return isBlind ? [] : [`${id}: the record of ${number} says more than its ${pieces} pieces`];
}

function faultsOfMoney(id: string, trade: Trade, institution: Institution): string[] {
  const { holds, reservations, tellings } = institution;
  const hold = holds.get(trade.hold ?? "");
  if (hold === undefined) return [];
  const first = tellings.find(
    ({ peer, tradeNumber, shop }) =>
      peer === id && tradeNumber === String(trade.number) && shop === trade.shop,
  );
  if (first === undefined || reservations.get(hold.id)?.private !== true)
    return [`${institution.id}: nobody told what ${trade.number} costs`];
  const expected = moneyOf(
    trade,
    first.lines.map(({ unitAmount }) => BigInt(unitAmount ?? 0)),
  );
  // What is due and has not been paid back is missing there as long as the shop's account is empty.
  const isDue = trade.progress.refundDue !== undefined;
  const back = (figures: string) => (isDue ? figures.slice(0, figures.lastIndexOf("/")) : figures);
  const there = `${hold.amount} ${open(hold)}/${hold.settled}/${hold.refunded}`;
  return back(there) === back(expected)
    ? []
    : [`${institution.id}: ${trade.number} is ${there}, its pieces make ${expected}`];
}

/** What the pieces of a trade come to: all, frozen, settled and refunded. */
function moneyOf({ terms, progress, frozen, settled }: Trade, prices: readonly bigint[]): string {
  const worth = (pieces: (index: number) => number) =>
    prices.reduce((sum, price, index) => sum + price * BigInt(pieces(index)), 0n);
  const { lines, refundedLines } = progress;
  const accepted = (index: number) => lines[index]?.accepted ?? 0;
  const pieces = lines.reduce((sum, line) => sum + BigInt(line.accepted), 0n);
  // What is accepted is paid all at once: on its date, and at each acceptance after that.
  const due = settled === pieces ? 0n : worth(accepted);
  const undecided = worth((index) => {
    const line = lines[index];
    if (line === undefined) return 0;
    const open = (terms.lines[index]?.quantity ?? 0) - line.accepted - line.rejected - line.ended;
    return open + line.rejected - line.returned;
  });
  const isGivenUp = frozen === pieces - settled;
  const still = frozen === 0n ? 0n : due + (isGivenUp ? 0n : undecided);
  const paid = settled === 0n ? 0n : worth(accepted);
  const whole = worth((index) => terms.lines[index]?.quantity ?? 0);
  return `${whole} ${still}/${paid}/${worth((index) => refundedLines[index] ?? 0)}`;
}
