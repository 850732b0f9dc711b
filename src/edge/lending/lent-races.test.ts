/**
 * Lenders, members, shops, operators and the clock act on lent lines at the same moment. Whatever comes first, never more is
 * given, owed and made good than was lent, the books agree, and nobody waits for a lock that waits for theirs.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chanceOf, newSeed } from "../../../test/support/sim/chance.ts";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Headers, type Json, type Reply, signIn } from "../../../test/support/wire/http.ts";
import { until } from "../../../test/support/world/world.ts";
import { auditLending } from "../../engines/lending/lending.ts";
import { auditKept, auditTrades } from "../../engines/trades/trades.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { audit } from "../../storage/ledger/ledger.ts";
import { auditSeals } from "../../storage/seals/seals.ts";

const rounds = 16;
const actsInRound = 14;
/** How often two members take their leaves back at the same moment. */
const leaves = 30;

const world = await openGuaranteed({ after });
const { guarantor, call, admin, pay } = world;
const advance = (by: string) => world.advance(by);
const database = admin.guarantor;
const staff = bearer(guarantor.demo.adminKey);
const [seller, lender] = guarantor.demo.shops;
assert.ok(seller && lender);
const sellers = bearer(seller.key);
const members = guarantor.demo.members.slice(0, 4);
const sessions = new Map<string, Headers>();
for (const member of members) sessions.set(member.number, await signIn(guarantor.url, member));
const as = (member: string): Headers => sessions.get(member) ?? {};
const at = (method: string, path: string, who: Headers, body?: Json) =>
  call("guarantor", method, path, who, body);

const chance = chanceOf(newSeed());
const linesOf = ({ id, key }: typeof seller, ...currencies: string[]) =>
  currencies.map((currency) => ({ id: uuidv7(), lender: id, key: bearer(key), currency }));
/** Those of a lender who sells nothing here, and that of the shop, which sells to members of its own. */
const lines = [...linesOf(lender, "JPY", "USD"), ...linesOf(seller, "JPY")];
type Line = (typeof lines)[number];
const numbers: string[] = [];
const met = new Map<string, number>();
const faults: string[] = [];

/** Notes how an act ended. What is refused is refused with a reason of the registry; nothing fails. */
function note(what: string, { status, json, text }: Reply): void {
  const how = status < 300 ? what : `${what} ${String(json["code"])}`;
  met.set(how, (met.get(how) ?? 0) + 1);
  if (status >= 500) faults.push(`${what}: ${status} ${text}`);
}

const lend = ({ id, ...line }: Line, limit: number) =>
  at("PUT", `/v1/lent-lines/${id}`, staff, { lender: line.lender, currency: line.currency, limit });
const allow = (line: Line, member: string) =>
  at("PUT", `/v1/members/${member}/lenders/${line.lender}`, as(member));
const give = (line: Line, member: string, limit: number) =>
  at("POST", `/v1/lent-lines/${line.id}/members`, line.key, { member, limit });
const leave = (line: Line, member: string) =>
  at("DELETE", `/v1/members/${member}/lenders/${line.lender}`, as(member));

/** The accounts that a line has: its lender's, and those of its members' parts. */
function accountsOf(
  line: Line,
): Promise<{ account: string; method: string | null; member: string | null }[]> {
  return database.query(
    rawSql(
      `select l.account, null as method, null as member from lent_lines l where id = $1
       union all select s.account, s.method, p.number::text from lent_shares s join people p on p.id = s.person
       where s.line = $1 and s.state = 'open'`,
      [line.id],
    ),
  );
}

async function buy(line: Line, member: string): Promise<void> {
  const part = (await accountsOf(line)).find((each) => each.member === member);
  if (part?.method == null) return;
  const amount = chance.int(100, 1_500);
  const body = { currency: line.currency, amount, buyer: { member } };
  const { json } = await at("POST", "/v1/trades", sellers, body);
  const number = String(json["number"]);
  const approved = await at("POST", `/v1/trades/${number}/approve`, as(member), {
    version: json["version"],
    method: part.method,
  });
  note("approve", approved);
  if (approved.status !== 200) return;
  const accepted = await at("POST", `/v1/trades/${number}/accept`, as(member), {});
  note("accept", accepted);
  numbers.push(number);
}

async function deposit(line: Line): Promise<void> {
  const { account } = chance.pick(await accountsOf(line));
  const amount = chance.int(50, 1_000);
  const body = { id: uuidv7(), kind: "deposit", account, currency: line.currency, amount, reference: "bank" };
  note("deposit", await at("POST", "/v1/transfers", staff, { ...body, reason: "paid in" }));
}

async function payAtCounter(number: string): Promise<void> {
  const [due] = await admin.institution.query<{ open: bigint }>(
    rawSql("select amount - paid as open from collections where trade_number = $1 and amount > paid", [
      number,
    ]),
  );
  note("pay", await pay(number, Number(due?.open ?? 100n)));
}

/** Something that somebody does to one line and one member. */
function act(): Promise<void> {
  const line = chance.pick(lines);
  const { number: member } = chance.pick(members);
  const trade = numbers.length > 0 ? chance.pick(numbers) : undefined;
  const acts: (() => Promise<void>)[] = [
    () => buy(line, member),
    () => buy(line, member),
    async () => note("give", await give(line, member, chance.int(0, 5_000))),
    async () => note("give", await give(line, member, chance.int(0, 5_000))),
    async () => note("allow", await allow(line, member)),
    () => deposit(line),
    async () => note("call", await at("POST", `/v1/lent-lines/${line.id}/calls`, staff, { member })),
    async () => note("lend", await lend(line, chance.int(3_000, 12_000))),
    async () => {
      if (!chance.percent(30)) return;
      note("stop", await at("POST", `/v1/lent-lines/${line.id}/stop`, staff, {}));
      note("lend again", await lend(line, 10_000));
    },
    async () => {
      if (!chance.percent(30)) return;
      note("leave", await leave(line, member));
      note("allow", await allow(line, member));
    },
    async () => {
      if (trade === undefined) return;
      note("claim", await at("POST", `/v1/guarantees/${trade}/claim`, sellers, {}));
    },
    async () => {
      if (trade === undefined) return;
      note("claim", await at("POST", `/v1/guarantees/${trade}/claim`, sellers, {}));
    },
    async () => {
      if (trade !== undefined) await payAtCounter(trade);
    },
    async () => {
      if (trade === undefined) return;
      const body = { amount: chance.int(1, 300), reason: "late" };
      note("refund", await at("POST", `/v1/trades/${trade}/refund`, sellers, body));
    },
  ];
  return chance.pick(acts)();
}

/** What each line says, by its rows alone: what is given, what the lender has to make good, and what was lent. */
async function assertWithinLines(): Promise<void> {
  const rows = await database.query<{ id: string; most: bigint; given: bigint; owes: bigint; over: bigint }>(
    rawSql(
      `select l.id, l.most, (select coalesce(sum(most), 0)::bigint from lent_shares where line = l.id) as given,
        greatest(-a.posted, 0) as owes,
        (select count(*) from lent_shares s join accounts p on p.id = s.account
          where s.line = l.id and p.held - p.posted > s.most) as over
       from lent_lines l join accounts a on a.id = l.account`,
    ),
  );
  assert.equal(rows.length, lines.length);
  for (const { id, most, given, owes, over } of rows) {
    assert.ok(given + owes <= most, `of ${most} on ${id} ${given} is given and ${owes} to be made good`);
    assert.equal(over, 0n, "nobody uses more than was given to them");
  }
}

/** How often PostgreSQL has ended a transaction that waited for one that waited for it. */
async function deadlocks(): Promise<bigint> {
  const [row] = await database.query<{ deadlocks: bigint }>(
    rawSql("select deadlocks from pg_stat_database where datname = current_database()"),
  );
  return row?.deadlocks ?? 0n;
}

test("lines are lent, and members let their lenders give them credit", async () => {
  for (const line of lines) {
    assert.equal((await lend(line, 10_000)).status, 200);
    for (const { number } of members) assert.equal((await allow(line, number)).status, 200);
  }
  // One has the parts of their lines in this order, and the other in that.
  const [one, other] = members;
  assert.ok(one && other);
  for (const line of lines) assert.equal((await give(line, one.number, 3_000)).status, 200);
  for (const line of lines.toReversed()) assert.equal((await give(line, other.number, 3_000)).status, 200);
});

test("two members take back their leaves at once: neither waits for the other's line", async () => {
  for (let turn = 0; turn < leaves; turn += 1) {
    const line = lines[turn % 2 === 0 ? 0 : 2];
    assert.ok(line);
    const ended = await Promise.all(members.slice(0, 2).map(({ number }) => leave(line, number)));
    assert.deepEqual(
      ended.map(({ status }) => status),
      [200, 200],
    );
  }
  assert.equal(await deadlocks(), 0n);
  for (const line of lines) for (const { number } of members) await allow(line, number);
});

test(`whoever acts on a lent line at once, no more is given, owed and made good than was lent (seed ${chance.seed})`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(Array.from({ length: actsInRound }, act));
    if (chance.percent(70)) await advance(chance.pick(["PT2M", "P5D", "P12D", "P22D", "P31D"]));
    assert.deepEqual(faults, []);
    await assertWithinLines();
  }
  await advance("P60D");
  await until("nothing is on its way", async () => {
    const waiting = await database.query(rawSql("select id from instructions limit 1"));
    return waiting.length === 0;
  });
  for (const proof of [audit, auditTrades, auditKept, auditLending, auditSeals])
    assert.deepEqual((await proof(database)).differences, []);
  await assertWithinLines();
  assert.equal(await deadlocks(), 0n);
  for (const how of [
    "give",
    "give lent_line_exceeded",
    "approve",
    "accept",
    "claim",
    "call",
    "deposit",
    "lend",
  ])
    assert.ok(met.has(how), `${how} was never met, among ${JSON.stringify(Object.fromEntries(met))}`);
});
