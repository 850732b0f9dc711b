/** What the documents of every trading server say beside what the routes do. */
import { messageData, messageSchema, moreExamples, wholeExamples } from "../../core/answers/answers.ts";
import { guestCookie, linkCookie, sessionCookie } from "../../storage/identity/identity.ts";
import { cookieName, type ServerOptions } from "../http/http.ts";
import { confirmedActs } from "../operators/operators.ts";

/** In the order in which one reads them: trades first, then people, then money, and last those who run the server. */
const tags = [
  ["Trades", "A trade from its proposal to its end: each call moves one, or tells how it stands."],
  ["Doorstep", "Acceptance at the door, by a code, and by a recipient with link and code."],
  ["Photos", "Photos of goods that are rejected or argued about."],
  ["Chains", "Orders that one shop takes and that the nearest of its stores serves."],
  ["Guarantees", "Guarantor: what it stands for, and how that ends."],
  ["Advances", "Being paid early against the claim of a trade."],
  ["Members", "People who buy: who they are, how they pay, and what they let shops reserve."],
  ["Disclosures", "What a member lets a shop read, once, to save typing."],
  ["Portal", "Shops that want to be found, and where each leads."],
  ["Sign-in", "Sessions of people, and who is calling."],
  ["Shops", "Those who sell: their accounts, fees, keys and standing."],
  ["Carriers and providers", "Those who bring goods, and those who serve."],
  ["Accounts", "Institution: accounts, statements, and money that comes in and goes out."],
  ["Bills", "Institution and guarantor: what members owe on credit lines, and how it is paid."],
  ["Payouts", "Institution: what is paid out to banks, by files that two operators approve."],
  ["Consents", "Institution: what the owners of accounts let other servers do."],
  [
    "Payments for other servers",
    "Institution: what is frozen, paid and given back on another server's word.",
  ],
  [
    "Credit",
    "Guarantor: credit that is asked for with one trade, lines that are lent, and how much is stood for.",
  ],
  ["Collections", "Institution: what is due under trade numbers, and what is taken for it at counters."],
  ["Bank transfers", "Institution: what has come in at its banks, and what becomes of it."],
  ["Fundings", "Institution: numbers under which members bring money, and what they pay from accounts."],
  ["Breaks", "Where the books of two sides do not agree, and what operators say of it."],
  ["Servers", "Keys of servers, and how servers stand to each other."],
  ["Webhooks", "Being told of events, and what was sent."],
  ["Log", "The log that proves what happened, and its witnesses."],
  ["Operators", "Those who run the server, and what waits for a second one of them."],
  ["Sandbox", "The clock of a sandbox."],
] as const;

const keyOrSession = ["key", "session"] as const;

/** By which schemes those are known whom each word of the access list means. */
const knownBy = {
  member: ["session"],
  guest: ["guest"],
  invited: ["invitation"],
  shop: keyOrSession,
  carrier: keyOrSession,
  provider: keyOrSession,
  collector: keyOrSession,
  party: keyOrSession,
  operator: keyOrSession,
  admin: ["key"],
  recipient: ["recipient"],
  server: ["signature"],
} as const;

function schemesOf(publicUrl: string) {
  const cookie = (name: string, description: string) => ({
    type: "apiKey",
    in: "cookie",
    name: cookieName(publicUrl, name),
    description,
  });
  return {
    key: {
      type: "http",
      scheme: "bearer",
      description: "The key of a shop, carrier, provider or operator (`ks_...`)",
    },
    session: cookie(sessionCookie, "Set by `POST /v1/sessions`, and by the sign-in page"),
    recipient: {
      type: "http",
      scheme: "bearer",
      description: "The token of `POST /v1/trades/{number}/recipient-session`",
    },
    guest: cookie(guestCookie, "Set by a guest's lasting link"),
    invitation: cookie(linkCookie, "Set by the link to approve a trade"),
    signature: {
      type: "apiKey",
      in: "header",
      name: "Signature",
      description:
        "HTTP Message Signatures (RFC 9421) with Ed25519, in `Signature-Input` and `Signature`, over method, target and Content-Digest; the sender's keys are at its `/.well-known/jwks.json`",
    },
  };
}

/** What somebody does who tries a trading server for the first time, with a shop's key and a member of it. */
const firstSteps = (url: string) => [
  {
    says: "The shop proposes. The answer carries the trade's `number`, and `approveUrl` for the buyer.",
    call: `curl ${url}/v1/trades -H "Authorization: Bearer $SHOP_KEY" -H "Content-Type: application/json" \\
  -H "Idempotency-Key: A-1001" -d '{"currency": "JPY", "reference": "A-1001",
  "lines": [{"name": "Tea set", "quantity": 3, "unitAmount": 1200}]}'`,
  },
  {
    says: "The buyer opens `approveUrl` and agrees: the amount is frozen, and the trade is `reserved`. The goods leave.",
    call: `curl ${url}/v1/trades/$NUMBER/ship -H "Authorization: Bearer $SHOP_KEY" \\
  -H "Content-Type: application/json" -d '{"tracking": {"carrier": "Kuro Express", "number": "4401-2233"}}'`,
  },
  {
    says: "The buyer has them in their hands and confirms, here signed in by a session: what is accepted is paid.",
    call: `curl ${url}/v1/trades/$NUMBER/accept -b "$SESSION_COOKIE" -H "Content-Type: application/json" -d '{}'`,
  },
  {
    says: "The shop sees that it is `settled`.",
    call: `curl ${url}/v1/trades/$NUMBER -H "Authorization: Bearer $SHOP_KEY"`,
  },
];

export function descriptionOf(publicUrl: string): NonNullable<ServerOptions["documents"]> {
  return {
    url: publicUrl,
    confirmed: confirmedActs,
    knownBy,
    schemes: schemesOf(publicUrl),
    tags: tags.map(([name, description]) => ({ name, description })),
    messages: Object.fromEntries(Object.keys(messageData).map((type) => [type, messageSchema(type)])),
    firstSteps: firstSteps(publicUrl),
    examples: wholeExamples,
    moreExamples,
  };
}
