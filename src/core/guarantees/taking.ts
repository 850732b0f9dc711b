/** Money that the carrier has taken at the door with the acceptance (paragraph 0070): said here, decided by the institution. */
import {
  type Act,
  type Decision,
  draftOf,
  type Guarantee,
  owed,
  type Taking,
  type Trade,
} from "../trade/trade.ts";
import type { Refused } from "../protocol/protocol.ts";

/**
 * Notes with an acceptance that its carrier has taken so much, which has to be all that is due once it is accepted: what was paid
 * elsewhere meanwhile the institution knows, and says so. One thing is taken at a time.
 */
export function takeAtDoor(
  { next, events }: Decision,
  { amount, currency }: { amount: number; currency: string },
  { role, actor }: Act,
): Refused | undefined {
  const { guarantee } = next.progress;
  if (role !== "carrier" || actor === null)
    return { refused: "not_allowed", detail: "Only the carrier who is there takes money at the door." };
  if (guarantee === undefined)
    return { refused: "nothing_due", detail: "Nothing is collected for this trade." };
  if (guarantee.taking?.state === "asked") return { refused: "trade_busy" };
  if (next.currency !== currency) return { refused: "currency_mismatch" };
  const due = owed(next);
  // The sum is told to who is at the door, and not to a carrier who guesses.
  if (due !== BigInt(amount)) return { refused: "amount_mismatch" };
  next.progress.guarantee = { ...guarantee, taking: { by: actor, amount, state: "asked" } };
  const accepted = events.find(({ type }) => type === "trade.accepted");
  if (accepted !== undefined) accepted.data = { ...accepted.data, cash: amount };
  return undefined;
}

/** What an acceptance of all this would have somebody take at the door. */
export const toTake = ({ next }: Decision): bigint => owed(next);

/** The trade once the institution has said what became of what was taken; undefined where it was not asked by this instruction. */
export function endTaking<T extends Trade>(
  trade: T,
  instruction: string,
  how: Pick<Taking, "state" | "code">,
): { trade: T; taking: Taking } | undefined {
  const { guarantee } = trade.progress;
  const { taking } = guarantee ?? {};
  if (guarantee === undefined || taking?.instruction !== instruction || taking.state !== "asked")
    return undefined;
  const { answer: _, ...rest } = taking;
  const ended: T = { ...trade, ...draftOf(trade) };
  ended.progress.guarantee = {
    ...guarantee,
    taking: { ...rest, state: how.state, ...(how.code === undefined ? {} : { code: how.code }) },
  };
  return { trade: ended, taking };
}

/** Keeps what is known of what was taken where a step that was decided before it has become true. */
export function keepTaking(before: Trade, kept: Guarantee): Guarantee {
  const { taking } = before.progress.guarantee ?? {};
  return taking === undefined || kept.taking?.instruction !== taking.instruction ? kept : { ...kept, taking };
}
