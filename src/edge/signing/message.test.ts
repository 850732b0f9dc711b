/** What counts as signed: every part of a request and of a reply, altered, is found out; every rule says its name. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import {
  type Fields,
  type Message,
  readClaim,
  replyMessage,
  requestMessage,
  signComponents,
  signMessage,
  untimely,
} from "./message.ts";

const { privateKey: key, publicKey } = generateKeyPairSync("ed25519");
const keyid = "https://facilitator.example#k1";
const now = 1_800_000_000.25;
const nonce = "0123456789abcdef";
const json = { "content-type": "application/json" };
const uri = "https://institution.example/v1/reservations/batch?x=1";
const body = Buffer.from('{"instructions":[]}');

function signed(message: Message): Message {
  const given = message.kind === "request" ? { nonce } : {};
  const fields = signMessage(message, { keyid, key, now, ...given });
  return { ...message, fields: { ...message.fields, ...fields } };
}

const request = signed(requestMessage("POST", uri, json, body));
const reply = signed(replyMessage(201, String(request.fields["signature"]), json, Buffer.from('{"a":1}')));
const bare = signed(requestMessage("GET", uri, {}, Buffer.alloc(0)));
const nothing = signed(replyMessage(204, String(request.fields["signature"]), {}, Buffer.alloc(0)));

function verdict(message: Message): string {
  const claim = readClaim(message);
  if (typeof claim === "string") return claim;
  return claim.isSignedBy(publicKey) ? "taken" : "The signature is not that of the key.";
}

const whole = { request, reply, "request without a body": bare, "reply without a body": nothing };

for (const [what, message] of Object.entries(whole)) {
  test(`a signed ${what} is taken, and no byte of it can be changed`, () => {
    assert.equal(verdict(message), "taken");
    let flips = 0;
    const isRefused = (altered: Message, where: string) => {
      flips += 1;
      assert.notEqual(verdict(altered), "taken", where);
    };
    for (const bytes of flipped(Buffer.from(message.body))) isRefused({ ...message, body: bytes }, "body");
    for (const [name, value] of Object.entries(message.fields)) {
      for (const text of flipped(Buffer.from(String(value)))) {
        const fields = { ...message.fields, [name]: text.toString("latin1") };
        isRefused({ ...message, fields }, `${name}: ${text.toString("latin1")}`);
      }
      const { [name]: _, ...left } = message.fields;
      isRefused({ ...message, fields: left }, `without ${name}`);
    }
    for (const [index, [identifier, value]] of message.derived.entries()) {
      for (const text of flipped(Buffer.from(value))) {
        const derived = message.derived.with(index, [identifier, text.toString("latin1")]);
        isRefused({ ...message, derived }, `${identifier}: ${text.toString("latin1")}`);
      }
    }
    assert.ok(flips > 1000);
  });
}

/** Every byte with each of its bits the other way. */
function* flipped(bytes: Buffer): Generator<Buffer> {
  for (let index = 0; index < bytes.length; index += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const other = Buffer.from(bytes);
      other[index] = (other[index] ?? 0) ^ (1 << bit);
      yield other;
    }
  }
}

test("a reply is one to its own request only, and a request no reply", () => {
  const other = signed(requestMessage("POST", uri, json, Buffer.from("{}")));
  const swapped = replyMessage(201, String(other.fields["signature"]), reply.fields, reply.body);
  assert.equal(verdict(swapped), "The signature is not that of the key.");
  assert.equal(verdict({ ...reply, fields: request.fields }), 'The signature does not cover "@status".');
  assert.equal(
    verdict({ ...request, fields: reply.fields }),
    "The parameter nonce has to be 16 to 64 characters of base64.",
  );
});

const created = Math.floor(now);
const usual = { created, expires: created + 60, nonce, keyid, alg: "ed25519", tag: "kenshu" };
const covered = ['"@method"', '"@target-uri"', '"content-digest"', '"content-type"'];

const parts = [
  ['"@authority"', "institution.example"],
  ['"@scheme"', "https"],
  ['"@path"', "/v1/reservations/batch"],
  ['"@query"', "?x=1"],
] as const;

/** The request, rightly signed, but with these parameters over these components. */
function signedOver(
  params: Record<string, string | number>,
  identifiers = covered,
  added: Fields = {},
): string {
  const fields = { ...request.fields, ...added };
  const values = new Map([...request.derived, ...parts]);
  const components = identifiers.map(
    (identifier) =>
      [identifier, values.get(identifier) ?? String(fields[identifier.replaceAll('"', "")])] as const,
  );
  return verdict({ ...request, fields: { ...fields, ...signComponents(components, params, key) } });
}

const without = (name: string) => Object.fromEntries(Object.entries(usual).filter(([each]) => each !== name));

for (const [what, params, says] of [
  ["alg rsa-pss-sha512", { ...usual, alg: "rsa-pss-sha512" }, 'The parameter alg has to be "ed25519".'],
  ["alg none", { ...usual, alg: "none" }, 'The parameter alg has to be "ed25519".'],
  ["no alg", without("alg"), 'The parameter alg has to be "ed25519".'],
  ["another tag", { ...usual, tag: "other" }, 'The parameter tag has to be "kenshu".'],
  ["no tag", without("tag"), 'The parameter tag has to be "kenshu".'],
  ["a parameter more", { ...usual, extra: "1" }, "The parameter extra is not known here."],
  ["no keyid", without("keyid"), "The parameter keyid is missing."],
  ["no created", without("created"), "The parameter created is missing."],
  ["created as text", { ...usual, created: "1" }, "The parameter created is missing."],
  ["no expires", without("expires"), "The parameter expires has to lie 1 to 60 seconds after created."],
  [
    "61 seconds",
    { ...usual, expires: created + 61 },
    "The parameter expires has to lie 1 to 60 seconds after created.",
  ],
  [
    "no life",
    { ...usual, expires: created },
    "The parameter expires has to lie 1 to 60 seconds after created.",
  ],
  ["no nonce", without("nonce"), "The parameter nonce has to be 16 to 64 characters of base64."],
  [
    "a short nonce",
    { ...usual, nonce: "short" },
    "The parameter nonce has to be 16 to 64 characters of base64.",
  ],
] as const) {
  test(`refused by its rule: ${what}`, () => assert.equal(signedOver(params), says));
}

test("a signature in any order that covers more is taken; one that covers less is not", () => {
  assert.equal(signedOver(usual, covered.toReversed()), "taken");
  assert.equal(signedOver(usual, [...covered, '"date"'], { date: "x" }), "taken");
  assert.equal(signedOver(usual, [...parts.map(([identifier]) => identifier), ...covered]), "taken");
  for (const identifier of covered) {
    const less = covered.filter((each) => each !== identifier);
    assert.equal(signedOver(usual, less), `The signature does not cover ${identifier}.`);
  }
  for (const none of ['"x-not-there"', '"@request-target"', '"constructor"']) {
    assert.ok(signedOver(usual, [...covered, none]).startsWith(`The message has no single ${none}`));
  }
});

for (const name of ["authorization", "cookie", "idempotency-key"]) {
  test(`${name} cannot be put in on the way: where it is, it is signed`, () => {
    const added = { [name]: "x" };
    const says = `The signature does not cover "${name}".`;
    assert.equal(verdict({ ...request, fields: { ...request.fields, ...added } }), says);
    assert.equal(signedOver(usual, [...covered, `"${name}"`], added), "taken");
    assert.equal(verdict(signed(requestMessage("POST", uri, { ...json, ...added }, body))), "taken");
  });
}

test("a signature holds from 10 seconds before it was made until 60 after", () => {
  const claim = readClaim(request);
  assert.ok(typeof claim !== "string");
  for (const [now, why] of [
    [created - 10, undefined],
    [created - 10.5, /11 seconds from now/],
    [created - 86_400, /86400 seconds from now/],
    [created + 59.9, undefined],
    [created + 60, /expired/],
    [created + 61, /created 61 seconds ago/],
  ] as const) {
    const says = untimely(claim, now);
    if (why === undefined) assert.equal(says, undefined);
    else assert.match(says ?? "", why);
  }
});
