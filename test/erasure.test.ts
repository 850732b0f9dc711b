/**
 * Personal data can be forgotten (patent 0044, 0088): unique values go in by every way there is, are used, and are erased.
 * Neither before nor after does anything that the server keeps hold one of them in clear: no table, no file of
 * PostgreSQL's, the log for recovery included, and no line of the server's log. What is not personal is found by the same
 * search, so that the search is known to see.
 */
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { readPersonalData } from "../src/storage/members/members.ts";
import { approveAsGuest, Visitor } from "./support/wire/guests.ts";
import { bearer, type Json, request, signIn } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { testVault } from "./support/world/vault.ts";
import { spoken } from "./support/world/operators.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, log: "debug" });
const { url, database, demo } = world;
const stage = await setStage(world);
const { admin, post, shop } = stage;

const canaries = {
  guestName: "Zquest Canarius",
  guestAddress: "77 Vogelbauer Row, Quail Town",
  guestBirth: "1931-07-19",
  guestEmail: "zquest.canarius@nowhere.example",
  guestPhone: "0998-765-4301",
  memberName: "Zmember Canarina",
  memberAddress: "88 Kanarienweg, Finch City",
  memberBirth: "1932-08-21",
  memberEmail: "zmember.canarina@nowhere.example",
  memberPhone: "0998-765-4302",
  memberNewEmail: "zmember.nova@nowhere.example",
  recipientName: "Zrecipient Canaria",
  recipientAddress: "99 Goldfinch Lane, Wren Village",
  recipientPhone: "0998-765-4303",
  // As they are kept: in full-width katakana.
  guestKana: "ゼクエストカナリウス",
  memberKana: "ゼメンバカナリナ",
  recipientKana: "ゼレシピエントカナリア",
};
const seen = "Aoi Tea";
const password = "a long password of nobody";

/** A value as it may lie about: as text, and as the bytes of the text in hex. */
const forms = (value: string): string[] => [value, Buffer.from(value).toString("hex")];

async function everyRow(): Promise<string> {
  const tables = await database.query<{ name: string }>(
    rawSql("select table_name as name from information_schema.tables where table_schema = 'institution'"),
  );
  const dumps = tables.map(({ name }) =>
    database.query<{ row: string }>(rawSql(`select t::text as row from "${name}" t`)),
  );
  return (await Promise.all(dumps)).flatMap((rows) => rows.map(({ row }) => row)).join("\n");
}

async function filesWith(values: readonly string[]): Promise<Map<string, string[]>> {
  await database.execute(rawSql("checkpoint"));
  const [setting] = await database.query<{ dir: string }>(
    rawSql("select current_setting('data_directory') as dir"),
  );
  const dir = setting?.dir ?? "";
  const found = new Map<string, string[]>(values.map((value) => [value, []]));
  for (const name of await readdir(dir, { recursive: true })) {
    const path = join(dir, name);
    // A file of PostgreSQL's may go while they are being listed.
    const known = await stat(path).catch(() => undefined);
    if (known === undefined || !known.isFile()) continue;
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    for (const [value, files] of found) if (bytes.includes(value)) files.push(name);
  }
  return found;
}

async function nothingInClear(when: string): Promise<void> {
  const rows = await everyRow();
  const log = await world.log();
  const files = await filesWith([seen, ...Object.values(canaries)]);
  assert.ok(rows.includes(seen), "the search sees what is there");
  assert.notDeepEqual(files.get(seen), [], "the search of the files sees what is there");
  assert.ok(
    files.get(seen)?.some((name) => name.startsWith("pg_wal")),
    "the search of the log for recovery sees what is there",
  );
  for (const [name, value] of Object.entries(canaries)) {
    for (const form of forms(value)) {
      assert.ok(!rows.includes(form), `${when}: ${name} stands in a table`);
      assert.ok(!log.includes(form), `${when}: ${name} stands in the log`);
    }
    assert.deepEqual(files.get(value), [], `${when}: ${name} stands in a file`);
  }
}

/** Who is sealed under keys, people and trades alike. */
async function subjects(): Promise<Set<string>> {
  const rows = await database.query<{ subject: string }>(rawSql("select subject from personal_keys"));
  return new Set(rows.map(({ subject }) => subject));
}

async function idOf(query: string, values: string[]): Promise<string> {
  const [row] = await database.query<{ id: string }>(rawSql(query, values));
  assert.ok(row);
  return row.id;
}

const contact = { email: canaries.memberEmail, phone: canaries.memberPhone };
const { memberName: name, memberAddress: address, memberBirth: birthDate } = canaries;
const kana = canaries.memberKana;
const application = { name, kana, address, birthDate, contact, password };
const number = String((await post("/v1/members", {}, application))["number"]);
const member = await signIn(url, { email: canaries.memberEmail, password });

/** They ask for another address, for a password, and change their telephone number to what it is. */
async function changesOfMember(): Promise<void> {
  const wish = { email: canaries.memberNewEmail, password };
  const asked = await request(`${url}/v1/members/${number}/email`, "POST", member, wish);
  assert.equal(asked.status, 202, asked.text);
  const change = { phone: `${canaries.memberPhone}9`, password };
  for (const phone of [change.phone, canaries.memberPhone]) {
    const changed = await request(`${url}/v1/members/${number}/profile`, "POST", member, {
      ...change,
      phone,
    });
    assert.equal(changed.status, 200, changed.text);
  }
  await post("/v1/password-resets", {}, { email: canaries.memberEmail });
}

async function orderOfGuest(): Promise<string> {
  const [voucher] = demo.vouchers;
  assert.ok(voucher);
  const guest = {
    name: canaries.guestName,
    kana: canaries.guestKana,
    address: canaries.guestAddress,
  };
  const recipient = {
    name: canaries.recipientName,
    kana: canaries.recipientKana,
    address: canaries.recipientAddress,
    contact: { phone: canaries.recipientPhone },
  };
  const order: Json = { buyer: { guest }, currency: "JPY", amount: 700, shop: stage.ids.shop, recipient };
  const headers = { ...admin, "idempotency-key": "order-of-the-guest" };
  const { number, approveUrl } = await post("/v1/trades", headers, order);
  const approval = { number: String(number), approveUrl: String(approveUrl) };
  // Another browser asks for a code and never comes back.
  const other = new Visitor();
  await other.get(approval.approveUrl);
  const page = `${url}/trades/${approval.number}/approve`;
  const { status } = await other.send(page, "guest-address-form", { email: canaries.guestEmail });
  assert.equal(status, 303);
  await approveAsGuest(new Visitor(), admin, approval, {
    email: canaries.guestEmail,
    token: voucher.code,
    name: canaries.guestName,
    kana: canaries.guestKana,
    address: canaries.guestAddress,
    birthDate: canaries.guestBirth,
    phone: canaries.guestPhone,
  });
  return approval.number;
}

const trade = await orderOfGuest();
const ids = {
  member: await idOf("select id from people where number = $1", [number]),
  guest: await idOf("select buyer as id from trades where number = $1", [trade]),
  recipient: await idOf("select id from trades where number = $1", [trade]),
};

await changesOfMember();

test("those who may read them do, and nothing that is kept has them in clear", async () => {
  const read = await request(`${url}/v1/members/${number}`, "GET", member);
  assert.deepEqual(
    { ...read.json, methods: [], createdAt: "" },
    {
      number,
      state: "active",
      name,
      kana,
      address,
      birthDate,
      contact,
      methods: [],
      createdAt: "",
    },
  );
  const recipient = await request(`${url}/v1/trades/${trade}/recipient`, "GET", shop);
  assert.equal(recipient.json["address"], canaries.recipientAddress);
  // What an operator is answered is kept for repetitions.
  const once = { ...admin, "idempotency-key": "suspended" };
  await post(`/v1/members/${number}/suspend`, once, {});
  await post(`/v1/members/${number}/resume`, admin, {});
  // What is refused is logged at most by its code.
  const taken = { ...application, birthDate: "2999-01-01" };
  assert.equal((await request(`${url}/v1/members`, "POST", {}, taken)).status, 422);
  assert.equal(
    (await request(`${url}/v1/sessions`, "POST", {}, { email: canaries.memberEmail, password: "wrong" }))
      .status,
    401,
  );
  await nothingInClear("before");
  const before = await subjects();
  for (const id of Object.values(ids)) assert.ok(before.has(id));
});

test("after erasing nobody can open them, and books, events and proofs stay", async () => {
  await post(`/v1/trades/${trade}/accept`, admin, { operator: spoken });
  await post("/v1/test-clock/advance", admin, { by: "P20D" });
  assert.equal((await request(`${url}/v1/members/${number}`, "DELETE", member)).status, 204);
  const left = await subjects();
  for (const [who, id] of Object.entries(ids)) assert.ok(!left.has(id), `the key of the ${who} is gone`);
  for (const id of [ids.member, ids.guest]) {
    assert.equal(await readPersonalData(database, testVault, id), undefined);
  }
  const asked = await database.query(rawSql("select from guest_contacts"));
  const said = await database.query(rawSql("select from guest_forms"));
  const changes = await database.query(rawSql("select from email_changes"));
  const letters = await database.query(rawSql("select from letters where subject is not null"));
  assert.deepEqual([changes.length, letters.length], [0, 0], "nor where they wanted to be reached");
  assert.deepEqual(
    [asked.length, said.length],
    [0, 0],
    "nor is it kept who asked for a code, or was named by a shop",
  );
  await nothingInClear("after");
  assert.deepEqual(await world.audit(), []);
  const read = await request(`${url}/v1/trades/${trade}`, "GET", shop);
  assert.deepEqual([read.json["state"], read.json["settled"]], ["settled", 700]);
  const { items } = (await request(`${url}/v1/trades/${trade}/events`, "GET", bearer(demo.adminKey)))
    .json as {
    items: { type: string }[];
  };
  const types = items.map(({ type }) => type);
  for (const type of ["trade.proposed", "trade.reserved", "trade.accepted", "trade.settled"]) {
    assert.ok(types.includes(type), `${type} of ${types.join()}`);
  }
  assert.equal((await request(`${url}/v1/trades/${trade}/recipient`, "GET", shop)).status, 404);
});
