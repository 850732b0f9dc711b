/** What each instruction of a peer does (支払予約手段 30a, 支払処理手段 30b): a refusal, or all of it at once. */
import { type Command, type Hold, open } from "../../storage/ledger/ledger.ts";
import { problemOfLedger } from "../engine/engine.ts";
import { fromWire, toWire } from "../../core/money/money.ts";
import type { Instruction, ReservationView, TransferView } from "../../core/protocol/schemas.ts";
import { keptBy, noteAdvanced, noteKept } from "./fees.ts";
import {
  awaitedFor,
  confirmed,
  giveRoom,
  noteSettled,
  sharesOf,
  spend,
  staysFrozen,
  validConsent,
  validPayee,
  withinLimits,
} from "./rights.ts";
import type { HeldRow, LocatedReservation } from "./store.ts";
import { isKept, keepBack } from "./payout.ts";
import type { Digest } from "../engine/engine.ts";
import { amountToFreeze, inMoney, unknownAmount } from "./private-amounts.ts";
import type { Told } from "./told-amount-store.ts";
import type { Refused } from "../../core/protocol/protocol.ts";
import type { World } from "./world.ts";

type Of<Does extends Instruction["do"]> = Extract<Instruction, { do: Does }>;
export type Obeyed = { status: number; body: ReservationView | TransferView };
type Result = Refused | Obeyed;

/** The farthest end of a reservation, from now: a server that has gone wrong freezes nobody's money for good. */
const longestMs = 2 * 366 * 86_400_000;

/** Does what a peer asks, at the batch's instant. What is refused leaves no trace. */
export function obey(world: World, peer: string, instruction: Instruction, digest: Digest): Result {
  switch (instruction.do) {
    case "reserve":
      return reserve(world, peer, instruction);
    case "transfer":
      return transfer(world, peer, instruction);
    default:
      return onReservation(world, peer, instruction, digest);
  }
}

/** Ends what has run out before anybody does anything else to it. The institution alone decides how a hold ended. */
export function catchUp(world: World, { reservation, hold }: Found): void {
  if (hold.state !== "held" || hold.until > world.now) return;
  const longer = staysFrozen(world, hold.id);
  if (longer !== undefined) {
    const kept = post(world, { reservation, hold }, [
      { do: "extend", id: world.newId(), hold: hold.id, until: longer },
    ]);
    if (kept !== undefined)
      throw new Error(`Reservation ${hold.id} could not be prolonged: ${kept.refused}.`);
    return;
  }
  const refused = post(world, { reservation, hold }, [
    { do: "expire", id: world.newId(), hold: hold.id, amount: open(hold) },
  ]);
  if (refused !== undefined) throw new Error(`Reservation ${hold.id} could not expire: ${refused.refused}.`);
}

interface Found {
  reservation: LocatedReservation;
  hold: Hold;
}

/** A reservation with its hold; undefined where there is none. */
export function find(world: World, id: string): Found | undefined {
  const reservation = world.reservations.get(id);
  const hold = world.books.holds.get(id);
  return reservation === undefined || hold === undefined ? undefined : { reservation, hold };
}

function tooFar(world: World, until: string | undefined): Refused | undefined {
  if (until === undefined || new Date(until).getTime() <= world.now.getTime() + longestMs) return undefined;
  return { refused: "date_out_of_range", detail: "Money is not kept frozen for more than two years." };
}

function reserve(world: World, peer: string, asked: Of<"reserve">): Result {
  const { id, tradeNumber, account, payee, currency, replaces, until } = asked;
  if ((asked.amount === undefined) === (asked.quantities === undefined)) return unknownAmount;
  // Whatever has this id already is not this reservation, whose answer would have been found.
  if (world.books.holds.has(id) || world.books.known.has(id)) return { refused: "command_id_reused" };
  const payer = validConsent(world, peer, { id: account, purpose: "pay", currency, field: "account" });
  if ("refused" in payer) return payer;
  const paid = validPayee(world, peer, { id: payee, currency });
  if ("refused" in paid) return paid;
  const told = asked.quantities && amountToFreeze(toldOf(world, peer, asked), asked.quantities);
  if (told !== undefined && "refused" in told) return told;
  const amount = told?.amount ?? fromWire(asked.amount ?? 0);
  const old = replaces === undefined ? undefined : replaced(world, peer, replaces, tradeNumber);
  if (old !== undefined && "refused" in old) return old;
  const left = old === undefined ? undefined : { reservation: old.reservation, amount: open(old.hold) };
  const refused = tooFar(world, until) ?? withinLimits(world, payer, { amount, tradeNumber }, left);
  if (refused !== undefined) return refused;
  const hold = { do: "hold", id, account: payer.account, currency, amount, until: new Date(until) } as const;
  const before = old?.hold.released ?? 0n;
  const release = old === undefined ? [] : releaseRest(world, old.hold);
  const short = postAll(world, [...release, hold]);
  if (short !== undefined) return short;
  if (old !== undefined) follow(world, old, before);
  const made: LocatedReservation = {
    id,
    peer,
    tradeNumber,
    payer: account,
    payee,
    state: "held",
    until: hold.until,
    feeTaken: 0n,
    private: told !== undefined,
    told: told?.lines ?? null,
    createdAt: world.now,
    payerAccount: payer.account,
    payerOwner: payer.ownerKind === "member" ? payer.owner : null,
    payerConfirmAbove: payer.confirmAbove,
    payeeAccount: paid.account,
    feeFixed: paid.feeFixed,
    feeBasisPoints: paid.feeBasisPoints,
    payeeRevokedAt: null,
  };
  world.reservations.set(id, made);
  world.inserted.add(id);
  spend(world, account, tradeNumber, amount);
  return shown(world, id, 201);
}

/** What the shop that is to be paid has told of the trade: nobody else's word counts. */
function toldOf(
  world: World,
  peer: string,
  { tradeNumber, payee, currency }: Of<"reserve">,
): Told | undefined {
  const shop = world.consents.get(payee);
  if (shop?.ownerKind !== "shop") return undefined;
  return world.told.find(
    (told) =>
      told.peer === peer &&
      told.tradeNumber === tradeNumber &&
      told.shop === shop.owner &&
      told.currency === currency,
  );
}

/** The reservation whose place another takes: of the same trade, and not paid from. */
function replaced(world: World, peer: string, id: string, tradeNumber: string): Refused | Found {
  const found = find(world, id);
  if (found?.reservation.peer !== peer || found.reservation.tradeNumber !== tradeNumber)
    return { refused: "not_found", detail: "`replaces` is not a reservation of this trade." };
  catchUp(world, found);
  return found.hold.settled > 0n ? { refused: "hold_ended", detail: "It has been paid from." } : found;
}

function onReservation(
  world: World,
  peer: string,
  asked: Exclude<Instruction, Of<"reserve" | "transfer">>,
  digest: Digest,
): Result {
  const found = find(world, asked.reservation);
  if (found?.reservation.peer !== peer) return { refused: "not_found" };
  catchUp(world, found);
  if (asked.do === "assign") return assign(world, peer, found, asked);
  const wish = inMoney(found.reservation, found.hold, asked);
  if ("refused" in wish) return wish;
  const payableFrom = "payableFrom" in wish ? wish.payableFrom : undefined;
  const commands = tooFar(world, payableFrom) ?? commandsOf(world, found, wish);
  if ("refused" in commands) return commands;
  const kept = keptBy(world, found, commands);
  if ("refused" in kept) return kept;
  const refused = withdrawn(world, found, commands) ?? unconfirmed(world, found, asked, commands, digest);
  if (refused !== undefined) return refused;
  const short = post(world, found, commands);
  if (short !== undefined) return short;
  noteKept(world, found.hold.id, kept);
  keepBack(world, found, commands, payableFrom);
  if (asked.do === "settle") noteSettled(world, found.reservation, asked.id, commands);
  return shown(world, asked.reservation, 200);
}

/** Whether the owner of the account has to be asked first, of what could be paid otherwise. */
function unconfirmed(
  world: World,
  { reservation }: Found,
  asked: Exclude<Instruction, Of<"reserve" | "transfer">>,
  commands: readonly Command[],
  { bytes }: Digest,
): Refused | undefined {
  if (asked.do !== "settle") return undefined;
  const mark = world.books.mark();
  const refused = postAll(world, commands);
  if (refused !== undefined) return refused;
  world.books.rollback(mark);
  return confirmed(world, reservation, { instruction: asked.id, digest: bytes, commands });
}

/**
 * Another payee, while nothing has been paid. The peer needs a consent of the new one as it did of the first; the payer
 * has agreed to an amount for a trade, and that stays what it was.
 */
function assign(world: World, peer: string, { reservation, hold }: Found, asked: Of<"assign">): Result {
  if (hold.state !== "held" || hold.settled > 0n) return { refused: "hold_ended" };
  const waits = awaitedFor(world, hold.id);
  if (waits !== undefined) return waits;
  if (reservation.private)
    return {
      refused: "consent_not_valid",
      detail: "It is paid to the shop that told what it costs, and to no other.",
    };
  const payee = validPayee(world, peer, { id: asked.payee, currency: hold.currency });
  if ("refused" in payee) return payee;
  const { id, account: payeeAccount, feeFixed, feeBasisPoints } = payee;
  const assigned = { payee: id, payeeAccount, feeFixed, feeBasisPoints, payeeRevokedAt: null };
  world.reservations.set(hold.id, { ...reservation, ...assigned });
  world.updated.add(hold.id);
  return shown(world, hold.id, 200);
}

/** What an instruction on a reservation asks of the books. */
function commandsOf(
  world: World,
  found: Found,
  asked: Exclude<Instruction, Of<"reserve" | "transfer" | "assign">>,
): Refused | Command[] {
  const { hold } = found;
  switch (asked.do) {
    case "settle":
      return settling(world, found, asked);
    case "release": {
      if (asked.amount === undefined && hold.state !== "held") return { refused: "hold_ended" };
      const amount = asked.amount === undefined ? open(hold) : fromWire(asked.amount);
      const how = asked.because === "expired" ? "expire" : "release";
      const back = { do: how, id: world.newId(), hold: hold.id, amount } as const;
      return tooFar(world, asked.until) ?? [back, ...moving(world, hold, open(hold) - amount, asked.until)];
    }
    case "extend":
      return extending(world, hold, asked);
    case "refund": {
      const amount = asked.amount === undefined ? hold.settled - hold.refunded : fromWire(asked.amount);
      if (amount === 0n) return { refused: "amount_exceeds_settled" };
      const sources = sharesOrPayee(world, found, asked.sources, amount);
      if ("refused" in sources) return sources;
      return [{ do: "refund", id: world.newId(), hold: hold.id, amount, sources }];
    }
  }
}

/**
 * Who has taken their consent back gives nothing back on the peer's word any more, but for what is kept back of this very
 * reservation: that much was never theirs alone.
 */
function withdrawn(
  world: World,
  { reservation, hold }: Found,
  commands: readonly Command[],
): Refused | undefined {
  if (reservation.payeeRevokedAt === null) return undefined;
  const lock = world.locks.get(hold.id);
  const kept = lock !== undefined && isKept(lock, world.now) ? lock.amount : 0n;
  const asked = commands.flatMap((command) => (command.do === "refund" ? command.sources : []));
  const share = asked.reduce(
    (sum, { account, amount }) => sum + (account === reservation.payeeAccount ? amount : 0n),
    0n,
  );
  if (share <= kept) return undefined;
  return {
    refused: "payee_insufficient_funds",
    detail:
      "The payee has taken their consent back, and no more than what is kept back can be had from them.",
  };
}

/** Pays, gives back and moves the end, in one step. */
function settling(world: World, found: Found, asked: Of<"settle">): Refused | Command[] {
  const { hold } = found;
  if (hold.state !== "held") return { refused: "hold_ended" };
  const far = tooFar(world, asked.until);
  if (far !== undefined) return far;
  const amount = asked.amount === undefined ? open(hold) : fromWire(asked.amount);
  const splits = sharesOrPayee(world, found, asked.splits, amount);
  if ("refused" in splits) return splits;
  const rest = open(hold) - amount;
  const named = asked.release === undefined ? 0n : fromWire(asked.release);
  if (rest < named) return { refused: "amount_exceeds_hold" };
  const back = asked.final === true ? rest : named;
  const commands: Command[] = [{ do: "settle", id: world.newId(), hold: hold.id, amount, splits }];
  if (back > 0n) commands.push({ do: "release", id: world.newId(), hold: hold.id, amount: back });
  return [...commands, ...moving(world, hold, rest - back, asked.until)];
}

/** Moves the end of what stays frozen. Where nothing does, or the end stays where it is, there is nothing to move. */
function moving(world: World, hold: Hold, rest: bigint, asked: string | undefined): Command[] {
  const until = asked === undefined ? hold.until : new Date(asked);
  if (rest <= 0n || until.getTime() === hold.until.getTime()) return [];
  return [{ do: "extend", id: world.newId(), hold: hold.id, until }];
}

/** Moves the end, says anew from when what was paid can be taken out, or both. */
function extending(world: World, hold: Hold, { until, payableFrom }: Of<"extend">): Refused | Command[] {
  if (until === undefined && payableFrom === undefined)
    return { refused: "invalid_field", detail: "`until` or `payableFrom` has to be given." };
  if (payableFrom !== undefined && hold.settled === hold.refunded)
    return { refused: "hold_ended", detail: "Nothing that was paid is left with the payee." };
  if (until === undefined) return [];
  const end = { do: "extend", id: world.newId(), hold: hold.id, until: new Date(until) } as const;
  return tooFar(world, until) ?? [end];
}

function sharesOrPayee(
  world: World,
  { reservation }: Found,
  wished: readonly { account: string; amount: number }[] | undefined,
  amount: bigint,
) {
  if (wished !== undefined) return sharesOf(world, reservation, wished);
  return [{ account: reservation.payeeAccount, amount }];
}

function releaseRest(world: World, hold: Hold): Command[] {
  if (hold.state !== "held") return [];
  return [{ do: "release", id: world.newId(), hold: hold.id, amount: open(hold) }];
}

/** From an account of the peer's own to one it may pay into: how a shop is paid early (paragraph 0094). */
function transfer(world: World, peer: string, asked: Of<"transfer">): Result {
  const { id, tradeNumber, currency, from, to } = asked;
  const payer = validConsent(world, peer, { id: from, purpose: "pay", own: true, currency, field: "from" });
  if ("refused" in payer) return payer;
  const payee = validConsent(world, peer, { id: to, purpose: "receive", currency, field: "to" });
  if ("refused" in payee) return payee;
  const amount = fromWire(asked.amount);
  const moved = { from: payer.account, to: payee.account, currency, amount };
  const command = world.newId();
  const refused = postAll(world, [{ do: "transfer", id: command, ...moved }]);
  if (refused !== undefined) return refused;
  if (!payee.own) noteAdvanced(world, { peer, account: payee.account }, amount);
  world.transfers.push({ id: command, peer, tradeNumber, payer: from, payee: to, currency, amount });
  return { status: 201, body: { id, tradeNumber, currency, amount: asked.amount } };
}

/** Posts what concerns one reservation to the books, or nothing of it, and has the reservation follow its hold. */
function post(world: World, found: Found, commands: readonly Command[]): Refused | undefined {
  const before = found.hold.released;
  const refused = postAll(world, commands);
  if (refused === undefined) follow(world, found, before);
  return refused;
}

function postAll(world: World, commands: readonly Command[]): Refused | undefined {
  const mark = world.books.mark();
  for (const command of commands) {
    const posted = world.books.post(command, world.now);
    if (!("refused" in posted)) continue;
    world.books.rollback(mark);
    return { refused: problemOfLedger[posted.refused] };
  }
  return undefined;
}

function follow(world: World, { reservation, hold }: Found, releasedBefore: bigint): void {
  giveRoom(world, reservation, hold.released - releasedBefore);
  const { state, until } = hold;
  if (state === reservation.state && until.getTime() === reservation.until.getTime()) return;
  world.reservations.set(reservation.id, { ...reservation, state, until });
  world.updated.add(reservation.id);
}

function shown(world: World, id: string, status: number): Obeyed {
  const found = find(world, id);
  if (found === undefined) throw new Error(`Reservation ${id} is not there.`);
  const { tradeNumber, private: isPrivate } = found.reservation;
  return { status, body: viewOf({ tradeNumber, private: isPrivate, ...found.hold }) };
}

/** What a peer is told of its reservation: nothing of the accounts, and of a private one no amount. */
export function viewOf(row: HeldRow): ReservationView {
  const { id, tradeNumber, state, currency, until } = row;
  const known = (amount: bigint) => (row.private ? null : toWire(amount));
  return {
    id,
    tradeNumber,
    state,
    currency,
    amount: known(row.amount),
    settled: known(row.settled),
    released: known(row.released),
    refunded: known(row.refunded),
    until: until.toISOString(),
  };
}
