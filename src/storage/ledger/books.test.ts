import assert from "node:assert/strict";
import { test } from "node:test";
import { Books } from "./books.ts";
import type { Account, AccountKind, Command, Hold, HoldState, Share } from "./commands.ts";

const noon = new Date("2026-11-22T12:00:00.000Z");
const later = new Date("2026-12-22T12:00:00.000Z");
const muchLater = new Date("2027-01-22T12:00:00.000Z");

function account(id: string, kind: AccountKind, posted: bigint, more: Partial<Account> = {}): Account {
  return { id, kind, currency: "JPY", posted, held: 0n, floor: 0n, closed: false, ...more };
}

function held(id: string, settled: bigint, released: bigint, refunded: bigint, state: HoldState): Hold {
  return {
    id,
    account: "buyer",
    currency: "JPY",
    amount: 60n,
    settled,
    released,
    refunded,
    state,
    until: later,
  };
}

/** A buyer with 100, of which two holds keep 60 and 20; what the other holds were is over. */
function someBooks(): Books {
  const books = new Books();
  const accounts = [
    account("buyer", "deposit", 100n, { held: 80n }),
    account("line", "credit", 0n, { floor: -50n }),
    account("shop", "shop", 30n),
    account("fee", "fee", 1n),
    account("outside", "outside", -131n, { floor: -1000n }),
    account("dollars", "deposit", 100n, { currency: "USD" }),
    account("closed", "deposit", 100n, { closed: true }),
    account("gone", "deposit", 0n, { held: 5n, closed: true }),
  ];
  const holds = [
    held("whole", 0n, 0n, 0n, "held"),
    held("part", 30n, 10n, 5n, "held"),
    held("settled", 60n, 0n, 50n, "settled"),
    held("released", 0n, 60n, 0n, "released"),
    held("expired", 0n, 60n, 0n, "expired"),
    { ...held("orphan", 0n, 0n, 0n, "held"), account: "nobody" },
    { ...held("of the gone", 5n, 0n, 0n, "settled"), account: "gone", amount: 5n },
  ];
  for (const each of accounts) books.accounts.set(each.id, each);
  for (const each of holds) books.holds.set(each.id, each);
  return books;
}

const share = (account: string, amount: bigint): Share => ({ account, amount });
const all = [share("shop", 58n), share("fee", 2n)];
const hold = (account: string, amount: bigint, until = later, currency = "JPY"): Command => {
  return { do: "hold", id: "new", account, currency, amount, until };
};
const transfer = (from: string, to: string, amount: bigint, currency = "JPY"): Command => {
  return { do: "transfer", id: "new", from, to, currency, amount };
};
const settle = (on: string, amount: bigint, ...splits: Share[]): Command => {
  return { do: "settle", id: "new", hold: on, amount, splits };
};
const refund = (on: string, amount: bigint, ...sources: Share[]): Command => {
  return { do: "refund", id: "new", hold: on, amount, sources };
};
const release = (on: string, amount: bigint): Command => ({ do: "release", id: "new", hold: on, amount });
const expire = (on: string, amount: bigint): Command => ({ do: "expire", id: "new", hold: on, amount });
const extend = (on: string, until: Date): Command => ({ do: "extend", id: "new", hold: on, until });

/** What is asked, and what the books answer: "done" with the state of the hold, or the refusal and what is in the way. */
const cases: [Command, string][] = [
  [hold("buyer", 20n), "done held"],
  [hold("buyer", 21n), "insufficient_funds at buyer"],
  [hold("buyer", 0n), "amount_not_positive"],
  [hold("buyer", -1n), "amount_not_positive"],
  [hold("buyer", 20n, noon), "until_not_later"],
  [hold("buyer", 20n, new Date(Number.NaN)), "until_not_later"],
  [hold("buyer", 20n, later, "USD"), "currency_differs at buyer"],
  [hold("nobody", 20n), "account_not_found at nobody"],
  [hold("closed", 20n), "account_closed at closed"],
  [hold("line", 50n), "done held"],
  [hold("line", 51n), "credit_limit_exceeded at line"],
  [transfer("outside", "buyer", 869n), "done"],
  [transfer("outside", "buyer", 870n), "insufficient_funds at outside"],
  [transfer("buyer", "outside", 20n), "done"],
  [transfer("buyer", "outside", 21n), "insufficient_funds at buyer"],
  [transfer("line", "outside", 51n), "credit_limit_exceeded at line"],
  [transfer("outside", "closed", 1n), "account_closed at closed"],
  [transfer("closed", "nobody", 1n), "account_not_found at nobody"],
  [transfer("nobody", "buyer", 1n), "account_not_found at nobody"],
  [transfer("outside", "dollars", 1n), "currency_differs at dollars"],
  [transfer("outside", "buyer", 1n, "USD"), "currency_differs at outside"],
  [transfer("buyer", "buyer", 1n), "same_account at buyer"],
  [transfer("outside", "buyer", 0n), "amount_not_positive"],
  [settle("whole", 60n, ...all), "done settled"],
  [settle("whole", 40n, share("shop", 40n)), "done held"],
  [settle("part", 20n, share("shop", 20n)), "done settled"],
  [settle("part", 21n, share("shop", 21n)), "exceeds_hold at part"],
  [settle("whole", 61n, share("shop", 61n)), "exceeds_hold at whole"],
  [settle("whole", 0n), "amount_not_positive"],
  [settle("whole", 60n), "shares_do_not_add_up"],
  [settle("whole", 60n, share("shop", 59n)), "shares_do_not_add_up"],
  [settle("whole", 60n, share("shop", 30n), share("shop", 30n)), "shares_do_not_add_up"],
  [settle("whole", 60n, share("shop", 61n), share("fee", -1n)), "shares_do_not_add_up"],
  [settle("whole", 60n, share("shop", 60n), share("fee", 0n)), "shares_do_not_add_up"],
  [settle("whole", 60n, share("nobody", 60n)), "account_not_found at nobody"],
  [settle("whole", 60n, share("dollars", 60n)), "currency_differs at dollars"],
  [settle("whole", 60n, share("closed", 60n)), "done settled"],
  [settle("settled", 60n, ...all), "hold_ended at settled"],
  [settle("released", 60n, ...all), "hold_ended at released"],
  [settle("expired", 60n, ...all), "hold_ended at expired"],
  [settle("none", 60n, ...all), "hold_not_found at none"],
  [settle("orphan", 60n, ...all), "account_not_found at nobody"],
  [release("whole", 60n), "done released"],
  [release("whole", 59n), "done held"],
  [release("part", 20n), "done settled"],
  [release("part", 21n), "exceeds_hold at part"],
  [release("whole", 0n), "amount_not_positive"],
  [release("settled", 1n), "hold_ended at settled"],
  [release("released", 60n), "hold_ended at released"],
  [release("expired", 60n), "hold_ended at expired"],
  [release("none", 60n), "hold_not_found at none"],
  [expire("whole", 60n), "done expired"],
  [expire("part", 20n), "done settled"],
  [expire("whole", 61n), "exceeds_hold at whole"],
  [expire("settled", 60n), "hold_ended at settled"],
  [expire("released", 60n), "hold_ended at released"],
  [expire("expired", 60n), "hold_ended at expired"],
  [expire("none", 60n), "hold_not_found at none"],
  [extend("whole", muchLater), "done held"],
  [extend("whole", later), "until_not_later at whole"],
  [extend("whole", new Date(Number.NaN)), "until_not_later at whole"],
  [extend("settled", muchLater), "hold_ended at settled"],
  [extend("expired", muchLater), "hold_ended at expired"],
  [extend("none", muchLater), "hold_not_found at none"],
  [refund("settled", 10n, share("shop", 9n), share("fee", 1n)), "done settled"],
  [refund("settled", 11n, share("shop", 11n)), "exceeds_settled at settled"],
  [refund("part", 25n, share("shop", 25n)), "done held"],
  [refund("part", 26n, share("shop", 26n)), "exceeds_settled at part"],
  [refund("whole", 1n, share("shop", 1n)), "exceeds_settled at whole"],
  [refund("released", 1n, share("shop", 1n)), "exceeds_settled at released"],
  [refund("settled", 0n), "amount_not_positive"],
  [refund("settled", 10n), "shares_do_not_add_up"],
  [refund("settled", 10n, share("shop", 9n)), "shares_do_not_add_up"],
  [refund("settled", 10n, share("shop", 8n), share("fee", 2n)), "payee_insufficient_funds at fee"],
  [refund("settled", 10n, share("nobody", 10n)), "account_not_found at nobody"],
  [refund("settled", 10n, share("dollars", 10n)), "currency_differs at dollars"],
  [refund("of the gone", 5n, share("shop", 5n)), "account_closed at gone"],
  [refund("none", 10n, share("shop", 10n)), "hold_not_found at none"],
];

function answer(books: Books, command: Command): string {
  const posted = books.post(command, noon);
  if ("refused" in posted)
    return posted.obstacle === undefined ? posted.refused : `${posted.refused} at ${posted.obstacle}`;
  const of = books.holds.get("hold" in command ? command.hold : command.id);
  return of === undefined ? "done" : `done ${of.state}`;
}

function shown(command: Command): string {
  const { do: verb, id: _id, ...rest } = command;
  const words = Object.entries(rest).map(([name, value]) => `${name} ${text(value)}`);
  return [verb, ...words].join(", ");
}

function text(value: string | bigint | Date | Share[]): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "no date" : value.toISOString();
  if (!Array.isArray(value)) return String(value);
  return value.map((each) => `${each.account} ${each.amount}`).join(" + ") || "nobody";
}

for (const [command, expected] of cases) {
  test(`${shown(command)}: ${expected}`, () => {
    const books = someBooks();
    const before = structuredClone({ accounts: books.accounts, holds: books.holds });
    assert.equal(answer(books, command), expected);
    if (expected.startsWith("done")) return;
    assert.deepEqual({ accounts: books.accounts, holds: books.holds }, before, "a refusal changes nothing");
    assert.equal(books.entries.length + books.changedAccounts.size + books.changedHolds.size, 0);
  });
}

test("a settlement pays from the hold and leaves the legs in the journal", () => {
  const books = someBooks();
  books.post(settle("whole", 60n, ...all), noon);
  const legs = books.entries.map(({ leg, account, posted, held }) => `${leg} ${account} ${posted} ${held}`);
  assert.deepEqual(legs, ["0 buyer -60 -60", "1 shop 58 0", "2 fee 2 0"]);
  assert.deepEqual([...books.changedAccounts].sort(), ["buyer", "fee", "shop"]);
  assert.deepEqual([...books.changedHolds], ["whole"]);
});

test("the last command says how a hold ended of which nothing was paid", () => {
  const books = someBooks();
  books.post({ ...release("whole", 59n), id: "first" }, noon);
  assert.equal(answer(books, expire("whole", 1n)), "done expired");
});

/** A command, the same id again with other content, and the field that is named. */
const reuses: [Command, Command, string][] = [
  [hold("buyer", 20n), transfer("buyer", "shop", 20n), "do"],
  [hold("buyer", 20n), hold("line", 20n), "account"],
  [hold("buyer", 20n), hold("buyer", 19n), "amount"],
  [hold("buyer", 20n), hold("buyer", 0n), "amount"],
  [hold("buyer", 20n), hold("buyer", 20n, muchLater), "until"],
  [hold("buyer", 20n), hold("buyer", 20n, later, "USD"), "currency"],
  [transfer("outside", "buyer", 5n), transfer("shop", "buyer", 5n), "from"],
  [transfer("outside", "buyer", 5n), transfer("outside", "shop", 5n), "to"],
  [transfer("outside", "buyer", 5n), transfer("outside", "buyer", 6n), "amount"],
  [transfer("outside", "buyer", 5n), transfer("outside", "buyer", 5n, "USD"), "currency"],
  [settle("whole", 60n, ...all), release("whole", 60n), "do"],
  [settle("whole", 20n, share("shop", 20n)), settle("part", 20n, share("shop", 20n)), "hold"],
  [settle("whole", 20n, share("shop", 20n)), settle("whole", 21n, share("shop", 21n)), "amount"],
  [settle("whole", 20n, share("shop", 20n)), settle("whole", 20n, share("fee", 20n)), "splits"],
  [settle("whole", 60n, ...all), settle("whole", 60n, share("shop", 60n)), "splits"],
  [release("whole", 5n), expire("whole", 5n), "do"],
  [release("whole", 5n), release("part", 5n), "hold"],
  [release("whole", 5n), release("whole", 6n), "amount"],
  [expire("whole", 5n), expire("whole", 6n), "amount"],
  [extend("whole", muchLater), extend("part", muchLater), "hold"],
  [extend("whole", muchLater), extend("whole", later), "until"],
  [
    refund("settled", 5n, share("shop", 5n)),
    refund("settled", 5n, share("shop", 4n), share("fee", 1n)),
    "sources",
  ],
  [refund("settled", 5n, share("shop", 5n)), refund("settled", 4n, share("shop", 4n)), "amount"],
  [refund("settled", 5n, share("shop", 5n)), refund("part", 5n, share("shop", 5n)), "hold"],
];

for (const [first, second, field] of reuses) {
  test(`${shown(first)}, then ${shown(second)} with the same id: ${field} differs`, () => {
    const books = someBooks();
    const done = books.post(first, noon);
    assert.ok("done" in done && !done.repeated);
    const before = structuredClone({ accounts: books.accounts, holds: books.holds, entries: books.entries });
    assert.deepEqual(books.post(second, later), { refused: "id_reused", field });
    assert.deepEqual(books.post(first, later), { done: done.done, repeated: true });
    assert.deepEqual({ accounts: books.accounts, holds: books.holds, entries: books.entries }, before);
  });
}
