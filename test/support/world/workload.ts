/** What the driver's workers do: whole lives of trades, each step checked against what the steps before it have shown. */
import { randomUUID } from "node:crypto";
import type { TradeState, TradeView } from "../../../src/core/protocol/protocol.ts";
import { type Command, type Driver, type Entry, type KnownTrade, type Money, nothingDone } from "./driver.ts";
import type { Json } from "../wire/http.ts";

export interface Buyer {
  number: string;
  mandate: string;
  account: string;
}

interface Line {
  quantity: number;
  unitAmount: number;
}

/** A trade under way: what is known of it, and its lines. */
interface Life {
  driver: Driver;
  trade: KnownTrade;
  lines: Line[];
}

/** Works until told to stop. Each worker has its own buyers, so that nobody else touches their trades. */
export async function work(
  driver: Driver,
  buyers: readonly Buyer[],
  goesOn: () => boolean,
  does: readonly Plan[] = plans,
): Promise<void> {
  while (goesOn() && !driver.isOver()) {
    const buyer = driver.chance.pick(buyers);
    const plan = driver.chance.pick(does);
    await plan(driver, buyer);
  }
}

type Plan = (driver: Driver, buyer: Buyer) => Promise<void>;

const plans: readonly Plan[] = [
  acceptInParts,
  acceptInParts,
  cancelBefore,
  cancelRest,
  rejectAndReturn,
  refundTwice,
  raceOfTwo,
  reviseDown,
  leaveReserved,
  askTooMuch,
  moveMoney,
  manyAtOnce,
];

/** What can be done at a server that keeps no accounts. */
export const tradingPlans: readonly Plan[] = plans.filter((plan) => plan !== moveMoney);

async function acceptInParts(driver: Driver, buyer: Buyer): Promise<void> {
  const life = await begin(driver, buyer);
  if (life === undefined) return;
  const [first] = life.lines;
  if (first === undefined) return;
  const quantity = driver.chance.int(1, first.quantity);
  const whole = life.lines.length === 1 && quantity === first.quantity;
  if (!(await pay(life, quantity * first.unitAmount, whole, [{ line: 1, quantity }]))) return;
  if (!whole) await payRest(life);
}

async function cancelBefore(driver: Driver, buyer: Buyer): Promise<void> {
  const life = await begin(driver, buyer);
  if (life === undefined) return;
  const { money } = life.trade;
  await step(life, "cancel", {}, "cancelled", { ...money, frozen: 0, released: money.frozen });
}

/** A part is accepted, then the shop gives up the rest. */
async function cancelRest(driver: Driver, buyer: Buyer): Promise<void> {
  const life = await begin(driver, buyer, 2);
  const [first] = life?.lines ?? [];
  if (life === undefined || first === undefined) return;
  const { quantity } = first;
  if (!(await pay(life, quantity * first.unitAmount, false, [{ line: 1, quantity }]))) return;
  const { money } = life.trade;
  await step(life, "cancel", { reason: "sold out" }, "settled", {
    ...money,
    frozen: 0,
    released: money.frozen,
  });
}

async function rejectAndReturn(driver: Driver, buyer: Buyer): Promise<void> {
  const life = await begin(driver, buyer, 2);
  const [first] = life?.lines ?? [];
  if (life === undefined || first === undefined) return;
  const lines = [{ line: 1, quantity: first.quantity }];
  const worth = first.quantity * first.unitAmount;
  if (!(await step(life, "reject", { lines, reason: "broken" }, "delivered", life.trade.money))) return;
  const { money } = life.trade;
  const back = { ...money, frozen: money.frozen - worth, released: worth };
  if (!(await step(life, "return", { lines }, "delivered", back))) return;
  await payRest(life);
}

async function refundTwice(driver: Driver, buyer: Buyer): Promise<void> {
  const life = await begin(driver, buyer);
  if (life === undefined || !(await payRest(life))) return;
  const half = Math.ceil(life.trade.money.settled / 2);
  for (const amount of [half, life.trade.money.settled - half]) {
    const { money } = life.trade;
    if (amount === 0) return;
    const body = { amount, reason: "goodwill" };
    if (!(await step(life, "refund", body, "settled", { ...money, refunded: money.refunded + amount })))
      return;
  }
  await mustBeRefused(life, "refund", { amount: 1, reason: "too much" }, ["amount_exceeds_settled"]);
}

/** Acceptance and cancellation at once: one of them happens, and the other is told which. */
async function raceOfTwo(driver: Driver, buyer: Buyer): Promise<void> {
  const life = await begin(driver, buyer);
  if (life === undefined) return;
  const { number, money } = life.trade;
  const [accepted, cancelled] = await Promise.all([
    driver.send(move(driver, number, "accept", {}), { mustEnd: true }),
    driver.send(move(driver, number, "cancel", {}), { mustEnd: true }),
  ]);
  const { frozen } = money;
  if (accepted.outcome === "ok") {
    learn(life, accepted, "settled", { ...money, frozen: 0, settled: frozen });
    expectCode(driver, cancelled, ["already_settled"]);
  } else {
    learn(life, cancelled, "cancelled", { ...money, frozen: 0, released: frozen });
    expectCode(driver, accepted, ["already_cancelled"]);
  }
}

/** A smaller order needs no new consent: it is reserved again in the same step. */
async function reviseDown(driver: Driver, buyer: Buyer): Promise<void> {
  const life = await begin(driver, buyer, 2);
  const [first] = life?.lines ?? [];
  if (life === undefined || first === undefined) return;
  const amount = first.quantity * first.unitAmount;
  const body = { lines: [{ name: "goods 1", ...first }] };
  life.lines = [first];
  if (await step(life, "revise", body, "reserved", { ...nothing, amount, frozen: amount }))
    await payRest(life);
}

async function leaveReserved(driver: Driver, buyer: Buyer): Promise<void> {
  await begin(driver, buyer);
}

/** More than any mandate leaves: a refusal that changes nothing but the record of it. */
async function askTooMuch(driver: Driver, buyer: Buyer): Promise<void> {
  const reference = randomUUID();
  const body = { ...proposal(buyer, reference), amount: 9_000_000_000_000_000 };
  const entry = await driver.send(propose(driver, body), { mustEnd: true });
  expectCode(driver, entry, ["mandate_limit_exceeded"]);
  if (typeof entry.json["trade"] !== "string") return;
  driver.trades.push({
    number: entry.json["trade"],
    reference,
    member: buyer.number,
    state: "refused",
    money: { ...nothing, amount: body.amount },
    // Proposed, then refused.
    version: 2,
  });
}

async function moveMoney(driver: Driver, buyer: Buyer): Promise<void> {
  const id = randomUUID();
  const kind = driver.chance.pick(["deposit", "withdrawal"]);
  const amount = driver.chance.int(1, 5000);
  const body = { id, kind, account: buyer.account, amount, currency: "JPY", reference: "kill test" };
  const entry = await driver.send({ op: "transfer", path: "/v1/transfers", who: driver.admin, body });
  if (entry.outcome === "refused" && !nothingDone.has(entry.code)) surprise(driver, entry);
  if (entry.outcome === "refused") return;
  const signed = kind === "deposit" ? amount : -amount;
  driver.transfers.push({ id, account: buyer.account, amount: signed, certain: entry.outcome === "ok" });
}

/** A batch: each command has a key of its own, so that the whole can be sent again. */
async function manyAtOnce(driver: Driver, buyer: Buyer): Promise<void> {
  const wishes = [1, 2, 3].map(() => ({ reference: randomUUID(), amount: driver.chance.int(1, 9000) }));
  const proposed = await sendBatch(
    driver,
    wishes.map(({ reference, amount }) => ({
      do: "propose",
      key: `${reference}-p`,
      trade: { ...proposal(buyer, reference), amount },
    })),
  );
  const lives = wishes.map(({ reference, amount }, index): Life => {
    const { status, trade } = proposed[index] ?? {};
    const view = (trade ?? {}) as TradeView;
    if (status !== 201) driver.surprises.push(`batch: proposal ${reference} got ${String(status)}`);
    const known = { number: view.number, reference, member: buyer.number, version: 0 };
    const life = { driver, lines: [], trade: { ...known, state: "reserved" as const, money: nothing } };
    learnView(life, "batch propose", view, "reserved", { ...nothing, amount, frozen: amount });
    driver.trades.push(life.trade);
    return life;
  });
  const accepted = await sendBatch(
    driver,
    lives.map(({ trade: { number, reference } }) => ({ do: "accept", key: `${reference}-a`, number })),
  );
  lives.forEach((life, index) => {
    const { money } = life.trade;
    const view = (accepted[index]?.["trade"] ?? {}) as TradeView;
    learnView(life, "batch accept", view, "settled", { ...money, frozen: 0, settled: money.amount });
  });
}

async function sendBatch(driver: Driver, commands: Json[]): Promise<Json[]> {
  const path = "/v1/trades/batch";
  // The outcomes of a batch may say that nothing was done, each for itself; then the whole is sent again.
  for (;;) {
    const command = { op: "batch", path, who: driver.shop, body: { commands } };
    const entry = await driver.send(command, { mustEnd: true });
    const outcomes = (entry.json["outcomes"] ?? []) as Json[];
    if (driver.isOver()) return [];
    if (outcomes.length === commands.length && outcomes.every(isFinal)) return outcomes;
  }
}

function isFinal({ status, problem }: Json): boolean {
  const { code = "" } = (problem ?? {}) as { code?: string };
  return Number(status) < 500 && status !== 202 && !nothingDone.has(code);
}

const nothing: Money = { amount: 0, frozen: 0, settled: 0, released: 0, refunded: 0 };

function proposal(buyer: Buyer, reference: string): Json {
  return {
    buyer: { member: buyer.number },
    currency: "JPY",
    approval: { mandate: buyer.mandate },
    acceptance: { by: ["buyer", "shop"], need: 1 },
    reference,
  };
}

const propose = (driver: Driver, body: Json): Command => ({
  op: "propose",
  path: "/v1/trades",
  who: driver.shop,
  body,
});

const move = (driver: Driver, number: string, op: string, body: Json): Command => ({
  op,
  path: `/v1/trades/${number}/${op}`,
  who: driver.shop,
  body,
});

/** Proposes a trade, which is reserved at once. Undefined where nobody knows whether it was. */
async function begin(driver: Driver, buyer: Buyer, leastLines = 1): Promise<Life | undefined> {
  const { chance } = driver;
  const reference = randomUUID();
  const lines = Array.from({ length: chance.int(leastLines, 3) }, () => ({
    quantity: chance.int(1, 5),
    unitAmount: chance.int(1, 3000),
  }));
  const amount = lines.reduce((sum, { quantity, unitAmount }) => sum + quantity * unitAmount, 0);
  const named = lines.map((line, index) => ({ name: `goods ${index + 1}`, ...line }));
  const entry = await driver.send(propose(driver, { ...proposal(buyer, reference), amount, lines: named }));
  if (entry.outcome === "unknown") {
    driver.lostProposals.push({ reference, member: buyer.number, amount });
    return undefined;
  }
  if (entry.outcome === "refused") {
    if (!nothingDone.has(entry.code)) surprise(driver, entry);
    return undefined;
  }
  const money = { ...nothing, amount };
  const known = { number: String(entry.json["number"]), reference, member: buyer.number };
  const life: Life = { driver, lines, trade: { ...known, state: "proposed", money, version: 0 } };
  learn(life, entry, "reserved", { ...money, frozen: amount });
  driver.trades.push(life.trade);
  return life;
}

function pay(life: Life, amount: number, whole: boolean, lines: Json[]): Promise<boolean> {
  const { money } = life.trade;
  const after = { ...money, frozen: money.frozen - amount, settled: money.settled + amount };
  return step(life, "accept", { lines }, whole ? "settled" : "delivered", after);
}

function payRest(life: Life): Promise<boolean> {
  const { money } = life.trade;
  const after = { ...money, frozen: 0, settled: money.settled + money.frozen };
  return step(life, "accept", {}, "settled", after);
}

/** One move that has to succeed. False where the trade is not to be touched again. */
async function step(life: Life, op: string, body: Json, state: TradeState, money: Money): Promise<boolean> {
  const { driver, trade } = life;
  const command = move(driver, trade.number, op, body);
  const entry = await driver.send(command);
  if (entry.outcome === "unknown") trade.perhaps = { state, money };
  if (entry.outcome === "refused" && !nothingDone.has(entry.code)) surprise(driver, entry);
  if (entry.outcome !== "ok") return false;
  learn(life, entry, state, money);
  // A request repeated with the same key gets the same answer, also from a server started since.
  if (driver.chance.percent(5)) await repeat(driver, command, entry);
  return true;
}

async function repeat(driver: Driver, command: Command, first: Entry): Promise<void> {
  const again = await driver.send(command, { key: first.key, mustEnd: true });
  const same = again.status === first.status && JSON.stringify(again.json) === JSON.stringify(first.json);
  if (!same || !again.replayed)
    driver.surprises.push(`${first.op} ${first.path}: repeated, answered otherwise`);
}

async function mustBeRefused(life: Life, op: string, body: Json, codes: string[]): Promise<void> {
  const { driver, trade } = life;
  expectCode(driver, await driver.send(move(driver, trade.number, op, body), { mustEnd: true }), codes);
}

function expectCode(driver: Driver, entry: Entry, codes: readonly string[]): void {
  if (entry.outcome !== "refused" || !codes.includes(entry.code)) surprise(driver, entry);
}

function surprise(driver: Driver, { op, path, outcome, status, code }: Entry): void {
  driver.surprises.push(`${op} ${path}: ${outcome} ${status} ${code}`);
}

function learn(life: Life, entry: Entry, state: TradeState, money: Money): void {
  learnView(life, `${entry.op} ${entry.path}`, entry.json as unknown as TradeView, state, money);
}

/** Compares an answer with what it has to be, and remembers it. */
function learnView(life: Life, of: string, view: TradeView, state: TradeState, money: Money): void {
  const { driver, trade } = life;
  const shown = `${view.state} ${JSON.stringify(moneyOf(view))}`;
  const wanted = `${state} ${JSON.stringify(money)}`;
  if (shown !== wanted) driver.surprises.push(`${of}: is ${shown}, not ${wanted}`);
  if (!(view.version > trade.version)) driver.surprises.push(`${of}: version ${view.version} is not newer`);
  Object.assign(trade, { state, money, version: view.version });
}

function moneyOf({ amount, frozen, settled, released, refunded }: Partial<TradeView>): Money {
  return {
    amount: amount ?? -1,
    frozen: frozen ?? -1,
    settled: settled ?? -1,
    released: released ?? -1,
    refunded: refunded ?? -1,
  };
}
