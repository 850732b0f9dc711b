/** A state of the search: a trade with the world beside it, and how states that are the same are recognized. */
import { type Act, type Decision, type Effect, heldOf, type Trade } from "../../core/trade/trade.ts";
import { type ActorRole, isRefused } from "../../core/protocol/protocol.ts";
import {
  type Command,
  type decide,
  type nextDeadline,
  propose,
  type waits,
} from "../../core/machine/machine.ts";
import { balanceOf, booked, debtIn, boughtOf, isTooMuchEarly } from "./money.ts";
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
  lendsWithoutLimit?: true;
  keepsRefunds?: true;
  /** An operator who has no deadline, or who hears one side only and believes it. */
  isPatient?: true;
  hearsOne?: true;
}

/** Which machine, and on what terms. */
export interface Rules {
  machine: Machine;
  setting: Setting;
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
  const world = freshWorld(setting);
  const before = { trade, world, now: beginning.getTime() };
  const state = say({ machine, setting }, before, "buyer", reserveOf(setting));
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

/** What a command comes to; undefined where it is refused. The world is carried over, but for money. */
export function say(
  { machine, setting }: Rules,
  state: State,
  role: ActorRole,
  command: Command,
  told?: Act["told"],
): State | undefined {
  const { trade, world } = state;
  const debt = debtIn(world.books);
  const act: Act = { role, actor: role, now: new Date(state.now), id: "hold", told, debt };
  if (role === "operator") act.operator = { channel: "desk", reference: "1" };
  let result = machine.decide(trade, command, act);
  if (!isRefused(result) && refundOf(result) > balanceOf(world.books))
    result = machine.decide(trade, command, { ...act, payeeShort: true });
  if (isRefused(result)) return undefined;
  if (machine.lendsWithoutLimit !== true && isTooMuchEarly(setting, world.books, result)) return undefined;
  const { next } = result;
  if (next.progress.remindedAt !== never) next.progress.remindedAt = never;
  // The institution takes it: who brings the money has it, and exactly what is due.
  const { guarantee } = next.progress;
  if (guarantee?.taking?.state === "asked")
    next.progress.guarantee = { ...guarantee, taking: { ...guarantee.taking, state: "taken" } };
  const after = { ...state, trade: next };
  if (command.do === "collect" || result.effects.some(({ do: does }) => movesMoney.has(does)))
    after.world = { ...world, books: booked(world.books, result, machine) };
  if (command.do === "advance") after.world = { ...after.world, bought: boughtOf(setting, next, state.now) };
  const due = next.progress.refundDue;
  // Where the account is short, to try again every hour changes nothing.
  if (due?.kept === true)
    next.progress.refundDue = {
      ...due,
      tryAt: balanceOf(after.world.books) < due.amount ? never : new Date(state.now).toISOString(),
    };
  return after;
}

const movesMoney: ReadonlySet<Effect["do"]> = new Set([
  "settle",
  "refund",
  "reimburse",
  "transfer",
  "use advance",
]);

/** What a decision takes back out of the shop's account. */
function refundOf({ effects }: Decision): number {
  return effects.reduce(
    (sum, effect) =>
      effect.do === "refund" || effect.do === "reimburse" ? sum + Number(effect.amount) : sum,
    0,
  );
}

/** True while money is frozen, or a hold stands for what was collected, or is to come back for goods that are on their way back. */
export function isHeld({ trade }: State): boolean {
  return heldOf(trade) > 0n || trade.progress.lots.length > 0;
}
