/** Whose silence counts, and from when: nobody is silent about what has not reached them in time. */
import { clockOf, keepFrozenUntil } from "./clocks.ts";
import { type Act, after, type Decision } from "./decision.ts";
import type { Deadline, Side, Trade } from "./record.ts";

/** How long somebody has to know what is asked of them before their silence about it counts. */
const noticeBefore = "P1D";

/** From when the silence of a side counts; null where nothing has reached them. */
function countsFrom({ told, now }: Act, side: Side): Date | null {
  if (told === undefined) return now;
  const at = told[side];
  return at === null ? null : after(at, noticeBefore);
}

/** Whether the silence of a side counts now. */
export function isSilent(act: Act, side: Side): boolean {
  const from = countsFrom(act, side);
  return from !== null && from <= act.now;
}

/** True where nothing that they were asked has reached a side. */
export function isUntold(act: Act, side: Side): boolean {
  return countsFrom(act, side) === null;
}

/** When a deadline ends at which somebody's silence counts. */
function endOf(trade: Trade, deadline: Deadline): string | undefined {
  if (deadline === "acceptBy") return trade.acceptBy?.toISOString();
  if (deadline === "answerBy") return trade.progress.disputed?.answerBy ?? undefined;
  return clockOf(trade, deadline)?.toISOString();
}

/**
 * Moves a deadline that has come for those of these sides who were told of it too late, to a day after they were; once for
 * a deadline. True where it did: what silence would have said waits for that day.
 */
export function waitsForNotice(
  decision: Decision,
  act: Act,
  deadline: Deadline,
  sides: readonly Side[],
): boolean {
  const { next, events } = decision;
  if (next.progress.prolonged?.[deadline] === endOf(next, deadline)) return false;
  const late = sides.flatMap((side) => {
    const from = countsFrom(act, side);
    return from !== null && from > act.now ? [from] : [];
  });
  if (late.length === 0) return false;
  const until = late.reduce((last, from) => (from > last ? from : last));
  const at = until.toISOString();
  next.progress.prolonged = { ...next.progress.prolonged, [deadline]: at };
  const { disputed, clocks } = next.progress;
  if (deadline === "acceptBy") next.acceptBy = until;
  else if (deadline !== "answerBy") clocks[deadline] = at;
  else if (disputed !== null) next.progress.disputed = { ...disputed, answerBy: at };
  const { deliverWithin, inspectWithin } = next.terms.acceptance;
  keepFrozenUntil(
    decision,
    deadline === "returnBy" ? after(after(until, deliverWithin), inspectWithin) : until,
  );
  events.push({ type: "trade.extended", data: { by: "clock", deadline, until: at } });
  return true;
}
