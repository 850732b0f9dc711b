/** What a peer may do with an account: what its owner has agreed to, and no more. */
import { type AskedSettlement, gateOf, isSilent, keepsFrozen, silentAt } from "../settlements/settlements.ts";
import type { Command, Share } from "../../storage/ledger/ledger.ts";
import { fromWire } from "../../core/money/money.ts";
import type { LocatedReservation, Month, OfTrade, StandingConsent } from "./store.ts";
import { dayAt, daysAfter, type Refused, startOfDay } from "../../core/protocol/protocol.ts";
import { ofTrade, type World } from "./world.ts";

const longestMonth = 31;

const notValid = (detail: string): Refused => ({ refused: "consent_not_valid", detail });

/**
 * A consent under which this peer may begin something new now, in this currency. `field` is what the instruction calls
 * it. Another peer's consent is not told apart from none.
 */
export function validConsent(
  world: World,
  peer: string,
  wish: { id: string; purpose: "pay" | "receive"; own?: true; currency: string; field: string },
): Refused | StandingConsent {
  const { field } = wish;
  const consent = world.consents.get(wish.id);
  if (consent === undefined || consent.peer !== peer)
    return notValid(`\`${field}\` is not a consent that you hold.`);
  if (consent.purpose !== wish.purpose || (wish.own === true && !consent.own))
    return notValid(`\`${field}\` is a consent for something else.`);
  const { revokedAt, until } = world.spending.get(wish.id) ?? consent;
  if (revokedAt !== null) return notValid(`\`${field}\` has been revoked.`);
  if (until !== null && until <= world.now) return notValid(`\`${field}\` has run out.`);
  if (consent.currency !== wish.currency) return { refused: "currency_mismatch" };
  if (consent.standing === "member") return { refused: "member_not_approved" };
  if (consent.standing === "shop") return { refused: "shop_suspended" };
  if (consent.standing === "line") return { refused: "bill_overdue" };
  return consent;
}

/** A consent of somebody whom a reservation may pay: a server that keeps money for others is no payee of it itself. */
export function validPayee(
  world: World,
  peer: string,
  { id, currency }: { id: string; currency: string },
): Refused | StandingConsent {
  const consent = validConsent(world, peer, { id, purpose: "receive", currency, field: "payee" });
  if ("refused" in consent || !consent.own) return consent;
  return notValid("`payee` is an account of your own.");
}

/**
 * Whether the month in which something was last reserved goes on. It ends when it was to end as it began, also where the server
 * has moved to another time zone since: nobody may spend a month twice.
 */
export function monthRuns({ monthUntil }: Month, now: Date): boolean {
  return monthUntil !== null && monthUntil > now;
}

/** What counts of a consent's limit for a month now. */
export function spentOf(month: Month, now: Date): bigint {
  return monthRuns(month, now) ? month.spent : 0n;
}

/** The month that counts now: the one that goes on, or else that of the time zone, from the end of the last one on at the earliest. */
function monthNow(month: Month, { now, timeZone }: World): Pick<Month, "monthFrom" | "monthUntil"> {
  const { monthFrom, monthUntil } = month;
  if (monthRuns(month, now)) return { monthFrom, monthUntil };
  const first = `${dayAt(now, timeZone).slice(0, 7)}-01`;
  const next = `${daysAfter(first, longestMonth).slice(0, 7)}-01`;
  const from = startOfDay(first, timeZone);
  return {
    monthFrom: monthUntil !== null && monthUntil > from ? monthUntil : from,
    monthUntil: startOfDay(next, timeZone),
  };
}

/** How much of a reservation gives back room in the limit of this month: nothing of what another month had. */
function roomOf({ now, spending }: World, { payer, createdAt }: LocatedReservation, amount: bigint): bigint {
  const month = spending.get(payer);
  if (month === undefined || month.monthFrom === null || !monthRuns(month, now)) return 0n;
  return createdAt >= month.monthFrom ? amount : 0n;
}

/**
 * Whether the payer has agreed to so much, with what `replaced` gives back counted as free. The limit for one trade is one for
 * all reservations of its number: a peer that asks for it in two parts is let no further.
 */
export function withinLimits(
  world: World,
  consent: StandingConsent,
  { amount, tradeNumber }: { amount: bigint; tradeNumber: string },
  replaced?: { reservation: LocatedReservation; amount: bigint },
): Refused | undefined {
  const { limitPerTrade, limitPerMonth } = consent;
  const reserved = world.reserved.get(ofTrade({ consent: consent.id, tradeNumber })) ?? 0n;
  const own = replaced?.reservation.payer === consent.id ? replaced : undefined;
  if (limitPerTrade !== null && reserved - (own?.amount ?? 0n) + amount > limitPerTrade)
    return { refused: "consent_limit_exceeded", detail: "This is more than was agreed to for one trade." };
  const spending = world.spending.get(consent.id);
  if (limitPerMonth === null || spending === undefined) return undefined;
  const back = own === undefined ? 0n : roomOf(world, own.reservation, own.amount);
  if (spentOf(spending, world.now) - back + amount <= limitPerMonth) return undefined;
  return { refused: "consent_limit_exceeded", detail: "This is more than was agreed to for one month." };
}

/** Notes what was reserved for a trade under a consent. */
export function spend(world: World, consent: string, tradeNumber: string, amount: bigint): void {
  addReserved(world, { consent, tradeNumber }, amount);
  spendInMonth(world, consent, amount);
}

function addReserved({ reserved }: World, trade: OfTrade, amount: bigint): void {
  const key = ofTrade(trade);
  reserved.set(key, (reserved.get(key) ?? 0n) + amount);
}

/** Only a limit makes it worth a write. */
function spendInMonth(world: World, consent: string, amount: bigint): void {
  const spending = world.spending.get(consent);
  if (spending === undefined || spending.limitPerMonth === null || amount === 0n) return;
  const sum = spentOf(spending, world.now) + amount;
  // A sum that somebody has made less by hand is for the audit to name, and keeps nobody from giving back.
  const spent = sum < 0n ? 0n : sum;
  world.spending.set(consent, { ...spending, ...monthNow(spending, world), spent });
  world.spent.add(consent);
}

/** What is released makes room for its trade again, and in the month if it was reserved in it. */
export function giveRoom(world: World, reservation: LocatedReservation, released: bigint): void {
  addReserved(world, { consent: reservation.payer, tradeNumber: reservation.tradeNumber }, -released);
  spendInMonth(world, reservation.payer, -roomOf(world, reservation, released));
}

/**
 * Shares of a reservation as accounts: those of its payee and of the peer itself, and no others. The payee may have given
 * another consent for the same account since: each of them names it. Consents that have been revoked still count, for what
 * runs goes on.
 */
export function sharesOf(
  world: World,
  reservation: LocatedReservation,
  wished: readonly { account: string; amount: number }[],
): Refused | Share[] {
  const shares = new Map<string, bigint>();
  for (const { account: id, amount } of wished) {
    const account = payeeAccount(world, reservation, id) ?? ownAccount(world, reservation, id);
    if (account === undefined)
      return notValid("A share may only be the payee's, or that of an account of your own.");
    shares.set(account, (shares.get(account) ?? 0n) + fromWire(amount));
  }
  return [...shares].map(([account, amount]) => ({ account, amount }));
}

function payeeAccount(world: World, { peer, payee, payeeAccount: account }: LocatedReservation, id: string) {
  const consent = world.consents.get(id);
  const names = consent?.peer === peer && consent.purpose === "receive" && consent.account === account;
  return id === payee || names ? account : undefined;
}

function ownAccount(world: World, { peer }: LocatedReservation, id: string): string | undefined {
  const consent = world.consents.get(id);
  return consent?.peer === peer && consent.own && consent.purpose === "receive" ? consent.account : undefined;
}

const dayMs = 86_400_000;

const paidBy = (commands: readonly Command[]): bigint =>
  commands.reduce((sum, command) => sum + (command.do === "settle" ? command.amount : 0n), 0n);

/**
 * Whether a payment may be made now; otherwise the owner of the account is asked, or has been, or it was refused for good. The
 * sum counts what was paid before for the same trade: a peer that pays it in slices is let no further.
 */
export function confirmed(
  world: World,
  { id, peer, payer, payerOwner: owner, tradeNumber }: LocatedReservation,
  { instruction, digest, commands }: { instruction: string; digest: Buffer; commands: readonly Command[] },
): Refused | undefined {
  if (owner === null) return undefined;
  const amount = paidBy(commands);
  const settled = world.settled.get(ofTrade({ consent: payer, tradeNumber })) ?? 0n;
  const confirmAbove = world.spending.get(payer)?.confirmAbove ?? null;
  const before = world.asked.get(id) ?? [];
  const refused = world.refused.get(ofTrade({ consent: payer, tradeNumber }));
  const gate = gateOf(before, { instruction, amount, settled, confirmAbove, refused }, world.now);
  if ("refused" in gate) return gate;
  if (gate.how === "pay") return undefined;
  if (gate.how === "wait") return awaited(gate.asked);
  const asked = {
    id: world.newId(),
    peer,
    instruction,
    reservation: id,
    amount,
    total: settled + amount,
    digest,
    state: "waiting",
    toldAt: null,
    decidedAt: null,
  } as const;
  world.settlements.asked.push({ ...asked, owner, at: world.now });
  world.asked.set(id, [...before, asked]);
  return awaited(asked);
}

function awaited(asked: AskedSettlement): Refused {
  const at = silentAt(asked);
  const detail =
    asked.state === "objected"
      ? "The owner of the account has objected; operators of this institution decide. Send the same again."
      : at === undefined
        ? "The owner of the account is asked to confirm it. Send the same again."
        : `The owner of the account is asked to confirm it; silence confirms at ${at.toISOString()}. Send the same again.`;
  return { refused: "confirmation_awaited", detail };
}

/** Whether an id was used for something else of which the owner of an account was asked: that is no first answer yet. */
export function isReused(world: World, peer: string, instruction: string, digest: Buffer): boolean {
  for (const each of world.asked.values())
    for (const asked of each)
      if (asked.peer === peer && asked.instruction === instruction) return !asked.digest.equals(digest);
  return false;
}

/** While somebody is asked whether a payee is paid, nobody else becomes it. */
export function awaitedFor(world: World, reservation: string): Refused | undefined {
  const open = world.asked.get(reservation)?.find(({ state }) => state !== "refused");
  return open === undefined ? undefined : awaited(open);
}

/** Until when money whose time is over stays frozen, where somebody still has to say something about it. */
export function staysFrozen(world: World, reservation: string): Date | undefined {
  const waits = world.asked.get(reservation)?.some((asked) => keepsFrozen(asked, world.now)) ?? false;
  return waits ? new Date(world.now.getTime() + dayMs) : undefined;
}

/** Notes what was paid by commands that are done: whom the account belongs to is told of it. */
export function noteSettled(
  world: World,
  { id: reservation, peer, payer, payerOwner: owner, tradeNumber }: LocatedReservation,
  instruction: string,
  commands: readonly Command[],
): void {
  const amount = paidBy(commands);
  const trade = ofTrade({ consent: payer, tradeNumber });
  world.settled.set(trade, (world.settled.get(trade) ?? 0n) + amount);
  if (owner === null) return;
  const { paid, done, silences } = world.settlements;
  const before = world.asked.get(reservation) ?? [];
  const own = before.find((asked) => asked.instruction === instruction);
  if (own === undefined) {
    paid.push({ id: world.newId(), peer, instruction, reservation, owner, amount, at: world.now });
    return;
  }
  done.push({ id: own.id, owner });
  if (isSilent(own, world.now)) silences.push({ id: world.newId(), settlement: own.id });
  world.asked.set(
    reservation,
    before.filter((asked) => asked !== own),
  );
}
