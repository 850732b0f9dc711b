/** Keys: made once, published, rotated with overlap, revoked at once; and other servers' keys, fetched and kept. */
import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { testKeyring } from "../../../test/support/world/vault.ts";
import { type Database, rawSql, uuidv7 } from "../../storage/database/database.ts";
import { publishedKey, readKeySet } from "./key-sets.ts";
import { readClaim, requestMessage } from "./message.ts";
import { openPeers, openSigner, type Signer } from "./signing.ts";
import { forgetEnded } from "./store.ts";
import { Refusal } from "../../core/protocol/protocol.ts";

const kept = { kind: "kept", keyring: testKeyring } as const;
const hour = 3_600_000;
const message = requestMessage("GET", "https://b.example/", {}, new Uint8Array());

async function fresh(t: {
  after(release: () => Promise<void>): unknown;
}): Promise<Awaited<ReturnType<typeof freshDatabase>>["database"]> {
  return (await freshDatabase(t, "trading")).database;
}

async function signsWith(signer: Signer): Promise<string> {
  const fields = await signer.sign(message, "0123456789abcdef");
  const claim = readClaim({ ...message, fields });
  assert.ok(typeof claim !== "string");
  return claim.keyid;
}

const kids = async (signer: Signer) => (await signer.jwks()).keys.map(({ kid }) => kid);

test("however many processes start at once, they make one key, and all sign with it", async (t) => {
  const database = await fresh(t);
  const signers = await Promise.all(
    Array.from({ length: 8 }, () => openSigner(database, "https://A.example:443", kept)),
  );
  const seen = await Promise.all(signers.map(signsWith));
  const [kid = ""] = await kids(signers[0] as Signer);
  assert.deepEqual(new Set(seen), new Set([`https://a.example#${kid}`]));
  const { keys } = await (signers[1] as Signer).jwks();
  assert.deepEqual(keys, [{ kty: "OKP", crv: "Ed25519", use: "sig", kid, x: keys[0]?.x }]);
  assert.equal(readKeySet(JSON.stringify({ keys }))?.has(kid), true);
});

test("a new key is published at once, signs after the overlap, and the old one stays for another", async (t) => {
  const database = await fresh(t);
  const [first, second] = await Promise.all([
    openSigner(database, "https://a.example", kept),
    openSigner(database, "https://a.example", kept),
  ]);
  const [old = ""] = await kids(first);
  const rotated = await first.rotate(hour);
  const [next, before] = rotated;
  assert.ok(next && before);
  assert.deepEqual([before.kid, next.endsAt], [old, null]);
  assert.equal(Number(before.endsAt) - Number(next.signsFrom), hour);
  assert.deepEqual(await kids(second), [next.kid, old]);
  assert.equal(await signsWith(second), `https://a.example#${old}`);
  assert.deepEqual(await second.rotate(2 * hour), rotated, "while a key waits, no other is made");
  const sooner = await second.rotate(hour / 2);
  assert.deepEqual(
    sooner.map(({ kid }) => kid),
    [next.kid, old],
  );
  assert.ok(Number(sooner[0]?.signsFrom) < Number(next.signsFrom));
  await database.execute(rawSql("update signing_keys set signs_from = signs_from - interval '31 minutes'"));
  assert.equal(await signsWith(second), `https://a.example#${next.kid}`);
  assert.deepEqual(await kids(first), [next.kid, old]);
  await database.execute(rawSql("update signing_keys set ends_at = ends_at - interval '2 hours'"));
  assert.deepEqual(await kids(first), [next.kid]);
});

test("without an overlap the old key is gone at once, in every process, also where another one waited", async (t) => {
  const database = await fresh(t);
  const [first, second] = await Promise.all([
    openSigner(database, "https://a.example", kept),
    openSigner(database, "https://a.example", kept),
  ]);
  const [old = ""] = await kids(first);
  const [waiting] = await first.rotate(hour);
  assert.deepEqual(
    (await first.rotate(0)).map(({ kid }) => kid),
    [waiting?.kid],
  );
  assert.equal(await signsWith(second), `https://a.example#${waiting?.kid}`);
  const [third] = await second.rotate(0);
  assert.ok(third && third.kid !== old && third.kid !== waiting?.kid);
  assert.deepEqual(await kids(first), [third.kid]);
  const rows = await database.query(rawSql("select from signing_keys"));
  assert.equal(rows.length, 1, "a key that has ended is not kept");
});

/** As though so much time had passed for all keys. */
const pass = (database: Database, time: string) =>
  database.execute(
    rawSql(`update signing_keys set signs_from = signs_from - interval '${time}',
      ends_at = ends_at - interval '${time}', words_until = words_until - interval '${time}'`),
  );
const inDays = (days: number) => new Date(Date.now() + days * 24 * hour);
const signer = (token: string) =>
  (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { kid: string }).kid;

test("a key stays published, marked, until the last word of it has run out; what signed none does not", async (t) => {
  const database = await fresh(t);
  const [first, second] = await Promise.all([
    openSigner(database, "https://a.example", kept),
    openSigner(database, "https://a.example", kept),
  ]);
  const [old = ""] = await kids(first);
  const days = [3, 30, 1, 20, 29];
  const words = await Promise.all(
    days.map((each, index) => (index % 2 ? first : second).signToken("w", {}, inDays(each))),
  );
  assert.deepEqual(new Set(words.map(signer)), new Set([old]));
  const [next] = await first.rotate(hour);
  await pass(database, "1 hour");
  assert.equal(await signsWith(second), `https://a.example#${next?.kid}`);
  assert.deepEqual(readMarks(await second.jwks()), [`${next?.kid}`, old], "it is good for another overlap");
  await pass(database, "2 hours");
  for (const each of [first, second])
    assert.deepEqual(readMarks(await each.jwks()), [`${next?.kid}`, `${old} guarantees`]);
  assert.equal(readKeySet(JSON.stringify(await first.jwks()))?.has(old), false, "no message is by it");
  // The next key has signed no word: it goes as it ends, and the one before it stays.
  const [third] = await second.rotate(hour);
  await pass(database, "3 hours");
  assert.deepEqual(readMarks(await first.jwks()), [`${third?.kid}`, `${old} guarantees`]);
  await pass(database, "29 days 16 hours");
  assert.deepEqual(readMarks(await first.jwks()), [`${third?.kid}`, `${old} guarantees`], "its last hours");
  await pass(database, "4 hours");
  assert.deepEqual(readMarks(await first.jwks()), [third?.kid]);
});

const readMarks = ({ keys }: { keys: { kid: string; kenshu_use?: string }[] }) =>
  keys.map(({ kid, kenshu_use: only }) => (only === undefined ? kid : `${kid} ${only}`));

test("of a key that has ended the private half is erased, and of one without words everything", async (t) => {
  const database = await fresh(t);
  const one = await openSigner(database, "https://a.example", kept);
  const [old = ""] = await kids(one);
  await one.signToken("w", {}, inDays(9));
  const rows = () =>
    database.query<{ kid: string; erased: boolean }>(
      rawSql("select kid, private_key is null as erased from signing_keys order by signs_from"),
    );
  const [next] = await one.rotate(hour);
  await pass(database, "3 hours");
  await forgetEnded(database);
  assert.deepEqual(await rows(), [
    { kid: old, erased: true },
    { kid: next?.kid, erased: false },
  ]);
  const again = await openSigner(database, "https://a.example", kept);
  assert.deepEqual(readMarks(await again.jwks()), [next?.kid, `${old} guarantees`], "after a restart");
  await pass(database, "10 days");
  await forgetEnded(database);
  assert.deepEqual(await rows(), [{ kid: next?.kid, erased: false }]);
});

test("a word that is signed while keys end is signed by one that knows of it, or by the next", async (t) => {
  const database = await fresh(t);
  const [first, second] = await Promise.all([
    openSigner(database, "https://a.example", kept),
    openSigner(database, "https://a.example", kept),
  ]);
  for (let round = 0; round < 20; round += 1) {
    const until = inDays(1 + round);
    const [token] = await Promise.all([
      first.signToken("w", {}, until),
      second.rotate(round % 3 === 0 ? 0 : 1),
    ]);
    const { keys } = await second.jwks();
    const gone = !keys.some(({ kid }) => kid === signer(token));
    assert.ok(!gone || round % 3 === 0, "only where all old keys go at once it may be lost");
    if (keys.length > 12) await second.rotate(0);
  }
});

test("there are never more keys than others read: the next one waits, but not where one may be lost", async (t) => {
  const database = await fresh(t);
  const one = await openSigner(database, "https://a.example", kept);
  for (let count = 1; count < 16; count += 1) {
    await one.signToken("w", {}, inDays(30 + count));
    await one.rotate(hour);
    await database.execute(
      rawSql(
        "update signing_keys set signs_from = signs_from - interval '3 hours', ends_at = ends_at - interval '3 hours'",
      ),
    );
  }
  const all = await one.jwks();
  assert.equal(all.keys.length, 16);
  assert.ok(readKeySet(JSON.stringify(all)));
  await assert.rejects(one.rotate(hour), (error: unknown) => {
    assert.ok(error instanceof Refusal && error.problem.code === "not_due_yet");
    const [, leaves = ""] = /leaves at (\S+Z)/.exec(error.problem.detail ?? "") ?? [];
    assert.ok(Math.abs(Date.parse(leaves) - inDays(31).getTime()) <= 2 * hour, error.problem.detail);
    return true;
  });
  await pass(database, "31 days 2 hours");
  assert.equal((await one.rotate(hour)).length, 2, "one has left");
  await one.rotate(0);
  assert.equal((await kids(one)).length, 1);
});

test("rotations that meet make one new key", async (t) => {
  const signer = await openSigner(await fresh(t), "https://a.example", kept);
  const all = await Promise.all(Array.from({ length: 6 }, () => signer.rotate(hour)));
  assert.equal(new Set(all.map(([next]) => next?.kid)).size, 1);
  assert.equal((await kids(signer)).length, 2);
});

const { privateKey } = generateKeyPairSync("ed25519");
const good = publishedKey(privateKey);
const rsa = { kty: "RSA", n: "x", e: "AQAB", kid: "r" };
const set = (...keys: unknown[]) => JSON.stringify({ keys });

test("keys of other kinds in a key set are passed over", () => {
  const more = [
    { ...good, kid: "old", kenshu_use: "guarantees" },
    { ...good, kid: "new", kenshu_use: "something later" },
    { ...good, kid: "odd", kenshu_use: null },
    rsa,
    { ...good, kid: "e", use: "enc" },
    { kty: "OKP", crv: "X25519", x: "a" },
  ];
  assert.deepEqual(
    [...(readKeySet(set(...more, good)) ?? [])].map(([kid]) => kid),
    [good.kid],
  );
  const { use: _, ...plain } = good;
  assert.equal(readKeySet(set({ ...plain, kid: "2026-11", alg: "EdDSA" }))?.size, 1);
});

for (const [what, text] of [
  ["no JSON", "<html>"],
  ["nothing", ""],
  ["a list", JSON.stringify([good])],
  ["null", "null"],
  ["no keys", "{}"],
  ["an empty set", set()],
  ["no key for signatures", set(rsa)],
  ["no key for messages", set({ ...good, kenshu_use: "guarantees" })],
  ["two keys of one name, one of them for guarantees", set(good, { ...good, kenshu_use: "guarantees" })],
  ["two keys of one name, one of them for another thing", set({ ...good, kenshu_use: "x" }, good)],
  ["a key that is no object", set(good, "x")],
  ["a key without a name", set({ ...good, kid: undefined })],
  ["a name that cannot stand in a keyid", set({ ...good, kid: 'a"b' })],
  ["a name with a #", set({ ...good, kid: "a#b" })],
  ["a key that is too short", set({ ...good, x: good.x.slice(1) })],
  ["a key that is too long", set({ ...good, x: `${good.x}A` })],
  ["a key with spare bits", set({ ...good, x: `${good.x.slice(0, -1)}_` })],
  ["a private key", set({ ...good, d: good.x })],
  ["two keys of one name", set(good, good)],
  ["a broken key beside a good one", set(good, { ...good, kid: "b", x: "?" })],
  [
    "more keys than anybody needs",
    set(...Array.from({ length: 17 }, (_, index) => ({ ...good, kid: `k${index}` }))),
  ],
] as const) {
  test(`refused as a key set: ${what}`, () => assert.equal(readKeySet(text), undefined));
}

const database = await fresh({ after });

/** A peer whose answers a test decides; `asked` counts how often its keys were fetched. */
function peerUnder(answer: () => Response | Promise<Response>) {
  const state = { asked: 0, ms: 0 };
  const peer = { id: uuidv7(), name: "a", url: "https://a.example" };
  const peers = openPeers({
    database,
    peers: [peer],
    fetch: async (input) => {
      assert.equal(input, "https://a.example/.well-known/jwks.json");
      state.asked += 1;
      return answer();
    },
    monotonic: () => state.ms,
  });
  const find = async (kid: string) => {
    const found = await peers.find(`https://a.example#${kid}`);
    return typeof found === "string" ? found : found.kid;
  };
  return { peers, state, find };
}

const keysNow = (...keys: KeyObject[]) => new Response(JSON.stringify({ keys: keys.map(publishedKey) }));

test("a key set is fetched when needed, by one of all who wait, and kept for a minute", async () => {
  const { find, state } = peerUnder(() => keysNow(privateKey));
  assert.deepEqual(
    new Set(await Promise.all(Array.from({ length: 9 }, () => find(good.kid)))),
    new Set([good.kid]),
  );
  state.ms = 60_000;
  assert.equal(await find(good.kid), good.kid);
  assert.equal(state.asked, 1);
  state.ms = 60_001;
  assert.equal(await find(good.kid), good.kid);
  assert.equal(state.asked, 2);
});

test("an unknown key is looked for at once, but not by everybody who makes one up", async () => {
  const next = generateKeyPairSync("ed25519").privateKey;
  let keys = [privateKey];
  const { find, state, peers } = peerUnder(() => keysNow(...keys));
  assert.equal(await find(good.kid), good.kid);
  keys = [next, privateKey];
  assert.equal(await find(publishedKey(next).kid), "unknown key", "asked a moment ago");
  state.ms = 3_000;
  assert.equal(await find(publishedKey(next).kid), publishedKey(next).kid);
  for (let count = 0; count < 50; count += 1) assert.equal(await find(`made-up-${count}`), "unknown key");
  assert.equal(state.asked, 2);
  for (const keyid of ["https://b.example#x", "x", "", `https://a.example#${good.kid}#`]) {
    assert.equal(await peers.find(keyid), "unknown peer");
  }
  assert.equal(state.asked, 2, "nobody is asked for whom the configuration does not name");
  keys = [next];
  state.ms += 60_001;
  assert.equal(await find(good.kid), "unknown key", "a key that is published no more is believed no more");
});

test("two servers with one id or one address are no configuration", () => {
  const [a, b] = ["a", "b"].map((name) => ({ id: uuidv7(), name, url: `https://${name}.example` }));
  assert.ok(a && b);
  for (const twice of [
    [a, { ...b, id: a.id }],
    [a, { ...b, url: "https://A.example:443" }],
  ]) {
    assert.throws(() => openPeers({ database, peers: twice }), /two servers with one id or one address/);
  }
  assert.equal(openPeers({ database, peers: [a, b] }).get(b.id).name, "b");
});

const bad: [what: string, answer: () => Response | Promise<Response>][] = [
  ["not there", () => Promise.reject(new TypeError("fetch failed"))],
  ["failing", () => new Response("{}", { status: 500 })],
  ["garbage", () => new Response("<html>")],
  [
    "without an end",
    () => new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(4096)) })),
  ],
];
for (const [what, answer] of bad) {
  test(`where the key set is ${what}, the copy serves for an hour, and no other key is believed`, async () => {
    let now: () => Response | Promise<Response> = () => keysNow(privateKey);
    const { find, state, peers } = peerUnder(() => now());
    assert.equal(await find(good.kid), good.kid);
    now = answer;
    state.ms = 3_590_000;
    assert.equal(await find(good.kid), good.kid);
    assert.equal(await find("other"), "unknown key");
    const { asked } = state;
    state.ms = 3_600_000;
    assert.equal(await find(good.kid), good.kid);
    assert.equal(state.asked, asked, "a server that does not answer is not asked for every message");
    state.ms = 3_600_001;
    assert.equal(await find(good.kid), "unreachable");
    const [peer] = peers.list();
    assert.equal(peer && (await peers.kids(peer)), undefined);
    now = () => keysNow(privateKey);
    assert.equal(await find(good.kid), "unreachable", "asked a moment ago");
    state.ms += 3_000;
    assert.equal(await find(good.kid), good.kid);
  });
}
