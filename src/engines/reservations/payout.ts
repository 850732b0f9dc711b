/**
 * From when a payee can take out what a reservation has paid: the peer says so, for it knows how long goods may go back.
 * Its word binds what was paid by that reservation, and no other money of the payee.
 */
import type { Command, Hold, PayoutLock } from "../../storage/ledger/ledger.ts";
import type { LocatedReservation } from "./store.ts";
import type { World } from "./world.ts";

interface Found {
  reservation: LocatedReservation;
  hold: Hold;
}

/**
 * Notes what has been paid to the payee by these commands, which are done, and given back from there. `payableFrom` is
 * what the instruction says of it; without a word the payee can take out at once what is paid, and the rest as before.
 */
export function keepBack(
  world: World,
  { reservation, hold }: Found,
  commands: readonly Command[],
  payableFrom: string | undefined,
): void {
  const before = world.locks.get(hold.id);
  const until = payableFrom === undefined ? before?.until : new Date(payableFrom);
  if (until === undefined) return;
  const share = (parts: readonly { account: string; amount: bigint }[]): bigint =>
    parts.reduce((sum, part) => sum + (part.account === reservation.payeeAccount ? part.amount : 0n), 0n);
  let amount = keptSoFar(world, reservation, hold, commands);
  for (const command of commands) {
    if (command.do === "settle" && payableFrom !== undefined) amount += share(command.splits);
    if (command.do === "refund") amount -= share(command.sources);
  }
  world.relocked.add(hold.id);
  if (amount <= 0n) world.locks.delete(hold.id);
  else world.locks.set(hold.id, lockOf(reservation, amount, until));
}

/**
 * What was kept back before these commands. Of a payee who has taken their consent back it is what still is: money that they
 * were free to take out stays free, whatever the peer says later.
 */
function keptSoFar(
  world: World,
  { payeeRevokedAt }: LocatedReservation,
  hold: Hold,
  commands: readonly Command[],
): bigint {
  const before = world.locks.get(hold.id);
  if (payeeRevokedAt === null) return before?.amount ?? alreadyPaid(hold, commands);
  return before !== undefined && isKept(before, world.now) ? before.amount : 0n;
}

/** Whether the payee may not take out yet what a lock keeps back. */
export function isKept({ until }: PayoutLock, now: Date): boolean {
  return until === null || until > now;
}

/** What the hold had paid before these commands, fees and all: what of it the payee has is not known any more. */
function alreadyPaid(hold: Hold, commands: readonly Command[]): bigint {
  let paid = hold.settled - hold.refunded;
  for (const command of commands) {
    if (command.do === "settle") paid -= command.amount;
    if (command.do === "refund") paid += command.amount;
  }
  return paid;
}

function lockOf(
  { id, payeeAccount, peer }: LocatedReservation,
  amount: bigint,
  until: Date | null,
): PayoutLock {
  return { hold: id, account: payeeAccount, peer, amount, until };
}
