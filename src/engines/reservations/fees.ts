/**
 * What a peer may keep for itself of what a reservation pays: its fee, as far as the payee agreed to one, and beyond that
 * only what it has paid this payee before of its own money (paragraph 0094), under whatever consent. The payee's consent and
 * account are locked.
 */
import type { Refused } from "../../core/protocol/protocol.ts";
import type { Command, Hold } from "../../storage/ledger/ledger.ts";
import type { LocatedReservation, PaidAccount } from "./store.ts";
import { intoAccount, ofTrade, type World } from "./world.ts";

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
  if (advancedTo(world, payeeOf(reservation)) + kept.advanced >= 0n) return kept;
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
  if (advanced !== 0n) noteAdvanced(world, payeeOf(reservation), advanced);
}

const payeeOf = ({ peer, payeeAccount }: LocatedReservation): PaidAccount => ({
  peer,
  account: payeeAccount,
});

const advancedTo = ({ advanced }: World, to: PaidAccount): bigint =>
  advanced.get(intoAccount(to))?.amount ?? 0n;

/** Notes what a peer has paid into an account of its own money, or has had back of it. */
export function noteAdvanced(world: World, to: PaidAccount, amount: bigint): void {
  if (!world.books.accounts.has(to.account)) throw new Error(`The account ${to.account} is not locked.`);
  world.advanced.set(intoAccount(to), { ...to, amount: advancedTo(world, to) + amount });
  world.paidInto.add(intoAccount(to));
}
