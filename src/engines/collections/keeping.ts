/** From when a payee can take out what was paid under a number: the server says so, for it knows how long goods may go back. */
import type { LocatedDue } from "./store.ts";
import type { World } from "./world.ts";

/** How much of what was paid may not be taken out now. */
export function isKept(world: World, { id }: LocatedDue): bigint {
  const lock = world.locks.get(id);
  return lock !== undefined && (lock.until === null || lock.until > world.now) ? lock.amount : 0n;
}

/** Keeps back what has just been paid to the payee, for as long as the server has said. */
export function keepBack(world: World, due: LocatedDue, share: bigint): void {
  if (due.payableFrom === null) return;
  lock(world, due, (world.locks.get(due.id)?.amount ?? 0n) + share, due.payableFrom);
}

/** What has gone back is kept back no more. */
export function giveBack(world: World, due: LocatedDue, share: bigint): void {
  const before = world.locks.get(due.id);
  if (before !== undefined) lock(world, due, before.amount - share, before.until);
}

/**
 * The server says anew from when it can be taken out: all that the payee has of it. Of a payee who has taken their consent
 * back it is what is still kept back: what was free to take out stays free.
 */
export function keepLonger(world: World, due: LocatedDue, until: Date | null): void {
  const has = due.paid - due.feePaid - due.refunded;
  const amount =
    due.payeeRevokedAt === null
      ? (world.locks.get(due.id)?.amount ?? (has > 0n ? has : 0n))
      : isKept(world, due);
  if (amount > 0n) lock(world, due, amount, until);
}

function lock(
  world: World,
  { id, peer, payeeAccount }: LocatedDue,
  amount: bigint,
  until: Date | null,
): void {
  world.relocked.add(id);
  if (amount <= 0n || payeeAccount === null) world.locks.delete(id);
  else world.locks.set(id, { hold: id, account: payeeAccount, peer, amount, until });
}
