/** What a guarantor has said outlives the key that signed it, where that was replaced in the ordinary way; and never one that may be lost. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from "jose";
import { fetchEnded, kenshu, verifyGuarantee } from "@kenshu/sdk";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Json } from "../../../test/support/wire/http.ts";
import { rawSql } from "../../storage/database/database.ts";

const world = await openGuaranteed({ after }, { operators: "one" });
const { guarantor, call } = world;
const [shop] = guarantor.demo.shops;
const [hana] = guarantor.demo.members;
assert.ok(shop && hana);
const seller = kenshu({ url: guarantor.url, key: shop.key });

/** A word for a trade that stays reserved for a while. */
async function word(reserveFor: string): Promise<string> {
  const made = await call("guarantor", "POST", "/v1/trades", bearer(shop?.key ?? ""), {
    buyer: { member: hana?.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 2, unitAmount: 900 }],
    acceptance: { by: ["buyer", "shop"], need: 1 },
    approval: { mandate: hana?.mandates[shop?.key ?? ""] },
    reserveFor,
  });
  assert.equal(made.status, 201, made.text);
  const answer = await seller.guarantees.get(String(made.json["number"]));
  return answer.outcome === "done" ? (answer.guarantee.token ?? "") : assert.fail(JSON.stringify(answer));
}

interface Published {
  keys: (Json & { kid: string; kenshu_use?: string })[];
}
const published = async () =>
  (await call("guarantor", "GET", "/.well-known/jwks.json")).json as unknown as Published;
const marks = async () => (await published()).keys.map(({ kid, kenshu_use: mark }) => [kid, mark]);

async function rotate(overlap: string): Promise<string> {
  const made = await call("guarantor", "POST", "/v1/signing-keys/rotate", bearer(guarantor.demo.adminKey), {
    overlap,
  });
  assert.equal(made.status, 200, made.text);
  return String((made.json["keys"] as Json[])[0]?.["kid"]);
}

/** As though the overlaps of all keys had passed. */
const overlapsPass = () =>
  world.admin.guarantor.execute(
    rawSql(
      "update signing_keys set signs_from = signs_from - interval '3 hours', ends_at = ends_at - interval '3 hours' where purpose = 'messages'",
    ),
  );

/** The guarantor's clock, which the tests move. */
let ahead = 0;
const now = () => new Date(Date.now() + ahead);
async function pass(days: number): Promise<void> {
  await world.advance(`P${days}D`);
  ahead += days * 86_400_000;
}

async function verdict(token: string): Promise<string> {
  const found = await verifyGuarantee(token, {
    jwks: await published(),
    issuer: guarantor.url,
    shop: shop?.id ?? "",
    now: now(),
    ended: fetchEnded,
  });
  return found.good ? "good" : found.why;
}
const byJose = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${guarantor.url}/.well-known/jwks.json`)), {
    currentDate: now(),
  });

test("a word outlives the key that signed it, which then stands for nothing else, and no longer", async () => {
  const [[old]] = (await marks()) as [[string]];
  const token = await word("P20D");
  assert.equal(await verdict(token), "good");
  const next = await rotate("PT1H");
  assert.deepEqual(await marks(), [
    [next, undefined],
    [old, undefined],
  ]);
  await overlapsPass();
  assert.deepEqual(await marks(), [
    [next, undefined],
    [old, "guarantees"],
  ]);
  await pass(1);
  assert.equal((await byJose(token)).protectedHeader.kid, old);
  assert.equal(await verdict(token), "good");
  const later = await word("P10D");
  assert.equal((await byJose(later)).protectedHeader.kid, next);
  await pass(20);
  assert.equal(await verdict(later), "over");
  assert.deepEqual(await marks(), [[next, undefined]], "nothing that it signed holds any more");
});

test("where a key may be lost, no word of it is believed, nor of any before it", async () => {
  const first = await word("P20D");
  await rotate("PT1H");
  await overlapsPass();
  const second = await word("P20D");
  assert.equal((await marks()).length, 2);
  const kept = createLocalJWKSet(await published());
  const last = await rotate("PT0S");
  assert.deepEqual(await marks(), [[last, undefined]]);
  for (const token of [first, second]) {
    assert.equal(await verdict(token), "signature");
    await assert.rejects(byJose(token), errors.JWKSNoMatchingKey);
    await jwtVerify(token, kept, { currentDate: now() }); // A set from before believes it: it has to be fetched anew.
  }
  const anew = await seller.guarantees.get(
    String((await jwtVerify(first, kept, { currentDate: now() })).payload.sub),
  );
  assert.ok(anew.outcome === "done");
  await pass(1);
  assert.equal(await verdict(anew.guarantee.token ?? ""), "good", "whoever asks anew has a word again");
});
