/**
 * What a peer may keep for itself of what a reservation pays: its fee, as far as the payee agreed to one, and beyond that
 * only what it has paid this payee before of its own money (paragraph 0094). The payee's consent is locked.
 */
import type { Refused } from "../../core/protocol/protocol.ts";
import type { Command, Hold } from "../../storage/ledger/ledger.ts";
import type { LocatedReservation, Spending } from "./store.ts";
import { ofTrade, type World } from "./world.ts";

interface Found {
  reservation: LocatedReservation;
  hold: Hold;
}

/** What commands change, in minor units: of the fee of a reservation, and of what its payee was paid in advance. */
export interface Kept {
  fee: bigint;
  advanced: bigint;
}

/** What the peer keeps by these commands, or gives back of its fee; refused where it is more than was agreed to. */
export function keptBy(
  world: World,
  { reservation, hold }: Found,
  commands: readonly Command[],
): Refused | Kept {
  const kept: Kept = { fee: 0n, advanced: 0n };
  const { feeFixed, feeBasisPoints } = reservation;
  if (feeFixed === null || feeBasisPoints === null) return kept;
  const before = keptOfOthers(world, reservation);
  const others = (parts: readonly { account: string; amount: bigint }[]): bigint =>
    parts.reduce((sum, part) => sum + (part.account === reservation.payeeAccount ? 0n : part.amount), 0n);
  for (const command of commands) {
    if (command.do === "refund") {
      // What the peer gives back beyond its fee, it had from the payee for an advance: that is owed to it again.
      const back = others(command.sources);
      const fee = least(back, reservation.feeTaken);
      kept.fee -= fee;
      kept.advanced += back - fee;
    }
    if (command.do !== "settle") continue;
    const share = others(command.splits);
    const percent = (before.settled + hold.settled + command.amount) * BigInt(feeBasisPoints);
    const free = feeFixed + (percent + 9_999n) / 10_000n - before.feeTaken - reservation.feeTaken;
    const fee = least(share, free > 0n ? free : 0n);
    kept.fee += fee;
    kept.advanced -= share - fee;
  }
  const advanced = world.spending.get(reservation.payee)?.advanced ?? 0n;
  if (advanced + kept.advanced >= 0n) return kept;
  return {
    refused: "consent_not_valid",
    detail: "Your own share is at most the fee that the payee agreed to, and what you have paid them before.",
  };
}

/**
 * What was kept of other reservations of this trade, and of how much: however a payment is cut, the fixed part of the fee is
 * taken once. Those of which nothing was kept leave no room for more.
 */
function keptOfOthers(
  world: World,
  { id, payee, tradeNumber }: LocatedReservation,
): { settled: bigint; feeTaken: bigint } {
  const kept = new Map(
    (world.fees.get(ofTrade({ consent: payee, tradeNumber })) ?? []).map((each) => [each.id, each]),
  );
  for (const other of world.reservations.values()) {
    if (other.payee !== payee || other.tradeNumber !== tradeNumber) continue;
    const settled = world.books.holds.get(other.id)?.settled ?? 0n;
    kept.set(other.id, { id: other.id, consent: payee, tradeNumber, feeTaken: other.feeTaken, settled });
  }
  let [settled, feeTaken] = [0n, 0n];
  for (const other of kept.values()) {
    if (other.id === id || other.feeTaken === 0n) continue;
    settled += other.settled;
    feeTaken += other.feeTaken;
  }
  return { settled, feeTaken };
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** Notes what the peer has kept by commands that are done. */
export function noteKept(world: World, id: string, { fee, advanced }: Kept): void {
  const reservation = world.reservations.get(id);
  if (reservation === undefined) throw new Error(`Reservation ${id} is not there.`);
  if (fee !== 0n) {
    world.reservations.set(id, { ...reservation, feeTaken: reservation.feeTaken + fee });
    world.updated.add(id);
  }
  if (advanced !== 0n) noteAdvanced(world, reservation.payee, advanced);
}

/** Notes what the peer has paid somebody of its own money, or has had back of it. */
export function noteAdvanced(world: World, payee: string, amount: bigint): void {
  const spending: Spending | undefined = world.spending.get(payee);
  if (spending === undefined) throw new Error(`The consent ${payee} is not locked.`);
  world.spending.set(payee, { ...spending, advanced: spending.advanced + amount });
  world.spent.add(payee);
}
