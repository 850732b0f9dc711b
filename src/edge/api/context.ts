/** What the routes of this server share: the database, who is calling, and the settings. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { always, type Between, type Client, type Database, idFrom } from "../../storage/database/database.ts";
import { type Cookies, idempotencyKey, noteRefusal, sayWhere, sendJson } from "../http/http.ts";
import {
  type Caller,
  type CallerKind,
  guestCookie,
  guestTokens,
  type Identity,
  isHeld,
  linkCookie,
  sessionCookie,
  type TradeLinks,
} from "../../storage/identity/identity.ts";
import {
  type ActName,
  type Asking,
  type Confirming,
  type OperatorRules,
  type Perform,
  type Speech,
} from "../operators/operators.ts";
import type { Moments, StepUpAbove } from "../moments/moments.ts";
import type { Guests } from "../guests/guests.ts";
import { judgeRole } from "../roles/roles.ts";
import { findMember, type Vault } from "../../storage/members/members.ts";
import { type PartyKind, partyKinds } from "../../storage/parties/parties.ts";
import { type Fee, isCurrency } from "../../core/money/money.ts";
import { dammValid, dayAt, isId, refuse } from "../../core/protocol/protocol.ts";
import type { Application } from "../../core/protocol/schemas.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import { digestOf, type Effect, noteKey, once, type Outcome, textOf } from "../../engines/engine/engine.ts";

export interface Settings extends OperatorRules {
  /** Whether an application makes a member at once or waits for an operator. */
  approval: "none" | "operator";
  /** ISO 4217 codes in which accounts are kept; shops get an account in each. */
  currencies: readonly string[];
  /** What shops pay unless an operator says otherwise. */
  fee: Fee;
  /** By currency the amount, in minor units, above which whoever is signed in proves that it is them; nobody does if left out. */
  stepUpAbove?: StepUpAbove;
  /** IANA name of the zone whose days the dates here are, and in which times are told. */
  timeZone: string;
}

/** What making and changing people and parties takes. */
export interface Ground {
  database: Database;
  identity: Identity;
  /** Seals and opens personal data. */
  vault: Vault;
  settings: Settings;
  /** Nothing here is real: shops are tried on their makers' own machines. */
  sandbox?: boolean;
  /** What this server and those it deals with are called: no party has a name that looks like one of these. */
  serverNames?: readonly string[];
  /** Set where other servers keep the accounts; left out where this one does. */
  elsewhere?: Elsewhere;
}

/** Accounts that other servers keep: what a member pays with is tied, not opened. */
export interface Elsewhere {
  /**
   * Makes what a guest pays with usable here, by the code that stands for the money; `tie` writes it down with the
   * guest. May refuse.
   */
  guestAccount(wish: { kind: string; currency: string; token?: string }): Promise<{
    account: string;
    tie: (client: Client) => Promise<void>;
  }>;
}

export interface Context extends Ground {
  cookies: Cookies;
  /** The links that shops hand out, for approving. */
  links: TradeLinks;
  /** How guests prove themselves. */
  guests: Guests;
  /** With what holds for operators before them. */
  trades: TradeCalls<"desk">;
  /** That somebody is there now, and themselves. */
  moments: Moments;
  /** Acts of operators, and those that wait for a second one. */
  confirming: Confirming;
  /** What is noted of an applicant, and told to them, in the transaction that enters them under a number. */
  noted(application: Application): Promise<(client: Client, number: string) => Promise<void>>;
  tell: Tell;
}

/** Writes to a member who is about to be erased, or to a shop whose goods go back to another place, in the transaction of it. */
export type Tell = (
  client: Client,
  what: "erased" | "return address" | "team",
  whom: string,
) => Promise<void>;

/** Words for the `access` of routes, with a sentence for the documents. */
export const access = {
  anyone: "Anyone",
  member: "A member, about themselves and their own trades",
  guest: "A guest, by the lasting link of their trade",
  invited: "Whoever has opened the link to approve a trade, as long as nobody has approved it",
  shop: "A shop, about its own trades and itself",
  carrier: "A carrier, about what it brings",
  provider: "A service provider, about what it serves",
  collector: "Whoever takes money for dues: a convenience store, a bank, a counter",
  recipient: "The recipient of a trade, with a session made of link and code",
  operator: "An operator",
  party: "The shop, carrier or provider itself",
  admin: "The admin key of a sandbox",
  server: "Another server, by its signed request",
} as const;

/** Answers with an outcome. */
export function sendOutcome(reply: FastifyReply, outcome: Outcome<unknown>): FastifyReply {
  const { how, status, replayed } = outcome;
  const headers = replayed ? { "idempotent-replayed": "true" } : {};
  if (status === 204) return reply.code(204).headers(headers).send();
  if (how === "done") {
    if (status === 201) sayWhere(reply, outcome.view.value);
    return sendJson(reply, status, textOf(outcome), headers);
  }
  noteRefusal(reply, outcome.problem.value.code);
  const later = retryAfter(outcome);
  if (later !== undefined) reply.header("retry-after", later);
  return reply
    .code(status)
    .headers(headers)
    .header("content-type", "application/problem+json")
    .send(textOf(outcome));
}

/** After how many seconds it makes sense to ask again: a person who is asked takes longer than a server that is busy. */
function retryAfter({ how, status, ...rest }: Outcome<unknown>): string | undefined {
  if (status === 503) return "1";
  const awaits = how === "refused" && "problem" in rest && rest.problem.value.code === "confirmation_awaited";
  return awaits ? "60" : undefined;
}

/** One outcome of a batch; `named` is what the view is called there. */
export function outcomeInBatch(outcome: Outcome<unknown>, named: string): string {
  const { how, status, replayed } = outcome;
  const name = how === "done" ? named : "problem";
  return `{"status":${status},${replayed ? '"replayed":true,' : ""}"${name}":${textOf(outcome)}}`;
}

/** Does the effect of a POST once for its Idempotency-Key and answers it. */
export async function answerOnce(
  { database }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  effect: (client: Client) => Promise<Effect>,
): Promise<FastifyReply> {
  const asked = {
    // People without a name share one book of keys for each address they come from.
    caller: caller.id === "" ? idFrom(`${caller.kind} ${caller.credential.id || request.ip}`) : caller.id,
    key: idempotencyKey(request),
    digest: digestOfRequest(request),
  };
  return sendOutcome(reply, await once(database, asked, effect));
}

const digestOfRequest = ({ method, url, body }: FastifyRequest) => digestOf(method, url.split("?")[0], body);

/** Refuses another request with a server's key, and marks the same one: all of it is done once by ids of its own. */
export async function heedKey(
  database: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  peer: string,
) {
  const key = idempotencyKey(request);
  // A server may use one of those ids as its key: kept with a space, it is none of them.
  const asked = { caller: peer, key: `request ${key}`, digest: digestOfRequest(request) };
  if (key !== undefined && (await noteKey(database, asked))) reply.header("idempotent-replayed", "true");
}

/**
 * What is asked for: to what it is done, and with what. `speech`: how the person it is done for reached the operator; `currency`
 * and `amount`: the sum that a second operator reads, in a currency that the call itself does not say.
 */
interface ActWish<Args> extends Pick<Asking, "currency" | "amount"> {
  subject: string;
  args: Args;
  speech?: Speech | undefined;
}

/**
 * A call that operators may make: what they ask for is done as their acts are, and what a party or a person asks for
 * themselves, at once.
 */
export function operatorAct<Args extends object>(
  context: Context,
  name: ActName,
  perform: Perform<Args>,
): (
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  wish: ActWish<Args>,
) => Promise<FastifyReply> {
  const ask = context.confirming.act(name, perform);
  return async (request, reply, caller, { args, ...wish }) => {
    const { speech } = wish;
    if (caller.kind !== "operator") {
      if (speech !== undefined) refuse("not_allowed", "Only an operator acts for somebody else.");
      return answerOnce(context, request, reply, caller, async (client) => {
        const { tells: _, ...effect } = await perform(client, args, {
          operator: caller.id,
          confirmedBy: null,
        });
        return effect;
      });
    }
    const [path = ""] = request.url.split("?");
    const digest = digestOf(request.method, path, request.body);
    const key = idempotencyKey(request);
    return sendOutcome(reply, await ask({ operator: caller.id, key, digest, ...wish }, args));
  };
}

/** A member number as it stands in an address. Refuses with wrong_check_digit. */
export function memberNumber(text: string): bigint {
  if (!dammValid(text)) refuse("wrong_check_digit");
  // The database compares no longer ones.
  if (text.length > 18) refuse("wrong_check_digit", "No member has so long a number.");
  return BigInt(text);
}

/** Refuses people who are not born yet. */
export function checkBirthDate({ settings }: Pick<Ground, "settings">, birthDate: string, now: Date): void {
  if (birthDate <= dayAt(now, settings.timeZone)) return;
  refuse("invalid_field", "The date of birth lies in the future.", {
    errors: [{ pointer: "/birthDate", message: "lies in the future" }],
  });
}

/** Refuses a currency that does not exist or in which no accounts are kept here. */
export function checkCurrency({ settings }: Pick<Ground, "settings">, currency: string): void {
  if (!isCurrency(currency)) refuse("unknown_currency");
  if (settings.currencies.includes(currency)) return;
  refuse("currency_mismatch", `No accounts in ${currency} are kept here.`);
}

const pageDefault = 50;
const pageMost = 200;

/** Where a page of a list begins and how long it is. Refuses an `after` that no answer has given. */
export function pageWish(query: { limit?: string; after?: string }): {
  limit: number;
  after: string | undefined;
} {
  if (query.after !== undefined && !isId(query.after)) refuse("invalid_field", "`after` is not from a list.");
  return { limit: pageLength(query.limit), after: query.after };
}

/** Between which instants what is listed was made. */
export function betweenWish(query: {
  createdAfter?: string | undefined;
  createdBefore?: string | undefined;
}): Between {
  const { createdAfter, createdBefore } = query;
  return {
    after: createdAfter === undefined ? always.after : new Date(createdAfter),
    before: createdBefore === undefined ? always.before : new Date(createdBefore),
  };
}

/** How long a page of a list is. */
export const pageLength = (limit: string | undefined): number =>
  Math.min(Number(limit ?? pageDefault), pageMost);

/** The JSON integer for an amount, or null where a JSON reader might round it. */
export function wireOrNull(amount: bigint): number | null {
  const number = Number(amount);
  return Number.isSafeInteger(number) ? number : null;
}

/** Who sent the request, where their role allows it: by a key or a sign-in; else as a guest, by their link; else with no more than an invitation. */
export async function callerOf(context: Context, request: FastifyRequest): Promise<Caller> {
  const { identity, cookies, guests } = context;
  const { authorization } = request.headers;
  const caller = await identity.identify({ authorization, session: cookies.read(request, sessionCookie) });
  if (caller.kind === "shop") await judgeRole(context.database, request, caller);
  if (caller.kind !== "nobody" || authorization !== undefined) return caller;
  const found = await Promise.all(
    guestTokens(cookies.read(request, guestCookie)).map((token) => guests.links.identify(token)),
  );
  // Each trade of a guest's has a link of its own, and a browser may have opened several.
  const { number } = (request.params ?? {}) as { number?: string };
  const theirs = found.filter((each) => each !== undefined);
  const guest = theirs.find(({ trade }) => trade === number) ?? theirs[0];
  return guest ?? invitedTo(linkedTrade(context, request)) ?? caller;
}

/** Somebody of whom nothing is known but that they have opened the link to approve this trade. */
export function invitedTo(trade: string | undefined): Caller | undefined {
  if (trade === undefined) return undefined;
  return { kind: "invited", id: "", name: null, credential: { kind: "link", id: trade }, trade };
}

/** The trade to whose approval the browser has opened the link, which stands in a cookie. */
export function linkedTrade({ cookies, links }: Context, request: FastifyRequest): string | undefined {
  const token = cookies.read(request, linkCookie);
  return token === undefined ? undefined : links.read(token);
}

/** True for those of whom nothing is known: a link that a shop hands out says nothing of who has opened it. */
export function isUnknown({ kind }: Caller): boolean {
  return kind === "nobody" || kind === "invited";
}

/** The caller, where it is one of these kinds. Refuses with not_authenticated or not_allowed. */
export async function callerAmong(
  context: Context,
  request: FastifyRequest,
  kinds: readonly CallerKind[],
): Promise<Caller> {
  const caller = await callerOf(context, request);
  if (kinds.includes(caller.kind)) return caller;
  return refuse(isUnknown(caller) ? "not_authenticated" : "not_allowed");
}

/**
 * Lets through operators and the member whose number it is. Another member gets not_found, as if the number did not
 * exist.
 */
export async function memberFor(context: Context, request: FastifyRequest, number: bigint): Promise<Caller> {
  const caller = await callerAmong(context, request, ["member", "operator"]);
  if (caller.kind === "operator") return caller;
  const member = await findMember(context.database, number);
  return member?.id === caller.id ? caller : refuse("not_found");
}

/**
 * Refuses to let a member give a right whose sign-in was lately reset by mail or moved to another address: that may not have
 * been them.
 */
export async function refuseWhileHeld(client: Client, member: string): Promise<void> {
  if (!(await isHeld(client, member))) return;
  refuse(
    "sign_in_changed_lately",
    "Your sign-in was reset or moved within three days; until then it gives no right.",
  );
}

/** A person of whom nothing is known but the link they have opened; each link is somebody else. */
const holderOf = (number: string | undefined) => idFrom(`holder of the link to ${number ?? "nothing"}`);

/**
 * Who acts. Who was invited sees what waits for its buyer, and is nobody that a trade could have as its buyer; a member who
 * has opened such a link may take the trade over as their own.
 */
export function actorOf(context: Context, request: FastifyRequest, caller: Caller): Actor {
  const { kind, id, trade } = caller;
  const opening = (opens: string | undefined) => (opens === undefined ? {} : { opens });
  switch (kind) {
    case "member":
      return { kind: "person", id, ...opening(linkedTrade(context, request)) };
    case "guest":
      return { kind: "person", id };
    case "invited":
    case "nobody":
      return { kind: "person", id: holderOf(trade), ...opening(trade) };
    // Who takes money for dues is no party to a trade, and opens none.
    case "collector":
      return { kind: "person", id };
    case "recipient":
      return { kind: "recipient", id, ...opening(trade) };
    default:
      return { kind, id };
  }
}

/** The same, where it is one of these kinds of callers. Refuses with not_authenticated or not_allowed. */
export async function actorAmong(
  context: Context,
  request: FastifyRequest,
  kinds: readonly CallerKind[],
): Promise<Actor> {
  return actorOf(context, request, await callerAmong(context, request, kinds));
}

export type PartyOrOperator = PartyKind | "operator";

/** Lets through operators and the party whose id it is; for anybody else the party does not exist. */
export async function partyFor(
  context: Context,
  request: FastifyRequest,
  kind: PartyOrOperator,
  id: string,
): Promise<Caller> {
  const caller = await callerAmong(context, request, [...partyKinds, "operator"]);
  // A key acts in its owner's name, so operators have keys made for parties, but not for each other.
  const own = caller.kind === kind && caller.id === id;
  return own || (caller.kind === "operator" && kind !== "operator") ? caller : refuse("not_found");
}
