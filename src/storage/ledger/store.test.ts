import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { until } from "../../../test/support/world/world.ts";
import { errorCode, openDatabase, rawSql, sql, uuidv7 } from "../database/database.ts";
import {
  type Account,
  type AccountKind,
  audit,
  closeAccounts,
  type Command,
  type Entry,
  openAccounts,
  openBooks,
  type Posted,
  postOne,
  readAccounts,
  readHold,
  readStatement,
  setFloor,
  type StatementCursor,
} from "./ledger.ts";

const { database, url, schema } = await freshDatabase({ after }, "trading");
const admin = openDatabase({ url, schema });
after(() => admin.close());
const later = new Date("2100-01-01T00:00:00.000Z");

const post = (command: Command): Promise<Posted> =>
  database.transaction((client) => postOne(client, command));

async function opened(kind: AccountKind, money = 0n, floor = 0n): Promise<string> {
  const id = uuidv7();
  await database.transaction((client) => openAccounts(client, [{ id, kind, currency: "JPY", floor }]));
  if (money > 0n) assert.ok("done" in (await post(transfer(outside, id, money))));
  return id;
}

function transfer(from: string, to: string, amount: bigint, id = uuidv7()): Command {
  return { do: "transfer", id, from, to, currency: "JPY", amount };
}

function hold(account: string, amount: bigint, id = uuidv7()): Command {
  return { do: "hold", id, account, currency: "JPY", amount, until: later };
}

async function stands(id: string): Promise<Account> {
  const [account] = await readAccounts(database, [id]);
  assert.ok(account);
  return account;
}

const refusal = (posted: Posted) => ("refused" in posted ? posted.refused : "done");

const outside = uuidv7();
await database.transaction((client) =>
  openAccounts(client, [{ id: outside, kind: "outside", currency: "JPY", floor: -(2n ** 62n) }]),
);

test("what was posted reads back as it was, and a repeated command gets the same legs", async () => {
  const [buyer, shop, fee] = [await opened("deposit", 100n), await opened("shop"), await opened("fee")];
  const id = uuidv7();
  const splits = [
    { account: shop, amount: 38n },
    { account: fee, amount: 2n },
  ];
  const commands: Command[] = [
    hold(buyer, 60n, id),
    { do: "extend", id: uuidv7(), hold: id, until: new Date("2100-02-01T00:00:00.000Z") },
    { do: "settle", id: uuidv7(), hold: id, amount: 40n, splits },
    { do: "refund", id: uuidv7(), hold: id, amount: 7n, sources: [{ account: shop, amount: 7n }] },
    { do: "release", id: uuidv7(), hold: id, amount: 15n },
    { do: "expire", id: uuidv7(), hold: id, amount: 5n },
    transfer(shop, outside, 31n),
  ];
  for (const command of commands) {
    const first = await post(command);
    assert.ok("done" in first && !first.repeated, command.do);
    assert.deepEqual(await post(command), { done: first.done, repeated: true }, command.do);
  }
  const { posted, held } = await stands(buyer);
  assert.deepEqual([posted, held], [67n, 0n]);
  assert.deepEqual(await readHold(database, id), {
    id,
    account: buyer,
    currency: "JPY",
    amount: 60n,
    settled: 40n,
    released: 20n,
    refunded: 7n,
    state: "settled",
    until: new Date("2100-02-01T00:00:00.000Z"),
  });
  assert.equal(await readHold(database, uuidv7()), undefined);
});

test("accounts are opened once, closed for new business only, and a floor goes no higher than they stand", async () => {
  const line = await opened("credit", 0n, -100n);
  await opened("credit");
  assert.equal(refusal(await post(hold(line, 60n))), "done");
  await database.transaction((client) =>
    openAccounts(client, [{ id: line, kind: "credit", currency: "JPY", floor: 0n }]),
  );
  assert.equal((await stands(line)).floor, -100n);
  assert.equal(await setFloor(database, line, -59n), false);
  assert.equal(await setFloor(database, line, -60n), true);
  assert.equal(await setFloor(database, uuidv7(), 0n), false);
  assert.equal(refusal(await post(hold(line, 1n))), "credit_limit_exceeded");
  await closeAccounts(database, [line]);
  assert.equal(refusal(await post(hold(line, 1n))), "account_closed");
});

test("a statement is newest first, and its pages leave nothing out although a batch shares its instant", async () => {
  const account = await opened("deposit");
  const at = new Date("2026-11-22T12:00:00.000Z");
  const commands = Array.from({ length: 25 }, () => uuidv7());
  const other = await opened("deposit");
  for (const [index, command] of commands.entries()) {
    await admin.execute(sql`insert into entries (command, leg, kind, account, currency, posted, held, at)
      select ${command}, leg, 'transfer', case leg when 0 then ${account}::uuid else ${other}::uuid end, 'JPY', 0, 0,
        ${new Date(at.getTime() + Math.floor(index / 10))} from generate_series(0, 1) as legs (leg)`);
  }
  const pages: Entry[] = [];
  let before: StatementCursor | undefined;
  for (;;) {
    const page = await readStatement(database, account, 7, before);
    if (page.length === 0) break;
    pages.push(...page);
    before = page.at(-1);
  }
  assert.deepEqual(
    pages.map((entry) => entry.command),
    commands.toReversed(),
  );
  const between = { after: at, before: new Date(at.getTime() + 2) };
  const first = await readStatement(database, account, 7, undefined, between);
  const second = await readStatement(database, account, 7, first.at(-1), between);
  assert.deepEqual(
    [...first, ...second].map((entry) => entry.command),
    commands.slice(10, 20).toReversed(),
  );
  await admin.execute(sql`delete from entries where command = any(${commands}::uuid[])`);
});

/** Statements that a bug or a stranger might send, and what stops each. */
const account = await opened("deposit", 100n);
const held = uuidv7();
assert.equal(refusal(await post(hold(account, 60n, held))), "done");
const insertHold =
  "insert into holds (id, account, currency, amount, settled, released, refunded, state, until)";
const values = (rest: string) => `${insertHold} values ('${uuidv7()}', '${account}', 'JPY', ${rest}, now())`;
const insertAccount = "insert into accounts (id, kind, currency, posted, held, floor, opened_at)";
const bad: [string, string, string][] = [
  ["spend what is frozen", `update accounts set posted = 59 where id = '${account}'`, "floor_kept"],
  ["freeze what is not there", `update accounts set held = 101 where id = '${account}'`, "floor_kept"],
  [
    "freeze less than nothing",
    `update accounts set held = -1 where id = '${account}'`,
    "accounts_held_check",
  ],
  ["a floor above zero", `update accounts set floor = 1 where id = '${account}'`, "accounts_floor_check"],
  [
    "no such kind",
    `${insertAccount} values ('${uuidv7()}', 'slush', 'JPY', 0, 0, 0, now())`,
    "accounts_kind_check",
  ],
  [
    "no such currency",
    `${insertAccount} values ('${uuidv7()}', 'fee', 'yen', 0, 0, 0, now())`,
    "accounts_currency_check",
  ],
  [
    "settle too much",
    `update holds set settled = 61, state = 'settled' where id = '${held}'`,
    "hold_not_exceeded",
  ],
  [
    "settle and release too much",
    `update holds set settled = 60, released = 1, state = 'settled' where id = '${held}'`,
    "hold_not_exceeded",
  ],
  [
    "end with money frozen",
    `update holds set state = 'released' where id = '${held}'`,
    "hold_ends_when_used_up",
  ],
  ["never end", `update holds set settled = 60 where id = '${held}'`, "hold_ends_when_used_up"],
  ["refund what was not paid", `update holds set refunded = 1 where id = '${held}'`, "refund_not_exceeded"],
  ["unsettle", `update holds set settled = -1 where id = '${held}'`, "holds_settled_check"],
  ["unrelease", `update holds set released = -1 where id = '${held}'`, "holds_released_check"],
  ["unrefund", `update holds set refunded = -1 where id = '${held}'`, "holds_refunded_check"],
  ["a hold of nothing", values("0, 0, 0, 0, 'settled'"), "holds_amount_check"],
  ["no such state", values("5, 5, 0, 0, 'lost'"), "holds_state_check"],
  ["the same hold again", `insert into holds table holds`, "holds_pkey"],
  [
    "the same command again",
    `insert into entries select * from entries where hold = '${held}'`,
    "entries_pkey",
  ],
  [
    "no such command",
    `insert into entries values ('${uuidv7()}', 0, 'theft', '${account}', null, 'JPY', 5, 0, null, now())`,
    "entries_kind_check",
  ],
];

for (const [what, statement, constraint] of bad) {
  test(`the tables themselves refuse: ${what}`, async () => {
    await assert.rejects(admin.execute(rawSql(statement)), { constraint });
  });
}

const forbidden = ["entries", "trade_events"].flatMap((table) => [
  `update ${table} set at = now()`,
  `delete from ${table}`,
  `truncate ${table}`,
]);
forbidden.push(
  "truncate accounts, holds",
  "alter table accounts drop constraint floor_kept",
  "drop table entries",
);

for (const statement of forbidden) {
  test(`the servers' role may not: ${statement}`, async () => {
    await assert.rejects(database.execute(rawSql(statement)), (error) => errorCode(error) === "42501");
  });
}

test("settle, release and expire race for the same hold: exactly one wins, and the others are told", async () => {
  const [buyer, shop] = [await opened("deposit", 5000n), await opened("shop")];
  for (let round = 0; round < 50; round += 1) {
    const id = uuidv7();
    assert.equal(refusal(await post(hold(buyer, 100n, id))), "done");
    const splits = [{ account: shop, amount: 100n }];
    const racers: Command[] = [
      { do: "settle", id: uuidv7(), hold: id, amount: 100n, splits },
      { do: "release", id: uuidv7(), hold: id, amount: 100n },
      { do: "expire", id: uuidv7(), hold: id, amount: 100n },
    ];
    const first = round % 3;
    const answers = await Promise.all([...racers.slice(first), ...racers.slice(0, first)].map(post));
    assert.deepEqual(answers.map(refusal).toSorted(), ["done", "hold_ended", "hold_ended"]);
    const after = await readHold(database, id);
    const winner = answers.find((answer) => "done" in answer);
    const ends = { settle: "settled", release: "released", expire: "expired" } as Record<string, string>;
    assert.equal(
      after?.state,
      winner !== undefined && "done" in winner ? ends[winner.done[0]?.kind ?? ""] : "",
    );
  }
  assert.equal((await stands(buyer)).held, 0n);
  assert.equal((await stands(buyer)).posted + (await stands(shop)).posted, 5000n);
});

test("connections that freeze money of one account at the same time never cross its floor", async () => {
  for (const [kind, money, floor] of [
    ["deposit", 100n, 0n],
    ["credit", 0n, -100n],
  ] as const) {
    const id = await opened(kind, money, floor);
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(hold(id, 7n))));
    assert.equal(answers.filter((answer) => "done" in answer).length, 14);
    assert.equal((await stands(id)).held, 98n);
  }
});

test("money sent in circles by many connections neither deadlocks nor gets lost", async () => {
  const ring = await Promise.all([1, 2, 3, 4].map(() => opened("deposit", 50n)));
  const moves = Array.from({ length: 60 }, (_none, index) => {
    const [from, to] = [ring[index % 4] ?? "", ring[(index * 3 + 1) % 4] ?? ""];
    return post(transfer(from, to, BigInt(1 + (index % 9))));
  });
  for (const answer of await Promise.all(moves)) {
    assert.ok(["done", "insufficient_funds", "same_account"].includes(refusal(answer)));
  }
  const sum = (await readAccounts(database, ring)).reduce((all, each) => all + each.posted, 0n);
  assert.equal(sum, 200n);
});

test("the same command from many connections is done once", async () => {
  const id = await opened("deposit");
  const command = transfer(outside, id, 5n);
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(command)));
  assert.equal(answers.filter((answer) => "done" in answer && !answer.repeated).length, 1);
  assert.equal(answers.filter((answer) => "done" in answer && answer.repeated).length, 7);
  assert.equal((await stands(id)).posted, 5n);
});

test("after all of this the books are sound", async () => {
  assert.deepEqual((await audit(database)).differences, []);
});

/** A refund goes from a shop to a voucher that was left to `heir`, whose id is the lowest of the three: it is locked first. */
async function leftVoucher() {
  const heir = `00000000-0000-7000-8000-${uuidv7().slice(-12)}`;
  await database.transaction((client) =>
    openAccounts(client, [{ id: heir, kind: "prepaid", currency: "JPY", floor: 0n }]),
  );
  const [voucher, shop] = [await opened("prepaid"), await opened("shop")];
  return { heir, voucher, shop, leave: () => closeAccounts(database, [voucher], heir) };
}

/** Until a statement of these tests waits for somebody's lock. */
async function somebodyWaits(): Promise<void> {
  await until("a statement waits for a lock", async () => {
    const [row] = await admin.query<{ count: bigint }>(sql`
      select count(*) as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%from accounts%'`);
    return row?.count === 1n;
  });
}

test("to whom an account was left is locked in one order with all others: two batches never wait for each other", async () => {
  const { heir, voucher, shop, leave } = await leftVoucher();
  await leave();
  let refunding: Promise<string[]> | undefined;
  await database.transaction(async (client) => {
    await openBooks(client, { accounts: [heir], holds: [] });
    refunding = database.transaction(async (other) => [
      ...(await openBooks(other, { accounts: [voucher, shop], holds: [] })).accounts.keys(),
    ]);
    await somebodyWaits();
    // In the other order the refund would hold the shop's account by now, and wait for the heir's.
    await openBooks(client, { accounts: [shop], holds: [] });
  });
  assert.deepEqual(new Set(await refunding), new Set([heir, voucher, shop]));
});

test("a batch that waited while an account was left begins anew, and knows to whom", async () => {
  const { heir, voucher, shop } = await leftVoucher();
  let tries = 0;
  let refunding: Promise<string[]> | undefined;
  await database.transaction(async (client) => {
    await openBooks(client, { accounts: [voucher], holds: [] });
    refunding = database.transaction(async (other) => {
      tries += 1;
      return [...(await openBooks(other, { accounts: [voucher, shop], holds: [] })).accounts.keys()];
    });
    await somebodyWaits();
    await closeAccounts(client, [voucher], heir);
  });
  assert.deepEqual([new Set(await refunding), tries], [new Set([heir, voucher, shop]), 2]);
});
