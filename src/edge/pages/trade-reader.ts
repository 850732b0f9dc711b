/** Who reads a trade on a page, as what, and how a press of a button moves it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../storage/identity/identity.ts";
import { readPersonalData } from "../../storage/members/members.ts";
import { type ActorRole, type Problem, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed, type MoveBody, numberSchema } from "../../core/protocol/schemas.ts";
import { sentence } from "../parts/parts.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { actorOf, callerOf } from "../api/api.ts";
import { moveActs } from "../operators/operators.ts";
import { isSignedOut, seeOther } from "./replies.ts";
import type { PageContext } from "./page-context.ts";
import type { Fields } from "./form-fields.ts";

const access = ["member", "guest", "shop", "carrier", "provider", "operator"] as const;
export const tradePage = { access, page: true, refusals: ["not_authenticated", "not_found"] } as const;
// Somebody who has found a link may not try all dates of birth; nobody presses this many buttons.
const actsPerTrade = {
  rateLimit: {
    max: 30,
    timeWindow: "1 hour",
    keyGenerator: (request: FastifyRequest) => (request.params as { number: string }).number,
  },
};
export const tradeForm = { ...tradePage, form: true, acts: moveActs, ...actsPerTrade } as const;
export const params = closed({ number: numberSchema });
const say = sentence("en");

/** One person's view of one trade. */
export interface Reading {
  caller: Caller;
  actor: Actor;
  role: ActorRole;
  trade: TradeView;
  /** The guest whom the trade is for, where somebody reads it who has a link to it and is not signed in. */
  guest: string | undefined;
}

/** What the caller may see of the trade; undefined where that is nothing. */
export async function reading(
  context: PageContext,
  request: FastifyRequest,
  number: string,
): Promise<Reading | undefined> {
  const caller = await callerOf(context, request);
  if (caller.kind === "nobody") return undefined;
  // Between asking who holds the link and reading the trade, another press of the same button may have made them its
  // guest: they are then somebody else, and asked for once more.
  return (await readAs(context, request, caller, number)) ?? (await readAs(context, request, caller, number));
}

async function readAs(
  context: PageContext,
  request: FastifyRequest,
  caller: Caller,
  number: string,
): Promise<Reading | undefined> {
  const actor = await actorOf(context, request, caller);
  const trade = await context.trades.read(actor, number);
  if (trade === undefined) return undefined;
  const linked = caller.kind === "guest";
  const guest = linked && trade.buyer !== null ? actor.id : undefined;
  const role = linked || caller.kind === "member" ? "buyer" : (caller.kind as ActorRole);
  return { caller, actor, role, trade, guest };
}

/** The same for an address that must lead to a trade: others are sent to sign in, or are told that there is none. */
export async function mustRead(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  number: string,
) {
  const found = await reading(context, request, number);
  if (found !== undefined) return found;
  if (!isSignedOut(await callerOf(context, request))) return refuse("not_found");
  seeOther(
    reply,
    `/signin?next=${request.method === "GET" ? request.url.split("?")[0] : `/trades/${number}`}`,
  );
  return undefined;
}

/** Where a press leads that was taken. What still waits has not been done, and is not said to be. */
export function pathAfter(number: string, did: string, { waits }: Moved): string {
  return waits ? `/trades/${number}` : `/trades/${number}?done=${did}`;
}

/** A finding where a guest has not given the date of birth that belongs to the trade. */
export async function unproven(
  { database, vault }: PageContext,
  { guest }: Reading,
  fields: Fields,
): Promise<Record<string, string> | undefined> {
  if (guest === undefined) return undefined;
  const day = fields["birthDate"] ?? "";
  const known = await readPersonalData(database, vault, guest);
  return day !== "" && known?.birthDate === day ? undefined : { birthDate: say("mistake.birthDate") };
}

/** What became of a press. `waits`: it was taken, and another server has still to answer. */
export interface Moved {
  problem: Problem | undefined;
  waits: boolean;
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
  };
}
