/** What a session alone does not do at the shop's office, who is written down, and how often a password may be wrong. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type Client, type Database, randomToken, rawSql } from "../../storage/database/database.ts";
import { openShop, staffPassword, Visitor } from "../../../test/support/world/shop-visit.ts";
import { memberOf, openSession, secretsOf, setPassword } from "../shop-staff/shop-staff.ts";

const password = "a long password";
const ownPassword = staffPassword;

async function withManager(t: TestContext) {
  const shop = await openShop(t);
  const owner = await shop.staff();
  const rin = { name: "Rin", signIn: "rin", password, role: "manager", ownPassword };
  await owner.press("/staff/team", "/staff/team", rin);
  const manager = new Visitor(shop.server);
  await manager.post("/staff/sign-in", { name: "rin", password });
  const member = (await memberOf(shop.database, "rin", password)) ?? assert.fail();
  return { ...shop, owner, manager, member };
}

const rows = (database: Database) =>
  database.query<{ madeBy: string; act: string; whom: string | null; said: string | null }>(
    rawSql(`select made_by as "madeBy", act, sign_in as whom, said from staff_record
      left join staff_members on staff_members.id = member order by staff_record.id`),
  );

test("who has only the session of an owner adds nobody and changes nobody's account; what an owner does is written down", async (t) => {
  const { owner, manager, member, database } = await withManager(t);
  const at = `/staff/team/${member.id}`;
  const thief = { name: "Eve", signIn: "eve", password: "eve's own password", role: "owner" };
  for (const said of [{}, { ownPassword: "" }, { ownPassword: "not it" }, { ownPassword: password }])
    for (const [path, fields] of [
      ["/staff/team", thief],
      [`${at}/role`, { role: "owner" }],
      [`${at}/password`, { password: "eve's own password" }],
      [`${at}/end`, {}],
    ] as const) {
      const { status, page } = await owner.press("/staff/team", path, { ...fields, ...said });
      assert.equal(status, 422, path);
      const id =
        path === "/staff/team" ? "ownPassword" : `${path.slice(at.length + 1)}-${member.id}-ownPassword`;
      assert.ok(page.includes(`id="${id}-error"`) && page.includes(`href="#${id}"`), path);
      assert.ok(!page.includes("eve&#39;s own password") && !page.includes("eve's own password"));
    }
  assert.equal((await manager.get("/staff/money")).status, 200, "nothing happened to them");
  assert.equal((await rows(database)).length, 1);
  await owner.press("/staff/team", `${at}/role`, { role: "owner", ownPassword });
  // One of the owners is now named, and shows a password of theirs, not that of the configuration.
  const kei = { name: "Kei", signIn: "kei", password, role: "clerk" };
  assert.equal((await manager.press("/staff/team", "/staff/team", { ...kei, ownPassword })).status, 422);
  await manager.press("/staff/team", "/staff/team", { ...kei, ownPassword: password });
  await owner.press("/staff/team", `${at}/password`, { password: "quite another one", ownPassword });
  await owner.press("/staff/team", `${at}/end`, { ownPassword });
  assert.deepEqual(
    (await rows(database)).map(({ madeBy, act, whom, said }) => [madeBy, act, whom, said]),
    [
      ["owner", "add", "rin", "manager"],
      ["owner", "role", "rin", "owner"],
      ["rin", "add", "kei", "clerk"],
      ["owner", "password", "rin", null],
      ["owner", "end", "rin", null],
    ],
  );
  const { page } = await owner.get("/staff/team");
  assert.match(page, /id="record".*<bdi>rin<\/bdi> added <bdi>kei<\/bdi>: Clerk/s);
  assert.match(page, /<bdi>owner<\/bdi> gave <bdi>rin<\/bdi> another password/);
  await database.execute(
    rawSql(`insert into staff_record (id, made_by, act, said)
      select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'owner', 'returns', 'place ' || n
      from generate_series(1, 60) as n`),
  );
  const first = (await owner.get("/staff/team")).page;
  const older = /href="(\/staff\/team\?before=[0-9a-f-]{36})"/.exec(first)?.[1] ?? assert.fail();
  const second = (await owner.get(older)).page;
  assert.ok(second.includes("<bdi>place 1</bdi>") && !first.includes("<bdi>place 1</bdi>"));
  assert.equal([...`${first}${second}`.matchAll(/data-act=/g)].length, 65);
});

test("goods are had sent elsewhere by somebody who shows who they are, and it is written down who", async (t) => {
  const { owner, manager, institution, database } = await withManager(t);
  const place = { name: "Kanda Goods", address: "1-2-3 Kanda", phone: "" };
  const told = institution.seen.length;
  for (const said of [{}, { ownPassword: "not it" }, { ownPassword: staffPassword }]) {
    const { status, page } = await manager.post("/staff/returns", { ...place, ...said });
    assert.equal(status, 422);
    assert.match(page, /id="ownPassword-error"/);
    assert.match(page, /value="Kanda Goods"/, "what was typed is kept");
  }
  assert.equal(institution.seen.length, told);
  assert.equal((await rows(database)).length, 1);
  assert.match((await manager.post("/staff/returns", { ...place, ownPassword: password })).page, /id="told"/);
  assert.deepEqual((await rows(database)).at(-1), {
    madeBy: "rin",
    act: "returns",
    whom: null,
    said: "Kanda Goods, 1-2-3 Kanda",
  });
  assert.match(
    (await owner.get("/staff/team")).page,
    /<bdi>rin<\/bdi> had goods sent back to: <bdi>Kanda Goods/,
  );
});

test("a name is guessed at so often and no more, from wherever; who is signed in is not kept from their work by it", async (t) => {
  const { server, owner, member, database, another } = await withManager(t);
  const servers = [server, (await another()).server];
  const sign = (count: number, name: string, secret: string) =>
    new Visitor(servers[count % 2] ?? server).post("/staff/sign-in", { name, password: secret });
  const taken: number[] = [];
  for (let count = 0; count < 22; count += 1)
    taken.push((await sign(count, count % 3 === 0 ? "ＲＩＮ" : "rin", `wrong ${count}`)).status);
  assert.deepEqual(taken, [...Array.from({ length: 20 }, () => 401), 429, 429]);
  const right = await sign(0, "rin", password);
  assert.equal(right.status, 429, "even the right one");
  assert.match(right.page, /a quarter of an hour/);
  assert.equal((await sign(0, "", staffPassword)).location, "/staff", "others sign in");
  const role = `/staff/team/${member.id}/role`;
  assert.equal((await owner.press("/staff/team", role, { role: "clerk", ownPassword })).status, 303);
  await database.execute(rawSql("update staff_tries set until = clock_timestamp()"));
  assert.equal((await sign(0, "rin", password)).location, "/staff");
  // A session that was stolen guesses no more than that, either.
  for (let count = 0; count < 20; count += 1)
    await owner.press("/staff/team", role, { role: "owner", ownPassword: `wrong ${count}` });
  assert.match(
    (await owner.press("/staff/team", role, { role: "owner", ownPassword })).page,
    /a quarter of an/,
  );
  assert.equal((await memberOf(database, "rin", password))?.role, "clerk");
  const stored = await database.query(rawSql("select staff_tries::text from staff_tries"));
  assert.ok(!JSON.stringify(stored).includes("rin"));
});

test("no session is opened with a password that was changed while it was looked at", async (t) => {
  const { database, member } = await withManager(t);
  const open = (hash: Buffer) =>
    openSession(database, Buffer.from(randomToken(32), "base64url"), 60, { id: member.id, hash });
  const sessions = () =>
    database.query(
      rawSql("select 1 from staff_sessions where member is not null and expires_at > clock_timestamp()"),
    );
  const secrets = await secretsOf("quite another one");
  const late: Promise<boolean>[] = [];
  await database.transaction(async (client) => {
    await setPassword(client, member.id, secrets);
    late.push(open(member.hash));
    await waitsForLock(client);
  });
  assert.deepEqual(await Promise.all(late), [false]);
  assert.deepEqual(await sessions(), []);
  assert.equal(await open(secrets.hash), true);
  await database.transaction((client) => setPassword(client, member.id, secrets));
  assert.deepEqual(await sessions(), []);
});

/** Waits until a session that is being opened waits for this transaction. */
async function waitsForLock(client: Client): Promise<void> {
  for (let count = 0; count < 10_000; count += 1) {
    const waiting = await client.query(
      rawSql("select 1 from pg_locks where not granted and transactionid = pg_current_xact_id()::xid"),
    );
    if (waiting.length > 0) return;
  }
  assert.fail("nothing waited");
}
