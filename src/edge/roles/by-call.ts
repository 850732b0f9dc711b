/**
 * What the people of a shop may do: for each call of a trading server that a shop may make, and for each page, the least of the
 * roles that may. A call that is not here is the owners'; a test compares the table with the routes that there are.
 */
import type { GuaranteeMoveName, MoveName } from "../../core/protocol/schemas.ts";
import type { ShopRole } from "../../storage/identity/identity.ts";

export interface Rule {
  role: ShopRole;
  /** What stands in the record of who did what; left out where nothing is done, or where the page makes a call that has its own. */
  act?: ShopActName;
}

/** What the record calls what was done. */
export const shopActNames = [
  "approve",
  "revise",
  "ship",
  "deliver",
  "at-door",
  "accept",
  "reject",
  "send-back",
  "return",
  "withdraw",
  "dispute",
  "answer",
  "say",
  "offer",
  "offer/accept",
  "resolve",
  "cancel",
  "extend",
  "refund",
  "advance",
  "release",
  "claim",
  "propose",
  "propose-many",
  "photo",
  "key",
  "webhook",
  "shop-settings",
  "return-address",
  "listing",
  "chain",
  "offer-of-chain",
  "payout",
  "payout-schedule",
  "bank-account",
  "tie",
  "lent-line",
  "disclosure",
  "amount",
  "invite",
  "invite-again",
  "role",
  "remove",
] as const;
export type ShopActName = (typeof shopActNames)[number];

const reads: Rule = { role: "reader" };
/** About the sign-in of whoever calls. */
const own: Rule = { role: "reader" };
const readsMoney: Rule = { role: "money" };
const readsAll: Rule = { role: "owner" };
const ordered = (act: ShopActName): Rule => ({ role: "orders", act });
const paid = (act: ShopActName): Rule => ({ role: "money", act });
const owned = (act: ShopActName): Rule => ({ role: "owner", act });

/** The moves of a trade. What gives or takes money by the word of this one person is not for those who pack. */
const moves: Record<MoveName | GuaranteeMoveName, Rule> = {
  approve: owned("approve"),
  revise: ordered("revise"),
  ship: ordered("ship"),
  deliver: ordered("deliver"),
  "at-door": ordered("at-door"),
  accept: paid("accept"),
  reject: ordered("reject"),
  "send-back": ordered("send-back"),
  return: paid("return"),
  withdraw: owned("withdraw"),
  dispute: ordered("dispute"),
  answer: ordered("answer"),
  say: ordered("say"),
  offer: paid("offer"),
  "offer/accept": paid("offer/accept"),
  resolve: owned("resolve"),
  cancel: ordered("cancel"),
  extend: ordered("extend"),
  refund: paid("refund"),
  advance: paid("advance"),
  release: paid("release"),
  claim: paid("claim"),
};

/** Forms about an order are called as the moves are, but for these. */
const forms = {
  ...moves,
  "accept-offer": moves["offer/accept"],
  contest: moves.dispute,
  "not-come": moves.reject,
} as const;

/** The lines of those under one address. */
const under = (address: (name: string) => string, names: readonly (keyof typeof forms)[]) =>
  Object.fromEntries(names.map((name) => [address(name), forms[name]]));

const ofGuarantees = ["release", "claim"] as const;
const ofTrades = (Object.keys(moves) as (keyof typeof moves)[]).filter(
  (name) => name !== "release" && name !== "claim",
);
/** What is pressed on the page of a trade, by whichever party to it. */
const pressed = [
  ...([
    "approve",
    "ship",
    "deliver",
    "at-door",
    "accept",
    "reject",
    "not-come",
    "send-back",
    "return",
  ] as const),
  ...([
    "withdraw",
    "dispute",
    "answer",
    "say",
    "offer",
    "accept-offer",
    "cancel",
    "extend",
    "refund",
  ] as const),
] as const;
/** What is pressed at the desk. */
const atDesk = [
  ...([
    "accept-offer",
    "answer",
    "ship",
    "return",
    "contest",
    "deliver",
    "accept",
    "release",
    "claim",
  ] as const),
  ...(["say", "offer", "refund", "revise", "extend", "advance", "dispute", "cancel"] as const),
] as const;

const shop = "/v1/shops/:id";
const trade = "/v1/trades/:number";
const account = "/v1/accounts/:id";
const hooks = "/v1/webhook-endpoints";
const chain = "/v1/chains/:head";

const calls: Readonly<Record<string, Rule>> = {
  ...under((name) => `POST ${trade}/${name}`, ofTrades),
  ...under((name) => `POST /v1/guarantees/:number/${name}`, ofGuarantees),
  "GET /v1/guarantees/:number": reads,
  "GET /v1/trades": reads,
  "POST /v1/trades": ordered("propose"),
  "POST /v1/trades/batch": paid("propose-many"),
  [`GET ${trade}`]: reads,
  [`GET ${trade}/events`]: reads,
  [`GET ${trade}/receipt`]: reads,
  [`GET ${trade}/recipient`]: reads,
  [`GET ${trade}/return-address`]: reads,
  // The link is the recipient's: whoever packs puts it into the parcel.
  [`GET ${trade}/recipient-link`]: { role: "orders" },
  [`POST ${trade}/recipient-session`]: { role: "orders" },
  [`POST ${trade}/photos`]: ordered("photo"),
  [`GET ${trade}/photos/:digest`]: reads,
  "GET /v1/events": reads,
  "GET /v1/advances": readsMoney,
  "POST /v1/disclosures/fetch": ordered("disclosure"),
  "POST /v1/amounts": paid("amount"),

  [`GET ${shop}`]: reads,
  [`GET ${shop}/notices`]: reads,
  [`GET ${shop}/standing`]: reads,
  [`GET ${shop}/people`]: readsAll,
  [`POST ${shop}/people`]: owned("invite"),
  [`POST ${shop}/people/:person/invitation`]: owned("invite-again"),
  [`PUT ${shop}/people/:person/role`]: owned("role"),
  [`DELETE ${shop}/people/:person`]: owned("remove"),
  [`GET ${shop}/acts`]: reads,
  [`PUT ${shop}/return-urls`]: owned("shop-settings"),
  [`PUT ${shop}/return-address`]: owned("return-address"),
  [`PUT ${shop}/unique-references`]: owned("shop-settings"),
  [`PUT ${shop}/listing`]: owned("listing"),
  [`DELETE ${shop}/listing`]: owned("listing"),
  [`POST ${shop}/keys`]: owned("key"),
  [`GET ${shop}/keys`]: readsAll,
  [`DELETE ${shop}/keys/:key`]: owned("key"),
  [`POST ${shop}/ties`]: owned("tie"),
  [`GET ${shop}/ties`]: readsAll,

  [`POST ${hooks}`]: owned("webhook"),
  [`GET ${hooks}`]: readsAll,
  [`PUT ${hooks}/:id`]: owned("webhook"),
  [`DELETE ${hooks}/:id`]: owned("webhook"),
  [`POST ${hooks}/:id/rotate`]: owned("webhook"),
  [`POST ${hooks}/:id/test`]: owned("webhook"),
  "GET /v1/webhook-deliveries": readsAll,
  "POST /v1/webhook-deliveries/:id/resend": owned("webhook"),

  "POST /v1/chains/stores": owned("chain"),
  "GET /v1/chains": reads,
  [`GET ${chain}/stores`]: reads,
  [`DELETE ${chain}/stores/:store`]: owned("chain"),
  [`PUT ${chain}`]: owned("chain"),
  [`POST ${chain}/agree`]: owned("chain"),
  "GET /v1/offers": reads,
  "POST /v1/offers/:id/take": ordered("offer-of-chain"),
  "POST /v1/offers/:id/decline": ordered("offer-of-chain"),

  [`GET ${account}`]: readsMoney,
  [`GET ${account}/entries`]: readsMoney,
  [`GET ${account}/statement`]: readsMoney,
  [`GET ${account}/payouts`]: readsMoney,
  [`POST ${account}/payouts`]: paid("payout"),
  "POST /v1/payouts/:id/cancel": paid("payout"),
  "POST /v1/transfers": owned("payout"),
  [`PUT ${account}/payout-schedule`]: paid("payout-schedule"),
  [`DELETE ${account}/payout-schedule`]: paid("payout-schedule"),
  [`GET ${account}/bank-account`]: readsMoney,
  [`PUT ${account}/bank-account`]: owned("bank-account"),
  [`DELETE ${account}/bank-account`]: owned("bank-account"),
  "POST /v1/consents": owned("tie"),
  "GET /v1/consents": readsAll,
  "POST /v1/consents/:id/revoke": owned("tie"),
  "GET /v1/lent-lines": readsMoney,
  "GET /v1/lent-lines/:id/members": readsMoney,
  "POST /v1/lent-lines/:id/members": owned("lent-line"),

  "GET /v1/sessions": own,
  "POST /v1/sessions": own,
  "DELETE /v1/sessions": own,
  "GET /v1/sessions/open": own,
  "DELETE /v1/sessions/open": own,
  "DELETE /v1/sessions/open/:id": own,
  "PUT /v1/sessions/password": own,
  "GET /v1/passkeys": own,
  "POST /v1/passkeys": own,
  "POST /v1/passkeys/options": own,
  "PUT /v1/passkeys/:id": own,
  "POST /v1/passkeys/:id/remove": own,
  "POST /v1/proofs": own,
  "POST /v1/proofs/options": own,
};

const deskOrder = "/shop/orders/:number";
const settings = "/shop/settings";
/** A form of these makes a call of the API, which is judged once more. */
const setting = (acts: readonly string[], role: ShopRole) =>
  Object.fromEntries(acts.map((act) => [`POST ${settings}/${act}`, { role }]));

const pages: Readonly<Record<string, Rule>> = {
  "GET /shop": reads,
  "GET /shop/find": reads,
  "GET /shop/acts": reads,
  "GET /shop/money": readsMoney,
  "GET /shop/money/days.csv": readsMoney,
  "GET /shop/money/orders": readsMoney,
  "GET /shop/standing": reads,
  "GET /shop/accounts/:id": readsMoney,
  "GET /shop/accounts/:id/entries": readsMoney,
  "GET /shop/accounts/:id/statement": readsMoney,
  // These forms make calls of the API, which are judged and written down once more.
  "POST /shop/accounts/:id/bank": { role: "owner" },
  "POST /shop/accounts/:id/end-bank": { role: "owner" },
  "POST /shop/accounts/:id/schedule": { role: "money" },
  "POST /shop/accounts/:id/end-schedule": { role: "money" },
  "POST /shop/accounts/:id/payout": { role: "money" },
  "POST /shop/accounts/:id/cancel": { role: "money" },
  "GET /shop/new": { role: "orders" },
  "POST /shop/new": ordered("propose"),
  [`GET ${deskOrder}`]: reads,
  [`GET ${deskOrder}/note`]: { role: "orders" },
  ...under((name) => `POST ${deskOrder}/${name}`, atDesk),
  "GET /shop/settings": readsAll,
  "GET /shop/team": readsAll,
  "POST /shop/team": owned("invite"),
  "POST /shop/team/:person/invitation": owned("invite-again"),
  "POST /shop/team/:person/role": owned("role"),
  "POST /shop/team/:person/remove": owned("remove"),
  ...setting(
    [
      "make-key",
      "revoke-key",
      "add-hook",
      "test-hook",
      "rotate-hook",
      "drop-hook",
      "resend",
      "return-address",
    ],
    "owner",
  ),
  ...setting(
    ["return-urls", "unique", "list", "unlist", "add-store", "drop-store", "answer-within"],
    "owner",
  ),
  ...setting(["agree", "leave", "take", "pass"], "owner"),

  "GET /trades": reads,
  "GET /trades/find": reads,
  "GET /trades/:number": reads,
  "GET /trades/:number/live": reads,
  "GET /trades/:number/receipt": reads,
  "GET /trades/:number/label": { role: "orders" },
  "GET /trades/:number/device-key": { role: "orders" },
  ...under((name) => `POST /trades/:number/${name}`, pressed),
  "GET /trades/:number/approve": reads,
  "POST /trades/:number/decline": owned("approve"),
  "POST /trades/:number/door-code": owned("at-door"),
  "GET /sandbox/mails": reads,
  "GET /sandbox/mails/:id": reads,
  "GET /payments": readsAll,
  "GET /shops/:id/payments": readsAll,
  "POST /shops/:id/payments": owned("tie"),
  "GET /lent-lines": readsMoney,
  "GET /lent-lines/:id": readsMoney,
  "POST /lent-lines/:id/members": owned("lent-line"),
  "POST /lent-lines/:id/ends": owned("lent-line"),

  "GET /password": own,
  "POST /password": own,
  "GET /passkeys": own,
  "POST /passkeys": own,
  "POST /passkeys/begin": own,
  "POST /passkeys/:id/name": own,
  "POST /passkeys/:id/remove": own,
  "GET /sessions": own,
  "POST /sessions/:id/end": own,
  "POST /sessions/end-others": own,
  // Open to everybody, and done by no session.
  "POST /signin": own,
  "POST /signin/passkey": own,
  "POST /signout": own,
  "POST /language": own,
  "POST /forgotten": own,
  "POST /reset": own,
  "POST /address-back": own,
  "POST /address-back/stop": own,
  "POST /first-sign-in": own,
  "POST /join": own,
  "POST /link": own,
  "POST /gift": own,
};

/** By the method and the address of a route. */
export const ruleOfCall: Readonly<Record<string, Rule>> = { ...calls, ...pages };
