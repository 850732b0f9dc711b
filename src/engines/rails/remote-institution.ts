/**
 * Money at institutions (支払予約依頼手段 20b, 支払処理依頼手段 20c): a step of a trade that moves money becomes one
 * instruction, written in the step's own transaction. The institution decides, and the step waits for its answer.
 */
import { goodsOf, keptBack, type Trade } from "../../core/trade/trade.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { toWire } from "../../core/money/money.ts";
import { readPaidOutEarly } from "../../storage/parties/parties.ts";
import { type Expected, type WaitingInstruction, writeInstructions } from "../outbox/outbox.ts";
import type { Instruction } from "../../core/protocol/schemas.ts";
import type { MoneyEffect, OpenRail, Rail, RailOutcome } from "./rail.ts";
import { readRemoteAccounts, type RemoteAccount } from "./remote-account-store.ts";

/**
 * How much longer money stays frozen at the institution than the trade asks. The trade's own clock ends it long before.
 * Only where the trading server has stopped for good does the institution release the money.
 */
const graceMs = 30 * 86_400_000;

/** The rail of a server whose money is at institutions. `ends`: from when on nothing new is reserved at some of them. */
export function remoteInstitution(ends: ReadonlyMap<string, Date> = new Map()): Rail {
  return {
    takesPrivate: true,
    placeOf: async (client, account) =>
      (await readRemoteAccounts(client, new Set([account])))[0]?.institution,
    open: async (client, { accounts, payees, shops }) => {
      const sought = new Set([...accounts, ...payees]);
      const [known, trusted] = await Promise.all([
        sought.size === 0 ? [] : readRemoteAccounts(client, sought),
        shops.length === 0 ? [] : readPaidOutEarly(client, shops),
      ]);
      return openOnConsents(known, uuidv7, new Set(trusted), ends);
    },
  };
}

/**
 * The rail open on consents that are known; `newId` makes the ids of instructions. `trusted` are shops that are paid out
 * before buyers' rights are over: this server answers for them.
 */
export function openOnConsents(
  known: readonly RemoteAccount[],
  newId: () => string,
  trusted: ReadonlySet<string> = new Set(),
  ends: ReadonlyMap<string, Date> = new Map(),
): OpenRail {
  const remotes = new Map<string, RemoteAccount[]>();
  for (const remote of known) remotes.set(remote.account, [...(remotes.get(remote.account) ?? []), remote]);
  const asked: WaitingInstruction[] = [];
  return {
    post(trade, effects, now, next): RailOutcome {
      const payable = trusted.has(next.shop) ? undefined : payableAfter(trade, next, now);
      if (effects.length === 0 && payable?.isNew !== true) return { how: "done" };
      const anew = effects.find((effect) => effect.do === "reserve");
      const payer = anew?.account ?? trade.account ?? "";
      const [payerRemote] = remotes.get(payer) ?? [];
      if (payerRemote === undefined) return { how: "refused", code: "method_not_usable" };
      const end = ends.get(payerRemote.institution);
      if (anew !== undefined && end !== undefined && end <= now)
        return { how: "refused", code: "method_not_usable" };
      // A reservation that replaces another ends it in the same step, so both have to be at one institution.
      const [old] = trade.hold === null ? [payerRemote] : (remotes.get(trade.account ?? "") ?? []);
      if (old?.institution !== payerRemote.institution) return { how: "refused", code: "method_not_usable" };
      const consentOf = (account: string) =>
        remotes.get(account)?.find(({ institution }) => institution === payerRemote.institution)?.consent;
      const body = instructionOf({ trade, next, effects, payable }, consentOf, newId());
      // The shop, or this server for its fee, has no account where the payer's is.
      if (body === undefined) return { how: "refused", code: "account_not_tied" };
      asked.push({
        id: body.id,
        institution: payerRemote.institution,
        trade: trade.number,
        body,
        expected: expectedOf(trade, next),
        attempts: 1,
      });
      return { how: "asked", instruction: body.id };
    },
    // The institution was told with the step itself.
    follow: () => undefined,
    inUse: () => 0n,
    placeOf: (account) => remotes.get(account)?.[0]?.institution,
    write: (client) => (asked.length === 0 ? [] : [writeInstructions(client, asked)]),
    entries: [],
    asked,
  };
}

/**
 * A trade and its hold at the institution say the same of the money, so what a step makes of the one it makes of the other.
 * Where the trade goes on without its hold, what was frozen is given back.
 */
function expectedOf(trade: Trade, next: Trade): Expected {
  const { currency } = next;
  if (next.terms.private === true) return { currency, amounts: null };
  const left = next.hold === null && trade.hold !== null;
  const { amount, settled, released, refunded } = left
    ? { ...trade, released: trade.released + trade.frozen }
    : next;
  const amounts = {
    amount: toWire(amount),
    settled: toWire(settled),
    released: toWire(released),
    refunded: toWire(refunded),
  };
  return { currency, amounts };
}

/** A step of a trade: what it is before and after it, and what has to be done with money. */
interface Step {
  trade: Trade;
  next: Trade;
  effects: readonly MoneyEffect[];
  payable: Payable | undefined;
}

/** From when the shop can take out what it has been paid, and whether this step is what changes that. */
interface Payable {
  from: Date;
  isNew: boolean;
}

/** How long what the shop was paid stays where it is while goods go back, unless the end of that is told before. */
export const wayBackMs = 366 * 86_400_000;

function payableFrom(trade: Trade): Date | undefined {
  const kept = keptBack(trade);
  if (kept === undefined || kept.until !== null) return kept?.until ?? undefined;
  return new Date((trade.coolingOffUntil ?? trade.createdAt).getTime() + wayBackMs);
}

function payableAfter(trade: Trade, next: Trade, now: Date): Payable | undefined {
  const [before, after] = [payableFrom(trade), payableFrom(next)];
  if (after !== undefined) return { from: after, isNew: after.getTime() !== before?.getTime() };
  // What was given back whole leaves nothing to be told about.
  return before === undefined || next.settled === next.refunded ? undefined : { from: now, isNew: true };
}

/**
 * The one instruction for all that a step asks, so that it is done whole or not at all. Undefined where an account has
 * no consent. `consentOf` gives the consent for an account of this server. In a private trade the instruction says how
 * far the goods have come, and the institution, which knows the prices, computes the amount.
 */
function instructionOf(
  { trade, next, effects, payable }: Step,
  consentOf: (account: string) => string | undefined,
  id: string,
): Instruction | undefined {
  const asked: Partial<{ [does in MoneyEffect["do"]]: MoneyEffect & { do: does } }> = {};
  for (const effect of effects) {
    if (asked[effect.do] !== undefined) throw new Error(`A step asks twice to ${effect.do}.`);
    Object.assign(asked, { [effect.do]: effect });
  }
  const { reserve, settle, extend, refund, transfer, assign } = asked;
  const goods = trade.terms.private === true ? goodsOf(next) : undefined;
  const back = asked.release ?? asked.expire;
  if (reserve !== undefined) {
    const account = consentOf(reserve.account);
    const payee = consentOf(trade.terms.shopAccount);
    if (account === undefined || payee === undefined) return undefined;
    // Nothing is frozen that could not be paid afterwards.
    if (goods === undefined && takesFee(next) && consentOf(next.terms.feeAccount) === undefined)
      return undefined;
    const { hold, amount, currency, until } = reserve;
    const worth =
      goods === undefined
        ? { amount: toWire(amount) }
        : { quantities: next.terms.lines.map(({ quantity }) => quantity) };
    const what = { account, payee, ...worth, currency, until: graced(until) };
    const replaces = back === undefined ? {} : { replaces: back.hold };
    return { do: "reserve", id: hold, tradeNumber: String(trade.number), ...what, ...replaces };
  }
  const until = extend === undefined ? {} : { until: graced(extend.until) };
  const from = payable === undefined ? {} : { payableFrom: payable.from.toISOString() };
  const anew = payable?.isNew === true ? from : {};
  if (settle !== undefined) {
    if (goods !== undefined) return { do: "settle", id, reservation: settle.hold, goods, ...until, ...from };
    const splits = sharesOf(settle.splits, consentOf);
    if (splits === undefined) return undefined;
    const release = back === undefined ? {} : { release: toWire(back.amount) };
    const amount = toWire(settle.amount);
    return { do: "settle", id, reservation: settle.hold, amount, ...release, ...until, ...from, splits };
  }
  if (back !== undefined) {
    const because = back.do === "expire" ? { because: "expired" as const } : {};
    const whole = back.amount === trade.frozen;
    const what = goods === undefined ? { amount: toWire(back.amount) } : whole ? {} : { goods };
    return { do: "release", id, reservation: back.hold, ...what, ...because, ...until, ...anew };
  }
  if (refund !== undefined) {
    if (goods !== undefined) return { do: "refund", id, reservation: refund.hold, goods, ...from };
    const sources = sharesOf(refund.sources, consentOf);
    if (sources === undefined) return undefined;
    const amount = toWire(refund.amount);
    return { do: "refund", id, reservation: refund.hold, amount, ...from, sources };
  }
  if (assign !== undefined) {
    const payee = consentOf(assign.account);
    return payee === undefined ? undefined : { do: "assign", id, reservation: assign.hold, payee };
  }
  if (transfer !== undefined) {
    const [from, to] = [consentOf(transfer.from), consentOf(transfer.to)];
    if (from === undefined || to === undefined) return undefined;
    const { currency, amount } = transfer;
    const tradeNumber = String(trade.number);
    return { do: "transfer", id, from, to, amount: toWire(amount), currency, tradeNumber };
  }
  const hold = extend?.hold ?? next.hold;
  if (hold !== null && (extend !== undefined || payable !== undefined))
    return { do: "extend", id, reservation: hold, ...until, ...anew };
  throw new Error("A step that asks nothing has no instruction.");
}

export const takesFee = ({ terms: { fee } }: Trade): boolean => BigInt(fee.fixed) > 0n || fee.basisPoints > 0;

const graced = (until: Date): string => new Date(until.getTime() + graceMs).toISOString();

export function sharesOf(
  shares: readonly { account: string; amount: bigint }[],
  consentOf: (account: string) => string | undefined,
): { account: string; amount: number }[] | undefined {
  const found = shares.flatMap(({ account, amount }) => {
    const consent = consentOf(account);
    return consent === undefined ? [] : [{ account: consent, amount: toWire(amount) }];
  });
  return found.length === shares.length ? found : undefined;
}
