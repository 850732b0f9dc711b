/** What happens to members on this server: registration, means of payment, erasure (patent 0054, 0064, 0082). */
import type { Static } from "typebox";
import {
  type Client,
  randomDigits,
  randomToken,
  readClock,
  uuidv7,
} from "../../storage/database/database.ts";
import {
  closeAccounts,
  houseAccount,
  lastMoved,
  mayComeBack,
  openAccounts,
  openBooks,
  postOne,
  readAccounts,
  setFloor,
  stopAtUsed,
  writeSealed,
} from "../../storage/ledger/ledger.ts";
import * as members from "../../storage/members/members.ts";
import { sealStored } from "../../storage/seals/seals.ts";
import { fromWire, toWire } from "../../core/money/money.ts";
import { dammAppend, katakana, memberNumberLength, refuse } from "../../core/protocol/protocol.ts";
import type { Application, methodSchema } from "../../core/protocol/schemas.ts";
import { checkBirthDate, checkCurrency, type Ground, wireOrNull, type Tell } from "./context.ts";
import { figuresView } from "./parties.ts";
import { personalView } from "./guests.ts";
import type { Effect } from "../../engines/engine/engine.ts";
import { noteLook } from "../operators/operators.ts";
import { revokedNews, tellShops } from "../../engines/outbox/outbox.ts";
import { hasOpenTrades } from "../../engines/trades/trades.ts";

export type MethodWish = Static<typeof methodSchema>;

const numberTries = 20;

function drawNumber(): bigint {
  // A leading zero would be lost in a number and on the phone.
  const digits = randomDigits(memberNumberLength - 1);
  return digits.startsWith("0") ? drawNumber() : BigInt(dammAppend(digits));
}

/**
 * Enters a member with the means of payment wished for. `approved` says that nobody needs to look at the application
 * first; a credit line waits for an operator in any case. A sign-in is made where `passwordHash` is given (by
 * Identity.hashPassword, for the e-mail in the application).
 */
export async function applyAsMember(
  context: Ground,
  client: Client,
  application: Application,
  how: { approved: boolean; passwordHash?: string | undefined },
): Promise<Effect<{ number: string; [more: string]: unknown }>> {
  const { name, kana, address, birthDate, contact, creditLine } = application;
  checkBirthDate(context, birthDate, await readClock(client));
  const entry = {
    id: uuidv7(),
    name,
    kana: katakana(kana ?? "") ?? null,
    address,
    birthDate,
    email: contact.email ?? null,
    phone: contact.phone ?? null,
  };
  const state = how.approved ? "active" : "provisional";
  const number = await enter(client, context.vault, { ...entry, state });
  const wishes: MethodWish[] = [...(application.methods ?? [])];
  if (creditLine !== undefined) wishes.push({ kind: "credit", ...creditLine });
  for (const wish of wishes) await addMethod(context, client, entry.id, wish);
  if (how.passwordHash !== undefined && entry.email !== null) {
    const { passwordHash } = how;
    const login = { email: entry.email, passwordHash, subjectKind: "member", subject: entry.id } as const;
    await context.identity.createLogin(client, login);
  }
  const methods = (await members.listMethods(client, entry.id)).map(methodView);
  return { status: 201, body: { number: String(number), state, methods } };
}

/** Enters a person under a number of their own. */
export async function enter(
  client: Client,
  vault: members.Vault,
  entry: Omit<members.NewMember, "number">,
): Promise<bigint> {
  for (let tried = 0; tried < numberTries; tried += 1) {
    const number = drawNumber();
    if (await members.insertMember(client, vault, { ...entry, number })) return number;
  }
  throw new Error("No free member number was found.");
}

/** Gives a person one more means of payment; the answer is its view. */
export async function addMethod(
  context: Ground,
  client: Client,
  person: string,
  wish: MethodWish,
): Promise<Record<string, unknown>> {
  checkCurrency(context, wish.currency);
  if (wish.limit !== undefined && wish.kind !== "credit")
    refuse("invalid_field", "Only a credit line has a limit.");
  if (wish.token !== undefined && /^[0-9 -]+$/.test(wish.token)) {
    refuse("invalid_field", "A token is taken here, not the number of an account.");
  }
  const { kind, currency } = wish;
  const method: members.NewMethod = {
    id: uuidv7(),
    person,
    kind,
    currency,
    account: context.elsewhere === undefined ? await accountFor(client, person, wish) : null,
    // What is kept elsewhere can be used once it is tied; a credit line, once it has its limit.
    state: context.elsewhere === undefined && kind !== "credit" ? "active" : "pending",
    token: kind === "prepaid" ? null : (wish.token ?? null),
    wishedLimit: wish.limit === undefined ? null : fromWire(wish.limit),
  };
  await members.insertMethod(client, method);
  return methodView(method);
}

/** The account behind a new means of payment: none yet for credit, the voucher's where one is claimed, else a new one. */
async function accountFor(client: Client, person: string, wish: MethodWish): Promise<string | null> {
  const { kind, currency, token } = wish;
  if (kind === "credit") return null;
  if (kind === "prepaid" && token !== undefined) {
    const voucher = await members.claimVoucher(client, token, person);
    if (voucher === undefined) return refuseVoucher(client, token, person);
    if (voucher.currency !== currency) refuse("currency_mismatch");
    return claimMoney(client, voucher.account, currency);
  }
  const id = uuidv7();
  await openAccounts(client, [{ id, kind, currency, floor: 0n }]);
  return id;
}

/**
 * Moves a voucher's money to an account of the member's own. The voucher's account stays behind empty and closed, so that a
 * guest who still knows the code finds nothing on it, and what is refunded to it goes on to the member; while a guest's
 * trade holds some of it, nobody claims it.
 */
async function claimMoney(client: Client, voucher: string, currency: string): Promise<string> {
  const books = await openBooks(client, { accounts: [voucher], holds: [] });
  const { posted = 0n, held = 0n } = books.accounts.get(voucher) ?? {};
  if (held > 0n)
    refuse(
      "method_not_usable",
      "A guest is paying with this code; it can be claimed when that trade has ended.",
    );
  const id = uuidv7();
  await openAccounts(client, [{ id, kind: "prepaid", currency, floor: 0n }]);
  if (posted > 0n) {
    const moved = await postOne(client, {
      do: "transfer",
      id: uuidv7(),
      from: voucher,
      to: id,
      currency,
      amount: posted,
    });
    if ("refused" in moved) throw new Error(`A voucher's money could not be moved: ${moved.refused}.`);
  }
  await closeAccounts(client, [voucher], id);
  return id;
}

async function refuseVoucher(client: Client, code: string, person: string): Promise<never> {
  const [voucher] = await members.readVouchers(client, [code]);
  return refuse(
    voucher?.claimedBy === person ? "already_exists" : "not_found",
    "This code cannot be claimed.",
  );
}

function methodView(method: members.MethodDetails): Record<string, unknown> {
  const { id, kind, state, currency, account, wishedLimit } = method;
  return {
    id,
    kind,
    state,
    currency,
    account,
    ...(wishedLimit === null ? {} : { wishedLimit: toWire(wishedLimit) }),
  };
}

/**
 * A member as the member and operators see it; undefined where there is none or it has been erased. An operator who
 * looks leaves a row in the member's record, in the same transaction.
 */
export async function memberView(
  { vault, settings }: Pick<Ground, "vault" | "settings">,
  client: Client,
  number: bigint,
  looks?: { operator: string; reason?: string | undefined },
): Promise<Record<string, unknown> | undefined> {
  const plain = await plainView(client, number);
  if (plain === undefined) return undefined;
  const personal = await personalView(vault, client, plain.id);
  if (looks === undefined) return { ...plain.view, ...personal };
  await noteLook(client, settings, { person: plain.id, operator: looks.operator, reason: looks.reason });
  return { ...plain.view, ...personal, figures: await figuresView(client, plain.id) };
}

/** A member without what is personal. */
async function plainView(
  client: Client,
  number: bigint,
): Promise<{ id: string; view: Record<string, unknown> } | undefined> {
  const member = await members.findMember(client, number);
  if (member === undefined || member.state === "erased") return undefined;
  const methods = await members.listMethods(client, member.id);
  const ids = methods.flatMap(({ account }) => (account === null ? [] : [account]));
  const accounts = new Map((await readAccounts(client, ids)).map((account) => [account.id, account]));
  const view = {
    number: String(number),
    state: member.state,
    methods: methods.map((method) => {
      const account = accounts.get(method.account ?? "");
      const available =
        account === undefined ? null : wireOrNull(account.posted - account.held - account.floor);
      return { ...methodView(method), available };
    }),
    createdAt: member.createdAt.toISOString(),
  };
  return { id: member.id, view };
}

/** What an operator's act on a member answers: nothing personal, since it is kept for repetitions. */
export async function memberEffect(client: Client, number: bigint): Promise<Effect> {
  const { view } = (await plainView(client, number)) ?? refuse("not_found");
  return { status: 200, body: view };
}

/** The id of a member that has not been erased; refuses with not_found otherwise. Locks the member. */
export async function lockKnown(
  client: Client,
  number: bigint,
): Promise<{ id: string; state: members.PersonState }> {
  const member = await members.lockMember(client, number);
  return member === undefined || member.state === "erased" ? refuse("not_found") : member;
}

/** Makes a provisional member active, and sets the limit of the credit line that has waited longest. */
export async function approveMember(
  client: Client,
  number: bigint,
  creditLimit: number | undefined,
): Promise<Effect & { tells: string }> {
  const member = await lockKnown(client, number);
  if (member.state === "provisional") await members.setMemberState(client, member.id, "active");
  if (creditLimit !== undefined) {
    const methods = await members.listMethods(client, member.id);
    const waiting = methods.find(({ kind, state }) => kind === "credit" && state === "pending");
    if (waiting === undefined) refuse("not_found", "No credit line is waiting for a limit.");
    await setLimit(client, member.id, waiting.id, creditLimit);
  }
  return { ...(await memberEffect(client, number)), tells: member.id };
}

/** What holds for every limit, however it is set. */
export const limitSaid =
  "Not below what is in use, but for 0, by which one operator stops the line: it goes as far as what is owed and held on it at " +
  "that moment, so that no trade takes more. What is paid back or freed later can be used anew, until 0 is set once more.";

/** Sets how far a credit line goes, and opens it where this is its first limit. 0 stops it at what is in use, however much that is. */
export async function setLimit(client: Client, person: string, method: string, limit: number): Promise<void> {
  const line = (await members.lockMethods(client, person)).find(({ id }) => id === method);
  if (line?.kind !== "credit" || line.state === "closed") refuse("not_found", "There is no such line.");
  const floor = -fromWire(limit);
  if (line.account !== null) {
    if (limit === 0) return stopAtUsed(client, line.account);
    if (await setFloor(client, line.account, floor)) return;
    refuse("credit_limit_exceeded", "More than that is in use on this credit line.");
  }
  const id = uuidv7();
  await openAccounts(client, [{ id, kind: "credit", currency: line.currency, floor }]);
  await members.activateMethod(client, line.id, id);
}

/** Suspends a member, who keeps what runs but reserves nothing new, or lets them take part again. */
export async function moveMember(
  client: Client,
  number: bigint,
  to: "suspended" | "active",
): Promise<Effect & { tells: string }> {
  const member = await lockKnown(client, number);
  const from = to === "suspended" ? ["provisional", "active"] : ["suspended"];
  if (from.includes(member.state)) await members.setMemberState(client, member.id, to);
  return { ...(await memberEffect(client, number)), tells: member.id };
}

/**
 * Forgets a person: everything personal goes, sign-in, sessions, mandates, consents end. The books keep accounts
 * and amounts under ids that lead to nobody, closed, so that nothing comes to them any more. Refuses with
 * person_has_open_trades while a trade has not ended, can be undone within cooling-off, or left a debt on a credit line, and
 * with person_has_money while there is some, which would be nobody's.
 */
export async function eraseMember(client: Client, number: bigint, tell: Tell): Promise<void> {
  const member = await lockKnown(client, number);
  const methods = await members.lockMethods(client, member.id);
  // A reservation holds its mandate or consent and its account until its commit: after these locks all are visible.
  const { mandates, consents } = await members.lockLeaveOf(client, member.id);
  const accounts = methods.flatMap(({ account }) => (account === null ? [] : [account]));
  const books = await openBooks(client, { accounts, holds: [] });
  if (await hasOpenTrades(client, member.id)) refuse("person_has_open_trades");
  if ([...books.accounts.values()].some(({ posted, held }) => posted < 0n || held > 0n)) {
    refuse("person_has_open_trades", "The person owes money, or has some frozen for another server.");
  }
  if (await mayComeBack(client, accounts))
    refuse(
      "person_has_open_trades",
      "What was paid from their money, or with their code, may still be given back.",
    );
  const left = [...books.accounts.values()].filter(({ posted }) => posted > 0n);
  if (left.length > 0) refuse("person_has_money", `There is money left: ${left.map(amountOf).join(", ")}.`);
  await closeAccounts(client, accounts);
  await tell(client, "erased", member.id);
  const at = await readClock(client);
  await members.erasePeople(client, [member.id], at);
  await sealStored(client, "consents", consents, 1);
  const ended = mandates.filter(({ until }) => until > at).map((mandate) => revokedNews(number, mandate));
  await tellShops(client, at, ended);
}

const amountOf = ({ posted, currency }: { posted: bigint; currency: string }) => `${posted} ${currency}`;

/** How long nothing has to have moved before what is left belongs to nobody any more. */
const forfeitAfterYears = 10;

/**
 * Takes what a person has left without asking for it, after the term of the law: it goes to the institution's own account,
 * and the answer says what was taken from where. Then the person can be erased; of those who were erased before, too.
 */
export async function forfeitMoney(
  context: Pick<Ground, "settings">,
  client: Client,
  number: bigint,
): Promise<Effect & { tells: string }> {
  const member = (await members.lockMember(client, number)) ?? refuse("not_found");
  const ids = (await members.lockMethods(client, member.id)).flatMap(({ account }) => account ?? []);
  ids.push(...(await members.claimedAccounts(client, member.id)));
  const house = context.settings.currencies.map((currency) => houseAccount("forfeited", currency));
  const books = await openBooks(client, { accounts: [...ids, ...house], holds: [] });
  const at = await readClock(client);
  const term = new Date(at);
  term.setUTCFullYear(term.getUTCFullYear() - forfeitAfterYears);
  const left = ids.flatMap((id) => books.accounts.get(id) ?? []).filter(({ posted }) => posted > 0n);
  const moved = await lastMoved(client, ids);
  if (left.length === 0) refuse("money_not_forfeit", "There is nothing left.");
  if (left.some(({ held }) => held > 0n)) refuse("person_has_open_trades");
  if (moved === null || moved > term)
    refuse("money_not_forfeit", `Something has moved within the last ${forfeitAfterYears} years.`);
  const forfeited = left.map(({ id, currency, posted: amount }) => {
    const to = houseAccount("forfeited", currency);
    const left = { from: id, to, currency, amount, empties: true } as const;
    const posted = books.post({ do: "transfer", id: uuidv7(), ...left }, at);
    if ("refused" in posted) throw new Error(`What was left could not be moved: ${posted.refused}.`);
    return { account: id, currency, amount: toWire(amount) };
  });
  await Promise.all(writeSealed(client, books, at));
  return { status: 200, body: { number: String(number), forfeited }, tells: member.id };
}

/** Sells e-money: a code that is worth an amount to anyone who knows it. The code is in the first answer only. */
export async function issueVoucher(
  context: Ground,
  client: Client,
  wish: { currency: string; amount: number },
): Promise<Effect> {
  if (context.elsewhere !== undefined) refuse("currency_mismatch", "No accounts are kept here.");
  checkCurrency(context, wish.currency);
  const { currency } = wish;
  const account = uuidv7();
  const code = `kp_${Buffer.from(randomToken(20), "base64url").toString("hex")}`;
  await openAccounts(client, [{ id: account, kind: "prepaid", currency, floor: 0n }]);
  await payIn(client, currency, [{ account, amount: fromWire(wish.amount) }]);
  await members.insertVouchers(client, [{ code, account, currency }]);
  return { status: 201, body: { account, currency, amount: wish.amount }, secret: { code } };
}

/** Brings money from outside onto accounts, each by a transfer in the books like any other. */
export async function payIn(
  client: Client,
  currency: string,
  payments: readonly { account: string; amount: bigint }[],
): Promise<void> {
  const from = houseAccount("outside", currency);
  const accounts = [from, ...payments.map(({ account }) => account)];
  const books = await openBooks(client, { accounts, holds: [] });
  const at = await readClock(client);
  for (const { account, amount } of payments) {
    const posted = books.post({ do: "transfer", id: uuidv7(), from, to: account, currency, amount }, at);
    if ("refused" in posted) throw new Error(`Money from outside could not be paid in: ${posted.refused}.`);
  }
  await Promise.all(writeSealed(client, books, at));
}
