/** What is taken at counters (代金収納) and, as servers say, at doors; and what goes back from there. */
import { fromWire } from "../../core/money/money.ts";
import { dammValid, isRefused, type Refused } from "../../core/protocol/protocol.ts";
import type {
  CollectionInstruction,
  CollectionPaidView,
  CollectionView,
} from "../../core/protocol/schemas.ts";
import type { Collecting, StandingConsent } from "../reservations/reservations.ts";
import type { Command } from "../../storage/ledger/ledger.ts";
import { keepBack } from "./keeping.ts";
import { ownDues } from "./funding-store.ts";
import type { DuePayment, LocatedDue, PaidFee } from "./store.ts";
import { dueOf, paymentView, viewOf } from "./view.ts";
import {
  change,
  type PaymentWish,
  postAll,
  type ReturnWish,
  type Taker,
  tillOf,
  type World,
} from "./world.ts";

/**
 * Takes exactly what is due. What is not due is refused, or kept for return where it is in the till already: money that
 * somebody has handed over is never nowhere.
 */
export function pay(
  world: World,
  number: string,
  taker: Taker,
  wish: PaymentWish,
): Refused | CollectionPaidView {
  const due = dueUnder(world, number);
  if ("refused" in due) return due;
  const refused = unfit(world, due, taker, wish);
  if (refused !== undefined) return refused;
  const open = dueOf(due);
  if (open > 0n && wish.amount === open) {
    const taken = take(world, due, taker, wish);
    // Whoever it was for takes nothing any more: what is in the till is kept all the same.
    const isLost = "refused" in taken && taken.refused === "account_closed" && wish.taken;
    return isLost ? keep(world, due, taker, wish) : taken;
  }
  if (wish.taken) return keep(world, due, taker, wish);
  if (open === 0n) return { refused: "nothing_due" };
  return { refused: "amount_mismatch", detail: `Due are ${open}, and nothing else is taken.` };
}

function dueUnder(world: World, number: string): Refused | LocatedDue {
  if (!dammValid(number)) return { refused: "wrong_check_digit" };
  return world.dues.get(number) ?? { refused: "not_found" };
}

function unfit(world: World, due: LocatedDue, taker: Taker, wish: PaymentWish): Refused | undefined {
  const collector = world.collectors.get(taker.collector);
  if (taker.account === undefined && collector === undefined)
    return { refused: "not_allowed", detail: "No collector of this server." };
  if (collector !== undefined && collector.channel !== wish.channel)
    return { refused: "not_allowed", detail: `This collector takes money by ${collector.channel} only.` };
  if (wish.currency !== due.currency) return { refused: "currency_mismatch" };
  if (world.books.accounts.has(tillOf(taker, wish.currency))) return undefined;
  return { refused: "currency_mismatch", detail: "This collector takes no money in this currency." };
}

function take(world: World, due: LocatedDue, taker: Taker, wish: PaymentWish): Refused | CollectionPaidView {
  const { amount, currency } = wish;
  const from = tillOf(taker, currency);
  const fee = feeOf(due, amount);
  const share = amount - fee;
  const commands: Command[] = [];
  const move = (to: string | null, part: bigint): string | null => {
    if (part === 0n) return null;
    if (to === null) throw new Error(`A part of the due ${due.tradeNumber} is nobody's.`);
    const id = world.newId();
    commands.push({ do: "transfer", id, from, to, currency, amount: part });
    return id;
  };
  const paid = move(due.payeeAccount, share);
  const kept = move(due.feeAccount, fee);
  const command = paid ?? kept;
  if (command === null) throw new Error("Nothing is no payment.");
  const cost = costOf(world, due, taker, { amount, share, currency, payment: command });
  if (cost !== undefined) {
    const { command: id, account, amount: part } = cost;
    commands.push({ do: "transfer", id, from: account, to: from, currency, amount: part });
  }
  const short = limited(taker, postAll(world, commands));
  if (short !== undefined) return short;
  if (cost !== undefined) world.fees.push(cost);
  keepBack(world, due, cost?.borneBy === "payee" ? share - cost.amount : share);
  change(world, due, {
    paid: due.paid + amount,
    feePaid: due.feePaid + fee,
    paidAt: world.now,
  });
  const feeCommand = paid === null ? null : kept;
  return noted(world, due, taker, wish, { command, feeCommand, fee, state: "taken" });
}

/** A collector's fee is at most a payment divided by this: many small payments must not be worth the walk to the own counter. */
const feeAtMost = 10n;

/**
 * What whoever took a payment is paid for it: at most a tenth of it, and no more than its payee gets of it. Nothing for what members
 * bring to their accounts: they open that themselves, with any amount, and a clerk may be one. Of a bill of the institution's own
 * the institution bears it, whatever the rule says: what its member has paid is there whole, for the debt.
 */
function costOf(
  world: World,
  due: LocatedDue,
  { collector: id, account: own }: Taker,
  { amount, share, currency, payment }: { amount: bigint; share: bigint; currency: string; payment: string },
): PaidFee | undefined {
  const collector = own === undefined ? world.collectors.get(id) : undefined;
  const { feeFixed, feeBasisPoints, feeBorneBy } = collector ?? {};
  if (due.peer === ownDues || feeFixed == null || feeBasisPoints == null || feeBorneBy == null)
    return undefined;
  const borneBy = due.payeeAccount === world.house.bills(currency) ? "institution" : feeBorneBy;
  const account = borneBy === "payee" ? due.payeeAccount : world.house.costs(currency);
  const tenth = amount / feeAtMost;
  const most = borneBy === "payee" && share < tenth ? share : tenth;
  const wished = feeFixed + (amount * BigInt(feeBasisPoints)) / 10_000n;
  const fee = wished < most ? wished : most;
  if (fee <= 0n || account === null) return undefined;
  const command = world.newId();
  const of = { payment, collection: due.id, collector: id, borneBy, account, currency };
  return { command, ...of, amount: fee, at: world.now };
}

/** The server's part of a payment: what is missing to its fee in all. */
function feeOf({ fee, feePaid }: LocatedDue, amount: bigint): bigint {
  const missing = fee - feePaid;
  if (missing <= 0n) return 0n;
  return missing < amount ? missing : amount;
}

/** Puts aside what was not due. */
function keep(world: World, due: LocatedDue, taker: Taker, wish: PaymentWish): Refused | CollectionPaidView {
  const { amount, currency } = wish;
  const [from, to] = [tillOf(taker, currency), world.house.kept(currency)];
  const command = world.newId();
  const short = limited(taker, postAll(world, [{ do: "transfer", id: command, from, to, currency, amount }]));
  if (short !== undefined) return short;
  change(world, due, { kept: due.kept + amount });
  return noted(world, due, taker, wish, { command, feeCommand: null, fee: 0n, state: "kept" });
}

const limited = ({ account }: Taker, short: Refused | undefined): Refused | undefined =>
  short?.refused === "insufficient_funds" && account === undefined
    ? { refused: "collector_limit_exceeded" }
    : short;

function noted(
  world: World,
  due: LocatedDue,
  { collector, operator, confirmedBy, reason, consent }: Taker,
  { id, amount, currency, channel, reference }: PaymentWish,
  how: Pick<DuePayment, "command" | "feeCommand" | "fee" | "state">,
): CollectionPaidView {
  const payment: DuePayment = {
    collection: due.id,
    collector,
    id,
    currency,
    amount,
    channel,
    reference,
    operator,
    confirmedBy,
    reason,
    consent: consent ?? null,
    at: world.now,
    ...how,
  };
  world.taken.push(payment);
  world.payments.set(due.id, [...(world.payments.get(due.id) ?? []), payment]);
  return paymentView(due, payment);
}

/** Returns what is kept to whoever hands it to those who paid. */
export function returnKept(world: World, number: string, wish: ReturnWish): Refused | CollectionView {
  const due = dueUnder(world, number);
  if ("refused" in due) return due;
  const { amount, currency, account, reference, operator, confirmedBy } = wish;
  if (currency !== due.currency) return { refused: "currency_mismatch" };
  if (amount > due.kept)
    return { refused: "nothing_kept", detail: `Of this number ${due.kept} are kept for return.` };
  const from = world.house.kept(currency);
  const { id: command } = wish;
  const short = postAll(world, [{ do: "transfer", id: command, from, to: account, currency, amount }]);
  if (short !== undefined) return short;
  world.returned.push({
    command,
    collection: due.id,
    kind: "return",
    account,
    currency,
    amount,
    reference,
    operator,
    confirmedBy,
    at: world.now,
  });
  const changed = change(world, due, { kept: due.kept - amount });
  return viewOf(changed, world.payments.get(due.id) ?? []);
}

/** What a server says is due. */
type Said = Extract<CollectionInstruction, { do: "due" }>;

/** The one way in which money is taken by a consent. */
const channel = "cash_on_delivery";

/**
 * Books what an instruction says was taken, for exactly what is left to pay now; answers what became of it. The instruction's
 * id is the payment's: it is taken once, however often it is said.
 */
export function bookTaken(
  world: World,
  peer: string,
  asked: Said,
): CollectionView["taken"] & (object | undefined) {
  if (asked.taken === undefined) return undefined;
  const refused = taking(world, peer, asked, asked.taken);
  return refused === undefined ? { state: "taken" } : { state: "refused", code: refused.refused };
}

function taking(
  world: World,
  peer: string,
  { id, tradeNumber, currency, bill }: Said,
  { consent: by, amount: said }: NonNullable<Said["taken"]>,
): Refused | undefined {
  // A bill goes to the server that sends it: it would pay itself by a word of its own. What the due is counts, not only what
  // this message calls it.
  if (bill === true || world.dues.get(tradeNumber)?.payeeOwn === true)
    return { refused: "consent_not_valid" };
  const amount = fromWire(said);
  const found = standing(world, peer, by, currency);
  if ("refused" in found) return found;
  const { consent, usage } = found;
  const today = world.house.today(world.now);
  // Where this server has moved to a zone in which it is still the day before, the day that has begun goes on.
  const isSame = usage.day !== null && usage.day >= today;
  const taken = (isSame ? usage.taken : 0n) + amount;
  if (taken > (usage.limitPerDay ?? 0n)) return { refused: "consent_limit_exceeded" };
  const nobody = { operator: null, confirmedBy: null, reason: null };
  const taker = { collector: consent.owner ?? "", ...nobody, consent: by };
  const wish = { id, amount, currency, channel, reference: tradeNumber, taken: false } as const;
  const booked = pay(world, tradeNumber, taker, wish);
  if (isRefused(booked)) return booked;
  world.collecting.set(by, { ...usage, day: isSame ? usage.day : today, taken });
  world.taking.add(by);
  return undefined;
}

/** A consent to collect under which this server may say now that something was taken, as it is under its lock. */
function standing(
  world: World,
  peer: string,
  id: string,
  currency: string,
): Refused | { consent: StandingConsent; usage: Collecting } {
  const [consent, usage] = [world.consents.get(id), world.collecting.get(id)];
  if (consent?.peer !== peer || consent.purpose !== "collect" || usage === undefined)
    return { refused: "consent_not_valid" };
  const { revokedAt, until } = usage;
  if (revokedAt !== null || (until !== null && until <= world.now)) return { refused: "consent_not_valid" };
  if (consent.currency !== currency) return { refused: "currency_mismatch" };
  return consent.standing === "good" ? { consent, usage } : { refused: "not_allowed" };
}
