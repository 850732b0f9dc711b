import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { testKeyring } from "../../../test/support/world/vault.ts";
import { type Database, rawSql, uuidv7 } from "../database/database.ts";
import * as identity from "./identity.ts";

const { database } = await freshDatabase({ after }, "trading");
const secret = await identity.openServerSecret(database, testKeyring);
const open = (limits?: identity.IdentityOptions["limits"], on: Database = database): identity.Identity =>
  identity.openIdentity({
    database: on,
    secret,
    ...(limits === undefined ? {} : { limits }),
  });
const room = open();

async function party(kind: "shop" | "carrier" | "provider", state = "approved"): Promise<string> {
  const id = uuidv7();
  await database.execute(
    rawSql("insert into parties values ($1, $2, 'A party', $3, null, null, now())", [id, kind, state]),
  );
  return id;
}

async function operator(): Promise<string> {
  const id = uuidv7();
  await database.execute(rawSql("insert into operators values ($1, 'Mei', 'active', now())", [id]));
  return id;
}

let numbers = 1n;

async function member(): Promise<string> {
  const id = uuidv7();
  numbers += 1n;
  await database.execute(
    rawSql(
      "insert into people (id, number, kind, state, created_at) values ($1, $2, 'member', 'active', now())",
      [id, numbers],
    ),
  );
  return id;
}

async function login(
  email: string,
  password: string,
  subject: string,
  subjectKind: identity.LoginKind = "member",
): Promise<void> {
  const passwordHash = await room.hashPassword(email, password);
  await room.createLogin(database, { email, passwordHash, subjectKind, subject });
}

const bearer = (key: string): { authorization: string } => ({ authorization: `Bearer ${key}` });
const kindOf = async (credentials: identity.Credentials): Promise<string> =>
  (await room.identify(credentials)).kind;

async function signedIn(attempt: {
  email: string;
  password: string;
  previous?: string;
}): Promise<identity.SignedIn> {
  const answer = await room.signIn({ address: "192.0.2.1", ...attempt });
  if ("refused" in answer) throw new Error(answer.refused.code);
  return answer;
}

async function refusedWith(
  attempt: { email: string; password: string; address?: string },
  at: identity.Identity = room,
): Promise<string | undefined> {
  const answer = await at.signIn({ address: "192.0.2.1", ...attempt });
  return "refused" in answer ? answer.refused.code : undefined;
}

test("a key says who calls, and its prefix what it is", async () => {
  const owner = await party("shop");
  const { id, key } = await identity.issueKey(database, { ownerKind: "shop", owner });
  assert.match(key, /^ks_[0-9a-f]{40}$/, "160 bits behind the prefix");
  assert.deepEqual(await room.identify(bearer(key)), {
    kind: "shop",
    id: owner,
    name: "A party",
    credential: { kind: "key", id },
  });
  const prefixes: [identity.KeyOwnerKind, string, string][] = [
    ["carrier", "kc_", await party("carrier")],
    ["provider", "kv_", await party("provider")],
    ["operator", "ka_", await operator()],
  ];
  for (const [kind, prefix, subject] of prefixes) {
    const made = await identity.issueKey(database, { ownerKind: kind, owner: subject });
    assert.ok(made.key.startsWith(prefix));
    assert.equal(await kindOf(bearer(made.key)), kind);
  }
});

test("only the hash of a key is stored", async () => {
  const { key } = await identity.issueKey(database, { ownerKind: "shop", owner: await party("shop") });
  const rows = await database.query<{ text: string }>(rawSql("select k::text as text from api_keys k"));
  assert.ok(rows.length > 0 && rows.every(({ text }) => !text.includes(key.slice(3))));
});

test("what is no credential is nobody's", async () => {
  const { key } = await identity.issueKey(database, { ownerKind: "shop", owner: await party("shop") });
  const { token } = await member().then(async (subject) => {
    await login("nobody@example.com", "correct horse tractor", subject);
    return signedIn({ email: "nobody@example.com", password: "correct horse tractor" });
  });
  const cases: [string, identity.Credentials][] = [
    ["nothing", {}],
    ["an empty header", { authorization: "" }],
    ["another scheme", { authorization: `Basic ${key}` }],
    ["no scheme", { authorization: key }],
    ["two keys", { authorization: `Bearer ${key} ${key}` }],
    ["a key that is cut short", bearer(key.slice(0, -1))],
    ["a key that nobody has", bearer(`ks_${"0".repeat(40)}`)],
    ["a key under another prefix", bearer(key.replace("ks_", "ka_"))],
    ["a key in capitals", bearer(key.toUpperCase())],
    ["a session in place of a key", bearer(token)],
    ["a key in place of a session", { session: key }],
    ["a session that nobody has", { session: `kn_${"0".repeat(40)}` }],
    ["a link in place of a key", bearer(`kt_1_${"0".repeat(40)}`)],
    ["a wrong header beside a good session", { ...bearer("x"), session: token }],
    ["something long", bearer("k".repeat(10_000))],
    ["something with a zero byte", { authorization: "Bearer ks_\u0000" }],
  ];
  for (const [name, credentials] of cases)
    assert.deepEqual(await room.identify(credentials), identity.nobody, name);
  assert.equal(await kindOf({ session: token }), "member");
});

test("a revoked key is refused by the very next request, by its owner only", async () => {
  const [owner, other] = [await party("shop"), await party("shop")];
  const { id, key } = await identity.issueKey(database, { ownerKind: "shop", owner });
  assert.equal(await kindOf(bearer(key)), "shop");
  assert.equal(await identity.revokeKey(database, other, id), false);
  assert.equal(await kindOf(bearer(key)), "shop");
  assert.equal(await identity.revokeKey(database, owner, id), true);
  assert.equal(await kindOf(bearer(key)), "nobody");
  assert.equal(await identity.revokeKey(database, owner, id), false, "it is gone already");
});

test("rotation leaves the old key its overlap and no more", async () => {
  const owner = await party("shop");
  const old = await identity.issueKey(database, { ownerKind: "shop", owner });
  const hour = 3_600_000;
  const fresh = await identity.rotateKeys(database, { ownerKind: "shop", owner, overlapMs: hour });
  assert.deepEqual([await kindOf(bearer(old.key)), await kindOf(bearer(fresh.key))], ["shop", "shop"]);
  await identity.rotateKeys(database, { ownerKind: "shop", owner, overlapMs: 48 * hour });
  await database.execute(rawSql("update test_clock set ahead = '61 minutes'"));
  assert.equal(await kindOf(bearer(old.key)), "nobody", "a later rotation does not lengthen an overlap");
  assert.equal(await kindOf(bearer(fresh.key)), "shop");
  await database.execute(rawSql("update test_clock set ahead = '0'"));
  await identity.rotateKeys(database, { ownerKind: "shop", owner, overlapMs: 0 });
  assert.equal(await kindOf(bearer(fresh.key)), "nobody", "without overlap at once");
  assert.equal((await identity.listKeys(database, owner)).length, 1);
});

test("suspension is seen at once; a suspended shop stays known, to finish what it has begun", async () => {
  const set = (table: string, id: string, state: string): Promise<number> =>
    database.execute(rawSql(`update ${table} set state = $2 where id = $1`, [id, state]));
  const cases: ["shop" | "carrier" | "provider" | "operator", string, string, string][] = [
    ["shop", await party("shop"), "parties", "shop"],
    ["carrier", await party("carrier"), "parties", "nobody"],
    ["provider", await party("provider"), "parties", "nobody"],
    ["operator", await operator(), "operators", "nobody"],
  ];
  for (const [kind, owner, table, then] of cases) {
    const { key } = await identity.issueKey(database, { ownerKind: kind, owner });
    await login(`${kind}@example.com`, "a long password", owner, kind);
    const { token } = await signedIn({ email: `${kind}@example.com`, password: "a long password" });
    await set(table, owner, "suspended");
    assert.equal(await kindOf(bearer(key)), then, `the key of a ${kind}`);
    assert.equal(await kindOf({ session: token }), then, `the session of a ${kind}`);
    if (then !== "nobody") continue;
    const again = { email: `${kind}@example.com`, password: "a long password" };
    assert.equal(await refusedWith(again), "sign_in_failed", `a ${kind} signing in`);
  }
});

test("many requests at once cost few questions", async () => {
  let asked = 0;
  const counting: Database = {
    ...database,
    query: (query) => {
      asked += 1;
      return database.query(query);
    },
  };
  const { key } = await identity.issueKey(database, { ownerKind: "shop", owner: await party("shop") });
  const busy = open(undefined, counting);
  const callers = await Promise.all(Array.from({ length: 500 }, () => busy.identify(bearer(key))));
  assert.ok(callers.every(({ kind }) => kind === "shop"));
  assert.ok(asked <= 2, `${asked} questions`);
});

test("whatever is wrong with a sign-in, the answer is the same", async () => {
  const subject = await member();
  await login("Hana@Example.com ", "correct horse tractor", subject);
  const { caller } = await signedIn({ email: " hana@example.COM", password: "correct horse tractor" });
  assert.deepEqual([caller.kind, caller.id, caller.name], ["member", subject, String(numbers)]);
  const cases: [string, string, string][] = [
    ["a wrong password", "hana@example.com", "correct horse tractoz"],
    ["another case", "hana@example.com", "Correct horse tractor"],
    ["an address nobody has", "nobody-at-all@example.com", "correct horse tractor"],
    ["nothing", "", ""],
    ["a quote", "hana@example.com' or '1'='1", "x"],
  ];
  const answers = [];
  for (const [, email, password] of cases)
    answers.push(await room.signIn({ email, password, address: "192.0.2.2" }));
  for (const [index, [name]] of cases.entries()) assert.deepEqual(answers[index], answers[0], name);
  assert.ok(
    answers[0] !== undefined && "refused" in answers[0] && answers[0].refused.code === "sign_in_failed",
  );
});

test("applying with an address that is in use gives nothing away and takes nothing", async () => {
  const [victim, stranger] = [await member(), await member()];
  await login("both@example.com", "the first password", victim);
  await login("both@example.com", "a second password", stranger);
  assert.equal(
    (await signedIn({ email: "both@example.com", password: "the first password" })).caller.id,
    victim,
  );
  assert.equal(
    (await signedIn({ email: "both@example.com", password: "a second password" })).caller.id,
    stranger,
  );
  await login("both@example.com", "the first password", await member());
  assert.equal(
    (await signedIn({ email: "both@example.com", password: "the first password" })).caller.id,
    victim,
  );
});

test("every sign-in opens a new session and ends the one the browser brought", async () => {
  const subject = await member();
  await login("sessions@example.com", "a long password", subject);
  const attempt = { email: "sessions@example.com", password: "a long password" };
  const planted = `kn_${"f".repeat(40)}`;
  const first = await signedIn({ ...attempt, previous: planted });
  assert.notEqual(first.token, planted, "a session that was planted is not taken over");
  assert.equal(await kindOf({ session: planted }), "nobody");
  const elsewhere = await signedIn(attempt);
  const second = await signedIn({ ...attempt, previous: first.token });
  assert.equal(await kindOf({ session: first.token }), "nobody");
  assert.deepEqual(
    [await kindOf({ session: second.token }), await kindOf({ session: elsewhere.token })],
    ["member", "member"],
  );
  await room.signOut(second.token);
  await room.signOut(second.token);
  await room.signOut("what is this");
  assert.deepEqual(
    [await kindOf({ session: second.token }), await kindOf({ session: elsewhere.token })],
    ["nobody", "member"],
  );
  const rows = await database.query<{ text: string }>(rawSql("select s::text as text from sessions s"));
  assert.ok(
    rows.every(({ text }) => !text.includes(elsewhere.token.slice(3))),
    "only its hash is stored",
  );
});

test("a session ends by the real clock, the operator's sooner, and all of them together", async () => {
  const [person, staff] = [await member(), await operator()];
  await login("ends@example.com", "a long password", person);
  await login("staff@example.com", "a long password", staff, "operator");
  const one = await signedIn({ email: "ends@example.com", password: "a long password" });
  const two = await signedIn({ email: "staff@example.com", password: "a long password" });
  assert.ok(one.expiresAt > two.expiresAt);
  await database.execute(rawSql("update test_clock set ahead = '30 days'"));
  assert.equal(
    await kindOf({ session: one.token }),
    "member",
    "a sandbox that moves its clock signs nobody out",
  );
  await database.execute(rawSql("update test_clock set ahead = '0'"));
  await database.execute(
    rawSql(
      "update sessions set expires_at = clock_timestamp() where login in (select id from logins where subject = $1)",
      [person],
    ),
  );
  assert.equal(await kindOf({ session: one.token }), "nobody");
  await identity.endSessionsOf(database, staff);
  assert.equal(await kindOf({ session: two.token }), "nobody");
});

const aQuarter = () => database.execute(rawSql("update tries set until = until - interval '15 minutes'"));

test("attempts are counted for the stranger at an account and for the address, before any hash", async () => {
  const limited = open({ perStranger: 3, perAddress: 5 });
  const subject = await member();
  await login("target@example.com", "the right password", subject);
  const wrong = (email: string, address: string): Promise<string | undefined> =>
    refusedWith({ email, password: "wrong", address }, limited);
  const right = { email: "target@example.com", password: "the right password" };
  for (let count = 0; count < 10; count += 1) {
    assert.equal(
      await refusedWith({ ...right, address: "192.0.2.9" }, limited),
      undefined,
      "a success does not count",
    );
  }
  const tried = await Promise.all(
    Array.from({ length: 9 }, (_, index) =>
      wrong(index % 2 ? "Target@example.com" : right.email, "198.51.100.1"),
    ),
  );
  assert.equal(tried.filter((code) => code === "sign_in_failed").length, 3, "however many come at once");
  const another = open({ perStranger: 3, perAddress: 5 });
  assert.equal(
    await refusedWith({ ...right, address: "198.51.100.1" }, another),
    "too_many_requests",
    "in every process, and after a restart",
  );
  assert.equal(
    await refusedWith({ ...right, address: "198.51.100.2" }, limited),
    undefined,
    "others are let in",
  );
  for (let count = 0; count < 5; count += 1)
    assert.equal(await wrong(`u${count}@example.com`, "203.0.113.1"), "sign_in_failed");
  assert.equal(await wrong("u9@example.com", "203.0.113.1"), "too_many_requests", "the address");
  assert.equal(await wrong("u9@example.com", "203.0.113.2"), "sign_in_failed", "others go on");
  await aQuarter();
  assert.equal(
    await refusedWith({ ...right, address: "203.0.113.1" }, limited),
    undefined,
    "and after a while, they too",
  );
});

test("an owner is never locked out: known on a device wherever they are, and from elsewhere as a stranger", async () => {
  await login("owner@example.com", "the right password", await member());
  const right = { email: "owner@example.com", password: "the right password" };
  const { device } = await signedIn(right);
  const limited = open({ perDevice: 3, perStranger: 4, perLateStranger: 1, manyStrangers: 20 });
  const wrong = (address: string, cookie?: string) =>
    limited.signIn({ ...right, password: "wrong", address, device: cookie });
  const codeOf = (answer: Awaited<ReturnType<typeof wrong>>) =>
    "refused" in answer ? answer.refused.code : undefined;
  // From many addresses, also those of one network of IPv6, which count as one.
  for (let index = 0; index < 40; index += 1) await wrong(`198.51.100.${index % 8}`);
  const network = await Promise.all(
    Array.from({ length: 9 }, (_, index) => wrong(`2001:db8:0:7::${index + 1}`)),
  );
  assert.equal(
    network.filter((answer) => codeOf(answer) === "sign_in_failed").length,
    1,
    "strangers get slower",
  );
  const home = { ...right, address: "198.51.100.1" };
  assert.equal(codeOf(await limited.signIn(home)), "too_many_requests", "the stranger's own address");
  assert.equal(codeOf(await limited.signIn({ ...home, device })), undefined, "the owner beside the stranger");
  assert.equal(
    codeOf(await limited.signIn({ ...right, address: "203.0.113.77" })),
    undefined,
    "the owner on a new device, from where nobody has tried",
  );
  const another = await login("other@example.com", "a password of theirs", await member());
  assert.equal(another, undefined);
  const theirs = await signedIn({ email: "other@example.com", password: "a password of theirs" });
  assert.equal(
    codeOf(await limited.signIn({ ...home, device: theirs.device })),
    "too_many_requests",
    "a device on which somebody else is known counts for nothing",
  );
  assert.equal(
    codeOf(await limited.signIn({ ...home, device: `${device.slice(0, -1)}x` })),
    "too_many_requests",
  );
  for (let index = 0; index < 3; index += 1) await wrong("203.0.113.8", device);
  assert.equal(
    codeOf(await limited.signIn({ ...right, address: "203.0.113.8", device })),
    "too_many_requests",
    "whoever has stolen a device has its tries and no more",
  );
  await aQuarter();
  assert.equal(codeOf(await limited.signIn({ ...home, device })), undefined);
});
