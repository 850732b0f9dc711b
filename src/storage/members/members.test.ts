import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { testVault } from "../../../test/support/world/vault.ts";
import { errorCode, rawSql, uuidv7 } from "../database/database.ts";
import * as members from "./members.ts";

const { database } = await freshDatabase({ after }, "trading");
const at = new Date("2026-11-22T10:00:00Z");
const later = new Date("2031-11-22T10:00:00Z");

let numbers = 1_000_000_000n;

async function member(change: Partial<members.NewMember> = {}): Promise<members.NewMember> {
  numbers += 1n;
  const entry: members.NewMember = {
    id: uuidv7(),
    number: numbers,
    state: "active",
    name: "Hana Sato",
    kana: "サトウ　ハナ",
    address: "1-1 Chiyoda, Tokyo",
    birthDate: "1990-04-01",
    email: "hana@example.com",
    phone: "03-1234-5678",
    ...change,
  };
  assert.equal(await members.insertMember(database, testVault, entry), true);
  return entry;
}

async function method(person: string, change: Partial<members.NewMethod> = {}): Promise<members.NewMethod> {
  const wish = { id: uuidv7(), person, kind: "deposit" as const, currency: "JPY", account: uuidv7() };
  const entry = { ...wish, state: "active" as const, token: null, wishedLimit: null, ...change };
  await members.insertMethod(database, entry);
  return entry;
}

async function mandate(person: string, limit = 1000n): Promise<string> {
  const id = uuidv7();
  const terms = { id, person, shop: uuidv7(), currency: "JPY", limit, until: later, method: null };
  await members.insertMandates(database, [terms], ["buyer", "shop"], null);
  return id;
}

/** The SQLSTATE with which the database refuses. */
async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => errorCode(error),
  );
}

test("people are found by number and by id, and nobody else is", async () => {
  const one = await member();
  const two = await member({ state: "provisional" });
  const found = await members.readPeopleById(database, [two.id, one.id, uuidv7()]);
  assert.deepEqual(
    new Set(found.map(({ id, number, state, kind }) => [id, number, state, kind])),
    new Set([
      [one.id, one.number, "active", "member"],
      [two.id, two.number, "provisional", "member"],
    ]),
  );
  assert.equal((await members.findMember(database, two.number))?.id, two.id);
  assert.equal(await members.findMember(database, 7n), undefined);
  assert.equal(await members.lockMember(database, 7n), undefined);
  assert.equal(
    await members.insertMember(database, testVault, { ...two, id: uuidv7() }),
    false,
    "a number is given once",
  );
  assert.deepEqual(await members.readPeopleById(database, []), []);
});

test("means come by method, person, number and mandate, the oldest first, each once", async () => {
  const people = [await member(), await member(), await member()];
  const [a, b, c] = people.map(({ id }) => id);
  const first = await method(a ?? "");
  const second = await method(b ?? "", { kind: "credit", account: null, state: "pending", wishedLimit: 5n });
  const third = await method(b ?? "");
  const last = await method(c ?? "");
  const none = { methods: [], people: [], memberNumbers: [], mandates: [] };
  const cases: [string, Partial<members.SoughtBuyers>, string[]][] = [
    ["by method", { methods: [last.id, first.id] }, [first.id, last.id]],
    ["by person", { people: [b ?? ""] }, [second.id, third.id]],
    ["by number", { memberNumbers: [people[0]?.number ?? 0n, 7n] }, [first.id]],
    ["by mandate", { mandates: [await mandate(b ?? "")] }, [second.id, third.id]],
    ["in two ways", { methods: [third.id], people: [b ?? ""] }, [second.id, third.id]],
    ["not at all", {}, []],
  ];
  for (const [name, sought, ids] of cases) {
    const found = await members.readMethods(database, { ...none, ...sought });
    assert.deepEqual(
      found.map(({ id }) => id),
      ids,
      name,
    );
  }
  const buyers = await members.readBuyers(database, {
    ...none,
    people: [a ?? ""],
    mandates: [await mandate(a ?? "")],
  });
  assert.deepEqual(
    buyers.map(({ id }) => id),
    [a],
  );
});

test("an insert that breaks a rule of the tables is refused", async () => {
  const person = (await member()).id;
  const limited = await mandate(person, 10n);
  const cases: [string, string, () => Promise<unknown>][] = [
    ["an active method without an account", "23514", () => method(person, { account: null })],
    ["a currency that is no code", "23514", () => method(person, { currency: "yen" })],
    ["a wish for nothing", "23514", () => method(person, { wishedLimit: 0n })],
    ["a method of nobody", "23503", () => method(uuidv7())],
    ["more used than allowed", "23514", () => members.writeMandates(database, [{ id: limited, used: 11n }])],
    ["less used than nothing", "23514", () => members.writeMandates(database, [{ id: limited, used: -1n }])],
    ["a mandate over nothing", "23514", () => mandate(person, 0n)],
    [
      "a person who is erased and still has a name",
      "23514",
      () =>
        database.execute(
          rawSql("update people set state = 'erased', erased_at = now() where id = $1", [person]),
        ),
    ],
  ];
  for (const [name, code, work] of cases) assert.equal(await refusal(work()), code, name);
});

test("mandates are locked until the transaction ends, and what was used is seen by the next", async () => {
  const person = (await member()).id;
  const [one, two] = [await mandate(person), await mandate(person)];
  const use = (amount: bigint): Promise<boolean> =>
    database.transaction(async (client) => {
      const rows = await members.lockMandates(client, [two, one]);
      assert.deepEqual(
        rows.map(({ id }) => id),
        [one, two],
        "in the order of their ids",
      );
      const row = rows[0];
      if (row === undefined || row.used + amount > row.limit) return false;
      await members.writeMandates(client, [{ id: row.id, used: row.used + amount }]);
      return true;
    });
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => use(300n)));
  assert.equal(outcomes.filter(Boolean).length, 3, "3 x 300 fit into 1000");
  const [row] = await database.transaction((client) => members.lockMandates(client, [one]));
  assert.deepEqual([row?.used, row?.revoked, row?.acceptors], [900n, false, ["buyer", "shop"]]);
});

test("a mandate is revoked by its owner only, and stays revoked", async () => {
  const [owner, stranger] = [(await member()).id, (await member()).id];
  const id = await mandate(owner);
  assert.equal(await members.revokeMandate(database, stranger, id), undefined);
  assert.equal(await members.revokeMandate(database, owner, uuidv7()), undefined);
  const ended = await members.revokeMandate(database, owner, id);
  const [first] = await members.listMandates(database, owner, 10);
  assert.deepEqual(ended, { shop: first?.shop, at: first?.revokedAt });
  assert.equal(await members.revokeMandate(database, owner, id), "over", "again is no harm");
  const [second] = await members.listMandates(database, owner, 10);
  assert.deepEqual(second?.revokedAt, first?.revokedAt);
});

test("mandates are listed page by page", async () => {
  const person = (await member()).id;
  const ids = [await mandate(person), await mandate(person), await mandate(person)];
  const page = (await members.listMandates(database, person, 2)).map(({ id }) => id);
  const rest = (await members.listMandates(database, person, 2, page[1])).map(({ id }) => id);
  assert.deepEqual([...page, ...rest], ids);
});

test("a voucher goes to one of all who claim it at once", async () => {
  const code = "kp_one";
  await members.insertVouchers(database, [{ code, account: uuidv7(), currency: "JPY" }]);
  const people = await Promise.all(Array.from({ length: 6 }, async () => (await member()).id));
  const claims = await Promise.all(
    people.map((person) => database.transaction((client) => members.claimVoucher(client, code, person))),
  );
  const winners = people.filter((_, index) => claims[index] !== undefined);
  assert.equal(winners.length, 1);
  const [row] = await members.readVouchers(database, [code, "kp_other"]);
  assert.deepEqual([row?.code, row?.claimedBy], [code, winners[0]]);
  assert.equal(await members.claimVoucher(database, "kp_other", people[0] ?? ""), undefined);
  const rows = await database.query<{ text: string }>(rawSql("select vouchers::text as text from vouchers"));
  assert.ok(
    rows.every(({ text }) => !text.includes(code)),
    "only the hash of a code is kept",
  );
});

function guest(id: string, token: string | null): members.NewGuest {
  const own = {
    id,
    name: "Taro",
    kana: null,
    address: "Osaka",
    birthDate: "1980-02-29",
    email: null,
    phone: "06-1",
  };
  const wish = { id: uuidv7(), kind: "prepaid" as const, currency: "JPY", account: uuidv7(), token };
  return { ...own, method: { ...wish, state: "active" } };
}

test("guests come in with one method each and go out with everything personal", async () => {
  const [one, two] = [guest(uuidv7(), "a-token"), guest(uuidv7(), null)];
  await members.insertGuests(database, testVault, [one, two], at);
  await members.insertGuests(database, testVault, [], at);
  const people = await members.readPeopleById(database, [one.id, two.id]);
  assert.deepEqual(
    people.map(({ kind, number, state }) => [kind, number, state]),
    [
      ["guest", null, "active"],
      ["guest", null, "active"],
    ],
  );
  assert.equal((await members.listMethods(database, one.id)).length, 1);
  assert.equal(await members.erasePeople(database, [one.id], at), 1);
  assert.equal(await members.erasePeople(database, [one.id], at), 0, "once");
  assert.equal(await members.erasePeople(database, [], at), 0);
  const [gone, stays] = await members.readPeopleById(database, [one.id, two.id]);
  assert.deepEqual(new Set([gone?.state, stays?.state]), new Set(["active", "erased"]));
});

test("erasure empties every personal column and ends every way in", async () => {
  const { id, number } = await member({ name: "Erika Mustermann", email: "erika@example.com" });
  await method(id, { token: "bank-token" });
  const leave = await mandate(id);
  const login = uuidv7();
  const plant = [
    rawSql(
      "insert into logins (id, address_hmac, password_hash, subject_kind, subject, created_at) values ($1, '\\x02', 'h', 'member', $2, now())",
      [login, id],
    ),
    rawSql("insert into sessions values ('\\x01', $1, now(), now() + interval '1 day')", [login]),
  ];
  for (const statement of plant) await database.execute(statement);
  assert.equal(await members.erasePeople(database, [id], at), 1);
  for (const table of ["people", "methods", "logins", "sessions"]) {
    const rows = await database.query<{ text: string }>(rawSql(`select t::text as text from ${table} t`));
    const text = rows.map((row) => row.text).join("\n");
    for (const trace of ["Erika", "erika", members.tokenHash("bank-token").toString("hex"), login]) {
      assert.ok(!text.includes(trace), `${trace} is still in ${table}`);
    }
  }
  assert.equal((await members.findMember(database, number))?.state, "erased");
  const [row] = await database.transaction((client) => members.lockMandates(client, [leave]));
  assert.equal(row?.revoked, true);
  assert.equal((await members.listMethods(database, id))[0]?.state, "closed");
});
