/** From a proposal to a trade (S501-S506): who, what, and where the money is to be frozen. */
import { type Decision, type Terms, termsOf } from "../../core/trade/trade.ts";
import { isCurrency } from "../../core/money/money.ts";
import { finish, propose } from "../../core/machine/machine.ts";
import {
  type AcceptorRole,
  type ActorRole,
  dammValid,
  isRefused,
  type Refused,
  returnPlace,
  katakana,
} from "../../core/protocol/protocol.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import type { MandateRow, PersonRow } from "../../storage/members/members.ts";
import type { ShopAccount, ShopRow } from "../../storage/parties/parties.ts";
import {
  actOf,
  apply,
  isUnanswered,
  referenceKey,
  type Request,
  type Result,
  resultOf,
  type Rules,
  type World,
} from "../steps/steps.ts";
import {
  beyondMandate,
  checkMandate,
  type Consent,
  mandateOfPrivate,
  reserveOrRefuse,
  type Wish,
} from "./reserving.ts";

type Proposing = Request & { do: "propose" };

/** Proposes a trade, and reserves it at once where the buyer has agreed beforehand or through an operator. */
export function proposeTrade(rules: Rules, world: World, request: Proposing): Result {
  const { actor, body } = request;
  if (actor.kind !== "shop" && actor.kind !== "operator") return { refused: "not_allowed" };
  const role: ActorRole = actor.kind;
  const shop = shopOf(world, request);
  if (isRefused(shop)) return shop;
  const terms = termsFor(rules, world, shop, body);
  if (isRefused(terms)) return terms;
  const consent = consentOf({ rules, world, shop }, request, terms);
  if (isRefused(consent)) return consent;
  const buyer = buyerOf(world, request, consent.mandate);
  if (isRefused(buyer)) return buyer;
  const refusedParties = checkParties(world, body) ?? checkReturn(shop, body);
  if (refusedParties !== undefined) return refusedParties;
  const { reference } = body;
  const once = shop.uniqueReferences && reference !== undefined ? reference : undefined;
  const other = once === undefined ? undefined : world.references.get(referenceKey(shop.id, once));
  if (other !== undefined) return { refused: "reference_in_use", trade: other };
  const operator =
    body.approval !== undefined && "operator" in body.approval ? body.approval.operator : undefined;
  const act = actOf(world, role, actor, operator);
  const proposal = {
    number: freeNumber(world),
    shop: shop.id,
    buyer: buyer.person?.id ?? null,
    member: buyer.person?.number ?? null,
    carrier: body.carrier ?? null,
    provider: body.provider ?? null,
    currency: body.currency,
    terms,
  };
  const proposed = finish(undefined, propose(proposal, act), act);
  const result = openTrade(world, proposed, { act, method: body.method, shopAgreed: true, ...consent });
  const { number } = proposed.next;
  if (once !== undefined && world.trades.has(number)) {
    world.references.set(referenceKey(shop.id, once), number);
    world.takenReferences.push({ shop: shop.id, reference: once, number });
  }
  if (body.route !== undefined && world.trades.has(proposed.next.number)) {
    world.routes.push({ trade: proposed.next.number, head: shop.id, place: body.route });
  }
  if (body.recipient !== undefined && world.trades.has(proposed.next.number)) {
    keepRecipient(world, proposed.next.id, body.recipient);
  }
  keepHint(world, number, body);
  return result;
}

export function openTrade(world: World, proposed: Decision, wish: Wish): Result {
  if (wish.mandate !== undefined || wish.operator) return reserveOrRefuse(world, undefined, proposed, wish);
  const { act } = wish;
  return resultOf(
    apply(world, undefined, [proposed], act, "propose"),
    { status: 201, role: act.role },
    proposed.next.number,
  );
}

function shopOf(world: World, { actor, body }: Proposing): Refused | ShopRow {
  if (actor.kind === "shop" && body.shop !== undefined && body.shop !== actor.id)
    return { refused: "not_allowed" };
  const id = actor.kind === "shop" ? actor.id : body.shop;
  if (id === undefined) return { refused: "invalid_field", detail: "An operator says for which shop." };
  return tradingShop(world, id);
}

export function termsFor(rules: Rules, world: World, shop: ShopRow, body: Propose): Refused | Terms {
  const terms = termsOf(body, rules, world.now);
  if (isRefused(terms)) return terms;
  if (terms.private === true && !rules.rail.takesPrivate) {
    return {
      refused: "invalid_field",
      detail: "This server keeps the money itself and has to know the amount.",
    };
  }
  if (terms.private === true && body.route !== undefined)
    return {
      refused: "invalid_field",
      detail: "What a private trade costs is told by the shop that is paid.",
    };
  const payee = payeeOf(shop, body.currency);
  if (isRefused(payee)) return payee;
  const word = ownWord(shop, terms.acceptance.by);
  if (word !== undefined) return word;
  // A part of an amount that is not known here cannot be taken here.
  const fee = terms.private === true ? noFee : payee.fee;
  const independent = independentOf(world, body);
  const feeAccount = rules.feeAccount(body.currency);
  return { independent, feeAccount, ...terms, ...payee, fee, ...delayOf(shop) };
}

/** Those of the parties that a proposal names whom an operator has marked as independent of the shop. */
export function independentOf(
  world: World,
  body: Pick<Propose, "carrier" | "provider">,
): ("carrier" | "provider")[] {
  return (["carrier", "provider"] as const).filter(
    (kind) => world.parties.get(body[kind] ?? "")?.independent === true,
  );
}

/** Why a shop may not be among the acceptors: an operator does not take its own word. */
export function ownWord({ standing }: ShopRow, by: readonly AcceptorRole[]): Refused | undefined {
  if (standing.word || !by.includes("shop")) return undefined;
  return { refused: "not_allowed", detail: "An operator does not let this shop accept its own goods." };
}

/** By how much the payment of this shop's trades is put off. */
export function delayOf({ standing }: ShopRow): Pick<Terms, "settleAfter"> {
  return standing.settleAfter === null ? {} : { settleAfter: standing.settleAfter };
}

const noFee: Terms["fee"] = { fixed: 0, basisPoints: 0, roundTo: "shop" };

export function consentOf(
  { rules, world, shop }: { rules: Rules; world: World; shop: ShopRow },
  { actor, body }: Proposing,
  terms: Terms,
): Refused | Consent {
  if (body.approval === undefined) return { mandate: undefined, operator: false };
  if ("operator" in body.approval) {
    if (actor.kind !== "operator") {
      return { refused: "not_allowed", detail: "Only an operator says that the buyer agreed on the phone." };
    }
    const { as = "buyer" } = body.approval.operator;
    if (as !== "buyer") return { refused: "not_allowed", detail: "It is the buyer who agrees." };
    if (body.buyer === undefined || "guest" in body.buyer) {
      return {
        refused: "invalid_field",
        detail: "An operator says which member the buyer is; a guest approves on the page.",
      };
    }
    return { mandate: undefined, operator: true };
  }
  if (body.private === true) return mandateOfPrivate;
  const mandate = checkMandate(world, body.approval.mandate, shop.id, body.currency);
  if (isRefused(mandate)) return mandate;
  const beyond = beyondMandate(rules, mandate, terms, world.now);
  return beyond ?? { mandate, operator: false };
}

export function buyerOf(
  world: World,
  { body }: Proposing,
  mandate: MandateRow | undefined,
): Refused | { person?: PersonRow } {
  const written = body.buyer !== undefined && "member" in body.buyer ? body.buyer.member : undefined;
  if (written !== undefined && !dammValid(written)) return { refused: "wrong_check_digit" };
  const named = written === undefined ? undefined : BigInt(written);
  let person: PersonRow | undefined;
  if (body.buyer !== undefined && "guest" in body.buyer && mandate !== undefined)
    return { refused: "mandate_not_valid", detail: "The mandate is a member's, and the buyer a guest." };
  if (named !== undefined) person = world.members.get(named);
  else if (mandate !== undefined) person = world.people.get(mandate.person);
  else return {};
  if (person === undefined) return { refused: "not_found", detail: "There is no such member." };
  if (mandate !== undefined && mandate.person !== person.id) {
    return { refused: "mandate_not_valid", detail: "The mandate is another member's." };
  }
  return person.state === "active" ? { person } : { refused: "member_not_approved" };
}

export function checkParties(world: World, body: Pick<Propose, "carrier" | "provider">): Refused | undefined {
  for (const kind of ["carrier", "provider"] as const) {
    const id = body[kind];
    if (id === undefined) continue;
    const party = world.parties.get(id);
    if (party === undefined || party.kind !== kind || party.state !== "approved") {
      return { refused: "invalid_field", detail: `There is no such ${kind}.` };
    }
  }
  return undefined;
}

/** People are sent back to addresses only that the shop has registered, else any shop's page could be any page. */
function checkReturn({ returnUrls }: ShopRow, { returnUrl }: Propose): Refused | undefined {
  if (returnUrl === undefined || returnPlace(returnUrls, returnUrl) !== undefined) return undefined;
  return { refused: "invalid_field", detail: "The shop has not registered this `returnUrl`." };
}

/** What the shop says of a buyer is kept for whoever has still to say who they are, and for nobody else. */
function keepHint(world: World, number: bigint, { buyer, buyerHint }: Propose): void {
  const trade = world.trades.get(number);
  if (trade === undefined || !isUnanswered(trade)) return;
  const said = buyer !== undefined && "guest" in buyer ? { ...buyerHint, ...readAs(buyer.guest) } : buyerHint;
  if (said !== undefined) world.guestForms.push({ trade: trade.id, ...said });
}

/** What a shop has said of a guest, with the name read in katakana. */
const readAs = <T extends { kana?: string }>(said: T): T =>
  said.kana === undefined ? said : { ...said, kana: katakana(said.kana) };

function keepRecipient(world: World, trade: string, recipient: NonNullable<Propose["recipient"]>): void {
  const { name, kana, address = null, contact = {}, from: giver = null, greeting = null } = recipient;
  const { email = null, phone = null } = contact;
  const reads = katakana(kana ?? "") ?? null;
  world.recipients.push({ trade, name, kana: reads, address, email, phone, giver, greeting });
}

export function freeNumber(world: World): bigint {
  for (;;) {
    const number = world.newNumber();
    if (!world.trades.has(number)) return number;
  }
}

/** A shop that may open trades and have money frozen for them. */
export function tradingShop(world: World, id: string): Refused | ShopRow {
  const shop = world.shops.get(id);
  if (shop === undefined) return { refused: "not_found", detail: "There is no such shop." };
  if (shop.state === "applied") return { refused: "shop_not_approved" };
  return shop.state === "suspended" ? { refused: "shop_suspended" } : shop;
}

/** How a shop is paid in a currency, and what it pays for that. */
export function payeeOf(
  shop: ShopRow,
  currency: string,
): Refused | Pick<Terms, "shopName" | "shopAccount" | "fee"> {
  const account = shop.accounts.find((each) => each.currency === currency);
  if (account === undefined || !isCurrency(currency))
    return { refused: "currency_mismatch", detail: `The shop has no account in ${currency}.` };
  return { shopName: shop.name, shopAccount: account.account, fee: feeOf(account) };
}

function feeOf(account: ShopAccount): Terms["fee"] {
  return {
    fixed: Number(account.feeFixed),
    basisPoints: account.feeBasisPoints,
    roundTo: account.feeRoundTo,
  };
}
