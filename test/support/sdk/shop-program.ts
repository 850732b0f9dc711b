/**
 * What a shop writes with the SDK, in small: `sdk-package.test.ts` puts it into an empty project beside the packed SDK,
 * type-checks it there, runs it, and bundles it for a browser. A `fetch` of its own stands in for the server.
 */
import { formatMoney, fromWire, kenshu, type Propose, type TradeView, verifyWebhook } from "@kenshu/sdk";
import { parseMoney } from "@kenshu/sdk/money";
import { verifyWebhook as verifyAlone } from "@kenshu/sdk/webhooks";

const proposed: TradeView = {
  number: "48210733951146",
  state: "proposed",
  topology: "direct",
  shop: "0190a0b0-0000-7000-8000-000000000001",
  shopName: "Tea house",
  reference: "A-1001",
  currency: "JPY",
  amount: 3600,
  lines: [
    {
      line: 1,
      name: "Tea set",
      quantity: 3,
      shipped: 0,
      delivered: 0,
      accepted: 0,
      rejected: 0,
      returned: 0,
      withdrawn: 0,
      ended: 0,
    },
  ],
  acceptance: {
    by: ["buyer"],
    need: 1,
    autoAfter: "P7D",
    place: null,
    deliverWithin: "P14D",
    returnWithin: "P10D",
    inspectWithin: "P5D",
  },
  independent: [],
  lots: [],
  parcels: [],
  dispute: null,
  carrier: null,
  provider: null,
  deadlines: {
    approveBy: null,
    reservedUntil: null,
    shipBy: null,
    deliverBy: null,
    acceptBy: null,
    returnBy: null,
    inspectBy: null,
    answerBy: null,
    decideBy: null,
    paymentDate: null,
    coolingOffUntil: null,
    payBy: null,
    claimFrom: null,
  },
  refusal: null,
  pending: null,
  version: 1,
  createdAt: "2026-11-22T09:00:00Z",
  updatedAt: "2026-11-22T09:00:00Z",
};

const answers: Record<string, unknown> = {
  "POST /v1/trades": proposed,
  "POST /v1/trades/48210733951146/accept": { ...proposed, state: "settled", settled: 3600 },
  "GET /v1/trades": { items: [proposed], next: null },
};

const shop = kenshu({
  url: "https://pay.example",
  key: "ks_test",
  fetch: async (input, init) => {
    const request = new Request(input, init);
    const answer = answers[`${request.method} ${new URL(request.url).pathname}`];
    if (answer !== undefined) return Response.json(answer);
    const problem = { code: "not_found", status: 404, title: "No", detail: "No.", transient: false };
    const headers = { "content-type": "application/problem+json" };
    return new Response(JSON.stringify(problem), { status: 404, headers });
  },
});

/** Signs as a server does, so that there is something to verify. */
async function signedMessage(secret: Uint8Array<ArrayBuffer>, id: string, now: Date, body: string) {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const use = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, use, false, ["sign"]);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const signature = btoa(
    String.fromCharCode(...new Uint8Array(await crypto.subtle.sign("HMAC", key, signed))),
  );
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
  return { secrets: `whsec_${btoa(String.fromCharCode(...secret))}`, headers, body, now };
}

const order: Propose = {
  currency: "JPY",
  lines: [{ name: "Tea set", quantity: 3, unitAmount: 1200 }],
  reference: "A-1001",
};
const keys: string[] = [];
const first = await shop.propose(order, { onKey: (key) => void keys.push(key) });
if (first.outcome !== "done") {
  throw new Error(first.outcome === "refused" ? first.problem.detail : first.reason);
}
const second = await shop.accept(first.trade.number, { lines: [{ line: 1, quantity: 3 }], final: true });
const refused = await shop.cancel("1", { reason: "Sold out" });
const states: string[] = [];
for await (const trade of shop.list({ limit: 10 })) states.push(trade.state);

const message = await signedMessage(
  crypto.getRandomValues(new Uint8Array(32)),
  "0190a0b0-0000-7000-8000-000000000002",
  new Date(),
  '{"type":"trade.settled","timestamp":"2030-01-02T03:04:05Z","data":{}}',
);
const told = await verifyWebhook({ ...message, headers: new Headers(message.headers) });
const forged = await verifyAlone({ ...message, body: `${message.body} ` });

console.log(
  JSON.stringify({
    keys: keys.length,
    accepted: second.outcome === "done" ? second.trade.state : second.outcome,
    refused: refused.outcome === "refused" ? refused.problem.code : refused.outcome,
    states,
    event: told.verified ? told.event.type : told.reason,
    forged: forged.verified ? "verified" : forged.reason,
    price: formatMoney(fromWire(first.trade.amount ?? 0), "JPY"),
    typed: String(parseMoney("12.50", "USD")),
  }),
);
