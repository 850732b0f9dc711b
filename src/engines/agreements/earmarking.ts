/** A buyer reserves an amount for a shop before ordering there, and the shop puts its order under the number (paragraphs 0074 to 0076). */
import { finish, propose } from "../../core/machine/machine.ts";
import { type ActorRole, isRefused, type Refused } from "../../core/protocol/protocol.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import type { PersonRow } from "../../storage/members/members.ts";
import { actOf, type Request, type Result, type Rules, type World } from "../steps/steps.ts";
import { buyerOf, consentOf, freeNumber, openTrade, termsFor, tradingShop } from "./proposal.ts";

type Proposing = Request & { do: "propose" };

/** What a buyer says of it; the rest is the server's, or the shop's with the order. */
const fields: ReadonlySet<string> = new Set([
  "earmark",
  "shop",
  "currency",
  "amount",
  "method",
  "payment",
  "acceptance",
  "reserveFor",
  "buyer",
  "approval",
]);
const termsOfAcceptance: ReadonlySet<string> = new Set(["by", "need", "place"]);

/** Reserves the amount, by a member themselves or by an operator to whom they have spoken. */
export function earmark(rules: Rules, world: World, request: Proposing): Result {
  const { actor, body } = request;
  if (actor.kind !== "person" && actor.kind !== "operator")
    return { refused: "not_allowed", detail: "A buyer reserves before ordering, or an operator for them." };
  const refused = unfit(body);
  if (refused !== undefined) return refused;
  if (body.shop === undefined) return { refused: "invalid_field", detail: "Say for which shop." };
  const shop = tradingShop(world, body.shop);
  if (isRefused(shop)) return shop;
  const terms = termsFor(rules, world, shop, body);
  if (isRefused(terms)) return terms;
  const buyer = whoBuys(world, request);
  if (isRefused(buyer)) return buyer;
  const consent = consentOf({ rules, world, shop }, request, terms);
  if (isRefused(consent)) return consent;
  const said =
    body.approval !== undefined && "operator" in body.approval ? body.approval.operator : undefined;
  const role: ActorRole = actor.kind === "person" ? "buyer" : "operator";
  const act = actOf(world, role, actor, said);
  const proposal = {
    number: freeNumber(world),
    shop: shop.id,
    buyer: buyer.id,
    member: buyer.number,
    carrier: null,
    provider: null,
    currency: body.currency,
    terms: { ...terms, earmark: true as const },
  };
  const proposed = finish(undefined, propose(proposal, act), act);
  const wish = { ...consent, method: body.method, shopAgreed: true, act };
  return openTrade(world, proposed, { ...wish, operator: consent.operator || role === "buyer" });
}

function unfit(body: Propose): Refused | undefined {
  const wrong =
    Object.keys(body).find((name) => !fields.has(name)) ??
    Object.keys(body.acceptance ?? {}).find((name) => !termsOfAcceptance.has(name));
  if (wrong !== undefined)
    return {
      refused: "invalid_field",
      detail: `\`${wrong}\` comes with the order, or is as the server has it.`,
    };
  if (body.amount === undefined)
    return { refused: "invalid_field", detail: "Say how much is to be reserved." };
  const other = body.acceptance?.by?.find((role) => role !== "buyer" && role !== "shop");
  return other === undefined
    ? undefined
    : { refused: "invalid_field", detail: `There is no ${other} before there is an order.` };
}

/** The member who asks, or whom an operator names. */
function whoBuys(world: World, request: Proposing): Refused | PersonRow {
  const { actor, body } = request;
  if (actor.kind === "operator") {
    const named = buyerOf(world, request, undefined);
    if (isRefused(named)) return named;
    return named.person ?? { refused: "invalid_field", detail: "Say which member the buyer is." };
  }
  if (body.buyer !== undefined || body.approval !== undefined)
    return { refused: "not_allowed", detail: "Only an operator reserves for somebody else." };
  const person = world.people.get(actor.id);
  if (person === undefined || person.number === null) return { refused: "not_allowed" };
  return person.state === "active" ? person : { refused: "member_not_approved" };
}
