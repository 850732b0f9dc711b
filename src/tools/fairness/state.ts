/** A state of the search: a trade with the world beside it, and how states that are the same are recognized. */
import { type ActorRole, isRefused } from "../../core/protocol/protocol.ts";
import {
  type Act,
  type Command,
  type decide,
  type Decision,
  type nextDeadline,
  propose,
  type Trade,
  unshippedGoods,
  type waits,
} from "../../core/machine/machine.ts";
import { type Setting, stepMs, termsOf } from "./setting.ts";
import { copyOf, freshWorld, type World } from "./world.ts";

/** What the search drives: the machine itself, or the machine with one rule switched off. */
export interface Machine {
  decide: typeof decide;
  nextDeadline: typeof nextDeadline;
  waits: typeof waits;
  /** Rules that the engine keeps, not the machine, where one of them is switched off. */
  paysOutEarly?: true;
  freezesAnew?: true;
  /** An operator who has no deadline. */
  isPatient?: true;
}

export interface State {
  trade: Trade;
  world: World;
  /** Milliseconds. */
  now: number;
}

/** Far enough away that no reminder is ever due: reminders change nothing but when they were given. */
const never = "2199-01-01T00:00:00.000Z";
const beginning = new Date("2027-01-01T00:00:00.000Z");

export function firstState(setting: Setting, machine: Machine): State {
  const proposal = {
    number: 18n,
    shop: "shop",
    buyer: "buyer",
    member: 1n,
    carrier: "carrier",
    provider: null,
    currency: "JPY",
    terms: termsOf(setting, beginning),
  };
  const act: Act = { role: "shop", actor: null, now: beginning, id: "hold" };
  const trade = propose(proposal, act).next;
  const world = freshWorld(setting.lines);
  const state = say(machine, { trade, world, now: beginning.getTime() }, "buyer", reserveOf(setting));
  if (state === undefined) throw new Error("The money could not be frozen.");
  return state;
}

export function reserveOf(setting: Setting, notAfter?: Date): Command {
  const mandate = setting.mandate === undefined ? null : "mandate";
  const chosen = { method: "method", account: "account", mandate };
  return { do: "reserve", chosen, shopAgreed: true, ...(notAfter === undefined ? {} : { notAfter }) };
}

/** A copy of a state whose world may be changed. */
export function copy(state: State): State {
  return { ...state, world: copyOf(state.world) };
}

/** What a command comes to; undefined where it is refused. The world is carried over. */
export function say(
  machine: Machine,
  state: State,
  role: ActorRole,
  command: Command,
  told?: Act["told"],
): State | undefined {
  const act: Act = { role, actor: role, now: new Date(state.now), id: "hold", told };
  if (role === "operator") act.operator = { channel: "desk", reference: "1" };
  let result = machine.decide(state.trade, command, act);
  if (!isRefused(result) && state.world.emptied && takesFromShop(result))
    result = machine.decide(state.trade, command, { ...act, payeeShort: true });
  if (isRefused(result)) return undefined;
  const { next } = result;
  if (next.progress.remindedAt !== never) next.progress.remindedAt = never;
  // An empty account stays empty: to try again every hour changes nothing.
  if (state.world.emptied && next.progress.refundDue !== undefined)
    next.progress.refundDue = { ...next.progress.refundDue, tryAt: never };
  return { ...state, trade: next };
}

const takesFromShop = ({ effects }: Decision): boolean => effects.some((effect) => effect.do === "refund");

/** True while money is frozen, or is to come back for goods that are on their way back. */
export function isHeld({ trade }: State): boolean {
  return trade.frozen > 0n || trade.progress.lots.length > 0;
}

/** Everything that the future depends on, with times counted from now. */
export function keyOf(state: State, setting: Setting): string {
  const { trade, world, now } = state;
  const { progress } = trade;
  const step = stepMs(setting);
  const names = new Map<string, string>();
  const named = (number: string | undefined) => {
    if (number === undefined) return "";
    const known = names.get(number);
    if (known !== undefined) return known;
    const name = `${names.size}`;
    names.set(number, name);
    return name;
  };
  const since = progress.disputed === null ? now : new Date(progress.disputed.at).getTime();
  const left = (at: Date | string | null | undefined, from = now): number => {
    if (at === null || at === undefined) return -1;
    const time = (typeof at === "string" ? Date.parse(at) : at.getTime()) - from;
    return time <= 0 ? 0 : time / step;
  };
  const lots = progress.lots.map(
    (lot) =>
      `${lot.line}${lot.quantity}${short[lot.at]}${lot.kind?.[0] ?? ""}${named(lot.parcel)}/${named(lot.back)}${lot.seen?.[0] ?? "-"}${lot.home?.[0] ?? "-"}${lot.received === undefined ? "" : "r"}${lot.claimed === undefined ? "" : "c"}${lot.contested ?? ""}${lot.unpaid === undefined ? "" : "u"}${lot.offered === undefined ? "" : "o"}`,
  );
  const parcels = world.parcels
    .map(
      (parcel) =>
        `${parcel.line}${parcel.what[0]}${parcel.to[0]}${parcel.left}${parcel.arrived ? "a" : ""}${named(parcel.number)}${parcel.number === undefined ? "" : "t"}`,
    )
    .sort();
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
  const { disputed, offer } = progress;
  return [
    short[trade.state] ?? trade.state,
    lots.join(),
    parcels.join(),
    clocks.join(),
    quantities.join(),
    `${trade.frozen},${trade.settled},${trade.refunded},${progress.refundDue?.amount ?? 0},${progress.divided}`,
    disputed === null
      ? ""
      : `${disputed.by}${disputed.asked.join()}${left(disputed.answerBy)},${left(disputed.decideBy)}`,
    progress.disputesOf?.join() ?? "",
    offer === undefined ? "" : `${offer.by}${offer.release},${offer.pay},${offer.refund}${offer.of}`,
    Object.entries(progress.confirmed).join(),
    progress.final.join(),
    progress.refundedLines.join(),
    `${progress.extendedByBuyer}${progress.extensionAsked === undefined}`,
    world.shelves.map((shelf) => Object.values(shelf).join("")).join(),
    `${world.judged.join()}${world.silent}${world.emptied}${world.extensions}${setting.most === undefined ? "" : world.moves}`,
  ].join(";");
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
