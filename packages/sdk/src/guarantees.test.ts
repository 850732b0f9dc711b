/** A guarantor's word, signed by a library that is not ours, read here; and what is not that word. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { fetchEnded, orderDigest, verifyGuarantee } from "@kenshu/sdk";

const { privateKey, publicKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "one", use: "sig" }] };
const issuer = "https://guarantor.example";
const order = await orderDigest({
  currency: "JPY",
  amount: 3600,
  reference: "A-1",
  lines: [{ name: "Tea set", quantity: 3, unitAmount: 1200 }],
});
const claims = { sub: "48210733951146", aud: "shop-1", jti: "hold-1", amount: 3600, currency: "JPY", order };
const signed = (change: object = {}, head: object = {}) =>
  new SignJWT({ iss: issuer, iat: 1_000, exp: 5_000, ...claims, ...change })
    .setProtectedHeader({ alg: "EdDSA", kid: "one", typ: "kenshu-guarantee+jwt", ...head })
    .sign(privateKey);
const check = { jwks, issuer, shop: "shop-1", number: claims.sub, order, now: new Date(2_000_000) };

test("the word of a guarantor is read offline, for one shop and one order", async () => {
  const verdict = await verifyGuarantee(await signed(), check);
  assert.equal(verdict.good, true);
  assert.equal(verdict.good && verdict.claims.amount, 3600);
});

test("what is said to another shop, of another order, or by another, is no word", async () => {
  const why = async (token: string, other: Partial<typeof check> = {}) => {
    const verdict = await verifyGuarantee(token, { ...check, ...other });
    return verdict.good ? "good" : verdict.why;
  };
  const token = await signed();
  assert.equal(await why(token, { shop: "shop-2" }), "shop");
  assert.equal(
    await why(token, {
      order: await orderDigest({ currency: "JPY", amount: 1, reference: null, lines: [] }),
    }),
    "order",
  );
  assert.equal(await why(token, { number: "1" }), "trade");
  assert.equal(await why(token, { issuer: "https://other.example" }), "issuer");
  assert.equal(await why(token, { now: new Date(5_000_000) }), "over");
  assert.equal(await why(token, { jwks: { keys: [] } }), "signature");
  const [head, , end] = token.split(".");
  const forged = Buffer.from(
    JSON.stringify({ iss: issuer, iat: 1, exp: 9e9, ...claims, amount: 9 }),
  ).toString("base64url");
  assert.equal(await why(`${head}.${forged}.${end}`), "signature");
  assert.equal(await why(await signed({}, { typ: "JWT" })), "form");
  assert.equal(await why(await signed({ amount: 1.5 })), "form");
  for (const nonsense of ["", "a.b", "a.b.c", `${token}.x`, "ä.ä.ä", `e30.e30.${end}`])
    assert.equal(await why(nonsense), "form");
});

test("a key that signs no more is good for guarantees, and no key for anything else is", async () => {
  const marked = (only: unknown) => ({ keys: jwks.keys.map((key) => ({ ...key, kenshu_use: only })) });
  const of = { status: { status_list: { idx: 3, uri: listAt } } };
  const token = await signed(of);
  for (const [only, verdict] of [
    ["guarantees", "good"],
    ["lists", "signature"],
    ["", "signature"],
    [null, "signature"],
  ] as const) {
    const found = await verifyGuarantee(token, { ...check, jwks: marked(only) });
    assert.equal(found.good ? "good" : found.why, verdict, String(only));
  }
  // Whoever has the old key could say of a word that has ended that it has not.
  const lists = { ...check, ended: () => listOf([]) };
  assert.equal((await verifyGuarantee(token, lists)).good, true);
  const found = await verifyGuarantee(token, { ...lists, jwks: marked("guarantees") });
  assert.equal(!found.good && found.why, "list");
});

const listAt = `${issuer}/v1/ended-guarantees/0`;

/** A list on which these places are set, as another program makes it. */
function listOf(places: readonly number[], change: object = {}, packed?: string): Promise<string> {
  const bits = Buffer.alloc(16_384);
  for (const place of places) bits.writeUInt8(bits.readUInt8(place >> 3) | (1 << (place & 7)), place >> 3);
  const lst = packed ?? deflateSync(bits).toString("base64url");
  return new SignJWT({
    sub: listAt,
    iat: 1_000,
    exp: 3_000,
    ttl: 15,
    status_list: { bits: 1, lst },
    ...change,
  })
    .setProtectedHeader({ alg: "EdDSA", kid: "one", typ: "statuslist+jwt" })
    .sign(privateKey);
}

test("what has ended is in the guarantor's list, and a list that is not good says nothing", async () => {
  const at = (idx: unknown, uri = listAt) => signed({ status: { status_list: { idx, uri } } });
  const token = await at(1_003);
  const why = async (list: string | Promise<string> | Error, of = token) => {
    const ended = async () => (list instanceof Error ? Promise.reject(list) : list);
    const verdict = await verifyGuarantee(of, { ...check, ended });
    return verdict.good ? "good" : verdict.why;
  };
  assert.equal(await why(listOf([1_002, 1_004])), "good");
  assert.equal(await why(listOf([1_003])), "ended");
  assert.equal(await why(listOf([0, 131_071]), await at(131_071)), "ended", "the last place");
  const bad: [string, string | Promise<string> | Error, string?][] = [
    ["it cannot be had", new Error("no way")],
    ["it is of another place", listOf([], { sub: `${issuer}/v1/ended-guarantees/1` })],
    ["it is too old", listOf([], { exp: 2_000 })],
    ["it is no list", token],
    ["it has two bits for each", listOf([], { status_list: { bits: 2, lst: "eJwDAAAAAAE" } })],
    ["it is not compressed", listOf([], {}, "AAAA")],
    ["it is cut", listOf([], {}, deflateSync(Buffer.alloc(16_384)).toString("base64url").slice(0, 12))],
    ["it is a bomb", listOf([], {}, deflateSync(Buffer.alloc(3_000_000)).toString("base64url"))],
    ["it is too short for the place", listOf([]), await at(131_072)],
    ["the place is none", listOf([]), await at(-1)],
    ["it is somebody else's", listOf([]), await at(1, "https://other.example/list")],
    ["the word names none", listOf([]), await signed()],
  ];
  for (const [name, list, of] of bad) assert.equal(await why(list, of), "list", name);
  assert.equal((await verifyGuarantee(token, check)).good, true, "who does not ask learns nothing");
});

test("a list of any length is read up to a bound", async (t) => {
  const server = createServer((_, reply) => reply.end(Buffer.alloc(2 ** 21, "a"))).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await assert.rejects(fetchEnded(`http://127.0.0.1:${port}/list`), /longer than any/);
});

test("an algorithm that the token chooses is not taken", async () => {
  const { privateKey: other } = await generateKeyPair("ES256");
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid: "one", typ: "kenshu-guarantee+jwt" })
    .sign(other);
  const verdict = await verifyGuarantee(token, check);
  assert.deepEqual(verdict, { good: false, why: "form" });
});

test("an order has the same digest wherever its lines' totals are written", async () => {
  const line = { name: "Tea set", quantity: 3 };
  const ordered = { currency: "JPY", amount: 3600, reference: "A-1" };
  assert.equal(await orderDigest({ ...ordered, lines: [{ ...line, amount: 3600 }] }), order);
  assert.notEqual(await orderDigest({ ...ordered, lines: [{ ...line, amount: 3599 }] }), order);
});
