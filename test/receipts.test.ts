/**
 * Receipts over HTTP, from a facilitator and an institution that witness each other; and what becomes of them where the
 * institution's database is set back to an earlier moment.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Checkpoint, followLog, kenshu, type Receipt, verifyLog, verifyReceipt } from "@kenshu/sdk";
import { idFrom, identifier, openDatabase, rawSql, uuidv7 } from "../src/storage/database/database.ts";
import { issueKey } from "../src/storage/identity/identity.ts";
import { auditSeals } from "../src/storage/seals/seals.ts";
import { heldByWitnesses } from "../src/tools/cli/audit.ts";
import { bearer, type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";
import { setStage } from "./support/world/stage.ts";
import { until } from "./support/world/world.ts";

const pair = await openPair({ after });
const { facilitator, institution, admin } = pair;
const stage = await setStage(institution);

const get = async (url: string, who: Headers = {}): Promise<Json> => {
  const reply = await request(url, "GET", who);
  assert.equal(reply.status, 200, `${url}: ${reply.text}`);
  return reply.json;
};
const logOf = (url: string): Promise<Json> => get(`${url}/v1/log`);
const receiptOf = (number: string, who: Headers, query = "") =>
  request(`${institution.url}/v1/trades/${number}/receipt${query}`, "GET", who);

/** The receipt once it is witnessed. */
async function witnessedReceipt(number: string, who: Headers): Promise<Receipt> {
  let receipt: unknown;
  const events = await get(`${institution.url}/v1/trades/${number}/events`, who);
  const rows = (events["items"] as { seq: number }[]).length;
  await until("a witnessed receipt", async () => {
    const reply = await receiptOf(number, who);
    receipt = reply.json;
    if (reply.status !== 200 || (reply.json["witnesses"] as string[]).length === 0) return false;
    const proven = await verifyReceipt(receipt, await keys());
    return proven.verified && proven.events.length === rows;
  });
  return receipt as Receipt;
}

/** As a reader has them who asked both servers, some other day. */
async function keys(): Promise<{ log: string[]; witnesses: string[] }> {
  const epochs = (await get(`${institution.url}/v1/log/epochs`))["items"] as string[];
  const log = epochs.map((text) => (JSON.parse(text) as [string, number, { key: string }])[2].key);
  return { log, witnesses: [String((await logOf(facilitator.url))["witness"])] };
}

await until(
  "the logs have begun",
  async () =>
    (await request(`${institution.url}/v1/log`, "GET")).status === 200 &&
    (await request(`${facilitator.url}/v1/log`, "GET")).status === 200,
);

test("what a receipt proves is what each party is told, and it tells nobody more", async () => {
  const number = await stage.newTrade();
  await stage.post(`/v1/trades/${number}/accept`, stage.buyer, { lines: [{ line: 1, quantity: 3 }] });
  await stage.post(`/v1/trades/${number}/dispute`, stage.buyer, { reason: "the kettle leaks" });
  const decided = {
    settle: 0,
    release: 180,
    reason: "leaks indeed",
    operator: { channel: "phone", reference: "call 7", proof: "birth_date" },
  };
  await request(`${institution.url}/v1/trades/${number}/resolve`, "POST", stage.operator, decided);
  for (const who of ["shop", "buyer", "operator", "carrier"] as const) {
    const receipt = await witnessedReceipt(number, stage[who]);
    const proven = await verifyReceipt(receipt, await keys());
    assert.ok(proven.verified);
    const { items } = await get(`${institution.url}/v1/trades/${number}/events`, stage[who]);
    // The version is the server's reckoning, and not part of what was sealed.
    const told = (items as Json[]).map((event) => {
      const { version: _, ...sealed } = event;
      return sealed;
    });
    assert.deepEqual(proven.events, told, who);
    assert.deepEqual([proven.trade, proven.whole], [number, true]);
    assert.match(proven.witnesses.join(), /\/witness$/);
  }
  const text = JSON.stringify(await witnessedReceipt(number, stage.carrier));
  assert.ok(!/"(amount|settled|released|fee)\\?":/.test(text), "no price for the carrier");
  assert.ok(!text.includes(stage.ids.member), "nor the buyer");
  assert.equal((await receiptOf(number, stage.otherShop)).status, 404);
  assert.equal((await receiptOf(number, stage.otherMember)).status, 404);
  assert.equal((await receiptOf(number, stage.shop, "?event=99")).status, 404);
  const one = await receiptOf(number, stage.shop, "?event=2");
  const alone = await verifyReceipt(one.json, await keys());
  assert.ok(alone.verified && alone.events.length >= 1 && alone.events.some(({ seq }) => seq === 2));
});

test("no text of a receipt can be changed, and no key of somebody else proves it", async () => {
  const number = await stage.newTrade();
  const receipt = await witnessedReceipt(number, stage.shop);
  const known = await keys();
  const verdict = async (changed: unknown) => {
    const proven = await verifyReceipt(changed, known);
    return proven.verified && proven.witnesses.length === 1;
  };
  assert.ok(await verdict(receipt));
  // Whom it names as witnesses is a hint, and believed by nobody.
  const text = JSON.stringify({ ...receipt, witnesses: [] });
  let tried = 0;
  for (const [word] of text.matchAll(/[A-Za-z0-9+/]{6,}/g)) {
    const last = word.at(-1) === "A" ? "B" : "A";
    const changed = text.replace(word, word.slice(0, -1) + last);
    if (/^(witnesses|checkpoints)$/.test(word) || changed === text) continue;
    tried += 1;
    assert.equal(await verdict(JSON.parse(changed)), false, `${word} as ${word.slice(0, -1)}${last}`);
    if (tried > 60) break;
  }
  assert.ok(tried > 20);
  const other = String((await logOf(facilitator.url))["key"]);
  assert.deepEqual(await verifyReceipt(receipt, { log: other }), {
    verified: false,
    reason: `a checkpoint does not count: there is no key for ${new URL(institution.url).host}/log`,
  });
  for (const nothing of [
    undefined,
    null,
    [],
    {},
    { format: "kenshu-receipt/1" },
    { ...receipt, trade: "18" },
  ])
    assert.equal(await verdict(nothing), false);
  await assert.rejects(verifyReceipt(receipt, { log: "no key" }), RangeError);
});

test("a facilitated trade has its receipt at the facilitator, witnessed by the institution", async () => {
  const [shop] = facilitator.demo.shops;
  const [member] = facilitator.demo.members;
  assert.ok(shop !== undefined && member !== undefined);
  const reply = await request(`${facilitator.url}/v1/trades`, "POST", bearer(shop.key), {
    buyer: { member: member.number },
    currency: "JPY",
    amount: 700,
    approval: { mandate: member.mandates[shop.key] },
  });
  const number = String(reply.json["number"]);
  const log = {
    log: String((await logOf(facilitator.url))["key"]),
    witnesses: [String((await logOf(institution.url))["witness"])],
  };
  await until("a witnessed receipt", async () => {
    const answer = await kenshu({ url: facilitator.url, key: shop.key }).receipt(number);
    if (answer.outcome !== "done") return false;
    const proven = await verifyReceipt(answer.receipt, log);
    return (
      proven.verified &&
      proven.witnesses.length === 1 &&
      proven.events.some(({ type }) => type === "trade.reserved")
    );
  });
  const differing = async (party: "facilitator" | "institution") =>
    (await auditSeals(admin[party])).differences.map(({ what, id, field }) => `${what} ${id} ${field}`);
  assert.deepEqual([await differing("facilitator"), await differing("institution")], [[], []]);
  // Its owner leads a shop's money to another account at the institution, and puts that back.
  const swap =
    "update remote_accounts set consent = $1 where consent = $2 returning account || ' ' || institution as id";
  const [tie] = await admin.facilitator.query<{ consent: string }>(
    rawSql("select consent from remote_accounts order by account limit 1"),
  );
  const [elsewhere, before] = [uuidv7(), tie?.consent ?? ""];
  const [row] = await admin.facilitator.query<{ id: string }>(rawSql(swap, [elsewhere, before]));
  await admin.facilitator.query(rawSql(swap, [before, elsewhere]));
  const named = `right remote_accounts ${row?.id} writer`;
  assert.deepEqual(await differing("facilitator"), [named, named]);
});

test("who kept a checkpoint is shown that the log only added to it", async () => {
  const client = kenshu({ url: institution.url });
  const known = await keys();
  const first = await client.log();
  assert.ok(first.outcome === "done");
  const kept = await verifyLog(first.state, known);
  assert.ok(kept.verified);
  await stage.newTrade();
  await until(
    "more in the log",
    async () => Number((await logOf(institution.url))["size"]) > kept.checkpoint.size,
  );
  const later = await client.log({ since: kept.checkpoint.size });
  assert.ok(later.outcome === "done");
  const now = await verifyLog(later.state, known, kept.checkpoint.note);
  assert.ok(now.verified && now.checkpoint.size > kept.checkpoint.size);
  const wrong = {
    ...later.state,
    proof: later.state.proof.toReversed().map((hash) => hash.replace(/^./, "0")),
  };
  assert.ok(!(await verifyLog(wrong, known, kept.checkpoint.note)).verified);
  const back = await verifyLog(first.state, known, now.checkpoint.note);
  assert.deepEqual(back.verified ? "" : back.reason, "shorter");
});

const tablesOf = async (): Promise<string[]> => {
  const rows = await admin.institution.query<{ name: string }>(
    rawSql(
      "select tablename as name from pg_tables where schemaname = current_schema() and tablename not like 'saved\\_%'",
    ),
  );
  return rows.map(({ name }) => name);
};

/** What a backup is: every table as it was. */
async function backUp(): Promise<void> {
  for (const name of await tablesOf())
    await admin.institution.execute(
      rawSql(`create table ${identifier(`saved_${name}`)} as table ${identifier(name)}`),
    );
}

async function setBack(): Promise<void> {
  const names = (await tablesOf()).map(identifier);
  await admin.institution.transaction(async (client) => {
    await client.execute(rawSql("set local session_replication_role = replica"));
    await client.execute(rawSql(`truncate ${names.join()}`));
    for (const name of await tablesOf())
      await client.execute(
        rawSql(`insert into ${identifier(name)} select * from ${identifier(`saved_${name}`)}`),
      );
  });
}

const audited = async (): Promise<string[]> => {
  const database = openDatabase({ ...pair.places.institution, max: 2 });
  const { held, unreachable } = await heldByWitnesses(database, [facilitator.url]);
  assert.deepEqual(unreachable, []);
  const { differences } = await auditSeals(database, { held });
  await database.close();
  return differences.map(({ what, id, field }) => `${what} ${id} ${field}`);
};

/** An operator whom another has made two days ago. */
async function puppetOf(maker: string): Promise<{ id: string; who: Headers }> {
  const id = uuidv7();
  const key = await admin.institution.transaction(async (client) => {
    await client.execute(rawSql("set local role kenshu_app"));
    await client.execute(
      rawSql("insert into operators values ($1, 'Puppet', 'active', now() - interval '2 days', $2)", [
        id,
        maker,
      ]),
    );
    return (await issueKey(client, { ownerKind: "operator", owner: id, label: "puppet" })).key;
  });
  return { id, who: bearer(key) };
}

const halted = async (): Promise<Json | null> => (await logOf(institution.url))["halted"] as Json | null;
/** Until the witness has signed the log as it stands. */
const witnessed = (): Promise<void> =>
  until("the log is witnessed", async () =>
    /\/witness /.test(String((await logOf(institution.url))["note"])),
  );

/** Somebody who keeps the last checkpoint of the institution's log that they saw. */
async function readerOf() {
  const known = { log: String((await logOf(institution.url))["key"]) };
  const client = kenshu({ url: institution.url });
  let kept: Checkpoint | undefined;
  return {
    size: () => kept?.size ?? 0,
    look: async () => {
      const verdict = await followLog({ client, keys: known, kept: kept?.note });
      if (verdict.verified) kept = verdict.checkpoint;
      return verdict.verified ? "verified" : verdict.reason;
    },
  };
}

test("a database that was set back cannot pass for what it was: no receipts until two operators begin a new epoch", async () => {
  await stage.newTrade();
  await witnessed();
  await pair.takeInstitutionAway();
  await backUp();
  await pair.bringInstitutionBack();
  const size = Number((await logOf(institution.url))["size"]);
  const lost = await stage.newTrade();
  await until("more in the log", async () => Number((await logOf(institution.url))["size"]) > size);
  await witnessed();
  assert.deepEqual(await audited(), []);
  const reader = await readerOf();
  await reader.look();
  await pair.takeInstitutionAway();
  await setBack();
  await pair.bringInstitutionBack();
  assert.equal(await reader.look(), "shorter");
  assert.match((await audited()).join("\n"), /^log the first/m, "the witness holds more");

  const number = await stage.newTrade();
  await until("the witness has refused", async () => (await halted()) !== null);
  assert.equal((await receiptOf(lost, stage.shop)).status, 404);
  assert.equal((await receiptOf(number, stage.shop)).json["code"], "log_halted");
  while (Number((await logOf(institution.url))["size"]) < reader.size()) await stage.newTrade();
  assert.equal(await reader.look(), "rewritten", "who kept a checkpoint finds it without any witness");
  await stage.post(`/v1/trades/${number}/accept`, stage.buyer, {});

  const common = (await halted())?.["common"] as { size: number; root: string };
  assert.ok(common.size > 1 && common.size <= size);
  const [one, two] = await Promise.all(institution.demo.operators.map((who) => signIn(institution.url, who)));
  const wish = { epoch: 2, after: common, reason: "the disk was lost, the backup of the night is back" };
  const begin = (who: Headers | undefined, body: Json) =>
    request(`${institution.url}/v1/log/epochs`, "POST", who ?? {}, body);
  assert.equal(
    (await begin(one, { ...wish, after: { ...common, size: common.size - 1 } })).json["code"],
    "invalid_field",
  );
  assert.equal((await begin(one, wish)).status, 202);
  assert.equal((await begin(one, wish)).status, 202, "one operator is not two");
  const puppet = await puppetOf(idFrom("operator of the demo"));
  assert.equal((await begin(puppet.who, wish)).status, 202, "nor are two of whom one has made the other");
  const begun = await begin(two, wish);
  assert.equal(begun.status, 201, begun.text);
  assert.equal((await begin(two, wish)).json["code"], "not_found");

  const proven = await verifyReceipt(await witnessedReceipt(number, stage.shop), await keys());
  assert.ok(proven.verified && proven.whole);
  const [, , said] = JSON.parse(
    ((await get(`${institution.url}/v1/log/epochs`))["items"] as string[])[1] ?? "",
  ) as [string, number, Json];
  const operators = said["operators"] as string[];
  assert.deepEqual(
    [said["after"], operators.length, operators.includes(puppet.id)],
    [{ epoch: 1, ...common }, 2, false],
  );
  await witnessed();
  assert.deepEqual(await audited(), []);
});
