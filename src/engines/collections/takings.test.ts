/** What was taken at the door, on a server's word and by the taker's consent: booked with the due, once, or not at all. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openBank } from "../../../test/support/world/consents.ts";
import { newNumber } from "../../../test/support/world/counters.ts";
import { openDatabase, sql, uuidv7 } from "../../storage/database/database.ts";
import { openAccounts } from "../../storage/ledger/ledger.ts";
import { revokeConsent } from "../reservations/reservations.ts";
import {
  accountOfCollector,
  auditCollections,
  type Collections,
  type CollectionOutcome,
  createCollections,
  putCollector,
} from "./collections.ts";

const bank = await openBank({ after });
const peer = bank.newPeer();
const shop = await bank.account(0n, { kind: "shop" });
const payee = await bank.receive(peer, shop);
const own = await bank.own(peer, await bank.account(0n, { kind: "fee" }), "receive");
const kept = uuidv7();
await openAccounts(bank.database, [{ id: kept, kind: "suspense", currency: "JPY", floor: 0n }]);

let day = "2031-01-01";
const errors: unknown[] = [];
/** A process of the institution, with a database connection of its own. */
function open(): Collections {
  const database = openDatabase({ url: bank.url, schema: bank.schema, role: "kenshu_app", keyed: true });
  const made = createCollections({
    database,
    house: { kept: () => kept, costs: () => kept, bills: () => "", today: () => day },
    onError: (error) => errors.push(error),
  });
  after(async () => {
    await made.close();
    await database.close();
  });
  return made;
}
const processes = [open(), open()] as const;
const [house] = processes;

/** Who takes money at doors, with what they may hold, and their leave for the peer. */
async function driver({
  most = 10n ** 9n,
  perDay = 10n ** 9n,
  of = peer,
  channel = "cash_on_delivery" as const,
} = {}) {
  const id = uuidv7();
  const account = accountOfCollector(id, "JPY");
  await openAccounts(bank.database, [{ id: account, kind: "collector", currency: "JPY", floor: -most }]);
  await putCollector(bank.database, id, channel);
  const consent = await bank.consent(of, account, {
    purpose: "collect",
    ownerKind: "collector",
    owner: id,
    limitPerDay: perDay,
  });
  return { id, account, consent, owes: async () => (await bank.balances(account)).join() };
}
type Driver = Awaited<ReturnType<typeof driver>>;

const due = (tradeNumber: string, amount: number, change: Record<string, unknown> = {}) =>
  ({
    do: "due",
    id: uuidv7(),
    tradeNumber,
    version: 1,
    payee,
    currency: "JPY",
    amount,
    fee: { account: own, amount: amount > 0 ? 10 : 0 },
    payBy: "2031-01-01T00:00:00Z",
    ...change,
  }) as const;

const by = ({ consent }: Driver, amount: number) => ({ taken: { consent, amount } });

/** `state taken` of the due: what became of what was said to be taken, with the code of why it was not. */
function said(outcome: CollectionOutcome): string {
  if (outcome.how === "refused") return outcome.problem.value.code;
  const { state, taken } = outcome.view.value;
  return `${state} ${taken?.code ?? taken?.state ?? "nothing"}`;
}

const pay = (number: string, { id }: Driver, amount: bigint, of = house) =>
  of.pay(
    number,
    { collector: id, operator: null, confirmedBy: null, reason: null },
    { id: uuidv7(), amount, currency: "JPY", channel: "cash_on_delivery", reference: "r", taken: false },
    undefined,
  );

async function checked(): Promise<void> {
  assert.deepEqual((await auditCollections(bank.database, () => kept)).differences, []);
  assert.deepEqual(await bank.audit(), []);
  assert.deepEqual(errors, []);
}

test("a due and its payment at the door are one step, once, however often it is said", async () => {
  const one = await driver();
  const number = newNumber();
  const word = due(number, 3300, by(one, 3300));
  const outcomes = await Promise.all([...processes, ...processes].map((each) => each.submit(peer, word)));
  assert.deepEqual(outcomes.map(said), Array(4).fill("paid taken"));
  assert.equal(outcomes.filter(({ replayed }) => !replayed).length, 1);
  assert.equal(await one.owes(), "-3300 0");
  const view = await house.read(number);
  assert.deepEqual(
    view?.payments.map(({ amount, channel, state }) => [amount, channel, state]),
    [[3300, "cash_on_delivery", "taken"]],
  );
  assert.equal(view?.taken, undefined, "it is the answer to one instruction");
  await checked();
});

test("what is said to be taken is what is left to pay, or nothing is booked and the due stands", async () => {
  const one = await driver();
  const stranger = await driver({ of: bank.newPeer() });
  const gone = await driver();
  assert.ok(await revokeConsent(bank.database, gone.id, gone.consent));
  const narrow = await driver({ most: 3299n });
  const clerk = await driver();
  await putCollector(bank.database, clerk.id, "konbini");
  for (const [change, code] of [
    [by(one, 3299), "amount_mismatch"],
    [by(one, 3301), "amount_mismatch"],
    [by(stranger, 3300), "consent_not_valid"],
    [by(gone, 3300), "consent_not_valid"],
    [{ taken: { consent: payee, amount: 3300 } }, "consent_not_valid"],
    [{ taken: { consent: uuidv7(), amount: 3300 } }, "consent_not_valid"],
    [by(narrow, 3300), "collector_limit_exceeded"],
    [by(clerk, 3300), "not_allowed"],
  ] as const) {
    const number = newNumber();
    assert.equal(said(await house.submit(peer, due(number, 3300, change))), `open ${code}`);
    assert.equal((await house.read(number))?.due, 3300, code);
  }
  for (const each of [one, stranger, gone, narrow, clerk]) assert.equal(await each.owes(), "0 0");
  await checked();
});

test("a due that is refused is not taken either, and a bill is never taken by a server's word", async () => {
  const one = await driver();
  const fee = { account: own, amount: 3301 };
  assert.equal(
    said(await house.submit(peer, due(newNumber(), 3300, { fee, ...by(one, 3300) }))),
    "amount_mismatch",
  );
  const { fee: _, ...bill } = due(newNumber(), 3300, { payee: own, bill: true, ...by(one, 3300) });
  assert.equal(said(await house.submit(peer, bill)), "open consent_not_valid");
  // A second message that no longer calls it a bill is about the same one.
  for (const version of [bill.version, bill.version + 1]) {
    const { bill: _, ...plain }: typeof bill & { bill?: true } = bill;
    const again = await house.submit(peer, { ...plain, id: uuidv7(), version });
    assert.match(said(again), /consent_not_valid/, String(version));
  }
  assert.equal(await one.owes(), "0 0");
  await checked();
});

test("no more is taken on a day than the taker lets a server say; the next day begins at nothing", async () => {
  const one = await driver({ perDay: 1000n });
  const take = async (amount: number) =>
    said(await house.submit(peer, due(newNumber(), amount, by(one, amount))));
  assert.equal(await take(600), "paid taken");
  assert.equal(await take(401), "open consent_limit_exceeded");
  assert.equal(await take(400), "paid taken");
  assert.equal(await take(10), "open consent_limit_exceeded");
  day = "2031-01-02";
  assert.equal(await take(1000), "paid taken");
  // Moved to a zone in which it is still yesterday, the day that has begun goes on.
  day = "2031-01-01";
  assert.equal(await take(10), "open consent_limit_exceeded");
  assert.equal(await one.owes(), "-2000 0");
  await checked();
});

test("of many words at once no more is taken than the limit of the day lets", async () => {
  day = "2031-02-01";
  const one = await driver({ perDay: 1000n });
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      (at % 2 === 0 ? processes[0] : processes[1]).submit(peer, due(newNumber(), 100, by(one, 100))),
    ),
  );
  const ends = outcomes.map(said);
  assert.deepEqual([...new Set(ends)].sort(), ["open consent_limit_exceeded", "paid taken"]);
  assert.equal(ends.filter((each) => each === "paid taken").length, 10);
  assert.equal(await one.owes(), "-1000 0");
  await checked();
});

test("who paid before at a counter does not pay again at the door, in whatever order it comes", async () => {
  const [one, other] = [await driver(), await driver()];
  for (let round = 0; round < 20; round += 1) {
    const number = newNumber();
    await house.submit(peer, due(number, 1000));
    const [word, till] = await Promise.all([
      house.submit(peer, due(number, 1000, { version: 2, ...by(one, 1000) })),
      pay(number, other, 1000n, processes[1]),
    ]);
    const taken = said(word) === "paid taken";
    assert.equal(said(word), taken ? "paid taken" : "paid nothing_due");
    assert.equal(till.how === "refused" ? till.problem.value.code : "taken", taken ? "nothing_due" : "taken");
    assert.equal((await house.read(number))?.paid, 1000);
  }
  await checked();
});

test("a part that was paid before leaves the rest to be taken, and an older word that comes late changes nothing", async () => {
  const one = await driver();
  const number = newNumber();
  await house.submit(peer, due(number, 1000));
  await pay(number, one, 1000n);
  assert.equal(
    said(await house.submit(peer, due(number, 3300, { version: 3, ...by(one, 2300) }))),
    "paid taken",
  );
  assert.equal(
    said(await house.submit(peer, due(number, 1000, { version: 2, ...by(one, 1000) }))),
    "paid nothing_due",
  );
  const withdrawn = newNumber();
  await house.submit(peer, due(withdrawn, 0, { version: 2 }));
  assert.equal(said(await house.submit(peer, due(withdrawn, 500, by(one, 500)))), "withdrawn nothing_due");
  assert.equal(await one.owes(), "-3300 0");
  await checked();
});

test("a leave that ends meanwhile is one or the other: taken before, or not at all", async () => {
  for (let round = 0; round < 20; round += 1) {
    const one = await driver();
    const number = newNumber();
    const [word] = await Promise.all([
      processes[round % 2]?.submit(peer, due(number, 700, by(one, 700))),
      revokeConsent(bank.database, one.id, one.consent),
    ]);
    assert.ok(word);
    const isTaken = said(word) === "paid taken";
    assert.equal(said(word), isTaken ? "paid taken" : "open consent_not_valid");
    assert.equal(await one.owes(), isTaken ? "-700 0" : "0 0");
    assert.equal(
      said(await house.submit(peer, due(newNumber(), 700, by(one, 700)))),
      "open consent_not_valid",
    );
  }
  await checked();
});

test("the database itself keeps no day above its limit, and no payment by a consent but at the door", async () => {
  const one = await driver({ perDay: 1000n });
  await assert.rejects(
    bank.database.execute(
      sql`update consents set day = '2031-01-01', taken = 1001 where id = ${one.consent}`,
    ),
    /day_not_exceeded/,
  );
});
