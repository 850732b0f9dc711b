import { type Problem, problem, type Refused } from "../../core/protocol/protocol.ts";

/** What a request came to: a view of what was done, or the problem that stood in the way. */
export type Outcome<View> = Done<View> | NotDone;

export interface Done<View> {
  how: "done";
  status: number;
  view: Json<View>;
  /** True where it was done for an earlier request with the same key. */
  replayed: boolean;
}

export interface NotDone {
  how: "refused";
  status: number;
  problem: Json<Problem>;
  replayed: boolean;
}

export function done<View>(status: number, view: View): Done<View> {
  return { how: "done", status, view: jsonOf(view), replayed: false };
}

/** The outcome of a request that is refused; `trade` is the number of the trade that it is about. */
export function refusal({ refused, detail, status }: Refused, trade?: bigint | string): NotDone {
  const concerned = trade === undefined ? {} : { trade: String(trade) };
  return notDone(problem(refused, detail, status === undefined ? concerned : { ...concerned, status }));
}

export function notDone(answer: Problem): NotDone {
  return { how: "refused", status: answer.status, problem: jsonOf(answer), replayed: false };
}

/** An outcome read back from the status and the text that were kept of it. */
export function outcomeFrom<View>(status: number, text: string): Outcome<View> {
  return status >= 400
    ? { how: "refused", status, problem: jsonFrom(text), replayed: true }
    : doneBefore(status, text);
}

/** What was done for an earlier request, read back from what was kept of it. */
export function doneBefore<View>(status: number, text: string): Done<View> {
  return { how: "done", status, view: jsonFrom(text), replayed: true };
}

/** The JSON of an outcome, as it is kept and sent. */
export function textOf(outcome: Outcome<unknown>): string {
  return outcome.how === "done" ? outcome.view.text : outcome.problem.text;
}

/**
 * A value and its JSON text, each made from the other once. Plain fields: a getter in an object literal would give each
 * outcome a hidden class of its own, which costs a busy server a tenth of what it can do.
 */
export interface Json<Value> {
  readonly value: Value;
  readonly text: string;
}

function jsonOf<Value>(value: Value): Json<Value> {
  return { value, text: JSON.stringify(value) };
}

/** Of a text that this server has made itself, so that what is in it is known. */
function jsonFrom<Value>(text: string): Json<Value> {
  return { value: JSON.parse(text) as Value, text };
}
