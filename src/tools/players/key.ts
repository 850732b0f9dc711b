/** What makes two states of the search the same. */
import { type Guarantee, unshippedGoods } from "../../core/trade/trade.ts";
import { type Setting, stepMs } from "./setting.ts";
import type { State } from "./state.ts";

/** Everything that the future depends on, with times counted from now. */
export function keyOf(state: State, setting: Setting): string {
  const { trade, world, now } = state;
  const { progress } = trade;
  const step = stepMs(setting);
  const since = progress.disputed === null ? now : new Date(progress.disputed.at).getTime();
  const left = (at: Date | string | null | undefined, from = now): number => {
    if (at === null || at === undefined) return -1;
    const time = (typeof at === "string" ? Date.parse(at) : at.getTime()) - from;
    return time <= 0 ? 0 : time / step;
  };
  const { lots, parcels } = placesOf(state);
  const { deliverBy, returnBy, inspectBy } = progress.clocks;
  const unshipped = unshippedGoods(trade).length > 0;
  const clocks = [
    left(deliverBy),
    left(returnBy),
    left(inspectBy),
    left(trade.reservedUntil),
    unshipped && progress.unshippedUntil !== undefined ? left(progress.unshippedUntil) : "",
    unshipped ? left(trade.shipBy, since) : "",
    left(trade.acceptBy, since),
    progress.disputed?.lookBy === undefined ? "" : left(progress.disputed.lookBy),
    left(trade.paymentDate, since),
    progress.disputed === null ? "" : left(trade.paymentDate),
    left(progress.coolingOff, since),
    left(progress.silent?.until, since),
    left(progress.silent?.until, since) > 0 ? progress.silent?.lines.join() : "",
    left(trade.coolingOffUntil, since),
    setting.cheat === "shop" && setting.extendableTo !== undefined
      ? left(progress.reservedAt, now - 9 * step)
      : "",
  ];
  const quantities = progress.lines.map(
    (line) =>
      `${line.shipped}${line.delivered}${line.accepted}${line.rejected}${line.returned}${line.withdrawn}${line.ended}`,
  );
  const { advance, disputed, offer } = progress;
  return [
    short[trade.state] ?? trade.state,
    lots.join(),
    parcels.join(),
    clocks.join(),
    quantities.join(),
    `${trade.frozen},${trade.settled},${trade.refunded},${progress.refundDue?.amount ?? 0}${progress.refundDue?.kept === true ? "k" : ""},${progress.divided}`,
    disputed === null
      ? ""
      : `${disputed.by}${disputed.asked.join()}/${disputed.silent?.join() ?? ""}/${left(disputed.answerBy)},${left(disputed.decideBy)}`,
    progress.disputesOf?.join() ?? "",
    Object.entries(progress.prolonged ?? {})
      .map(([deadline, at]) => `${deadline}${left(at)}`)
      .join(),
    offer === undefined ? "" : `${offer.by}${offer.release},${offer.pay},${offer.refund}${offer.of}`,
    Object.entries(progress.confirmed).join(),
    progress.final.join(),
    progress.refundedLines.join(),
    advance === undefined ? "" : `${advance.amount},${advance.recovered},${advance.owed}`,
    guaranteeOf(progress.guarantee, left),
    `${progress.extendedByBuyer}${progress.extensionAsked === undefined}`,
    progress.revisionAsked === undefined ? "" : `w${left(progress.revisionAsked.until)}`,
    setting.earmark === undefined ? "" : `${trade.terms.earmark === true}${left(progress.ordered?.objectBy)}`,
    setting.wishes === undefined ? "" : trade.terms.lines.map(({ unitAmount }) => unitAmount).join(),
    world.shelves.map((shelf) => Object.values(shelf).join("")).join(),
    `${world.judged.join()}${world.silent}${booksOf(world)},${world.extensions}${setting.most === undefined ? "" : world.moves}`,
  ].join(";");
}

function guaranteeOf(guarantee: Guarantee | undefined, left: (at: string | undefined) => number): string {
  if (guarantee === undefined) return "";
  const { collected, freed, claimed, reimbursed, payBy, claimFrom, releaseBy, earlier = [] } = guarantee;
  const sums = [collected, freed, claimed, reimbursed, ...earlier.map(({ total }) => total)];
  return [...sums, ...[payBy, claimFrom, releaseBy].map((at) => left(at))].join();
}

function booksOf({ books: { accounts, early }, bought }: State["world"]): string {
  return [...Object.values(accounts), early.outstanding, early.owed, bought].join();
}

const short: Record<string, string> = {
  shipped: "S",
  delivered: "D",
  rejected: "R",
  withdrawn: "W",
  reserved: "r",
  disputed: "d",
  accepted: "a",
  settled: "s",
};

/** Where goods are, for the machine and in the world; parcels are named by their order. */
function placesOf({ trade: { progress }, world }: State): { lots: string[]; parcels: string[] } {
  const names = new Map<string, string>();
  const named = (number: string | undefined) => {
    if (number === undefined) return "";
    const known = names.get(number);
    if (known !== undefined) return known;
    const name = `${names.size}`;
    names.set(number, name);
    return name;
  };
  const lots = progress.lots.map(
    (lot) =>
      `${lot.line}${lot.quantity}${short[lot.at]}${lot.kind?.[0] ?? ""}${named(lot.parcel)}/${named(lot.back)}${lot.seen?.[0] ?? "-"}${lot.home?.[0] ?? "-"}${lot.received === undefined ? "" : "r"}${lot.claimed === undefined ? "" : "c"}${lot.contested ?? ""}${lot.refused === undefined ? "" : "x"}${lot.unpaid === undefined ? "" : "u"}${lot.offered === undefined ? "" : "o"}`,
  );
  const parcels = world.parcels
    .map(
      (parcel) =>
        `${parcel.line}${parcel.what[0]}${parcel.to[0]}${parcel.left}${parcel.arrived ? "a" : ""}${named(parcel.number)}${parcel.number === undefined ? "" : "t"}`,
    )
    .sort();
  return { lots, parcels };
}
