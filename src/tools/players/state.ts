/** A state of the search: a trade with the world beside it, and how states that are the same are recognized. */
import type { Act, Decision, Trade } from "../../core/trade/trade.ts";
import { type ActorRole, isRefused } from "../../core/protocol/protocol.ts";
import {
  type Command,
  type decide,
  type nextDeadline,
  propose,
  type waits,
} from "../../core/machine/machine.ts";
import { type Setting, termsOf } from "./setting.ts";
import { copyOf, freshWorld, type World } from "./world.ts";

/** What the search drives: the machine itself, or the machine with one rule switched off. */
export interface Machine {
  decide: typeof decide;
  nextDeadline: typeof nextDeadline;
  waits: typeof waits;
  /** Rules that the engine keeps, not the machine, where one of them is switched off. */
  paysOutEarly?: true;
  freezesAnew?: true;
  /** An operator who has no deadline, or who hears one side only and believes it. */
  isPatient?: true;
  hearsOne?: true;
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
