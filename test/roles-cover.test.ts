/**
 * What members, guests, recipients, carriers, providers and those who take money can do by calls, and on which page; a call without
 * one stands here with its reason, so that the next one cannot be forgotten. Shops and operators have such lists of their own.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "./support/world/guaranteed.ts";
import { openPair } from "./support/world/pair.ts";

interface Route {
  methods: string[];
  url: string;
  config: { access: string[]; page?: boolean; form?: boolean };
}

const { guarantor, institution } = await openGuaranteed({ after });
const { facilitator } = await openPair({ after });
const routes: Route[] = [];
for (const { url } of [guarantor, institution, facilitator])
  routes.push(...((await (await fetch(`${url}/-/routes`)).json()) as Route[]));

type Role = "member" | "guest" | "recipient" | "carrier" | "provider" | "collector";

const trade = "/trades/:number";
const gift = "/gifts/:number";
const account = "/accounts/:id";
const ofPrograms = "for programs: ";
const self = "/you";

const readTrades = {
  "GET /v1/trades": "/trades",
  "GET /v1/trades/:number": trade,
  "GET /v1/trades/:number/events": trade,
  "GET /v1/trades/:number/receipt": `${trade}/receipt`,
  "GET /v1/trades/:number/recipient": trade,
  "GET /v1/trades/:number/return-address": trade,
};
const broughtGoods = {
  ...readTrades,
  "POST /v1/trades/:number/accept": `${trade}/accept`,
  "POST /v1/trades/:number/deliver": `${trade}/deliver`,
  "POST /v1/trades/:number/at-door": `${trade}/at-door`,
  "POST /v1/trades/:number/reject": `${trade}/reject`,
  "GET /v1/events": `${ofPrograms}what they have missed`,
};
const ownConsents = {
  "POST /v1/consents": `${ofPrograms}of another server, which the owner of the account has to have asked`,
  "GET /v1/consents": `${ofPrograms}of whoever has an account and no sign-in of a member`,
  "POST /v1/consents/:id/revoke": `${ofPrograms}of whoever has an account and no sign-in of a member`,
};
const tookMoney = {
  ...ownConsents,
  "GET /v1/collections/:number": "/counter",
  "POST /v1/collections/:number/payments": "/counter/:number/take",
  "GET /v1/collectors/:id/takings": "/counter/day",
  "GET /v1/accounts/:id": "/counter/day",
  "GET /v1/accounts/:id/entries": "/counter/day",
};
const whoSends = "members have it opened by an operator, while the driver waits";

/** By role and call: the page on which it is made or read, beginning with a slash, or why there is none. */
const covered: Readonly<Record<Role, Readonly<Record<string, string>>>> = {
  member: {
    ...readTrades,
    "POST /v1/trades": "/reserve",
    "GET /v1/trades/:number/photos/:digest": trade,
    "POST /v1/trades/:number/photos": `${trade}/reject`,
    "POST /v1/trades/:number/accept": `${trade}/accept`,
    "POST /v1/trades/:number/answer": `${trade}/answer`,
    "POST /v1/trades/:number/approve": `${trade}/approve`,
    "POST /v1/trades/:number/cancel": `${trade}/cancel`,
    "POST /v1/trades/:number/credit-requests": `${trade}/credit-request`,
    "GET /v1/trades/:number/credit-requests": trade,
    "POST /v1/trades/:number/deliver": `${trade}/deliver`,
    "POST /v1/trades/:number/dispute": `${trade}/dispute`,
    "GET /v1/trades/:number/door-code": `${trade}/door-code`,
    "POST /v1/trades/:number/door-code/unlock": whoSends,
    "POST /v1/trades/:number/extend": `${trade}/extend`,
    "POST /v1/trades/:number/offer": `${trade}/offer`,
    "POST /v1/trades/:number/offer/accept": `${trade}/accept-offer`,
    "GET /v1/trades/:number/recipient-link": trade,
    "POST /v1/trades/:number/reject": `${trade}/reject`,
    "POST /v1/trades/:number/revise": `${trade}/decline`,
    "POST /v1/trades/:number/say": `${trade}/say`,
    "POST /v1/trades/:number/send-back": `${trade}/send-back`,
    "POST /v1/trades/:number/withdraw": `${trade}/withdraw`,
    "GET /v1/guarantees/:number/paying-in": trade,
    "GET /v1/guarantees/:number/slip": trade,
    "GET /v1/dues/:number": "/pay-due",
    "GET /v1/settlements": "/settlements",
    "POST /v1/settlements/:id/confirm": "/settlements/:id/confirm",
    "POST /v1/settlements/:id/object": "/settlements/:id/object",
    "GET /v1/members/:number": self,
    "DELETE /v1/members/:number": `${self}/erase`,
    "GET /v1/members/:number/changes": "/record",
    "GET /v1/members/:number/lookups": "/record",
    "GET /v1/members/:number/notices": "/record",
    "GET /v1/members/:number/photos": trade,
    "POST /v1/members/:number/disclosures": "/disclose",
    "GET /v1/members/:number/disclosures": "/record",
    "DELETE /v1/members/:number/disclosures/:id":
      "what was let be read is read within minutes, once; ending it is for whoever has made it by a call",
    "POST /v1/members/:number/email": `${self}/email`,
    "POST /v1/members/:number/email/confirm": `${self}/email/code`,
    "POST /v1/members/:number/profile": `${self}/profile`,
    "GET /v1/members/:number/lenders": "/methods",
    "PUT /v1/members/:number/lenders/:lender": "/lenders/:id",
    "DELETE /v1/members/:number/lenders/:lender": "/lenders/:id/stop",
    "POST /v1/members/:number/mandates": "/mandates/new",
    "GET /v1/members/:number/mandates": "/mandates",
    "DELETE /v1/members/:number/mandates/:id": "/mandates/:id/revoke",
    "POST /v1/members/:number/methods": "/accounts",
    "GET /v1/credit-lines/:number": "/accounts",
    "GET /v1/accounts/:id": account,
    "GET /v1/accounts/:id/entries": account,
    "GET /v1/accounts/:id/statement": `${account}/statement`,
    "GET /v1/accounts/:id/bank-account": `${account}/payouts`,
    "PUT /v1/accounts/:id/bank-account": `${account}/bank`,
    "DELETE /v1/accounts/:id/bank-account": `${account}/end-bank`,
    "PUT /v1/accounts/:id/payout-schedule": `${account}/schedule`,
    "DELETE /v1/accounts/:id/payout-schedule": `${account}/end-schedule`,
    "POST /v1/accounts/:id/payouts": `${account}/payout`,
    "GET /v1/accounts/:id/payouts": `${account}/payouts`,
    "POST /v1/payouts/:id/cancel": `${account}/cancel`,
    "POST /v1/accounts/:id/fundings": "/fund",
    "GET /v1/accounts/:id/fundings": "/fund",
    "GET /v1/fundings/:number": "/fundings/:number",
    "GET /v1/fundings/:number/slip": "/fundings/:number",
    "POST /v1/accounts/:id/payments": "/pay-due/:number",
    "GET /v1/bills": "/bills",
    "GET /v1/bills/:number": "/bills/:number",
    "GET /v1/bills/:number/slip": "/bills/:number",
    "POST /v1/bills/:number/instalment-requests": "/bills/:number/instalments",
    "POST /v1/consents": "/tie",
    "GET /v1/consents": "/consents",
    "POST /v1/consents/:id/confirm-above": "/consents/:id/confirm-above",
    "POST /v1/consents/:id/revoke": "/consents/:id/revoke",
    "GET /v1/passkeys": "/passkeys",
    "POST /v1/passkeys": "/passkeys",
    "PUT /v1/passkeys/:id": "/passkeys/:id/name",
    "POST /v1/passkeys/:id/remove": "/passkeys/:id/remove",
    "POST /v1/passkeys/options": "/passkeys/begin",
    "POST /v1/proofs": `${ofPrograms}on a page the proof goes along with the form`,
    "POST /v1/proofs/options": `${ofPrograms}on a page the proof goes along with the form`,
    "GET /v1/sessions/open": "/sessions",
    "DELETE /v1/sessions/open": "/sessions/end-others",
    "DELETE /v1/sessions/open/:id": "/sessions/:id/end",
    "PUT /v1/sessions/password": "/password",
  },
  guest: { ...readTrades, "GET /v1/trades/:number/photos/:digest": trade },
  recipient: {
    "GET /v1/trades": "a recipient has the link of one trade, and no list",
    "GET /v1/trades/:number": gift,
    "GET /v1/trades/:number/events": gift,
    "GET /v1/trades/:number/recipient": gift,
    "GET /v1/trades/:number/return-address": gift,
    "GET /v1/trades/:number/photos/:digest": gift,
    "GET /v1/trades/:number/receipt": `${ofPrograms}a proof of what was sold, which is the buyer's to keep`,
    "POST /v1/trades/:number/accept": `${gift}/accept`,
    "POST /v1/trades/:number/deliver": `${gift}/deliver`,
    "POST /v1/trades/:number/reject": `${gift}/reject`,
    "POST /v1/trades/:number/photos": `${gift}/reject`,
    "POST /v1/trades/:number/send-back": `${gift}/send-back`,
    "GET /v1/trades/:number/door-code": `${gift}/door-code`,
    "POST /v1/trades/:number/door-code/unlock": whoSends,
  },
  carrier: {
    ...broughtGoods,
    ...tookMoney,
    "POST /v1/trades/:number/ship": `${trade}/ship`,
    "POST /v1/trades/:number/return": `${trade}/return`,
    "POST /v1/trades/:number/send-back": `${trade}/send-back`,
    "GET /v1/trades/:number/to-take": trade,
    "POST /v1/carriers/:id/ties": "/collecting",
    "GET /v1/carriers/:id/ties": "/collecting",
  },
  provider: {
    ...broughtGoods,
    "GET /v1/lent-lines": "/lent-lines",
    "GET /v1/lent-lines/:id/members": "/lent-lines/:id",
    "POST /v1/lent-lines/:id/members": "/lent-lines/:id/members",
  },
  collector: tookMoney,
};

const isPage = ({ config: { page = false, form = false } }: Route): boolean => page || form;

/** The calls that a role may make, each once. */
const callsOf = (role: Role): string[] => [
  ...new Set(
    routes
      .filter((route) => route.url.startsWith("/v1/") && !isPage(route) && route.config.access.includes(role))
      .flatMap(({ methods, url }) =>
        methods.filter((method) => method !== "HEAD").map((method) => `${method} ${url}`),
      ),
  ),
];

/** Whether a page is open to a role: by its own word, to whoever does business here, or to whoever has its link. */
const isOpenTo = (role: Role, url: string): boolean =>
  routes.some(
    (route) =>
      route.url === url &&
      isPage(route) &&
      [role, "anyone", "party"].some((each) => route.config.access.includes(each)),
  );

for (const role of Object.keys(covered) as Role[])
  test(`each call of a ${role} has a page that is open to them, or a line that says why not`, () => {
    const lines = covered[role];
    const calls = callsOf(role);
    assert.ok(calls.length > 4, "there is something to compare");
    assert.deepEqual(
      calls.filter((call) => lines[call] === undefined),
      [],
      "give it a page, or say here why it has none",
    );
    assert.deepEqual(
      Object.keys(lines).filter((call) => !calls.includes(call)),
      [],
      "this line is no longer needed",
    );
    const pages = Object.values(lines).filter((where) => where.startsWith("/"));
    assert.deepEqual(
      pages.filter((url) => !isOpenTo(role, url)),
      [],
      "no such page",
    );
  });
