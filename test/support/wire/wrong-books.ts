/** The books of an institution that keeps everything in memory, written after the document; with a fault, not quite. */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Instruction } from "../../../src/core/protocol/schemas.ts";
import type { ProblemCode } from "../../../src/core/protocol/protocol.ts";
import type { Fault } from "./wrong-faults.ts";

export interface Consent {
  id: string;
  peer: string;
  purpose: "pay" | "receive" | "collect";
  own: boolean;
  account: string;
  currency: string;
  limitPerTrade: number | null;
  limitPerMonth: number | null;
  confirmAbove: number | null;
  spent: number;
  revoked: boolean;
  /** Of a payee: what the server may keep for itself. */
  fee: { fixed: number; basisPoints: number } | null;
}

/** The challenge for which a verifier is good. */
export const challengeOf = (verifier: string): string =>
  createHash("sha256").update(verifier).digest("base64url");

interface Reservation {
  id: string;
  peer: string;
  tradeNumber: string;
  payer: Consent;
  payee: Consent;
  state: "held" | "settled" | "released" | "expired";
  currency: string;
  amount: number;
  settled: number;
  released: number;
  refunded: number;
  until: string;
  feeTaken: number;
  /** What was paid to the payee and is kept back. */
  kept: number;
  /** The owner was asked about a payment of it. */
  asked: boolean;
}

type Of<Does extends Instruction["do"]> = Extract<Instruction, { do: Does }>;
export type Result = { refused: ProblemCode } | { status: number; body: Record<string, unknown> };

const no = (refused: ProblemCode) => ({ refused });
const frozen = ({ amount, settled, released }: Reservation): number => amount - settled - released;

const isOfPayee = (consent: Consent, { peer, payee }: Reservation): boolean =>
  consent.peer === peer && consent.purpose === "receive" && consent.account === payee.account;

export class WrongBooks {
  readonly consents = new Map<string, Consent>();
  /** What each account has that is free. */
  readonly free = new Map<string, number>();
  readonly reservations = new Map<string, Reservation>();
  /** What a server has paid into an account of its own money, and not had back. */
  readonly paidBefore = new Map<string, number>();
  readonly wrong: (fault: Fault) => boolean;

  constructor(wrong: (fault: Fault) => boolean) {
    this.wrong = wrong;
  }

  view(of: Reservation): Record<string, unknown> {
    const { peer: _, payer, payee: __, feeTaken: ___, kept: ____, asked: _____, ...told } = of;
    const released = this.wrong("sums do not add up") ? told.released * 3 : told.released;
    return { ...told, released, ...(this.wrong("accounts are told") ? { account: payer.account } : {}) };
  }

  /** The reservation, if it is this server's, as the clock has left it. */
  find(peer: string, id: string): Reservation | undefined {
    const found = this.reservations.get(id);
    if (found === undefined) return undefined;
    if (found.peer !== peer && !this.wrong("another server's reservation is seen")) return undefined;
    const over = new Date(found.until).getTime() <= Date.now();
    if (over && found.state === "held" && !this.wrong("nothing runs out"))
      this.giveBack(found, frozen(found), "expired");
    return found;
  }

  all(peer: string): Reservation[] {
    const own = [...this.reservations.keys()].map((id) => this.find(peer, id));
    return own.filter((each) => each !== undefined).toReversed();
  }

  async obey(peer: string, asked: Instruction): Promise<Result> {
    if (asked.do === "reserve") return this.reserve(peer, asked);
    if (asked.do === "transfer") return this.transfer(peer, asked);
    const found = this.find(peer, asked.reservation);
    if (found === undefined) return no("not_found");
    const refused =
      asked.do === "settle"
        ? await this.settle(found, asked)
        : asked.do === "refund"
          ? this.refund(found, asked)
          : asked.do === "release"
            ? this.release(found, asked)
            : asked.do === "extend"
              ? this.extend(found, asked)
              : this.assign(found, asked.payee);
    return refused === undefined ? { status: 200, body: this.view(found) } : no(refused);
  }

  private pay(account: string, amount: number): void {
    this.free.set(account, (this.free.get(account) ?? 0) + amount);
  }

  private giveBack(of: Reservation, amount: number, state: "released" | "expired"): void {
    of.released += amount;
    of.payer.spent -= amount;
    if (!this.wrong("released money does not come back")) this.pay(of.payer.account, amount);
    if (frozen(of) === 0) of.state = of.settled > 0 ? "settled" : state;
  }

  /** A consent under which something new may be begun, or why not. */
  private good(
    peer: string,
    id: string,
    purpose: Consent["purpose"],
    currency: string,
  ): Consent | ProblemCode {
    const consent = this.consents.get(id);
    if (consent === undefined) return "consent_not_valid";
    if (consent.peer !== peer && !this.wrong("another server's consent is good")) return "consent_not_valid";
    if (consent.purpose !== purpose && !this.wrong("who receives also pays")) return "consent_not_valid";
    if (consent.revoked && !this.wrong("what was taken back is good")) return "consent_not_valid";
    if (consent.currency !== currency && !this.wrong("any currency will do")) return "currency_mismatch";
    return consent;
  }

  private get longest(): number {
    return (this.wrong("two years are 730 days") ? 730 : 732) * 86_400_000;
  }

  private badEnd(until: string): boolean {
    const left = new Date(until).getTime() - Date.now();
    return (
      (left <= 0 && !this.wrong("an end may have passed")) ||
      (left > this.longest && !this.wrong("money is frozen for ever"))
    );
  }

  private reserve(peer: string, asked: Of<"reserve">): Result {
    const { id, tradeNumber, account, payee, amount = 0, currency, until, replaces } = asked;
    if (this.reservations.has(id)) return no("command_id_reused");
    const payer = this.good(peer, account, "pay", currency);
    if (typeof payer === "string") return no(payer);
    const paid = this.good(peer, payee, "receive", currency);
    if (typeof paid === "string") return no(paid);
    if (paid.own && !this.wrong("a server is its own payee")) return no("consent_not_valid");
    const old = replaces === undefined ? undefined : this.find(peer, replaces);
    if (replaces !== undefined && (old === undefined || old.tradeNumber !== tradeNumber))
      return no("not_found");
    if (old !== undefined && old.settled > 0) return no("hold_ended");
    if (this.badEnd(until)) return no("date_out_of_range");
    const back = old === undefined ? 0 : frozen(old);
    const { limitPerTrade, limitPerMonth, spent } = payer;
    const over = amount > (limitPerTrade ?? amount) || spent - back + amount > (limitPerMonth ?? Infinity);
    if (over && !this.wrong("limits are not kept")) return no("consent_limit_exceeded");
    const short = (this.free.get(payer.account) ?? 0) + back < amount;
    if (short && !this.wrong("money is frozen that is not there")) return no("insufficient_funds");
    if (old !== undefined && !this.wrong("what is replaced stays frozen"))
      this.giveBack(old, back, "released");
    payer.spent += amount;
    this.pay(payer.account, -amount);
    const sums = { amount, settled: 0, released: 0, refunded: 0, until, feeTaken: 0, kept: 0, asked: false };
    const made: Reservation = { id, peer, tradeNumber, payer, payee: paid, state: "held", currency, ...sums };
    this.reservations.set(id, made);
    return { status: 201, body: this.view(made) };
  }

  /** Where shares go; a code where they may not. */
  private shares(
    of: Reservation,
    amount: number,
    wished: Of<"settle">["splits"],
  ): Map<string, number> | ProblemCode {
    const shares = new Map<string, number>();
    for (const { account: id, amount: part } of wished ?? [{ account: of.payee.id, amount }]) {
      const consent = this.consents.get(id);
      const named =
        consent?.purpose === "receive" || this.wrong("an account of its own has two names in shares");
      const own = consent?.peer === of.peer && consent.own && named;
      if (consent === undefined) return "consent_not_valid";
      const alone = this.wrong("a payee is known by one consent");
      const isPayee = consent === of.payee || (!alone && isOfPayee(consent, of));
      if (!isPayee && !own && !this.wrong("shares go to anybody")) return "consent_not_valid";
      shares.set(consent.account, (shares.get(consent.account) ?? 0) + part);
    }
    const sum = [...shares.values()].reduce((left, right) => left + right, 0);
    return sum === amount || this.wrong("shares need not add up") ? shares : "amount_mismatch";
  }

  private async settle(of: Reservation, asked: Of<"settle">): Promise<ProblemCode | undefined> {
    if (of.state !== "held" && !this.wrong("what has ended is settled")) return "hold_ended";
    const open = frozen(of);
    const amount = asked.amount === undefined || this.wrong("a part pays all") ? open : asked.amount;
    const back = asked.final === true ? Math.max(open - amount, 0) : (asked.release ?? 0);
    const shares = this.shares(of, amount, asked.splits);
    if (typeof shares === "string") return shares;
    if (amount + back > open && !this.wrong("more is settled than was frozen")) return "amount_exceeds_hold";
    if (asked.until !== undefined && this.badEnd(asked.until)) return "date_out_of_range";
    if (!this.takeFee(of, amount, shares)) return "consent_not_valid";
    if (this.isAsked(of, amount)) return "confirmation_awaited";
    if (this.wrong("it looks first and writes later")) await pause(100);
    if (this.wrong("a settle is forgotten")) return undefined;
    of.settled += amount;
    for (const [account, part] of shares) this.pay(account, part);
    if (asked.payableFrom !== undefined) of.kept += shares.get(of.payee.account) ?? 0;
    if (frozen(of) <= 0) of.state = "settled";
    if (back > 0) this.giveBack(of, back, "released");
    if (of.state === "held") of.until = asked.until ?? of.until;
    return undefined;
  }

  /** Whether the owner of the account is asked first; nobody answers here. */
  private isAsked(of: Reservation, amount: number): boolean {
    const { confirmAbove } = of.payer;
    if (confirmAbove === null || this.wrong("what its owner confirms is paid at once")) return false;
    const trade = [...this.reservations.values()].filter(
      ({ payer, tradeNumber }) => payer === of.payer && tradeNumber === of.tradeNumber,
    );
    const counted = this.wrong("slices are confirmed each by itself") ? [] : trade;
    const isAbove = counted.reduce((sum, each) => sum + each.settled, amount) > confirmAbove;
    of.asked ||= isAbove;
    return isAbove;
  }

  /** Whether what the server keeps is its fee, and beyond that what it has paid the payee before. */
  private takeFee(of: Reservation, amount: number, shares: Map<string, number>): boolean {
    const { fee } = of.payee;
    if (fee === null || this.wrong("a fee may be anything")) return true;
    const share = amount - (shares.get(of.payee.account) ?? 0);
    const trade = [...this.reservations.values()].filter(
      ({ payee, tradeNumber }) => payee === of.payee && tradeNumber === of.tradeNumber,
    );
    const paid = this.wrong("a fee has its fixed part for each reservation") ? [of] : trade;
    const settled = paid.reduce((sum, each) => sum + each.settled, amount);
    const before = paid.reduce((sum, each) => sum + each.feeTaken, 0);
    const most = fee.fixed + Math.ceil((settled * fee.basisPoints) / 10_000);
    const taken = Math.min(share, Math.max(most - before, 0));
    if (share - taken > (this.paidBefore.get(this.into(of.payee)) ?? 0)) return false;
    of.feeTaken += taken;
    if (!this.wrong("what was paid before is had back again")) this.payBefore(of.payee, taken - share);
    return true;
  }

  private into({ id, peer, account }: Consent): string {
    return this.wrong("what was paid before counts for its consent alone") ? id : `${peer} ${account}`;
  }

  private payBefore(payee: Consent, amount: number): void {
    const key = this.into(payee);
    this.paidBefore.set(key, (this.paidBefore.get(key) ?? 0) + amount);
  }

  private release(
    of: Reservation,
    { amount = frozen(of), because = "released", until }: Of<"release">,
  ): ProblemCode | undefined {
    if (of.state !== "held")
      return this.wrong("what is released is released again") ? undefined : "hold_ended";
    if (of.asked && this.wrong("what waits holds up all of its reservation")) return "confirmation_awaited";
    if (amount > frozen(of)) return "amount_exceeds_hold";
    if (until !== undefined && this.badEnd(until)) return "date_out_of_range";
    this.giveBack(of, amount, because);
    if (of.state === "held" && !this.wrong("release forgets the end")) of.until = until ?? of.until;
    return undefined;
  }

  private extend(of: Reservation, { until, payableFrom }: Of<"extend">): ProblemCode | undefined {
    if (until === undefined && payableFrom === undefined) return "invalid_field";
    const isLocked = of.settled > of.refunded || this.wrong("what was never paid is kept back");
    if (payableFrom !== undefined && !isLocked) return "hold_ended";
    if (until === undefined) return undefined;
    if (of.state !== "held") return "hold_ended";
    const [end, before] = [new Date(until).getTime(), new Date(of.until).getTime()];
    const isNoMove = end === before && !this.wrong("what is extended may end as before");
    if (this.badEnd(until) || end < before || isNoMove) return "date_out_of_range";
    of.until = until;
    return undefined;
  }

  private assign(of: Reservation, payee: string): ProblemCode | undefined {
    if (of.state !== "held" || of.settled > 0) return "hold_ended";
    const paid = this.good(of.peer, payee, "receive", of.currency);
    if (typeof paid === "string") return this.wrong("anybody is made the payee") ? undefined : paid;
    if (paid.own && !this.wrong("a server is its own payee")) return "consent_not_valid";
    if (!this.wrong("the payee stays who it was")) of.payee = paid;
    return undefined;
  }

  private refund(of: Reservation, asked: Of<"refund">): ProblemCode | undefined {
    const left = of.settled - of.refunded;
    const amount = asked.amount ?? left;
    const over = amount > left && !this.wrong("more is refunded than was paid");
    if (amount === 0 || over) return "amount_exceeds_settled";
    const sources = this.shares(of, amount, asked.sources);
    if (typeof sources === "string") return sources;
    const share = sources.get(of.payee.account) ?? 0;
    const beyond = of.payee.revoked && share > of.kept;
    if (beyond && !this.wrong("who took back what they agreed to still gives back"))
      return "payee_insufficient_funds";
    of.kept -= Math.min(share, of.kept);
    of.refunded += amount;
    for (const [account, part] of sources) this.pay(account, -part);
    this.pay(of.payer.account, amount);
    return undefined;
  }

  private transfer(peer: string, { id, tradeNumber, from, to, amount, currency }: Of<"transfer">): Result {
    const payer = this.good(peer, from, "pay", currency);
    if (typeof payer === "string") return no(payer);
    if (!payer.own && !this.wrong("members' money is transferred")) return no("consent_not_valid");
    const payee = this.good(peer, to, "receive", currency);
    if (typeof payee === "string") return no(payee);
    if ((this.free.get(payer.account) ?? 0) < amount) return no("insufficient_funds");
    this.pay(payer.account, -amount);
    this.pay(payee.account, amount);
    this.payBefore(payee, amount);
    return { status: 201, body: { id, tradeNumber, currency, amount } };
  }
}
