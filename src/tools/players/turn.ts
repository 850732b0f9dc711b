/** A turn: all that can happen next in a state, and what each comes to. */
import type { ActorRole } from "../../core/protocol/protocol.ts";
import { type ClockMove, type Command } from "../../core/machine/machine.ts";
import { type Act, dueOf, owed } from "../../core/trade/trade.ts";
import { billOf, withoutBill } from "./money.ts";
import { lateBy, type Party, type Setting, stepMs } from "./setting.ts";
import { copy, type Machine, type Rules, say, type State } from "./state.ts";
import type { World } from "./world.ts";

export interface Happened {
  label: string;
  state: State;
  /** Steps that the clock has moved. */
  steps: number;
  /** The machine could not go on: what it said. */
  stuck?: string;
}

export interface Turn {
  setting: Setting;
  machine: Machine;
  state: State;
  moves: Happened[];
  /** Somebody honest has to act before the clock moves. */
  must: boolean;
}

/** Something that is said to the machine. `may`: it is no matter whether it is taken. */
export interface Said {
  role: ActorRole;
  command: Command;
  may?: true;
}

/** Adds a move: the world changes, then things are said. It is no move where one of them is refused. */
export function add(turn: Turn, label: string, change: (world: World) => Said[]): boolean {
  let next = copy(turn.state);
  const commands = change(next.world);
  return attempt(turn, label, 0, () => {
    for (const { role, command, may } of commands) {
      const said = say(turn, next, role, command);
      if (said === undefined && may === undefined) return undefined;
      if (said !== undefined) next = catchUp(turn, said);
    }
    return next;
  });
}

/** Adds what a move comes to. A machine that breaks by it is a finding. */
function attempt(turn: Turn, label: string, steps: number, run: () => State | undefined): boolean {
  try {
    const state = run();
    if (state !== undefined) turn.moves.push({ label, state, steps });
    return state !== undefined;
  } catch (error) {
    const stuck = error instanceof Error ? error.message : String(error);
    turn.moves.push({ label, state: turn.state, steps, stuck });
    return false;
  }
}

/** As `add`, with things that are only said. */
export function tell(turn: Turn, label: string, role: ActorRole, command: Command): boolean {
  return attempt(turn, label, 0, () => {
    const said = say(turn, turn.state, role, command);
    return said === undefined ? undefined : catchUp(turn, said);
  });
}

/** Whole steps until an instant; undefined where there is none or it is over. */
function stepsTo(turn: Turn, at: Date | string | null | undefined): number | undefined {
  if (at === null || at === undefined) return undefined;
  const time = (typeof at === "string" ? Date.parse(at) : at.getTime()) - turn.state.now;
  return time <= 0 ? undefined : time / stepMs(turn.setting);
}

/** True at the last moment before a deadline. */
export function isLast(turn: Turn, at: Date | string | null | undefined): boolean {
  const left = stepsTo(turn, at);
  return left !== undefined && left <= 1;
}

/** When each side was told of what it has to act on, where that makes a difference. */
function toldIn({ untold, toldLate }: Setting, now: number): Act["told"] {
  if (untold === undefined && toldLate === undefined) return undefined;
  const at = (side: Party) => (side === untold ? null : new Date(side === toldLate ? now - lateBy : 0));
  return { buyer: at("buyer"), shop: at("shop") };
}

/** A side that is told only when its deadline is there knows of nothing before. */
export function knows({ setting, state }: Turn, side: Party): boolean {
  const { frozen, coolingOffUntil, progress } = state.trade;
  return (
    setting.toldLate !== side || progress.prolonged !== undefined || coolingOffUntil !== null || frozen === 0n
  );
}

/** Makes the clock's moves that are due. */
export function catchUp(turn: Rules, state: State, told?: string[]): State {
  let next = state;
  for (let count = 0; ; count++) {
    const due = turn.machine.nextDeadline(next.trade);
    if (due === undefined || due.at.getTime() > next.now || due.move === "erase") return next;
    if (count > 40) throw new Error(`The clock does not come to rest: ${due.move} in ${next.trade.state}.`);
    const said = say(turn, next, "clock", { do: due.move }, toldIn(turn.setting, next.now));
    if (said === undefined)
      throw new Error(`The clock's ${due.move} is refused in ${next.trade.state}, and comes again.`);
    const waits = said.trade.progress.prolonged !== next.trade.progress.prolonged;
    told?.push(waits ? "a deadline waits a day for who was told too late" : clockSays[due.move]);
    next = said;
  }
}

const clockSays: Record<ClockMove, string> = {
  expire: "a time to ship or the reservation ends",
  autoAccept: "the time to accept ends, silence accepts",
  pay: "what is accepted falls due",
  "not-sent-back": "the time to send back ends",
  "not-inspected": "the time to look at goods ends",
  "not-answered": "the time to answer the dispute ends",
  "not-decided": "the operator is late",
  remind: "somebody is reminded",
  repay: "a refund is tried again",
  release: "the shop has not freed what was collected, the clock does",
  claim: "nobody has paid or claimed, the clock claims",
};

/** The clock moves by a step, unless somebody honest has to act or a parcel has to arrive before. */
export function moveClock(turn: Turn): void {
  const next = copy(turn.state);
  next.now += stepMs(turn.setting);
  next.world.parcels = next.world.parcels.map((parcel) =>
    parcel.arrived ? parcel : { ...parcel, left: parcel.left - 1 },
  );
  const told: string[] = [];
  attempt(turn, "The clock moves.", 1, () => catchUp(turn, next, told));
  const last = turn.moves.at(-1);
  if (last?.stuck === undefined && last !== undefined)
    last.label = told.length === 0 ? "" : `${capital(told.join("; "))}.`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What the buyer pays at a collector, where something is due there. */
export function duePayment({ trade }: State): Said | undefined {
  if (trade.progress.guarantee === undefined || owed(trade) <= 0n) return undefined;
  return { role: "collector", command: { do: "collect", total: Number(dueOf(trade)) } };
}

/** What was claimed is asked for by a bill, which can be paid whenever it is there. */
export function payBill(turn: Turn, who: string, note: (world: World) => void = () => {}): void {
  if (billOf(turn.state.world.books) === 0) return;
  add(turn, `${who} pays the guarantor's bill.`, (world) => {
    note(world);
    world.books = withoutBill(world.books, "bills");
    return [];
  });
}

/** The guarantor expects nothing of a bill any more. */
export function giveUpBill(turn: Turn): void {
  if (turn.setting.givesUp === undefined || billOf(turn.state.world.books) === 0) return;
  add(turn, "The guarantor gives up what is owed.", (world) => {
    world.books = withoutBill(world.books, "losses");
    return [];
  });
}

/** One piece of a line, as commands name it. */
export const one = (line: number): { line: number; quantity: number }[] => [{ line: line + 1, quantity: 1 }];

/** Quantity of a line in lots of which this holds. */
export function inLots(state: State, line: number, isMeant: (lot: Lot) => boolean): number {
  let sum = 0;
  for (const lot of state.trade.progress.lots) if (lot.line === line + 1 && isMeant(lot)) sum += lot.quantity;
  return sum;
}

type Lot = State["trade"]["progress"]["lots"][number];
export type { Lot };
