/** A member asks for credit with one trade, and two operators give it, or one refuses (paragraph 0085). */
import { refuse, type TradeView } from "../../core/protocol/protocol.ts";
import type { Approve } from "../../core/protocol/schemas.ts";
import { fromWire, toWire } from "../../core/money/money.ts";
import {
  type CreditRequest,
  insertRequest,
  lockRequest,
  moveRequest,
  readRequest,
} from "../../engines/credit/credit.ts";
import type { Effect } from "../../engines/engine/engine.ts";
import { type Actor, transitions } from "../../engines/trades/trades.ts";
import { type Client, readClock, uuidv7 } from "../../storage/database/database.ts";
import { openAccounts } from "../../storage/ledger/ledger.ts";
import * as members from "../../storage/members/members.ts";
import { refuseWhileHeld } from "../api/api.ts";
import type { ProvenAct } from "../moments/moments.ts";
import { refuseOwnShop } from "../guests/guests.ts";
import type { Speech } from "../operators/operators.ts";
import type { PageContext } from "../pages/pages.ts";
import { lasting, writeLetter } from "../profiles/profiles.ts";

/** What the buyer has seen and wishes, without the means: that is what is asked for. */
export type Choice = Pick<Approve, "payment" | "acceptors" | "shopWord">;

/** A request as it is entered: what stands in it stays. */
export interface AskWish {
  id: string;
  trade: string;
  person: string;
  version: number;
  currency: string;
  amount: number;
  choice: Choice;
  role: "buyer" | "operator";
  actor: string;
  speech: Speech | null;
  until: string;
}

/** Where a trade says nothing of its own, a request waits for so long. */
const usualWaitMs = 7 * 86_400_000;

/** What a member does who asks: the trade is approved for them when it is granted. */
export const toAskCredit = ({ trade, amount, currency, version }: AskWish): ProvenAct => ({
  ...{ act: "credit.ask", of: trade, currency, version },
  amount: fromWire(amount),
});

/** What somebody asks for with a trade that they can approve, or an operator for its buyer. */
export async function wishFor(
  context: PageContext,
  actor: Actor,
  number: string,
  body: Choice & { version: number },
  speech: Speech | null,
): Promise<AskWish> {
  const trade = (await context.trades.read(actor, number)) ?? refuse("not_found");
  const { version, ...choice } = body;
  const stands = transitions[trade.state].reserve;
  if (typeof stands === "string") refuse(stands, `The trade is ${trade.state}.`);
  if (trade.pending !== null) refuse("trade_busy");
  if (trade.version !== version) refuse("trade_changed");
  if (trade.amount == null || trade.currency === undefined)
    return refuse("invalid_field", "What this trade costs is not known here.");
  const person = actor.kind === "operator" ? await memberOf(context, trade) : actor.id;
  await refuseOwnShop(context, { kind: "person", id: person, opens: number }, number);
  const now = await readClock(context.database);
  const { approveBy } = trade.deadlines;
  return {
    id: uuidv7(),
    trade: number,
    person,
    version,
    currency: trade.currency,
    amount: trade.amount,
    choice,
    role: actor.kind === "operator" ? "operator" : "buyer",
    actor: actor.id,
    speech,
    until: approveBy ?? new Date(now.getTime() + usualWaitMs).toISOString(),
  };
}

async function memberOf({ database }: PageContext, { buyer }: TradeView): Promise<string> {
  if (buyer == null || !("member" in buyer))
    return refuse("approval_required", "The trade has no member as its buyer: the buyer asks on its page.");
  return (await members.findMember(database, BigInt(buyer.member)))?.id ?? refuse("not_found");
}

/** Enters a request. A thief of a sign-in gets no credit by it. */
export async function enterRequest(client: Client, wish: AskWish): Promise<Effect & { tells: string }> {
  const { person, trade, amount, choice, speech, until } = wish;
  if (wish.role === "buyer") await refuseWhileHeld(client, person);
  const entered = await insertRequest(client, {
    ...wish,
    trade: BigInt(trade),
    amount: fromWire(amount),
    choice: { ...choice },
    speech: speech === null ? null : { ...speech },
    until: new Date(until),
  });
  if (entered === "many") refuse("too_many_requests", "So many requests do not wait at a time.");
  if (entered === "asked") refuse("credit_already_asked");
  const request = await readRequest(client, wish.id);
  return { status: 201, body: requestView(request ?? refuse("not_found")), tells: person };
}

/** What exactly is granted: whoever confirms it confirms this. */
export interface Grant {
  id: string;
  trade: string;
  version: number;
  currency: string;
  amount: number;
  choice: Choice;
}

export const grantOf = ({ id, trade, version, currency, amount, choice }: CreditRequest): Grant => {
  return { id, trade: String(trade), version, currency, amount: toWire(amount), choice };
};

/**
 * Opens a line of its own for one trade. The trade is approved after the commit, by the clock of this room. Where it is
 * another by now, or none that could be approved, nothing is opened, and the buyer is told.
 */
export async function grant(
  context: PageContext,
  client: Client,
  { id }: Grant,
  names: { operator: string; confirmedBy: string | null },
): Promise<Effect & { tells: string }> {
  const request = await lockAsked(client, id);
  const { person, currency, amount, trade: number, version } = request;
  const reader: Actor = { kind: "operator", id: names.operator };
  const trade = await context.trades.read(reader, String(number));
  const decided = { decidedBy: names.operator, confirmedBy: names.confirmedBy };
  if (trade === undefined || !isApprovable(trade) || trade.version !== version) {
    await moveRequest(client, { id, from: "asked", to: "over", ...decided, reason: "trade_changed" });
    await tellOf(context, client, person, "credit refused");
    return decidedEffect(client, request);
  }
  const [method, account] = [uuidv7(), uuidv7()];
  await openAccounts(client, [{ id: account, kind: "credit", currency, floor: -amount }]);
  const line = { id: method, person, kind: "credit", currency, account, state: "active" } as const;
  await members.insertMethod(client, { ...line, token: null, wishedLimit: null, trade: number });
  await moveRequest(client, { id, from: "asked", to: "granted", ...decided, line: { method, account } });
  await tellOf(context, client, person, "credit granted");
  return decidedEffect(client, request);
}

/** Says no, and why; the buyer is told that it was refused. */
export async function refuseRequest(
  context: PageContext,
  client: Client,
  { id, reason }: { id: string; reason: string },
  { operator, confirmedBy }: { operator: string; confirmedBy: string | null },
): Promise<Effect & { tells: string }> {
  const request = await lockAsked(client, id);
  const decided = { decidedBy: operator, confirmedBy, reason };
  await moveRequest(client, { id, from: "asked", to: "refused", ...decided });
  await tellOf(context, client, request.person, "credit refused");
  return decidedEffect(client, request);
}

/** A request that operators can still decide. */
async function lockAsked(client: Client, id: string): Promise<CreditRequest> {
  const request = (await lockRequest(client, id)) ?? refuse("not_found");
  const now = await readClock(client);
  if (request.state !== "asked" || request.until <= now) refuse("credit_request_over");
  return request;
}

async function decidedEffect(
  client: Client,
  { id, person }: CreditRequest,
): Promise<Effect & { tells: string }> {
  const request = (await readRequest(client, id)) ?? refuse("not_found");
  return { status: 200, body: await requestForOperator(client, request), tells: person };
}

/** Whether somebody could approve a trade now. */
export function isApprovable({ state, pending }: TradeView): boolean {
  return pending === null && typeof transitions[state].reserve !== "string";
}

/** Tells a member by mail, in the transaction of what it tells. */
export async function tellOf(
  { profiles, vault }: PageContext,
  client: Client,
  person: string,
  kind: "credit granted" | "credit refused",
): Promise<void> {
  const known = await members.readPersonalData(client, vault, person);
  if (known?.email == null) return;
  const language = await members.readLanguage(client, person);
  await writeLetter(profiles, client, {
    subject: person,
    kind,
    email: known.email,
    language,
    minutes: lasting.told,
  });
}

/** A request as its buyer sees it. */
export function requestView(request: CreditRequest) {
  const { id, trade, version, currency, amount, state, createdAt, until, decidedAt, method } = request;
  return {
    id,
    trade: String(trade),
    version,
    currency,
    amount: toWire(amount),
    state,
    createdAt: createdAt.toISOString(),
    until: until.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    method,
  };
}

/** The same as operators see it. */
export async function requestForOperator(client: Client, request: CreditRequest) {
  const { role: by, decidedBy, confirmedBy, reason, choice } = request;
  const [person] = await members.readPeopleById(client, [request.person]);
  const member = person?.number == null ? null : String(person.number);
  return { ...requestView(request), member, by, choice: choice as Choice, decidedBy, confirmedBy, reason };
}
