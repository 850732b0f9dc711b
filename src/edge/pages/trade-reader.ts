/** Who reads a trade on a page, as what, and how a press of a button moves it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../storage/identity/identity.ts";
import { readClock } from "../../storage/database/database.ts";
import {
  type ActorRole,
  type Problem,
  refuse,
  returnPlace,
  type TradeState,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { languageAsked, leadingTo } from "../http/http.ts";
import { wishedLanguage } from "../words/words.ts";
import {
  listMethods,
  type PersonLanguage,
  personLanguages,
  readPeopleById,
} from "../../storage/members/members.ts";
import { readParties, readReturnUrls } from "../../storage/parties/parties.ts";
import { closed, type MoveBody, numberSchema } from "../../core/protocol/schemas.ts";
import type { MethodView, WaitingView } from "../means/means.ts";
import type { Now } from "../parts/parts.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import {
  actorOf,
  approvingAct,
  callerOf,
  invitedTo,
  isUnknown,
  linkedTrade,
  nameAnotherCode,
} from "../api/api.ts";
import type { Approver, GuestStep, PresentView } from "../trade-views/trade-views.ts";
import type { Contact } from "../guests/guests.ts";
import { moveActs } from "../operators/operators.ts";
import { type Fields, filled } from "./form-fields.ts";
import { askProof } from "./person-forms.ts";
import { isSignedOut, seeOther } from "./replies.ts";
import type { PageContext } from "./page-context.ts";

const access = ["member", "guest", "shop", "carrier", "provider", "operator"] as const;
/** Who comes to an approval: also those who have no more than its link. */
const approvers = [...access, "invited"] as const;
export const tradePage = { access, page: true, refusals: ["not_authenticated", "not_found"] } as const;
export const tradeForm = { ...tradePage, form: true, acts: moveActs } as const;
export const approvalPage = { ...tradePage, access: approvers } as const;
/** Set with a guest's approval, until their own link has been shown to them: the number of the trade. */
export const newGuestCookie = "kenshu_new_guest";
export const approvalForm = { ...tradeForm, access: approvers } as const;
export const params = closed({ number: numberSchema });

/** One person's view of one trade. */
export interface Reading {
  caller: Caller;
  actor: Actor;
  role: ActorRole;
  trade: TradeView;
  /** The guest whom the trade is for, where it is they who read it. */
  guest: string | undefined;
}

/** What the caller may see of the trade; undefined where that is nothing. */
export async function reading(
  context: PageContext,
  request: FastifyRequest,
  number: string,
): Promise<Reading | undefined> {
  return readAs(context, request, await callerOf(context, request), number);
}

/**
 * The same on the way to an approval, which those may see as well who have opened its link: also a guest who comes for
 * another trade of theirs.
 */
export async function readingToApprove(
  context: PageContext,
  request: FastifyRequest,
  number: string,
): Promise<Reading | undefined> {
  const found = await reading(context, request, number);
  if (found !== undefined) return found;
  const caller = await callerOf(context, request);
  const isInvited = isSignedOut(caller) && linkedTrade(context, request) === number;
  const invited = isInvited ? invitedTo(number) : undefined;
  return invited && readAs(context, request, invited, number, true);
}

/** What a guest sees of their trade. */
export async function readingOfGuest(
  { trades }: PageContext,
  guest: string,
  number: string,
): Promise<Reading | undefined> {
  const credential = { kind: "link", id: number } as const;
  const caller = { kind: "guest", id: guest, name: null, credential, trade: number } as const;
  const found = (actor: Actor, trade: TradeView): Reading => ({ caller, actor, role: "buyer", trade, guest });
  const actor: Actor = { kind: "person", id: guest };
  const own = await trades.read(actor, number);
  if (own !== undefined) return found(actor, own);
  // While their approval waits for another server the trade does not name them yet; nobody can move it meanwhile.
  const waiting: Actor = { ...actor, opens: number };
  const open = await trades.read(waiting, number);
  return open === undefined || open.pending === null ? undefined : found(waiting, open);
}

async function readAs(
  context: PageContext,
  request: FastifyRequest,
  caller: Caller,
  number: string,
  toApprove = false,
): Promise<Reading | undefined> {
  if (isUnknown(caller) && !toApprove) return undefined;
  if (caller.kind === "guest")
    return caller.trade === number ? readingOfGuest(context, caller.id, number) : undefined;
  const actor = actorOf(context, request, caller);
  const trade = await context.trades.read(actor, number);
  if (trade === undefined) return undefined;
  const role = actor.kind === "person" ? "buyer" : (caller.kind as ActorRole);
  return { caller, actor, role, trade, guest: undefined };
}

/** The same for an address that must lead to a trade: others are sent to sign in, or are told that there is none. */
export async function mustRead(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  number: string,
  read = reading,
) {
  const found = await read(context, request, number);
  if (found !== undefined) return found;
  if (!isSignedOut(await callerOf(context, request))) return refuse("not_found");
  // A form that was filled in is not thrown away: its sender signs in and finds it again.
  if (request.method !== "GET") return refuse("not_authenticated");
  seeOther(reply, `/signin?next=${request.url.split("?")[0]}`);
  return undefined;
}

/** The means by which a member can pay a trade, or, without its number, any. */
export async function methodsOf(
  context: PageContext,
  person: string,
  number?: string,
): Promise<MethodView[]> {
  const found = await listMethods(context.database, person);
  // A line that was granted for another trade does not pay this one.
  const methods = found.filter(
    ({ state, trade }) => state === "active" && (trade == null || String(trade) === number),
  );
  const { availableOf, ties } = context;
  const free = await availableOf?.(methods);
  const places = await ties?.institutionsOf(methods);
  const lenders = methods.flatMap(({ lender }) => lender ?? []);
  const parties = lenders.length === 0 ? [] : await readParties(context.database, lenders);
  return methods.map(({ id, kind, currency, lender, trade }) => {
    const place = ties?.institutions.find((one) => one.id === places?.get(id));
    const lentBy = parties.find((party) => party.id === lender)?.name;
    return {
      id,
      kind,
      currency,
      ...(free === undefined ? {} : { available: free.get(id) ?? null }),
      ...(place === undefined ? {} : { institution: place.name, url: place.url }),
      ...(lentBy === undefined ? {} : { lentBy }),
      ...(trade == null ? {} : { forThis: true as const }),
    };
  });
}

/** What a member has asked for or had to pay with, and cannot pay with now. */
export async function waitingOf(
  context: Pick<PageContext, "database">,
  person: string,
): Promise<WaitingView[]> {
  const found = await listMethods(context.database, person);
  return found.flatMap(({ id, kind, currency, state, wishedLimit: wished, trade }) =>
    trade == null && (state === "pending" || state === "overdue")
      ? [{ id, kind, currency, state, wished }]
      : [],
  );
}

/** The code that a guest names instead of the one of which there was too little. */
export async function anotherCode(
  context: PageContext,
  { guest, trade }: Reading,
  { token, key }: Fields,
): Promise<{ method?: string }> {
  const code = filled(token);
  const { currency } = trade;
  if (guest === undefined || code === undefined || currency === undefined) return {};
  return { method: await nameAnotherCode(context, guest, { number: trade.number, currency, code, key }) };
}

/** Who has opened an approval. */
export async function approverOf(
  context: PageContext,
  { caller, trade, guest }: Reading,
  contact: Contact | undefined,
): Promise<Approver> {
  if (caller.kind === "member") {
    const methods = await methodsOf(context, caller.id, trade.number);
    const [person] = await readPeopleById(context.database, [caller.id]);
    return {
      kind: "member",
      methods,
      waiting: await waitingOf(context, caller.id),
      looked: person?.state === "provisional",
      credit: await context.creditFor?.(trade.number),
    };
  }
  if (guest !== undefined) return { kind: "guest" };
  if (caller.kind !== "invited") return refuse("not_allowed", "Only the buyer approves here.");
  const { number } = trade;
  const signIn = `/signin?next=/trades/${number}/approve`;
  return { kind: "stranger", signIn, guest: await guestStep(context, number, contact) };
}

/** How far this browser is on the way to being a guest. What the shop has said is for whoever has confirmed the address that it names. */
async function guestStep(
  { guests, trades }: PageContext,
  number: string,
  contact: Contact | undefined,
): Promise<GuestStep> {
  if (!guests.open) return { step: "closed" };
  const said = (await trades.guestForm(number)) ?? {};
  if (contact?.email === undefined) return { step: "address", email: said.email };
  const { email } = contact;
  if (!contact.confirmed) return { step: "code", email };
  const isNamed = said.email === email;
  return { step: "form", email, isNamed, said: isNamed || said.email === undefined ? said : {} };
}

/** The moment by which a page knows what is late: the clock of the database counts. */
export async function nowOf({ database, settings }: PageContext): Promise<Now> {
  return { at: (await readClock(database)).toISOString(), timeZone: settings.timeZone };
}

/** The language of a mail to somebody who is not known yet: what they wish for, else what the shop has said. */
export async function mailLanguageOf(
  { trades }: PageContext,
  request: FastifyRequest,
  number: string,
): Promise<PersonLanguage | undefined> {
  return wishedLanguage(request) ?? languageAsked((await trades.guestForm(number))?.locale, personLanguages);
}

/** Whom a trade is for that its recipient accepts, and what is said with it; undefined for those who are not told. */
export async function presentOf(
  { trades }: PageContext,
  { actor, role, trade: { number, acceptance } }: Pick<Reading, "actor" | "role" | "trade">,
): Promise<PresentView | undefined> {
  if ((role !== "buyer" && role !== "recipient") || !acceptance.by.includes("recipient")) return undefined;
  const found = await trades.recipient(actor, number);
  return found && { name: found.name, giver: found.giver, greeting: found.greeting };
}

/** Where a press leads that was taken. What still waits has not been done, and is not said to be. */
export function pathAfter(number: string, did: string, { waits }: Moved): string {
  return waits ? `/trades/${number}` : `/trades/${number}?done=${did}`;
}

/**
 * Where the shop's page is to which the buyer goes back with an answer; undefined where the shop has none, or does not have it
 * registered any more.
 */
export async function placeAtShop(
  { database }: PageContext,
  { number, returnUrl, chain, shop }: TradeView,
  state: TradeState,
): Promise<string | undefined> {
  if (returnUrl == null) return undefined;
  const url = returnPlace(await readReturnUrls(database, chain ?? shop), returnUrl);
  if (url === undefined) return undefined;
  url.searchParams.set("trade", number);
  url.searchParams.set("state", state);
  return url.href;
}

/** Where an answer leads: back to the shop, or where there is nothing to go back to, or still to wait for, to the trade. */
export async function placeAfter(
  context: PageContext,
  trade: TradeView | { number: string },
  did: string,
  outcome: Moved,
): Promise<string> {
  const back =
    outcome.waits || !("state" in trade)
      ? undefined
      : await placeAtShop(context, trade, outcome.state ?? trade.state);
  return back ?? pathAfter(trade.number, did, outcome);
}

/** What became of a press. `waits`: it was taken, and another server has still to answer. */
export interface Moved {
  problem: Problem | undefined;
  waits: boolean;
  state?: TradeState | undefined;
  version?: number | undefined;
}

/** Moves a trade, or tells why not. */
export async function moved(
  { trades }: PageContext,
  actor: Actor,
  number: string,
  body: MoveBody,
  key: string | undefined,
): Promise<Moved> {
  const outcome = await trades.move(actor, number, body, key);
  return {
    problem: outcome.how === "refused" ? outcome.problem.value : undefined,
    waits: outcome.status === 202,
    state: outcome.how === "done" ? outcome.view.value.state : undefined,
    version: outcome.how === "done" ? outcome.view.value.version : undefined,
  };
}

/** Whether it can be approved: a proposal, or the shop's wish for other terms. What is being reserved has been approved already. */
export const isOpen = ({ state, pending, revisionAsked }: TradeView): boolean =>
  (state === "proposed" || state === "refused" || revisionAsked != null) && pending === null;

/** The trade as its buyer is asked to approve it: with the terms that the shop would like, where it has asked for others. */
export function asAsked(trade: TradeView): TradeView {
  const { revisionAsked } = trade;
  if (revisionAsked == null) return trade;
  const { amount, payment, lines } = revisionAsked;
  const fresh = { shipped: 0, delivered: 0, accepted: 0, rejected: 0, returned: 0, withdrawn: 0, ended: 0 };
  return {
    ...trade,
    amount,
    payment,
    lines: lines.map((line, index) => ({ ...fresh, ...line, line: index + 1 })),
  };
}

/**
 * Asks who approves so much for a proof, as `askProof` does; of the version that was seen. From the page of the proof, too, the
 * answer leads on to the shop.
 */
export async function askApproval(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, trade, body }: { caller: Caller; trade: TradeView; body: MoveBody },
): Promise<boolean> {
  const version = body.do === "approve" ? body.version : undefined;
  const act = approvingAct(trade, version ?? trade.version);
  const back = `/trades/${trade.number}/approve`;
  const atShop = await placeAtShop(context, trade, trade.state);
  const leading = atShop === undefined ? reply : leadingTo(reply, atShop);
  return askProof(context, request, leading, { caller, act, back, whom: trade.shopName });
}
