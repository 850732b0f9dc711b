/**
 * A sign-in that was lately reset by mail, or moved to another address, gives no right to anybody's money, wherever rights are
 * given; and what was there before goes on.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { type Database, rawSql } from "../src/storage/database/database.ts";
import { bearer, type Headers, type Json, type Reply, request, signIn } from "./support/wire/http.ts";
import { spoken } from "./support/world/operators.ts";
import { facilitatorId, institutionId, openPair } from "./support/world/pair.ts";

const { facilitator, institution, admin } = await openPair({ after });

/** As it stands after a new password by mail, or without. */
const hold = (database: Database, number: string, held: boolean) =>
  database.execute(
    rawSql(
      `update logins set held_until = case when $2 then kenshu_now() + interval '1 day' end
       where subject = (select id from people where number = $1)`,
      [BigInt(number), held],
    ),
  );

const until = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

async function eachHeld(
  database: Database,
  number: string,
  calls: Readonly<Record<string, () => Promise<Reply>>>,
): Promise<void> {
  await hold(database, number, true);
  for (const [name, call] of Object.entries(calls)) {
    const reply = await call();
    const said = reply.code === "" ? /data-code="([a-z_]+)"/.exec(reply.text)?.[1] : reply.code;
    assert.deepEqual([reply.status, said], [409, "sign_in_changed_lately"], `${name}: ${reply.text}`);
  }
  await hold(database, number, false);
  for (const [name, call] of Object.entries(calls)) {
    const reply = await call();
    assert.ok(reply.status < 400, `${name}: ${reply.text}`);
  }
}

test("at an institution: no means of payment, mandate or consent, and nothing is taken out", async () => {
  const { url, demo } = institution;
  const [member] = demo.members;
  const [shop] = demo.shops;
  assert.ok(member && shop);
  const who = await signIn(url, member);
  const post = (path: string, by: Headers, body: Json) => request(`${url}${path}`, "POST", by, body);
  const { methods } = (await request(`${url}/v1/members/${member.number}`, "GET", who)).json;
  const [method] = methods as { id: string; account: string }[];
  assert.ok(method);
  const end = `${until}T00:00:00Z`;
  const terms = { shop: shop.id, currency: "JPY", limit: 5, until: end };
  const cash = {
    kind: "withdrawal",
    currency: "JPY",
    amount: 1,
    reference: "till",
    reason: "counted by two",
  };
  await eachHeld(admin.institution, member.number, {
    method: () => post(`/v1/members/${member.number}/methods`, who, { kind: "deposit", currency: "JPY" }),
    mandate: () => post(`/v1/members/${member.number}/mandates`, who, terms),
    consent: () => post("/v1/consents", who, { peer: facilitatorId, method: method.id, until: end }),
    withdrawal: () =>
      post("/v1/transfers", bearer(demo.adminKey), {
        ...cash,
        id: randomUUID(),
        account: method.account,
        operator: spoken,
      }),
  });
  await hold(admin.institution, member.number, true);
  const proposal = { buyer: { member: member.number }, currency: "JPY", amount: 100 };
  const { number } = (await post("/v1/trades", bearer(shop.key), proposal)).json;
  const approved = await post(`/v1/trades/${String(number)}/approve`, who, { version: 1 });
  assert.equal(approved.json["state"], "reserved", approved.text);
});

test("at a facilitator: no account is tied", async () => {
  const { url, demo } = facilitator;
  const [member] = demo.members;
  assert.ok(member);
  const who = await signIn(url, member);
  const form = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
  const wish = new URLSearchParams({ institution: institutionId, kind: "deposit", currency: "JPY" });
  await eachHeld(admin.facilitator, member.number, {
    tie: () => request(`${url}/ties`, "POST", { ...who, ...form, origin: url }, wish.toString()),
  });
});
