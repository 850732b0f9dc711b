/** The buyer's consent, and freezing the money for what was agreed (S505, S506). */
import {
  type Act,
  beyondMandated,
  type ChosenMethod,
  type Decision,
  type Terms,
  type Trade,
} from "../../core/trade/trade.ts";
import { hasEarmark } from "../../core/earmarks/earmarks.ts";
import { chosenTerms, decide, finish, refuse, type ReserveCommand } from "../../core/machine/machine.ts";
import { type AcceptorRole, isRefused, type Refused } from "../../core/protocol/protocol.ts";
import type { MandateRow, MethodRow } from "../../storage/members/members.ts";
import { beyondStanding, countStanding, type Wanted } from "../credit/credit.ts";
import {
  apply,
  beyondFrozenLimit,
  type Decisions,
  type KeptTrade,
  refusedAs,
  type Result,
  resultOf,
  type Rules,
  type World,
} from "../steps/steps.ts";

/** The buyer's consent to reserve now: by an earlier mandate, or through an operator. */
export interface Consent {
  mandate: MandateRow | undefined;
  operator: boolean;
}

export interface Wish extends Consent {
  method: string | undefined;
  acceptors?: AcceptorRole[] | undefined;
  payment?: ReserveCommand["payment"];
  shopAgreed: boolean;
  shopWord?: true | undefined;
  /** Nobody has asked the buyer: the money is frozen no longer than it was, and the shop has no more time to ship. */
  notAfter?: Date | undefined;
  shipBefore?: Date | undefined;
  act: Act;
}

/**
 * Reserves what a decision has just agreed. Where the means of payment says no, the trade stands refused and
 * can be revised; a refusal for another reason changes nothing at all.
 */
export function reserveOrRefuse(
  world: World,
  before: KeptTrade | undefined,
  agreed: Decision,
  wish: Wish,
): Result {
  const { act } = wish;
  const trade = agreed.next;
  const chosen = chooseMethod(world, trade, wish, before);
  let code = isRefused(chosen) ? chosen.refused : undefined;
  if (!isRefused(chosen)) {
    const { acceptors, payment, shopAgreed, shopWord, notAfter, shipBefore } = wish;
    const reserving = { ...act, id: world.newId() };
    const command = { chosen, acceptors, payment, shopAgreed, shopWord, notAfter, shipBefore };
    const reserved = decide(trade, { do: "reserve", ...command }, reserving);
    if (isRefused(reserved)) return before === undefined ? reserved : { ...reserved, trade: before.number };
    const stopped = stoppedFor(world, before, reserved.next, chosen);
    if (stopped !== undefined) return { refused: stopped, trade: trade.number };
    const wanted = wantedOf(world, before, reserved.next, chosen);
    const beyond =
      beyondFrozenLimit(world, reserved.next) ??
      (wanted && world.standing && beyondStanding(world.standing, wanted));
    if (beyond !== undefined) return before === undefined ? beyond : { ...beyond, trade: before.number };
    const steps: Decisions = agreed.events.length === 0 ? [reserved] : [agreed, reserved];
    const applied = apply(world, before, steps, act, "reserve");
    const told = { status: before === undefined ? 201 : 200, role: act.role };
    if (applied.how === "done") {
      if (wanted !== undefined && world.standing !== undefined) countStanding(world.standing, wanted);
      return resultOf(applied, told, trade.number);
    }
    if (applied.how === "asked") {
      // What was frozen for the old terms stays so when the new reservation is refused.
      if (before?.state !== "reserved") {
        const events = before === undefined ? [] : agreed.events;
        const tried = { method: chosen.method, mandate: chosen.mandate };
        refusedAs(applied.trade, { ...trade, terms: chosenTerms(trade.terms, wish) }, events, tried);
      }
      return resultOf(applied, told, trade.number);
    }
    code = applied.code;
  }
  // What is frozen for the old terms stays frozen: a failed revision takes nothing away from anybody.
  if (before?.state === "reserved") return { refused: code ?? "method_required", trade: before.number };
  const tried = { method: isRefused(chosen) ? null : chosen.method, mandate: wish.mandate?.id ?? null };
  const unreserved = { ...trade, terms: chosenTerms(trade.terms, wish) };
  const refused = finish(unreserved, refuse(unreserved, code ?? "method_required", tried), act);
  apply(world, before, [agreed, refused], act, "refuse");
  return { refused: code ?? "method_required", trade: trade.number };
}

/** What a reservation on a credit line makes this server stand for; undefined where it is the buyer's own money. */
function wantedOf(
  { methods, rail }: World,
  before: KeptTrade | undefined,
  next: Trade,
  chosen: ChosenMethod,
): Wanted | undefined {
  const own = (next.buyer === null ? undefined : methods.get(next.buyer)) ?? [];
  const lines = own.filter(({ kind, currency }) => kind === "credit" && currency === next.currency);
  if (!lines.some(({ id }) => id === chosen.method)) return undefined;
  const inUse = lines.reduce(
    (sum, { account }) => sum + (account === null ? 0n : atLeastNothing(rail.inUse(account))),
    0n,
  );
  const was = lines.some(({ account }) => account === before?.account) ? (before?.frozen ?? 0n) : 0n;
  const { shop, currency, buyer: member, frozen: after } = next;
  // As with what may be frozen for the shop: before there is an order it has nothing in hand, and its day is not used up by others.
  const ordered = before !== undefined && hasEarmark(before) ? 0n : was;
  const anew = hasEarmark(next) ? 0n : after - ordered;
  return { shop, member, currency, elsewhere: inUse - was, before: was, after, anew };
}

const atLeastNothing = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/** The method named, the mandate's own, or the buyer's first in that currency. */
function chooseMethod(
  world: World,
  trade: Trade,
  wish: Wish,
  before: KeptTrade | undefined,
): Refused | ChosenMethod {
  const only = wish.mandate?.method ?? wish.method;
  if (wish.method !== undefined && wish.method !== only) return { refused: "mandate_not_valid" };
  const named = wish.method ?? wish.mandate?.method ?? undefined;
  const own = (trade.buyer === null ? undefined : world.methods.get(trade.buyer)) ?? [];
  const fits = (method: MethodRow) =>
    method.state === "active" && method.currency === trade.currency && isFor(method, trade);
  const method = named === undefined ? own.find(fits) : own.find(({ id }) => id === named);
  if (method === undefined)
    return { refused: named === undefined ? overdueOr(trade, own) : "method_not_usable" };
  if (method.account === null) return { refused: "method_not_usable" };
  if (!isReservedOn(method, before)) {
    if (method.state === "overdue") return { refused: "bill_overdue" };
    if (!fits(method)) return { refused: "method_not_usable" };
  }
  const { id, account, lender, lenderAccount } = method;
  const lent = lender == null || lenderAccount == null ? undefined : { lender, account: lenderAccount };
  return { method: id, account, mandate: wish.mandate?.id ?? null, lent };
}

/** Whether a trade has its money on this means: then it keeps it there, for less or as much. */
const isReservedOn = ({ id, account }: MethodRow, before: KeptTrade | undefined): boolean =>
  before?.state === "reserved" && before.method === id && before.account === account;

/** Why a means that takes nothing new cannot stay a trade's own: more would be frozen on it than is. */
function stoppedFor(
  { methods }: World,
  before: KeptTrade | undefined,
  next: Trade,
  chosen: ChosenMethod,
): "bill_overdue" | "method_not_usable" | undefined {
  if (before?.state !== "reserved" || next.frozen <= before.frozen || next.buyer === null) return undefined;
  const method = methods.get(next.buyer)?.find(({ id }) => id === chosen.method);
  if (method === undefined || method.state === "active") return undefined;
  return method.state === "overdue" ? "bill_overdue" : "method_not_usable";
}

/** A credit line that was granted for one trade pays for nothing else. */
const isFor = ({ trade: only }: MethodRow, { number }: Trade): boolean => only == null || only === number;

/** Where nothing else could pay, a line that is stopped says why. */
function overdueOr({ currency }: Trade, own: readonly MethodRow[]): "bill_overdue" | "method_required" {
  const isStopped = own.some((method) => method.state === "overdue" && method.currency === currency);
  return isStopped ? "bill_overdue" : "method_required";
}

/** A mandate ends at an amount, and this server could not say when. */
export const mandateOfPrivate: Refused = {
  refused: "mandate_not_valid",
  detail: "The trade is private: the buyer approves it and no mandate does.",
};

/**
 * A mandate names the acceptors whom a trade under it may have, where the buyer needs no leave, and how long things take.
 * What it does not cover is not proposed.
 */
export function beyondMandate(
  { defaults }: Rules,
  mandate: MandateRow,
  terms: Pick<Terms, "acceptance" | "reserveFor" | "extendableTo">,
  now: Date,
): Refused | undefined {
  const beyond = terms.acceptance.by.find((role) => role !== "buyer" && !mandate.acceptors.includes(role));
  if (beyond !== undefined)
    return { refused: "mandate_not_valid", detail: `The mandate does not let the ${beyond} accept.` };
  const term = beyondMandated(terms, mandate.terms ?? {}, defaults, now);
  if (term === undefined) return undefined;
  return {
    refused: "mandate_not_valid",
    status: 422,
    detail: `The mandate does not cover the terms: ${term}.`,
  };
}

/** A mandate that stands now, for this shop and currency. */
export function checkMandate(world: World, id: string, shop: string, currency: string): Refused | MandateRow {
  const mandate = world.mandates.get(id);
  if (mandate === undefined || mandate.shop !== shop) {
    return { refused: "mandate_not_valid", detail: "There is no such mandate for this shop." };
  }
  if (mandate.revoked) return { refused: "mandate_not_valid", detail: "The mandate was revoked." };
  if (mandate.until <= world.now) return { refused: "mandate_not_valid", detail: "The mandate has ended." };
  if (mandate.currency !== currency)
    return { refused: "mandate_not_valid", detail: `The mandate is in ${mandate.currency}.` };
  return mandate;
}
