/**
 * Instructions on a real database against a plain model that shares no code with them: what each is told, and what is on
 * every account afterwards. Some come together, some twice, and in between days pass.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { type Bank, openBank, told } from "../../../test/support/world/consents.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Instruction } from "../../core/protocol/schemas.ts";

const bank = await openBank({ after });
const day = 86_400_000;
const limits = { month: 900, trade: 400 };

interface Frozen {
  amount: number;
  paid: number;
  freed: number;
  backed: number;
  until: number;
  state: string;
  month: string;
  trade: string;
}

/** The world as one would keep it on paper. */
class Paper {
  money = 1000;
  shop = 0;
  own = 200;
  spent = new Map<string, number>();
  frozen = new Map<string, Frozen>();
  now = 0;

  get month(): string {
    return new Date(this.now).toISOString().slice(0, 7);
  }

  left({ amount, paid, freed }: Frozen): number {
    return amount - paid - freed;
  }

  get held(): number {
    return [...this.frozen.values()].reduce((sum, each) => sum + this.left(each), 0);
  }

  forTrade(number: string): number {
    const own = [...this.frozen.values()].filter(({ trade }) => trade === number);
    return own.reduce((sum, { amount, freed }) => sum + amount - freed, 0);
  }

  free(hold: Frozen, amount: number, how: string): void {
    hold.freed += amount;
    if (hold.month === this.month) this.spent.set(this.month, (this.spent.get(this.month) ?? 0) - amount);
    this.end(hold, how);
  }

  end(hold: Frozen, how: string): void {
    if (this.left(hold) === 0) hold.state = hold.paid > 0 ? "settled" : how;
  }

  /** What is due by now. */
  pass(hold: Frozen): void {
    if (hold.state === "held" && hold.until <= this.now) this.free(hold, this.left(hold), "expired");
  }

  say(hold: Frozen): string {
    const back = hold.backed > 0 ? ` back ${hold.backed}` : "";
    return `${hold.state} ${this.left(hold)}/${hold.paid}/${hold.freed}${back}`;
  }

  take(asked: Instruction): string {
    if (asked.do === "reserve") return this.reserve(asked);
    if (asked.do === "transfer") {
      if (asked.amount > this.own) return "insufficient_funds";
      this.own -= asked.amount;
      this.shop += asked.amount;
      return `moved ${asked.amount}`;
    }
    const hold = this.frozen.get(asked.reservation);
    if (hold === undefined) return "not_found";
    this.pass(hold);
    return this.move(hold, asked) ?? this.say(hold);
  }

  reserve({ id, amount = 0, until, replaces, tradeNumber: trade }: Instruction & { do: "reserve" }): string {
    const old = this.frozen.get(replaces ?? "");
    if (replaces !== undefined) {
      if (old === undefined) return "not_found";
      this.pass(old);
      if (old.paid > 0) return "hold_ended";
    }
    const back = old === undefined ? 0 : this.left(old);
    const room = old?.month === this.month ? back : 0;
    if (this.forTrade(trade) - back + amount > limits.trade) return "consent_limit_exceeded";
    if ((this.spent.get(this.month) ?? 0) - room + amount > limits.month) return "consent_limit_exceeded";
    if (amount > this.money - this.held + back) return "insufficient_funds";
    if (old !== undefined && back > 0) this.free(old, back, "released");
    const parts = { amount, paid: 0, freed: 0, backed: 0, state: "held", month: this.month, trade };
    const made = { ...parts, until: Date.parse(until) };
    this.frozen.set(id, made);
    this.spent.set(this.month, (this.spent.get(this.month) ?? 0) + amount);
    return this.say(made);
  }

  move(hold: Frozen, asked: Exclude<Instruction, { do: "reserve" | "transfer" }>): string | undefined {
    const left = this.left(hold);
    if (asked.do === "refund") {
      const { amount = hold.paid - hold.backed } = asked;
      if (amount === 0 || hold.backed + amount > hold.paid) return "amount_exceeds_settled";
      if (amount > this.shop) return "payee_insufficient_funds";
      hold.backed += amount;
      this.shop -= amount;
      this.money += amount;
      return undefined;
    }
    if (hold.state !== "held") return "hold_ended";
    if (asked.do === "assign") return hold.paid > 0 ? "hold_ended" : undefined;
    if (asked.do === "release") {
      const { amount = left } = asked;
      if (amount > left) return "amount_exceeds_hold";
      this.free(hold, amount, "released");
    } else if (asked.do === "extend") {
      const until = Date.parse(asked.until ?? "");
      if (until <= hold.until) return "date_out_of_range";
      hold.until = until;
    } else return this.settle(hold, asked);
    return undefined;
  }

  settle(hold: Frozen, asked: Instruction & { do: "settle" }): string | undefined {
    const left = this.left(hold);
    const { amount = left, release = 0, final = false, until, splits } = asked;
    if (amount + release > left) return "amount_exceeds_hold";
    const back = final ? left - amount : release;
    const stays = left - amount - back;
    const moves = stays > 0 && until !== undefined;
    if (moves && Date.parse(until) < hold.until) return "date_out_of_range";
    const toOwn = splits?.[1]?.amount ?? 0;
    this.money -= amount;
    this.own += toOwn;
    this.shop += amount - toOwn;
    hold.paid += amount;
    if (back > 0) this.free(hold, back, "released");
    this.end(hold, "released");
    if (moves) hold.until = Date.parse(until);
    return undefined;
  }
}

const amount = fc.integer({ min: 1, max: 450 });
const some = fc.option(fc.integer({ min: 1, max: 250 }), { nil: undefined });
const which = fc.nat({ max: 5 });
const days = fc.integer({ min: 1, max: 40 });
const wish = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("reserve" as const),
      amount,
      days,
      trade: fc.constantFrom("18", "26", "34", "42", "59"),
      replaces: fc.option(which, { nil: undefined }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      which,
      amount: some,
      release: some,
      final: fc.boolean(),
      days: fc.option(days, { nil: undefined }),
      split: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("release" as const), which, amount: some }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("extend" as const), which, days }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("refund" as const), which, amount: some }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("transfer" as const), amount }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("again" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), days }) },
);
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

interface Parties {
  peer: string;
  from: string;
  payee: string;
  own: { pay: string; receive: string };
}

/** Fields that are there. */
const given = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** What a wish becomes, given what was asked before it. */
function asking(wished: Wish, asked: readonly Instruction[], now: number, parties: Parties): Instruction {
  const at = (ahead: number): string => new Date(now + ahead * day).toISOString();
  const made = asked.filter((each) => each.do === "reserve");
  const nth = (index: number): string => made.at(-1 - index)?.id ?? uuidv7();
  const { peer: _, from, payee, own } = parties;
  const common = { id: uuidv7(), currency: "JPY", tradeNumber: "18" };
  switch (wished.do) {
    case "reserve": {
      const replaces = wished.replaces === undefined ? undefined : nth(wished.replaces);
      // A reservation takes the place of one of its own trade.
      const tradeNumber = made.find(({ id }) => id === replaces)?.tradeNumber ?? wished.trade;
      const until = at(wished.days);
      const body = { tradeNumber, amount: wished.amount, account: from, payee, until, replaces };
      return { do: "reserve", ...common, ...given(body) } as Instruction;
    }
    case "settle": {
      const { amount: sum, release, days: ahead, final, split } = wished;
      const halves = sum !== undefined && sum > 1 && split;
      const part = Math.floor((sum ?? 0) / 2);
      const splits = halves
        ? [
            { account: payee, amount: (sum ?? 0) - part },
            { account: own.receive, amount: part },
          ]
        : undefined;
      const until = ahead === undefined ? undefined : at(ahead);
      const body = { amount: sum, release, final: final || undefined, until, splits };
      return { do: "settle", id: common.id, reservation: nth(wished.which), ...given(body) };
    }
    case "extend":
      return { do: "extend", id: common.id, reservation: nth(wished.which), until: at(wished.days) };
    case "release":
    case "refund": {
      const body = given({ amount: wished.amount });
      return { do: wished.do, id: common.id, reservation: nth(wished.which), ...body };
    }
    case "transfer":
      return { do: "transfer", ...common, from: own.pay, to: payee, amount: wished.amount };
    default: {
      const back = wished.do === "again" ? wished.which % asked.length : 0;
      return asked.at(-1 - back) as Instruction;
    }
  }
}

async function check(on: Bank, rounds: readonly (readonly Wish[])[], seen: Set<string>): Promise<void> {
  const peer = on.newPeer();
  const [account, shop, house] = [await on.account(1000n), await on.account(), await on.account(200n)];
  const month = { limitPerMonth: BigInt(limits.month), limitPerTrade: BigInt(limits.trade) };
  const own = { pay: await on.own(peer, house, "pay"), receive: await on.own(peer, house, "receive") };
  const from = await on.consent(peer, account, month);
  const parties = { peer, from, payee: await on.receive(peer, shop), own };
  const paper = new Paper();
  const asked: Instruction[] = [];
  const answers = new Map<string, string>();
  for (const wishes of rounds) {
    const [first] = wishes;
    if (first?.do === "wait") await on.advance(`${first.days} days`);
    paper.now = (await on.now()).getTime();
    const acting = wishes.filter((each) => each.do !== "wait" && (each.do !== "again" || asked.length > 0));
    const batch = acting.map((each) => {
      const instruction = asking(each, asked, paper.now, parties);
      if (each.do !== "again") asked.push(instruction);
      return instruction;
    });
    const outcomes = await Promise.all(batch.map((each) => on.reservations.submit(peer, each)));
    batch.forEach((instruction, index) => {
      const outcome = outcomes[index];
      assert.ok(outcome);
      const known = answers.get(instruction.id);
      assert.equal(outcome.replayed, known !== undefined);
      const expected = known ?? paper.take(instruction);
      answers.set(instruction.id, expected);
      assert.equal(told(outcome), expected, JSON.stringify(instruction));
      seen.add(`${instruction.do} ${expected.replace(/ .*/, "")}`);
    });
  }
  await on.reservations.sweeper.sweep();
  paper.now = (await on.now()).getTime();
  for (const hold of paper.frozen.values()) paper.pass(hold);
  assert.deepEqual(await on.balances(account, shop, house), [
    `${paper.money} ${paper.held}`,
    `${paper.shop} 0`,
    `${paper.own} 0`,
  ]);
}

test("whatever is asked, the answers and the balances are those of the model", async (t) => {
  const seen = new Set<string>();
  const rounds = fc.array(fc.array(wish, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rounds, (each) => check(bank, each, seen)),
    { numRuns: 120 },
  );
  assert.deepEqual(await bank.audit(), []);
  assert.deepEqual(bank.errors, []);
  assert.ok(seen.size >= 14, `only ${[...seen].join("; ")}`);
  t.diagnostic(`${seen.size} kinds of answers`);
});
