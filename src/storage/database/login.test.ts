/** The role by which servers sign in, on the PostgreSQL that comes along. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { checkLogin, type Database, makeServerLogin, openDatabase, rawSql } from "./database.ts";

const endings: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of endings.reverse()) await end();
});
const { url, schema, database } = await freshDatabase({ after: (end) => endings.push(end) }, "trading");
const admin = openDatabase({ url, schema });
const made: string[] = [];
const nameOf = (what: string) => `kenshu_${what}_${process.pid}`;

/** A connection under a login that has these words said about it by an administrator. */
async function signedIn(what: string, ...words: string[]): Promise<Database> {
  const login = nameOf(what);
  made.unshift(login);
  const address = await makeServerLogin({
    url,
    role: "kenshu_app",
    login,
    password: "a 'quoted' / password",
  });
  for (const each of words) await admin.execute(rawSql(each.replaceAll("LOGIN", login)));
  return openDatabase({ url: address, schema, role: "kenshu_app", max: 1 });
}

endings.push(async () => {
  for (const login of made) await admin.execute(rawSql(`drop owned by ${login}`));
  for (const login of made) await admin.execute(rawSql(`drop role ${login}`));
  await admin.close();
});

test("a server works as its role, and has no way to more", async (t) => {
  const server = await signedIn("server");
  t.after(() => server.close());
  await checkLogin(server);
  for (const back of ["reset role", "set role none"]) {
    await server.execute(rawSql(back));
    // PostgreSQL answers with a warning that nothing was granted.
    await server.execute(rawSql("grant update on entries to kenshu_app"));
    for (const more of [
      "update entries set account = null",
      "delete from trade_events",
      "truncate entries",
      "drop table entries",
      "alter table holds drop constraint if exists anything",
      "create table more (id int)",
      "create role more",
      "set role postgres",
      "set session authorization postgres",
      "update schema_migrations set version = 0",
      "copy entries to program 'true'",
    ])
      await assert.rejects(
        server.execute(rawSql(more)),
        /permission denied|must be owner|must be a member/,
        more,
      );
    assert.equal((await server.query(rawSql("select from parties"))).length, 0, "and it reads what it must");
  }
});

test("made again, a login has the new password and nothing else is changed", async () => {
  const login = nameOf("again");
  made.unshift(login);
  const addresses = await Promise.all(
    ["one", "one"].map((password) => makeServerLogin({ url, role: "kenshu_app", login, password })),
  );
  assert.equal(addresses[0], addresses[1]);
  const address = await makeServerLogin({ url, role: "kenshu_app", login, password: "two" });
  const server = openDatabase({ url: address, schema });
  await checkLogin(server);
  await server.close();
});

for (const [what, says, ...words] of [
  ["creator", /may become kenshu_creator/, "alter role LOGIN createrole"],
  ["owner", /owns entries/, "alter table entries owner to LOGIN"],
  ["reader", /may become pg_read_all_data/, "grant pg_read_all_data to LOGIN"],
  ["friend", /may become postgres/, "grant postgres to LOGIN"],
] as const) {
  test(`refused: a login that is more than a server's (${what})`, async (t) => {
    const server = await signedIn(what, ...words);
    t.after(async () => {
      await server.close();
      await admin.execute(rawSql("alter table entries owner to postgres"));
    });
    await assert.rejects(checkLogin(server), says);
  });
}

test("refused: the owner, whatever role they act in", async () => {
  await assert.rejects(checkLogin(database), /rights over the whole server/);
});
