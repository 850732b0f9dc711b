/**
 * The books against a second, plainer ledger that shares no code with them but the words. It lists every
 * refusal that applies and takes the first of the closed list, so the order of the list is tested, too.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Books, type Posted } from "./books.ts";
import {
  type AccountKind,
  type Command,
  type LedgerRefusalCode,
  ledgerRefusals,
  type Share,
} from "./commands.ts";

interface Purse {
  kind: AccountKind;
  currency: string;
  money: bigint;
  frozen: bigint;
  floor: bigint;
  closed: boolean;
}

interface Freeze {
  purse: string;
  currency: string;
  amount: bigint;
  paid: bigint;
  freed: bigint;
  backed: bigint;
  until: number;
  end: string | null;
}

const order = Object.keys(ledgerRefusals) as LedgerRefusalCode[];
const plain = (value: unknown) =>
  JSON.stringify(value, (_key, each) => (typeof each === "bigint" ? `${each}n` : each));

class Model {
  readonly purses = new Map<string, Purse>();
  readonly freezes = new Map<string, Freeze>();
  readonly done = new Map<string, Command>();

  post(command: Command, now: number): string {
    const before = this.done.get(command.id);
    if (before !== undefined) return this.again(before, command);
    const [refused] = this.refusals(command, now).toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
    if (refused !== undefined) return refused;
    this.done.set(command.id, command);
    this.apply(command);
    return "done";
  }

  private again(before: Command, command: Command): string {
    const fields = [
      "do",
      "hold",
      "currency",
      "until",
      "account",
      "from",
      "to",
      "amount",
      "splits",
      "sources",
    ];
    const [was, is] = [before, command].map((each) => new Map(Object.entries(each)));
    const field = fields.find((name) => plain(was?.get(name)) !== plain(is?.get(name)));
    return field === undefined ? "repeated" : `id_reused ${field}`;
  }

  private refusals(command: Command, now: number): LedgerRefusalCode[] {
    const no: LedgerRefusalCode[] = [];
    const check = (wrong: boolean, code: LedgerRefusalCode) => wrong && no.push(code);
    if ("amount" in command) check(command.amount <= 0n, "amount_not_positive");
    if (command.do === "hold") {
      this.checkPurse(no, command.account, command.currency, true);
      check(command.until.getTime() <= now, "until_not_later");
      this.checkFunds(no, command.account, command.amount);
    } else if (command.do === "transfer") {
      this.checkPurse(no, command.from, command.currency, true);
      this.checkPurse(no, command.to, command.currency, true);
      check(command.from === command.to, "same_account");
      this.checkFunds(no, command.from, command.amount);
    } else {
      const freeze = this.freezes.get(command.hold);
      if (freeze === undefined) return [...no, "hold_not_found"];
      this.onFreeze(no, command, freeze);
    }
    return no;
  }

  private onFreeze(
    no: LedgerRefusalCode[],
    command: Exclude<Command, { do: "hold" | "transfer" }>,
    freeze: Freeze,
  ): void {
    const left = freeze.amount - freeze.paid - freeze.freed;
    if (command.do === "refund") {
      if (this.purses.get(freeze.purse)?.closed === true) no.push("account_closed");
      if (command.amount > freeze.paid - freeze.backed) no.push("exceeds_settled");
      this.checkShares(no, command.sources, command.amount, freeze.currency);
      for (const { account, amount } of command.sources) {
        if (this.free(account) < amount) no.push("payee_insufficient_funds");
      }
      return;
    }
    if (freeze.end !== null) no.push("hold_ended");
    if (command.do === "extend") {
      if (command.until.getTime() <= freeze.until) no.push("until_not_later");
      return;
    }
    if (command.amount > left) no.push("exceeds_hold");
    if (command.do === "settle") this.checkShares(no, command.splits, command.amount, freeze.currency);
  }

  private checkShares(no: LedgerRefusalCode[], shares: Share[], total: bigint, currency: string): void {
    let sum = 0n;
    for (const { account, amount } of shares) {
      this.checkPurse(no, account, currency, false);
      if (amount <= 0n) no.push("shares_do_not_add_up");
      sum += amount;
    }
    const once = new Set(shares.map((each) => each.account)).size === shares.length;
    if (sum !== total || !once) no.push("shares_do_not_add_up");
  }

  private checkPurse(no: LedgerRefusalCode[], id: string, currency: string, open: boolean): void {
    const purse = this.purses.get(id);
    if (purse === undefined) no.push("account_not_found");
    else if (purse.closed && open) no.push("account_closed");
    if (purse !== undefined && purse.currency !== currency) no.push("currency_differs");
  }

  private checkFunds(no: LedgerRefusalCode[], id: string, amount: bigint): void {
    if (this.free(id) >= amount) return;
    no.push(this.purses.get(id)?.kind === "credit" ? "credit_limit_exceeded" : "insufficient_funds");
  }

  private free(id: string): bigint {
    const purse = this.purses.get(id);
    return purse === undefined ? 0n : purse.money - purse.frozen - purse.floor;
  }

  private apply(command: Command): void {
    if (command.do === "transfer") {
      this.move(command.from, -command.amount, 0n);
      this.move(command.to, command.amount, 0n);
    } else if (command.do === "hold") {
      const { account: purse, currency, amount, until } = command;
      const none = { paid: 0n, freed: 0n, backed: 0n, end: null };
      this.freezes.set(command.id, { purse, currency, amount, until: until.getTime(), ...none });
      this.move(purse, 0n, amount);
    } else {
      const freeze = this.freezes.get(command.hold);
      if (freeze !== undefined) this.applyTo(freeze, command);
    }
  }

  private applyTo(freeze: Freeze, command: Exclude<Command, { do: "hold" | "transfer" }>): void {
    switch (command.do) {
      case "extend":
        freeze.until = command.until.getTime();
        return;
      case "refund":
        freeze.backed += command.amount;
        for (const { account, amount } of command.sources) this.move(account, -amount, 0n);
        this.move(freeze.purse, command.amount, 0n);
        return;
      case "settle":
        freeze.paid += command.amount;
        this.move(freeze.purse, -command.amount, -command.amount);
        for (const { account, amount } of command.splits) this.move(account, amount, 0n);
        break;
      default:
        freeze.freed += command.amount;
        this.move(freeze.purse, 0n, -command.amount);
    }
    if (freeze.paid + freeze.freed < freeze.amount) return;
    assert.equal(freeze.end, null, "a hold ends once");
    freeze.end = freeze.paid > 0n ? "settled" : command.do === "expire" ? "expired" : "released";
  }

  private move(id: string, money: bigint, frozen: bigint): void {
    const purse = this.purses.get(id);
    if (purse === undefined) return;
    purse.money += money;
    purse.frozen += frozen;
  }
}

const openings: [string, AccountKind, string, bigint, bigint, boolean][] = [
  ["a", "deposit", "JPY", 90n, 0n, false],
  ["b", "deposit", "JPY", 30n, 0n, false],
  ["c", "credit", "JPY", 0n, -60n, false],
  ["d", "deposit", "JPY", 40n, 0n, true],
  ["s", "shop", "JPY", 0n, 0n, false],
  ["f", "fee", "JPY", 0n, 0n, false],
  ["o", "outside", "JPY", -160n, -400n, false],
  ["u", "deposit", "USD", 50n, 0n, false],
  ["v", "outside", "USD", -50n, -500n, false],
];

function both(): { model: Model; books: Books } {
  const model = new Model();
  const books = new Books();
  for (const [id, kind, currency, money, floor, closed] of openings) {
    model.purses.set(id, { kind, currency, money, frozen: 0n, floor, closed });
    books.accounts.set(id, { id, kind, currency, posted: money, held: 0n, floor, closed });
  }
  return { model, books };
}

const start = Date.UTC(2026, 10, 22);
/** What every run begins with, so that there is something to settle. */
const opening = ["a", "b", "c", "a", "c"].map((account, index): Command => {
  const until = new Date(start + 86_400_000);
  return { do: "hold", id: `h${index}`, account, currency: "JPY", amount: 20n, until };
});
const id = fc.integer({ min: 0, max: 60 }).map((number) => `i${number}`);
const holdId = fc.integer({ min: 0, max: 6 }).map((number) => `h${number}`);
const where = fc.constantFrom(...Array.from("aaaaabbbccssssfoooduvx"));
const amount = fc.oneof(
  { weight: 18, arbitrary: fc.bigInt(1n, 20n) },
  { weight: 1, arbitrary: fc.bigInt(-2n, 0n) },
  { weight: 1, arbitrary: fc.bigInt(21n, 200n) },
);
const until = fc.integer({ min: -5, max: 60 }).map((days) => new Date(start + days * 86_400_000));
const currency = fc.constantFrom(...Array.from({ length: 15 }, () => "JPY"), "USD");
const payee = fc.constantFrom(...Array.from("sssssssssffffbcdux"));

/** Shares that mostly add up: one or two payees of a given amount. */
const sharing = fc
  .tuple(amount, payee, payee, fc.bigInt(0n, 3n), fc.integer({ min: 0, max: 19 }))
  .map(([total, one, two, second, wrong]): { amount: bigint; shares: Share[] } => {
    const first = total - second + (wrong === 0 ? 1n : 0n);
    const shares = [
      { account: one, amount: first },
      { account: two, amount: second },
    ];
    return { amount: total, shares: second === 0n && wrong < 19 ? shares.slice(0, 1) : shares };
  });

const fresh: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant("hold" as const),
    id: fc.oneof(holdId, id),
    account: where,
    currency,
    amount,
    until,
  }),
  fc.record({ do: fc.constant("transfer" as const), id, from: where, to: where, currency, amount }),
  fc.record({ do: fc.constantFrom("release" as const, "expire" as const), id, hold: holdId, amount }),
  fc.record({ do: fc.constant("extend" as const), id, hold: holdId, until }),
  fc.record({ id, hold: holdId, of: sharing }).map(({ of: { amount, shares }, ...on }) => {
    return { do: "settle" as const, ...on, amount, splits: shares };
  }),
  fc.record({ id, hold: holdId, of: sharing }).map(({ of: { amount, shares }, ...on }) => {
    return { do: "refund" as const, ...on, amount, sources: shares };
  }),
);

/** Commands, some of which are sent again, as they were or for another amount. */
const commands = fc
  .array(fc.tuple(fresh, fc.integer({ min: 0, max: 400 })), { minLength: 20, maxLength: 80 })
  .map((pairs) =>
    pairs.map(([command, back], index): Command => {
      const earlier = pairs[index - back]?.[0];
      if (earlier === undefined || back === 0) return command;
      return back % 2 === 0 && "amount" in earlier ? { ...earlier, amount: earlier.amount + 1n } : earlier;
    }),
  );

function spoken(posted: Posted): string {
  if (!("refused" in posted)) return posted.repeated ? "repeated" : "done";
  return posted.refused === "id_reused" ? `id_reused ${posted.field}` : posted.refused;
}

function same(model: Model, books: Books): void {
  for (const [id, purse] of model.purses) {
    const account = books.accounts.get(id);
    assert.deepEqual([account?.posted, account?.held], [purse.money, purse.frozen], id);
    assert.ok(purse.money - purse.frozen >= purse.floor, `${id} is below its floor`);
  }
  assert.equal(books.holds.size, model.freezes.size);
  for (const [id, freeze] of model.freezes) {
    const hold = books.holds.get(id);
    assert.deepEqual(
      [hold?.settled, hold?.released, hold?.refunded, hold?.until.getTime(), hold?.state],
      [freeze.paid, freeze.freed, freeze.backed, freeze.until, freeze.end ?? "held"],
    );
  }
  const sums = new Map<string, bigint>();
  for (const { command, currency, posted } of books.entries) {
    sums.set(`${command} ${currency}`, (sums.get(`${command} ${currency}`) ?? 0n) + posted);
  }
  for (const [key, sum] of sums) assert.equal(sum, 0n, key);
}

test("any commands in any order: the same answers and the same books as the plain ledger's", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(commands, (commands) => {
      const { model, books } = both();
      for (const each of [...opening, ...commands]) {
        const answer = spoken(books.post(each, new Date(start)));
        assert.equal(answer, model.post(each, start));
        seen.add(answer.split(" ")[0] ?? "");
        same(model, books);
      }
    }),
    { numRuns: 1000 },
  );
  const missed = ["done", "repeated", ...order].filter((answer) => !seen.has(answer));
  assert.deepEqual(missed, [], "answers that no run has come to");
});

test("rolling back to a mark restores everything exactly", () => {
  const state = (books: Books) =>
    structuredClone(Object.fromEntries(Object.entries(books).filter(([name]) => name !== "undo")));
  const step = fc.oneof(
    { weight: 6, arbitrary: fresh },
    { weight: 1, arbitrary: fc.constant("mark" as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const { books } = both();
      const marks: [number, ReturnType<typeof state>][] = [];
      for (const each of [...opening, ...steps]) {
        if (each === "mark") marks.push([books.mark(), state(books)]);
        else books.post(each, new Date(start));
      }
      for (const [mark, before] of marks.toReversed()) {
        books.rollback(mark);
        assert.deepEqual(state(books), before);
      }
    }),
    { numRuns: 500 },
  );
});
