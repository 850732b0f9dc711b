/** What shops are told of what members let them do: once, with the act, the shop that it concerns and nobody else. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  join,
  type Json,
  peopleServer,
  signInAs,
} from "../../../test/support/world/people-server.ts";
import { listening } from "../../../test/support/world/shop-told.ts";
import { rawSql } from "../../storage/database/database.ts";
import { changeMandate, giveMandate } from "./mandates.ts";

const { context, demo, call } = await peopleServer({ after });
const { database } = context;
const [aoi, kiji] = demo.shops;
const [carrier] = demo.carriers;
const [rich, poor] = demo.members;
if (!aoi || !kiji || !carrier || !rich || !poor) throw new Error("No demo.");
const admin = bearer(demo.adminKey);
const toAoi = await listening(database, aoi.id);
const toOthers = [
  await listening(database, kiji.id),
  await listening(database, carrier.id, ["*"], "carrier"),
  await listening(database, aoi.id, ["trade.changed", "member.mandate_changed"]),
];
// A carrier of the same id as a shop is none of it.
toOthers.push(await listening(database, aoi.id, ["*"], "carrier"));

async function nobodyElse(): Promise<void> {
  for (const told of toOthers) assert.deepEqual(await told(), []);
}

const until = "2030-12-24T00:00:00.000Z";
const terms = { shop: aoi.id, currency: "JPY", limit: 5000, until };
const personal = { name: "Zmember Canarina", address: "88 Kanarienweg", birthDate: "1932-08-21" };
const member = await join(context, call, personal);
const mandatesOf = ({ number }: { number: string }) => `/v1/members/${number}/mandates`;
const url = mandatesOf(member);

async function given(change: Json = {}, who = member): Promise<string> {
  const { status, body } = await call("POST", mandatesOf(who), who.who, { ...terms, ...change });
  assert.equal(status, 201, JSON.stringify(body));
  return String(body["id"]);
}

/** A mandate of which the shop has heard. */
async function known(change: Json = {}, who = member): Promise<string> {
  const id = await given(change, who);
  assert.equal((await toAoi()).length, 1);
  return id;
}

test("a mandate that is given is told to its shop alone, once for its key", async () => {
  const keyed = { ...member.who, "idempotency-key": "giving" };
  const [first, again] = [await call("POST", url, keyed, terms), await call("POST", url, keyed, terms)];
  assert.deepEqual([first.status, again.status, again.replayed], [201, 201, true]);
  const data = { mandate: first.body["id"], member: member.number, currency: "JPY", limit: 5000, until };
  assert.deepEqual(await toAoi(), [{ type: "member.mandate_given", trade: null, data }]);
  await nobodyElse();
});

test("a mandate that is refused, or taken back with its transaction, is told to nobody", async () => {
  const me = await signInAs(call, poor);
  const [method] = poor.methods;
  const cases: [string, unknown, Json, Record<string, string>?][] = [
    ["by an operator", "not_allowed", {}, admin],
    ["by another member", "not_found", {}, me],
    ["until yesterday", "date_out_of_range", { until: "2020-01-01T00:00:00Z" }],
    ["over nothing", "invalid_field", { limit: 0 }],
    ["on another's method", "not_found", { method: method?.id }],
  ];
  for (const [name, code, change, who = member.who] of cases)
    assert.equal((await call("POST", url, who, { ...terms, ...change })).code, code, name);
  const undone = database.transaction(async (client) => {
    await giveMandate(context, client, BigInt(member.number), terms);
    throw new Error("taken back");
  });
  await assert.rejects(undone, /taken back/);
  assert.deepEqual(await toAoi(), []);
  await nobodyElse();
});

test("another limit and another end are told, what stays as it is, is refused or undone is not", async () => {
  const id = await known();
  const whose = { number: BigInt(member.number), person: member.id };
  const change = (limit: bigint, end = until, proven = true) =>
    database.transaction((client) =>
      changeMandate(client, whose, { id, limit, until: new Date(end) }, proven),
    );
  const told = (limit: number, end = until) => {
    const data = { mandate: id, member: member.number, currency: "JPY", limit, until: end };
    return [{ type: "member.mandate_changed", trade: null, data }];
  };
  await change(3000n);
  assert.deepEqual(await toAoi(), told(3000));
  await change(3000n);
  await assert.rejects(change(3001n, until, false));
  await assert.rejects(change(3000n, "2999-01-01T00:00:00Z"));
  const undone = database.transaction(async (client) => {
    await changeMandate(client, whose, { id, limit: 1n, until: new Date(until) }, true);
    throw new Error("taken back");
  });
  await assert.rejects(undone, /taken back/);
  assert.deepEqual(await toAoi(), []);
  const later = "2031-01-01T00:00:00.000Z";
  await change(3000n, later);
  assert.deepEqual(await toAoi(), told(3000, later));
  const [, , onlyChanges] = toOthers;
  assert.deepEqual(await onlyChanges?.(), [...told(3000), ...told(3000, later)], "who asks for these alone");
  await nobodyElse();
});

test("a mandate that is revoked is told once, however often and by whomever it is", async () => {
  const [id, byOperator, lapsed] = [await known(), await known(), await known()];
  const one = `${url}/${id}`;
  const revoked = (mandate: string) => [
    { type: "member.mandate_revoked", trade: null, data: { mandate, member: member.number } },
  ];
  assert.equal((await call("DELETE", one, await signInAs(call, rich))).code, "not_found");
  assert.deepEqual(await toAoi(), []);
  const all = await Promise.all(Array.from({ length: 6 }, () => call("DELETE", one, member.who)));
  assert.deepEqual([...new Set(all.map(({ status }) => status))], [204]);
  assert.equal((await call("DELETE", one, member.who)).status, 204);
  assert.deepEqual(await toAoi(), revoked(id));
  const speech = "channel=phone&reference=C-1&proof=callback&proofReference=T-1";
  const asked = await call("DELETE", `${url}/${byOperator}?${speech}`, admin);
  assert.equal(asked.status, 204, JSON.stringify(asked.body));
  assert.deepEqual(await toAoi(), revoked(byOperator));
  await database.execute(
    rawSql("update mandates set until = kenshu_now() - interval '1 second' where id = $1", [lapsed]),
  );
  assert.equal((await call("DELETE", `${url}/${lapsed}`, member.who)).status, 204);
  assert.deepEqual(await toAoi(), [], "what had ended by itself");
  await nobodyElse();
});

test("who is erased ends what still ran, and their shops hear of that; nobody does where erasing is refused", async () => {
  const leaving = await join(context, call);
  const [open, revoked, lapsed, elsewhere] = [
    await known({}, leaving),
    await known({}, leaving),
    await known({}, leaving),
    await given({ shop: kiji.id }, leaving),
  ];
  const theirs = mandatesOf(leaving);
  assert.equal((await call("DELETE", `${theirs}/${revoked}`, leaving.who)).status, 204);
  await database.execute(
    rawSql("update mandates set until = kenshu_now() - interval '1 second' where id = $1", [lapsed]),
  );
  const [toKiji] = toOthers;
  assert.equal((await toAoi()).length, 1);
  assert.equal((await toKiji?.())?.length, 1);
  assert.equal(
    (await call("DELETE", `/v1/members/${rich.number}`, await signInAs(call, rich))).code,
    "person_has_money",
  );
  assert.deepEqual(await toAoi(), []);
  assert.equal((await call("DELETE", `/v1/members/${leaving.number}`, leaving.who)).status, 204);
  const ended = (mandate: string) => [
    { type: "member.mandate_revoked", trade: null, data: { mandate, member: leaving.number } },
  ];
  assert.deepEqual(await toAoi(), ended(open));
  assert.deepEqual(await toKiji?.(), ended(elsewhere));
  await nobodyElse();
});

test("of a disclosure its shop is told which fields, once, and neither whose they are nor what they say", async () => {
  const at = `/v1/members/${member.number}/disclosures`;
  const wish = { shop: aoi.id, fields: ["name", "address"] };
  const keyed = { ...member.who, "idempotency-key": "disclosing" };
  const [first] = [await call("POST", at, keyed, wish), await call("POST", at, keyed, wish)];
  const { id, until: end, token } = first.body;
  const told = await toAoi();
  const data = { disclosure: id, fields: ["name", "address"], until: end };
  assert.deepEqual(told, [{ type: "member.disclosed", trade: null, data }]);
  const text = JSON.stringify(told);
  for (const value of [...Object.values(personal), member.number, member.id, String(token)])
    assert.ok(!text.includes(value), value);
  assert.equal((await call("POST", at, member.who, { ...wish, fields: [] })).code, "invalid_field");
  const late = { ...wish, until: "2099-01-01T00:00:00Z" };
  assert.equal((await call("POST", at, member.who, late)).code, "date_out_of_range");
  assert.equal((await call("POST", "/v1/disclosures/fetch", bearer(aoi.key), { token })).status, 200);
  assert.equal((await call("DELETE", `${at}/${String(id)}`, member.who)).status, 204);
  assert.deepEqual(await toAoi(), []);
  await nobodyElse();
});

test("nothing personal was told to anybody", async () => {
  const rows = await database.query<{ payload: string }>(rawSql("select payload from webhook_deliveries"));
  assert.ok(rows.length > 0);
  for (const { payload } of rows)
    for (const value of [...Object.values(personal), member.id]) assert.ok(!payload.includes(value), payload);
});
