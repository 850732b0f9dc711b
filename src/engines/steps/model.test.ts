/**
 * Random commands by random people, with a clock that moves, on the machine and on the ledger's books as the means of
 * payment. An auditor who shares no code with either keeps its own account from what happened, and must agree.
 */
import {
  type Act,
  changeOf,
  freshLine,
  type LineProgress,
  heldOf,
  type Lot,
  owed,
  type Trade,
} from "../../core/trade/trade.ts";
import assert from "node:assert/strict";
import { firstAnswers } from "../engine/engine.ts";
import type { KeptTrade } from "./kept-trade.ts";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { guaranteedLives } from "../../../test/support/tables/found-lives.ts";
import { oracleOf } from "../../../test/support/tables/cart-oracle.ts";
import { Institution } from "../../../test/support/tables/institution.ts";
import { textOf } from "../../../test/support/tables/trades.ts";
import { Books } from "../../storage/ledger/ledger.ts";
import type { MandateRow } from "../../storage/members/members.ts";
import { isRefused } from "../../core/protocol/protocol.ts";
import { openOnGuarantee } from "../rails/rails.ts";
import { apply, catchUp, decideAndApply } from "./effects.ts";
import type { World } from "./world.ts";
import { moveSchemas } from "../../core/protocol/schemas.ts";
import type { Request } from "./world.ts";
import { touchedMandates } from "./world-reading.ts";
import { type Command, decide, finish, nextDeadline, propose } from "../../core/machine/machine.ts";
import {
  guaranteedSetting,
  type Setting,
  setting,
  start,
} from "../../../test/support/tables/random-steps.ts";

const limit = 2000n;

type Modelled = World & { books: Books };

const ties = ["shop", "fee"].map((account) => ({ account, institution: "institution", consent: account }));

/**
 * What is still done to a settled trade: goods that are withdrawn, and money that goes back. Nobody extends it, but the
 * clock gives longer to a side that nobody has told that something is to be done.
 */
const afterwards = new Set([
  "trade.refunded",
  "trade.refund_due",
  "trade.withdrawn",
  "trade.sent_back",
  "trade.returned",
  "trade.disputed",
  "trade.answered",
  "trade.said",
  "trade.offered",
  "trade.resolved",
  "trade.delivered",
  "trade.deadline_near",
  "guarantee.released",
]);

/** A batch's world with nothing in it but one buyer, one shop, a fee account and one mandate. */
function worldOf(purse: bigint): Modelled {
  const books = new Books();
  for (const [id, kind, posted] of [
    ["buyer", "deposit", purse],
    ["shop", "shop", 0n],
    ["fee", "fee", 0n],
    ["outside", "outside", -purse],
  ] as const) {
    const floor = kind === "outside" ? -(10n ** 9n) : 0n;
    books.accounts.set(id, { id, kind, currency: "JPY", posted, held: 0n, floor, closed: false });
  }
  const mandate = {
    id: "mandate",
    person: "buyer",
    shop: "shop",
    currency: "JPY",
    limit,
    used: 0n,
  } as MandateRow;
  let ids = 0;
  const newId = () => `id ${(ids += 1)}`;
  return {
    now: new Date(start),
    trades: new Map(),
    shops: new Map(),
    parties: new Map(),
    people: new Map(),
    methods: new Map(),
    members: new Map(),
    mandates: new Map([["mandate", mandate]]),
    books,
    rail: openOnGuarantee(books, ties, newId),
    answers: firstAnswers([], "idempotency_key_reused"),
    newId,
    newNumber: () => 18n,
    inserted: new Set(),
    updated: new Set(),
    agreed: new Set(),
    events: [],
    recipients: [],
    guestForms: [],
    answeredTrades: new Set(),
    usedMandates: new Set(),
    limited: new Map(),
    advances: undefined,
    routes: [],
    references: new Map(),
    takenReferences: [],
    answered: new Set(),
    disputed: new Map(),
    endpoints: [],
    mails: undefined,
    told: new Map(),
    forgottenPeople: new Set(),
    forgottenTrades: new Set(),
  };
}

/** What the auditor writes down of every event, from the events alone. */
class Auditor {
  settled = 0n;
  refunded = 0n;
  released = 0n;
  fee = 0n;
  feeBack = 0n;
  ended: string | undefined;
  events = 0;
  readonly told = { frozen: 0n, settled: 0n, released: 0n, refunded: 0n };
  readonly lines = new Map<number, LineProgress>();
  private readonly purse: bigint;

  constructor(purse: bigint) {
    this.purse = purse;
  }

  see(before: Trade, next: Trade, world: Modelled): void {
    const rows = world.events.splice(0);
    this.tell(rows);
    const fresh = rows.flatMap(({ seq, types, data }) =>
      types.map((type, index) => ({ seq: seq + index, type, data: data?.[index] ?? {} })),
    );
    for (const { seq, type, data } of fresh) {
      this.events += 1;
      assert.equal(seq, this.events, "events are numbered without gaps");
      if (this.ended !== undefined)
        assert.ok(
          this.ended === "settled"
            ? afterwards.has(type) || (type === "trade.extended" && data["by"] === "clock")
            : type === "trade.refunded",
          `${type} after it was ${this.ended}`,
        );
      const amount = BigInt(Number(data["amount"] ?? 0));
      if (type === "trade.settled") this.settled += amount;
      if (type === "trade.settled") this.fee += BigInt(Number(data["fee"]));
      if (type === "trade.refunded") this.refunded += amount;
      if (type === "trade.refunded") this.feeBack += BigInt(Number(data["fee"] ?? 0));
    }
    assert.equal(next.version, this.events);
    const { frozen, settled, released, refunded, progress } = next;
    assert.deepEqual(this.told, { frozen, settled, released, refunded }, "what was told adds up");
    assert.deepEqual(
      progress.lines.map((_, index) => this.lines.get(index + 1) ?? freshLine()),
      progress.lines,
      "what was told of the goods adds up",
    );
    assert.deepEqual([next.settled, next.refunded], [this.settled, this.refunded]);
    assert.equal(BigInt(next.progress.feeReturned), this.feeBack, "what of the fee went back was told");
    this.judge(
      before,
      next,
      world,
      fresh.some(({ type }) => type === "trade.unpaid"),
    );
    // What costs nothing may still come back when all money has gone its way.
    const comesBack = ({ at, unpaid }: Lot) => at === "rejected" || unpaid === true;
    const open = next.state === "rejected" && next.progress.lots.some(comesBack);
    const over =
      !open && next.frozen === 0n && ["settled", "cancelled", "expired", "rejected"].includes(next.state);
    if (over) this.ended = next.state;
    else if (this.ended !== undefined)
      assert.deepEqual([this.ended, next.state, next.frozen], ["settled", "disputed", 0n]);
  }

  /** Adds up what each step says that it changed. */
  private tell(rows: Modelled["events"]): void {
    for (const { before, next } of rows) {
      const { lines, ...amounts } = changeOf(before, next);
      for (const name of ["frozen", "settled", "released", "refunded"] as const)
        this.told[name] += amounts[name];
      for (const { line, id: _, ...counts } of lines) {
        const sum = this.lines.get(line) ?? freshLine();
        for (const name of Object.keys(counts) as (keyof typeof counts)[]) sum[name] += counts[name] ?? 0;
        this.lines.set(line, sum);
      }
    }
  }

  private judge(before: Trade, next: Trade, world: Modelled, isUnpaid: boolean): void {
    const { frozen, settled, released, refunded } = next;
    assert.ok(frozen >= 0n && settled >= 0n && released >= 0n && refunded <= settled);
    const hold = next.hold === null ? undefined : world.books.holds.get(next.hold);
    if (hold === undefined) {
      assert.deepEqual([next.hold, frozen, settled, released], [null, 0n, 0n, 0n]);
    } else {
      assert.equal(frozen + settled + released, next.amount);
      const { guarantee } = next.progress;
      const { freed = 0, reimbursed = 0 } = guarantee ?? {};
      const claimed = BigInt(guarantee?.claimed ?? Number(settled));
      assert.deepEqual(
        [hold.amount, hold.settled, hold.released, hold.refunded],
        [next.amount, claimed, released + BigInt(freed), refunded - BigInt(reimbursed)],
      );
      if (frozen > 0n) assert.equal(hold.until.getTime(), next.reservedUntil?.getTime());
    }
    this.judgeGoods(before, next, isUnpaid);
    this.judgeMoney(next, world);
    const due = nextDeadline(next);
    assert.ok(due !== undefined || (frozen === 0n && next.progress.lots.length === 0), "nothing is ahead");
    if (due !== undefined && due.move !== "erase") {
      assert.ok(next.wakeAt !== null && next.wakeAt <= due.at, `asleep until ${next.wakeAt?.toISOString()}`);
    }
  }

  private judgeGoods(before: Trade, next: Trade, isUnpaid: boolean): void {
    let worth = 0n;
    const oracle = oracleOf(next.terms.lines);
    next.terms.lines.forEach((_, index) => {
      const quantity = oracle.pieces[index] ?? 0;
      const line = next.progress.lines[index] ?? assert.fail();
      const { delivered, accepted, rejected, returned, ended } = line;
      const lots = next.progress.lots.filter((lot) => lot.line === index + 1);
      const count = (of: (lot: Lot) => boolean) =>
        lots.filter(of).reduce((sum, lot) => sum + lot.quantity, 0);
      const under = count(({ at }) => at === "shipped" || at === "delivered");
      const back = count(({ at, unpaid }) => at === "rejected" || unpaid === true);
      const unshipped = quantity - accepted - rejected - ended - under;
      assert.ok(accepted <= delivered && delivered <= quantity && returned <= rejected && unshipped >= 0);
      assert.equal(rejected, returned + back, "rejected goods are back or on their way");
      assert.ok(lots.every((lot) => lot.quantity > 0));
      assert.ok((next.progress.refundedLines[index] ?? 0) <= accepted);
      const was = before.progress.lines[index];
      if (next.hold === before.hold && was !== undefined)
        assert.ok(
          accepted - was.accepted + (isUnpaid ? ended - was.ended : 0) >=
            Math.min(0, was.withdrawn - line.withdrawn),
        );
      worth += oracle.worth(index, accepted, quantity - returned - ended);
    });
    if (next.hold !== null) assert.equal(next.frozen - owed(next), worth, "frozen is what is not accepted");
    const due = BigInt(next.progress.refundDue?.amount ?? 0);
    assert.ok(next.refunded + due <= next.settled, "no more is due than was paid");
  }

  /** The fee is the rule's on the whole, however it was divided; all accounts sum to zero; the mandate's room is right. */
  private judgeMoney(next: Trade, world: Modelled): void {
    const { fixed, basisPoints, roundTo } = next.terms.fee;
    const exact = this.settled * BigInt(basisPoints);
    const percent = exact / 10_000n + (roundTo === "fee" && exact % 10_000n > 0n ? 1n : 0n);
    const fee = percent + BigInt(fixed) < this.settled ? percent + BigInt(fixed) : this.settled;
    assert.equal(this.fee, fee);
    const accounts = [...world.books.accounts.values()];
    assert.equal(
      accounts.reduce((sum, { posted }) => sum + posted, 0n),
      0n,
    );
    const balance = (id: string) => world.books.accounts.get(id) ?? assert.fail(id);
    assert.equal(balance("buyer").held, heldOf(next));
    const { collected = 0, reimbursed = 0 } = next.progress.guarantee ?? {};
    const [paid, back] = [this.settled - BigInt(collected), this.refunded - BigInt(reimbursed)];
    assert.equal(balance("buyer").posted, this.purse - paid + back);
    assert.ok(balance("fee").posted >= 0n && balance("shop").posted >= 0n);
    assert.ok(back < paid || balance("fee").posted + balance("shop").posted === 0n);
    const used = next.mandate === null ? 0n : next.frozen + next.settled;
    assert.equal(world.mandates.get("mandate")?.used, used);
    assert.ok(used <= limit);
  }
}

/** Lives through a setting; answers which moves succeeded. */
function live({ terms: agreed, purse, steps }: Setting): string[] {
  const world = worldOf(purse);
  const auditor = new Auditor(purse);
  const institution = new Institution();
  const parties = {
    shop: "shop",
    buyer: "buyer",
    member: 1n,
    carrier: "carrier",
    provider: null,
    currency: "JPY",
  };
  const first: Act = { role: "shop", actor: "shop", now: world.now, id: "trade" };
  const proposed = finish(undefined, propose({ number: 18n, ...parties, terms: agreed }, first), first);
  const opened = apply(world, undefined, [proposed], first, "propose");
  let trade = opened.how === "done" ? opened.trade : assert.fail(opened.how);
  auditor.see(trade, trade, world);
  const done: string[] = [];
  for (const { role, command: wished, hours, as, told, drained } of steps) {
    world.now = new Date(world.now.getTime() + hours * 3_600_000);
    world.told.set(18n, told);
    if (drained) drain(world.books);
    const before = trade;
    catchUp(world, trade);
    institution.answer(world, hours % 2 === 1);
    trade = world.trades.get(18n) ?? assert.fail();
    auditor.see(before, trade, world);
    const command = asWished(trade, wished, institution);
    const passed = { channel: "desk" as const, reference: "1", ...(as === undefined ? {} : { as }) };
    const operator = role === "operator" ? passed : undefined;
    const act: Act = { role, actor: role, now: world.now, id: world.newId(), operator };
    if (isRefused(decide(trade, command, act))) continue;
    if (applied(world, trade, command, act)) done.push(`${trade.state} ${command.do}`);
    institution.answer(world, hours % 3 === 1);
    const next = world.trades.get(18n) ?? assert.fail();
    assert.equal(next.pending, null);
    auditor.see(trade, next, world);
    trade = next;
  }
  return done;
}

/** An offer names all that is frozen and not accepted; one is taken by its version. */
function asWished(trade: Trade, command: Command, institution: Institution): Command {
  if (command.do === "collect") return { ...command, total: institution.pay() };
  if (command.do === "offer/accept") return { ...command, version: trade.progress.offer?.version ?? 1 };
  if (command.do !== "offer") return command;
  const open = Number(trade.frozen - owed(trade));
  const release = Math.floor((open * command.release) / 100);
  return { ...command, release, pay: open - release };
}

/** The shop takes out all that it has. */
function drain({ accounts }: Books): void {
  const [shop, outside] = [accounts.get("shop"), accounts.get("outside")];
  if (shop === undefined || outside === undefined) return;
  accounts.set("outside", { ...outside, posted: outside.posted + shop.posted });
  accounts.set("shop", { ...shop, posted: 0n });
}

/** Where the books say no, nothing of the decision is left, neither in the books nor in the trade. */
function applied(world: Modelled, trade: KeptTrade, command: Command, act: Act): boolean {
  const state = () =>
    textOf([[...world.books.accounts], [...world.books.holds], [...world.mandates], world.events]);
  const before = state();
  const used = world.mandates.get("mandate")?.used;
  const { applied: result } = decideAndApply(world, trade, command, act);
  if (command.do in moveSchemas && world.mandates.get("mandate")?.used !== used) {
    const asked = { do: "move", number: 18n, body: command } as Request;
    assert.deepEqual(touchedMandates([asked], [trade], world.now), ["mandate"], `${command.do} locks it`);
  }
  if (command.do === "collect")
    assert.equal(world.mandates.get("mandate")?.used, used, "what was paid needs no lock on the mandate");
  if (result?.how !== "refused") return true;
  assert.notEqual(result.code, "payee_insufficient_funds", "a refund stands as due");
  assert.equal(state(), before, `a trace is left of what was refused: ${result.code}`);
  return false;
}

/** Lives of trades, each as random as its seed. */
function agrees(t: TestContext, lives: typeof setting, found: readonly Setting[] = []): void {
  const seen = new Map<string, number>();
  const property = fc.property(lives, (each) => {
    for (const move of live(each)) seen.set(move, (seen.get(move) ?? 0) + 1);
  });
  // A failure names the seed and the path with which it can be run again.
  fc.assert(property, { numRuns: 4_000 });
  // What was found once is tried each time.
  for (const each of found) live(each);
  for (const seed of [-1441009457, -278656943]) fc.assert(property, { numRuns: 1_700, seed });
  assert.ok(seen.size >= 40, `only ${seen.size} kinds of moves were made`);
  t.diagnostic(`${[...seen.values()].reduce((sum, count) => sum + count, 0)} moves of ${seen.size} kinds`);
}

test("whatever anybody does and whenever, the machine, the books and the auditor agree", (t) =>
  agrees(t, setting));
test("the same where a guarantor stands for the buyer, and an institution collects", (t) =>
  agrees(t, guaranteedSetting, guaranteedLives));
