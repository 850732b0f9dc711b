import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { messagesOf, verifyWebhook, type WebhookToVerify } from "@kenshu/sdk/webhooks";

const id = "0190a0b0-0000-7000-8000-000000000001";
const at = 1_893_553_445;
const body = '{"type":"trade.settled","timestamp":"2030-01-02T03:04:05Z","data":{"number":"48210733951146"}}';
const secret = randomBytes(32);
const other = randomBytes(32);
const text = (bytes: Buffer): string => `whsec_${bytes.toString("base64")}`;

function sign(key: Buffer, of = `${id}.${at}.${body}`): string {
  return `v1,${createHmac("sha256", key).update(of).digest("base64")}`;
}

const headers = (change: Record<string, string> = {}): Record<string, string> => ({
  "webhook-id": id,
  "webhook-timestamp": String(at),
  "webhook-signature": sign(secret),
  ...change,
});

function verdict(change: Partial<WebhookToVerify> = {}): Promise<string> {
  const message = { secrets: text(secret), headers: headers(), body, now: new Date(at * 1000), ...change };
  return verifyWebhook(message).then((found) => (found.verified ? "verified" : found.reason));
}

test("a request brings its message, or several, each under its own id", async () => {
  const readBy = async (sent: string) => {
    const signature = sign(secret, `${id}.${at}.${sent}`);
    const found = await verifyWebhook({
      secrets: text(secret),
      headers: headers({ "webhook-signature": signature }),
      body: sent,
      now: new Date(at * 1000),
    });
    return found.verified ? messagesOf(found) : found.reason;
  };
  const one = JSON.parse(body) as object;
  assert.deepEqual(await readBy(body), [{ id, event: one }]);
  const several = {
    type: "webhook.messages",
    timestamp: "2030-01-02T03:04:06Z",
    data: {
      messages: [
        { id: "a", ...one },
        { id: "b", ...one, type: "webhook.test" },
      ],
    },
  };
  assert.deepEqual(await readBy(JSON.stringify(several)), [
    { id: "a", event: one },
    { id: "b", event: { ...one, type: "webhook.test" } },
  ]);
});

const seconds = (ahead: number): Date => new Date((at + ahead) * 1000);

const cases: [what: string, change: Partial<WebhookToVerify>, wanted: string][] = [
  ["as it was sent", {}, "verified"],
  ["as bytes", { body: new TextEncoder().encode(body) }, "verified"],
  ["with Headers", { headers: new Headers(headers()) }, "verified"],
  ["299 s old", { now: seconds(299) }, "verified"],
  ["300 s old", { now: seconds(300) }, "verified"],
  ["301 s old", { now: seconds(301) }, "too old"],
  ["299 s ahead", { now: seconds(-299) }, "verified"],
  ["301 s ahead", { now: seconds(-301) }, "too far ahead"],
  ["601 s old, for who allows it", { now: seconds(601), tolerance: 900 }, "verified"],
  ["6 s old, for who is strict", { now: seconds(6), tolerance: 5 }, "too old"],
  ["6 s ahead, for who is strict", { now: seconds(-6), tolerance: 5 }, "too far ahead"],
  ["to the second, for who allows nothing", { tolerance: 0 }, "verified"],
  ["by the old secret", { secrets: [text(other), text(secret)] }, "verified"],
  ["by another secret", { secrets: text(other) }, "signature wrong"],
  ["no secret at all", { secrets: [] }, "signature wrong"],
  [
    "in a rotation",
    { headers: headers({ "webhook-signature": `${sign(other)} v1a,AAAA ${sign(secret)}` }) },
    "verified",
  ],
  [
    "behind too many signatures",
    { headers: headers({ "webhook-signature": `${"v1,AAAA ".repeat(10)}${sign(secret)}` }) },
    "signature wrong",
  ],
  [
    "by another scheme",
    { headers: headers({ "webhook-signature": sign(secret).slice(3) }) },
    "signature wrong",
  ],
  ["with a cut signature", { headers: headers({ "webhook-signature": "v1,AAAA" }) }, "signature wrong"],
  ["with rubbish", { headers: headers({ "webhook-signature": "v1,@@@" }) }, "signature wrong"],
  ["without an id", { headers: headers({ "webhook-id": "" }) }, "headers missing"],
  ["under another id", { headers: headers({ "webhook-id": `${id}0` }) }, "signature wrong"],
  ["at another time", { headers: headers({ "webhook-timestamp": String(at + 1) }) }, "signature wrong"],
  ["at no time", { headers: headers({ "webhook-timestamp": "1e9" }) }, "headers missing"],
  ["at a negative time", { headers: headers({ "webhook-timestamp": `-${at}` }) }, "headers missing"],
  ["without headers", { headers: {} }, "headers missing"],
  ["written again", { body: JSON.stringify(JSON.parse(body), null, 1) }, "signature wrong"],
  ["with a mark in front", { body: `\u{feff}${body}` }, "signature wrong"],
];
for (const [what, change, wanted] of cases) {
  test(`a message ${what}: ${wanted}`, async () => assert.equal(await verdict(change), wanted));
}

test("a message with any byte flipped is refused", async () => {
  const bytes = new TextEncoder().encode(body);
  for (const index of bytes.keys()) {
    const flipped = Uint8Array.from(bytes, (byte, each) => (each === index ? byte ^ 1 : byte));
    assert.equal(await verdict({ body: flipped }), "signature wrong", `byte ${index}`);
  }
  const signature = Buffer.from(sign(secret).slice(3), "base64");
  for (const index of signature.keys()) {
    const flipped = Buffer.from(signature);
    flipped[index] = (flipped[index] ?? 0) ^ 1;
    const changed = headers({ "webhook-signature": `v1,${flipped.toString("base64")}` });
    assert.equal(await verdict({ headers: changed }), "signature wrong", `byte ${index} of the signature`);
  }
});

test("what is signed and no JSON is told apart, and the event is handed on", async () => {
  const broken = { body: "{", headers: headers({ "webhook-signature": sign(secret, `${id}.${at}.{`) }) };
  assert.equal(await verdict(broken), "not JSON");
  const found = await verifyWebhook({
    secrets: text(secret),
    headers: headers(),
    body,
    now: new Date(at * 1000),
  });
  assert.ok(found.verified && found.id === id && found.event.type === "trade.settled");
});

test("a secret that is none is a mistake of the receiver, not of the message", async () => {
  for (const secrets of ["", "whsec_", "whsec_AAAA", "whsec_@", secret.toString("base64")]) {
    await assert.rejects(verdict({ secrets }), RangeError, secrets);
  }
});

const noBodies: [what: string, given: unknown][] = [
  ["parsed", JSON.parse(body)],
  ["a list", []],
  ["nothing", undefined],
  ["null", null],
  ["a number", 5],
];
for (const [what, given] of noBodies) {
  test(`a body that is ${what} is said to be none, with what to give instead`, async () => {
    await assert.rejects(verdict({ body: given as string }), (error: Error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, /parsed already.*raw body/);
      return true;
    });
  });
}

test("a tolerance is a number of seconds", async () => {
  for (const tolerance of [-1, Number.NaN]) await assert.rejects(verdict({ tolerance }), /number of seconds/);
});
