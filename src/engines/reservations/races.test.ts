/** Several processes on one database, at once, about the same reservation: what may happen once happens once. */
import assert from "node:assert/strict";
import { textOf } from "../engine/engine.ts";
import { after, test } from "node:test";
import { type Asked, inDays, openBank, told } from "../../../test/support/world/consents.ts";
import { type Client, openDatabase, rawSql, uuidv7 } from "../../storage/database/database.ts";
import { answerSettlement } from "../settlements/settlements.ts";
import type { Instruction } from "../../core/protocol/schemas.ts";
import { type InstructionOutcome, limitConsent, lockConsents } from "./reservations.ts";

const bank = await openBank({ after });
const processes = [bank.reservations, bank.process(), bank.process(), bank.process()];
const holder = openDatabase({ url: bank.url, schema: bank.schema });
after(() => holder.close());
const peer = bank.newPeer();
const shop = await bank.account(0n, { kind: "shop" });
const payee = await bank.receive(peer, shop);
const until = inDays(30);

async function payer(funds: bigint, change = {}) {
  const account = await bank.account(funds);
  return { account, consent: await bank.consent(peer, account, change) };
}

const reserve = (account: string, amount: number, id = uuidv7()): Instruction => ({
  do: "reserve",
  id,
  tradeNumber: "18",
  account,
  payee,
  amount,
  currency: "JPY",
  until,
});

/** Each instruction through another process, all at once. */
function atOnce(instructions: readonly (Asked | Instruction)[]): Promise<InstructionOutcome[]> {
  return Promise.all(
    instructions.map((instruction, index) => {
      const through = processes[index % processes.length] ?? bank.reservations;
      return through.submit(peer, { id: uuidv7(), ...instruction });
    }),
  );
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index);
const done = (outcomes: readonly InstructionOutcome[]): number =>
  outcomes.filter(({ status }) => status < 400).length;

test("twenty settle a fifth each: exactly five do", async () => {
  const { account, consent } = await payer(1000n);
  const reservation = uuidv7();
  await bank.reservations.submit(peer, reserve(consent, 1000, reservation));
  const outcomes = await atOnce(times(20).map(() => ({ do: "settle", reservation, amount: 200 })));
  assert.equal(done(outcomes), 5);
  for (const outcome of outcomes.filter(({ status }) => status >= 400))
    assert.ok(["hold_ended", "amount_exceeds_hold"].includes(told(outcome)), textOf(outcome));
  assert.deepEqual(await bank.balances(account), ["0 0"]);
});

test("twenty times the same instruction is one, and each gets its answer", async () => {
  const { account, consent } = await payer(1000n);
  const asked = reserve(consent, 100);
  const outcomes = await atOnce(times(20).map(() => asked));
  assert.equal(outcomes.filter(({ replayed }) => !replayed).length, 1);
  assert.equal(new Set(outcomes.map(textOf)).size, 1);
  assert.deepEqual(await bank.balances(account), ["1000 100"]);
});

test("thirty times ten copies to four processes: none of them fails for having been second", async () => {
  for (const _ of times(30)) {
    const { account, consent } = await payer(1000n);
    const asked = reserve(consent, 100);
    const outcomes = await atOnce(times(10).map(() => asked));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      times(10).map(() => 201),
    );
    assert.deepEqual(await bank.balances(account), ["1000 100"]);
  }
});

test("twenty other instructions with one id: one is done, the others are told so", async () => {
  const { account, consent } = await payer(10_000n);
  const id = uuidv7();
  const outcomes = await atOnce(times(20).map((index) => reserve(consent, 100 + index, id)));
  assert.equal(done(outcomes), 1);
  assert.equal(outcomes.filter((outcome) => told(outcome) === "command_id_reused").length, 19);
  const [balance = ""] = await bank.balances(account);
  assert.ok(Number(balance.split(" ")[1]) < 120);
});

test("a month's limit and an account's money are never exceeded, however many reserve", async () => {
  // Enough for all that both consents allow, and not for one more: so it does not matter who comes first.
  const { account, consent } = await payer(6900n, { limitPerMonth: 1000n });
  const second = await bank.consent(peer, account);
  const outcomes = await atOnce(times(40).map((index) => reserve(index % 2 === 0 ? consent : second, 300)));
  const within = outcomes.filter((_, index) => index % 2 === 0);
  assert.equal(done(within), 3);
  assert.equal(done(outcomes), 23);
  assert.equal(done(await atOnce([reserve(second, 300)])), 0);
  assert.deepEqual(await bank.balances(account), ["6900 6900"]);
});

test("a limit that was made less holds for whatever is reserved after it, also for what was read before", async () => {
  for (const _ of times(5)) {
    const { account, consent } = await payer(100_000n, { limitPerTrade: 900n });
    const heldNow = async (client: Client) => {
      const rows = await client.query<{ held: bigint }>(
        rawSql("select held from accounts where id = $1", [account]),
      );
      return rows[0]?.held;
    };
    const asked = times(20).map((index) => ({ ...reserve(consent, 600), tradeNumber: String(1000 + index) }));
    const [, held] = await Promise.all([
      atOnce(asked as Instruction[]),
      bank.database.transaction(async (client) => {
        await lockConsents(client, [consent]);
        await limitConsent(
          client,
          { id: consent, limitPerTrade: 500n, limitPerMonth: null, until: null },
          true,
        );
        return heldNow(client);
      }),
    ]);
    assert.equal(await heldNow(bank.database), held);
  }
});

test("settled, given back and run out at once: one of them has it", async () => {
  for (const _ of times(5)) {
    const { account, consent } = await payer(1000n);
    const reservation = uuidv7();
    const soon = new Date((await bank.now()).getTime() + 60_000).toISOString();
    const asked = { ...reserve(consent, 1000, reservation), until: soon } as Instruction;
    await bank.reservations.submit(peer, asked);
    const [outcomes] = await Promise.all([
      atOnce([
        { do: "settle", reservation },
        { do: "release", reservation },
        { do: "settle", reservation, amount: 500, final: true },
        { do: "release", reservation, because: "expired" },
      ]),
      bank.advance("1 minute").then(() => Promise.all(processes.map(({ sweeper }) => sweeper.sweep()))),
    ]);
    const view = await bank.reservations.read(peer, reservation);
    const { state, settled, released } = view ?? {};
    assert.equal(Number(settled) + Number(released), 1000);
    const [first] = outcomes.filter(({ status }) => status < 400).map(told);
    assert.ok(done(outcomes) <= 1, outcomes.map(told).join());
    if (first === undefined) assert.equal(state, "expired");
    assert.deepEqual(await bank.balances(account), [`${1000 - Number(settled)} 0`]);
  }
});

test("what a peer has paid an account is had back once, under however many consents at once", async () => {
  const fee = { feeFixed: 0n, feeBasisPoints: 0 };
  const house = await bank.account(10_000n, { kind: "fee" });
  const [purse, own] = [await bank.own(peer, house, "pay"), await bank.own(peer, house, "receive")];
  for (const _ of times(6)) {
    const account = await bank.account(0n, { kind: "shop" });
    const consents = await Promise.all(times(8).map(() => bank.receive(peer, account, fee)));
    const transfers = consents.map((to) => ({
      do: "transfer" as const,
      from: purse,
      to,
      amount: 100,
      currency: "JPY",
      tradeNumber: "18",
    }));
    assert.equal(done(await atOnce(transfers)), 8);
    const { consent } = await payer(10_000n);
    const ids = consents.map(() => uuidv7());
    const reserved = await atOnce(
      consents.map((each, index) => ({ ...reserve(consent, 500, ids[index]), payee: each }) as Instruction),
    );
    assert.equal(done(reserved), 8);
    const outcomes = await atOnce(
      ids.map((reservation) => ({ do: "settle", reservation, splits: [{ account: own, amount: 500 }] })),
    );
    assert.equal(done(outcomes), 1, outcomes.map(told).join());
    assert.deepEqual(await bank.balances(account), ["800 0"]);
  }
  assert.deepEqual(await bank.audit(), []);
});

test("two payers and two payees crosswise, in batches of many: nobody waits for ever", async () => {
  const [one, two] = [await payer(100_000n), await payer(100_000n)];
  const ids = times(60).map(() => uuidv7());
  const reserved = await atOnce(
    ids.map((id, index) => reserve(index % 2 ? one.consent : two.consent, 50, id)),
  );
  assert.equal(done(reserved), 60);
  const settled = await atOnce(
    ids.toReversed().map((reservation) => ({ do: "settle", reservation, amount: 20, release: 30 })),
  );
  assert.equal(done(settled), 60);
  assert.deepEqual(await bank.balances(one.account, two.account), ["99400 0", "99400 0"]);
});

/** Has instructions wait, one behind another, each through a process of its own, for a reservation that is locked. */
async function oneBehindAnother(
  reservation: string,
  instructions: readonly Asked[],
): Promise<InstructionOutcome[]> {
  const waiting = await holder.transaction(async (client) => {
    await client.execute(rawSql("select from holds where id = $1 for update", [reservation]));
    const begun: { outcome: Promise<InstructionOutcome> }[] = [];
    for (const [index, instruction] of instructions.entries()) {
      const through = processes[index] ?? bank.reservations;
      begun.push({ outcome: through.submit(peer, { id: uuidv7(), ...instruction }) });
      await untilWaiting(client, index + 1);
    }
    return begun;
  });
  return Promise.all(waiting.map(({ outcome }) => outcome));
}

async function untilWaiting(client: Client, count: number): Promise<void> {
  const [row] = await client.query<{ waiting: number }>(
    rawSql(`select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`),
  );
  if ((row?.waiting ?? 0) < count) await untilWaiting(client, count);
}

const later = inDays(60);
/** Who comes second has read the reservation before the first has changed it. `paid`: what the new payee has then. */
const overtaken: [string, first: Asked["do"], second: Asked["do"], paid: string][] = [
  ["settled while it is assigned", "assign", "settle", "1000 0"],
  ["extended while it is assigned", "assign", "extend", "0 0"],
  ["given back while it is assigned", "assign", "release", "0 0"],
  ["assigned while it is extended", "extend", "assign", "0 0"],
];
for (const [what, first, second, paid] of overtaken) {
  test(`${what}: the new payee stays, and what is paid is paid to it`, async () => {
    const { consent } = await payer(1000n);
    const [before, then] = [
      await bank.account(0n, { kind: "shop" }),
      await bank.account(0n, { kind: "shop" }),
    ];
    const [old, next] = [await bank.receive(peer, before), await bank.receive(peer, then)];
    const reservation = uuidv7();
    await bank.reservations.submit(peer, {
      ...reserve(consent, 1000, reservation),
      payee: old,
    } as Instruction);
    const bodies: Partial<Record<Asked["do"], Asked>> = {
      assign: { do: "assign", reservation, payee: next },
      settle: { do: "settle", reservation },
      extend: { do: "extend", reservation, until: later },
      release: { do: "release", reservation },
    };
    const asked = [first, second].flatMap((each) => bodies[each] ?? []);
    const outcomes = await oneBehindAnother(reservation, asked);
    assert.equal(done(outcomes), 2, outcomes.map(textOf).join());
    const [row] = await bank.database.query<{ payee: string }>(
      rawSql("select payee from reservations where id = $1", [reservation]),
    );
    assert.deepEqual([row?.payee, ...(await bank.balances(before, then))], [next, "0 0", paid]);
    assert.deepEqual(await bank.audit(), []);
  });
}

const confirming = { confirmAbove: 500n };

/** A reservation of 1,000 of which a payment waits for its owner: the instruction, and the row of what is asked. */
async function waiting() {
  const owner = uuidv7();
  const { account, consent } = await payer(1000n, { ...confirming, owner });
  const reservation = uuidv7();
  await bank.reservations.submit(peer, reserve(consent, 1000, reservation));
  const settle: Instruction = { do: "settle", id: uuidv7(), reservation };
  assert.equal(told(await bank.reservations.submit(peer, settle)), "confirmation_awaited");
  const [row] = await bank.database.query<{ id: string }>(
    rawSql("select id from settlements where instruction = $1", [settle.id]),
  );
  return { account, owner, reservation, settle, asked: row?.id ?? "" };
}

test("confirmed, objected to, asked again and given back at once: one of them has it, and both sides are told the same", async () => {
  for (const _ of times(12)) {
    const { account, owner, reservation, settle, asked } = await waiting();
    const say = (objection: string | null) =>
      holder.transaction((client) => answerSettlement(client, { id: asked, owner, objection }));
    const [confirmed, objected, outcomes] = await Promise.all([
      say(null),
      say("Never came."),
      atOnce([
        settle,
        settle,
        { do: "release", reservation },
        settle,
        { do: "settle", reservation, amount: 600 },
      ]),
    ]);
    assert.equal(Number(confirmed) + Number(objected), 1, "one word of the owner");
    const view = await bank.reservations.read(peer, reservation);
    const [settled, released] = [Number(view?.settled), Number(view?.released)];
    assert.ok([0, 1000].includes(settled) && settled + released === 1000, outcomes.map(told).join());
    if (objected) assert.equal(settled, 0, "what was objected to is not paid");
    // Whoever asks again is told what became of it, for ever.
    const [last, again] = await atOnce([settle, settle]);
    if (released === 1000) assert.equal(last && told(last), "hold_ended");
    else assert.equal(last?.status, 200);
    assert.equal(last && textOf(last), again && textOf(again));
    assert.deepEqual(await bank.balances(account), [`${1000 - settled} 0`]);
  }
});

test("payments and words of owners in many reservations of two accounts, each batch in another order: nobody waits for ever", async () => {
  const many = await Promise.all(times(12).map(() => waiting()));
  const words = many.map(({ asked, owner }, index) =>
    holder.transaction((client) =>
      answerSettlement(client, { id: asked, owner, objection: index % 3 === 0 ? "No." : null }),
    ),
  );
  const wishes = many
    .toReversed()
    .flatMap(({ settle, reservation }): (Asked | Instruction)[] => [
      settle,
      { do: "release", reservation, amount: 100 },
      settle,
    ]);
  const [said] = await Promise.all([Promise.all(words), atOnce(wishes)]);
  assert.ok(said.every((each) => each));
  const now = await atOnce(many.map(({ settle }) => settle));
  for (const [index, outcome] of now.entries()) {
    const word = told(outcome);
    // The whole of what is left was asked for: some of it may have been given back before it was paid.
    const isPaid = word.startsWith("settled 0/");
    assert.equal(isPaid, index % 3 !== 0, `${index}: ${word}`);
    if (!isPaid) assert.equal(word, "confirmation_awaited");
  }
});

test("at the end the books agree, and nothing went wrong on the way", async () => {
  assert.deepEqual(await bank.audit(), []);
  assert.deepEqual(bank.errors, []);
});
