/** Instructions of peers on a real database: what each comes to, what is refused, and that nothing happens twice. */
import assert from "node:assert/strict";
import { textOf } from "../engine/engine.ts";
import { after, test } from "node:test";
import { type Asked, inDays, openBank, told } from "../../../test/support/world/consents.ts";
import { sql, uuidv7 } from "../../storage/database/database.ts";
import type { Instruction } from "../../core/protocol/schemas.ts";

const bank = await openBank({ after });
const { ask, reservations } = bank;
const peer = bank.newPeer();
const stranger = bank.newPeer();
const shop = await bank.account(0n, { kind: "shop" });
const house = await bank.account(5000n, { kind: "fee" });
const payee = await bank.receive(peer, shop);
const second = await bank.receive(peer, await bank.account(0n, { kind: "shop" }));
const strangersPayee = await bank.receive(stranger, shop);
const own = { pay: await bank.own(peer, house, "pay"), receive: await bank.own(peer, house, "receive") };
const until = inDays(30);
const tradeNumber = "48210733951146";

async function payer(funds = 10_000n, change = {}) {
  const account = await bank.account(funds);
  return { account, consent: await bank.consent(peer, account, change) };
}

const reserve = (account: string, amount: number, more: object = {}): Asked => ({
  do: "reserve",
  tradeNumber,
  account,
  payee,
  amount,
  currency: "JPY",
  until,
  ...more,
});

/** A reservation of 1000 of 10,000. */
async function held(more: object = {}) {
  const from = await payer();
  const reservation = uuidv7();
  const outcome = await ask(peer, { ...reserve(from.consent, 1000, more), id: reservation });
  assert.equal(told(outcome), "held 1000/0/0", textOf(outcome));
  return { ...from, reservation };
}

type Step = [move: object, comesTo: string];
const settle = (more: object = {}) => ({ do: "settle", ...more });
const release = (more: object = {}) => ({ do: "release", ...more });
const refund = (more: object = {}) => ({ do: "refund", ...more });
const extend = (days: number) => ({ do: "extend", until: inDays(days) });
const assign = (to: string) => ({ do: "assign", payee: to });
const shares = (...amounts: [string, number][]) => amounts.map(([account, amount]) => ({ account, amount }));

const stories: [name: string, steps: Step[], payerEndsWith: string][] = [
  ["paid whole", [[settle(), "settled 0/1000/0"]], "9000 0"],
  [
    "paid in parts",
    [
      [settle({ amount: 300 }), "held 700/300/0"],
      [settle(), "settled 0/1000/0"],
    ],
    "9000 0",
  ],
  ["a part, and no more", [[settle({ amount: 700, final: true }), "settled 0/700/300"]], "9300 0"],
  [
    "a part, some back, the rest frozen",
    [[settle({ amount: 500, release: 200 }), "held 300/500/200"]],
    "9500 300",
  ],
  [
    "more than there is, in one step or another",
    [
      [settle({ amount: 1001 }), "amount_exceeds_hold"],
      [settle({ amount: 900, release: 101 }), "amount_exceeds_hold"],
      [release({ amount: 1001 }), "amount_exceeds_hold"],
      [settle({ release: 1 }), "amount_exceeds_hold"],
      [settle({ amount: 999, release: 1 }), "settled 0/999/1"],
    ],
    "9001 0",
  ],
  [
    "a step whose end cannot be is not done in part",
    [
      [settle({ amount: 100, until: inDays(-1) }), "date_out_of_range"],
      [settle({ amount: 100, release: 50, until: inDays(1000) }), "date_out_of_range"],
      [settle({ amount: 100, until: inDays(60) }), "held 900/100/0"],
    ],
    "9900 900",
  ],
  [
    "divided among the payee and the peer",
    [
      [settle({ amount: 100, splits: shares([payee, 90], [own.receive, 11]) }), "amount_mismatch"],
      [settle({ amount: 100, splits: shares([payee, 90], [own.pay, 10]) }), "consent_not_valid"],
      [settle({ amount: 100, splits: shares([payee, 90], [uuidv7(), 10]) }), "consent_not_valid"],
      [
        settle({ amount: 100, splits: shares([payee, 80], [own.receive, 10], [payee, 10]) }),
        "held 900/100/0",
      ],
    ],
    "9900 900",
  ],
  [
    "given back",
    [
      [release({ amount: 400 }), "held 600/0/400"],
      [release(), "released 0/0/1000"],
      [release(), "hold_ended"],
      [release({ amount: 1 }), "hold_ended"],
      [settle(), "hold_ended"],
      [extend(60), "hold_ended"],
      [refund(), "amount_exceeds_settled"],
    ],
    "10000 0",
  ],
  [
    "given back, for the record as run out",
    [[release({ because: "expired" }), "expired 0/0/1000"]],
    "10000 0",
  ],
  [
    "moved",
    [
      [extend(60), "held 1000/0/0"],
      [extend(50), "date_out_of_range"],
      [extend(1000), "date_out_of_range"],
    ],
    "10000 1000",
  ],
  [
    "refunded, never more than was paid",
    [
      [settle({ amount: 600, splits: shares([payee, 500], [own.receive, 100]) }), "held 400/600/0"],
      [refund({ amount: 601 }), "amount_exceeds_settled"],
      [refund({ amount: 600, sources: shares([payee, 500], [own.receive, 99]) }), "amount_mismatch"],
      [refund({ amount: 600, sources: shares([payee, 500], [own.pay, 100]) }), "consent_not_valid"],
      [refund({ amount: 200, sources: shares([payee, 150], [own.receive, 50]) }), "held 400/600/0 back 200"],
      [refund(), "held 400/600/0 back 600"],
      [refund({ amount: 1 }), "amount_exceeds_settled"],
    ],
    "10000 400",
  ],
  [
    "another payee, while nothing is paid",
    [
      [assign(uuidv7()), "consent_not_valid"],
      [assign(strangersPayee), "consent_not_valid"],
      [assign(own.pay), "consent_not_valid"],
      [assign(second), "held 1000/0/0"],
      [settle({ amount: 100, splits: shares([payee, 100]) }), "consent_not_valid"],
      [settle({ amount: 100, splits: shares([second, 90], [own.receive, 10]) }), "held 900/100/0"],
      [assign(payee), "hold_ended"],
      [refund({ amount: 90, sources: shares([second, 90]) }), "held 900/100/0 back 90"],
      [release(), "settled 0/100/900 back 90"],
    ],
    "9990 0",
  ],
  [
    "goods in place of amounts",
    [[settle({ goods: { accepted: [1], returned: [0] } }), "invalid_field"]],
    "10000 1000",
  ],
];

for (const [name, steps, ends] of stories) {
  test(name, async () => {
    const { reservation, account } = await held();
    for (const [move, comesTo] of steps) {
      const outcome = await ask(peer, { reservation, ...move } as Asked);
      assert.equal(told(outcome), comesTo, JSON.stringify(move));
    }
    assert.deepEqual(await bank.balances(account), [ends]);
  });
}

const other = await bank.account(0n, { kind: "shop", currency: "USD" });
const refusals: [name: string, code: string, asked: () => Promise<Asked>][] = [
  ["no such consent", "consent_not_valid", async () => reserve(uuidv7(), 5)],
  [
    "no such payee",
    "consent_not_valid",
    async () => reserve((await payer()).consent, 5, { payee: uuidv7() }),
  ],
  [
    "another peer's consent",
    "consent_not_valid",
    async () => reserve(await bank.consent(stranger, await bank.account(9n)), 5),
  ],
  [
    "another peer's payee",
    "consent_not_valid",
    async () => reserve((await payer()).consent, 5, { payee: await bank.receive(stranger, shop) }),
  ],
  ["paid from a payee", "consent_not_valid", async () => reserve(payee, 5)],
  [
    "paid to a payer",
    "consent_not_valid",
    async () => reserve((await payer()).consent, 5, { payee: (await payer()).consent }),
  ],
  [
    "a consent that has run out",
    "consent_not_valid",
    async () => reserve((await payer(9n, { until: new Date(0) })).consent, 5),
  ],
  [
    "more than for one trade",
    "consent_limit_exceeded",
    async () => reserve((await payer(9n, { limitPerTrade: 4n })).consent, 5),
  ],
  [
    "more than for one month",
    "consent_limit_exceeded",
    async () => reserve((await payer(9n, { limitPerMonth: 4n })).consent, 5),
  ],
  [
    "another currency",
    "currency_mismatch",
    async () => reserve((await payer()).consent, 5, { currency: "USD" }),
  ],
  [
    "a payee in another currency",
    "currency_mismatch",
    async () =>
      reserve((await payer()).consent, 5, { payee: await bank.receive(peer, other, { currency: "USD" }) }),
  ],
  [
    "an end that is past",
    "date_out_of_range",
    async () => reserve((await payer()).consent, 5, { until: inDays(-1) }),
  ],
  [
    "an end too far",
    "date_out_of_range",
    async () => reserve((await payer()).consent, 5, { until: inDays(800) }),
  ],
  ["too little money", "insufficient_funds", async () => reserve((await payer(4n)).consent, 5)],
  [
    "too little credit",
    "credit_limit_exceeded",
    async () => reserve(await bank.consent(peer, await bank.account(4n, { kind: "credit" })), 5),
  ],
  [
    "no amount",
    "invalid_field",
    async () => {
      const { amount: _, ...rest } = reserve((await payer()).consent, 5) as { amount: number };
      return rest as unknown as Asked;
    },
  ],
  ["what is not there", "not_found", async () => ({ do: "settle", reservation: uuidv7() })],
  [
    "nothing to take the place of",
    "not_found",
    async () => reserve((await payer()).consent, 5, { replaces: uuidv7() }),
  ],
];

for (const [name, code, asked] of refusals) {
  test(`refused: ${name}`, async () => {
    const instruction = { ...(await asked()), id: uuidv7() };
    const before = await bank.balances(shop, house);
    const outcome = await ask(peer, instruction);
    assert.equal(told(outcome), code, textOf(outcome));
    // A refusal is an answer like any other: it is kept.
    assert.deepEqual(await ask(peer, instruction), { ...outcome, replayed: true });
    assert.deepEqual(await bank.balances(shop, house), before);
  });
}

test("another peer's reservation is not there", async () => {
  const { reservation, consent } = await held();
  for (const move of [settle(), release(), extend(60), refund(), assign(payee)])
    assert.equal(told(await ask(stranger, { reservation, ...move } as Asked)), "not_found");
  assert.equal(await reservations.read(stranger, reservation), undefined);
  assert.equal(told(await ask(stranger, { ...reserve(consent, 5), id: reservation })), "command_id_reused");
  assert.equal(told(await ask(peer, { do: "settle", reservation })), "settled 0/1000/0");
});

test("an id that the books know from elsewhere is refused, and spoils nobody's batch", async () => {
  const { reservation, consent } = await held();
  await ask(peer, { do: "settle", reservation, amount: 1 });
  const rows = await bank.database.query<{ command: string }>(
    sql`select command from entries where hold = ${reservation} and kind = 'settle'`,
  );
  const [good, bad] = await Promise.all([
    ask(peer, reserve(consent, 5)),
    ask(peer, { ...reserve(consent, 5), id: rows[0]?.command ?? "" }),
  ]);
  assert.deepEqual([told(good), told(bad)], ["held 5/0/0", "command_id_reused"]);
});

test("the same again is the same answer, in any order of fields; other content is refused", async () => {
  const { account, consent } = await payer();
  const asked: Instruction = { ...reserve(consent, 1000), id: uuidv7() };
  const turned = Object.fromEntries(Object.entries(asked).toReversed()) as Instruction;
  const [first, second, third] = await Promise.all(
    [asked, asked, turned].map((each) => reservations.submit(peer, each)),
  );
  assert.equal(first?.replayed, false);
  assert.deepEqual(
    [second, third],
    [
      { ...first, replayed: true },
      { ...first, replayed: true },
    ],
  );
  assert.equal(told(await ask(peer, { ...asked, amount: 999 } as Asked)), "command_id_reused");
  assert.equal(
    told(await ask(peer, { do: "release", id: asked.id, reservation: asked.id })),
    "command_id_reused",
  );
  assert.deepEqual(await bank.balances(account), ["10000 1000"]);
});

test("what comes in one turn is decided in its order, what comes too early is not there", async () => {
  const { consent } = await payer();
  const id = uuidv7();
  const moves: Asked[] = [
    { do: "settle", reservation: id, amount: 1 },
    { ...reserve(consent, 1000), id },
    { do: "settle", reservation: id, amount: 400 },
    { do: "release", reservation: id, amount: 100 },
    { do: "settle", reservation: id },
    { do: "refund", reservation: id, amount: 900 },
  ];
  const outcomes = await Promise.all(moves.map((move) => ask(peer, move)));
  assert.deepEqual(outcomes.map(told), [
    "not_found",
    "held 1000/0/0",
    "held 600/400/0",
    "held 500/400/100",
    "settled 0/900/100",
    "settled 0/900/100 back 900",
  ]);
});

test("a reservation takes the place of another of the same trade, or leaves it as it was", async () => {
  const { account, consent } = await payer(1500n, { limitPerMonth: 1500n });
  const [first, second] = [uuidv7(), uuidv7()];
  await ask(peer, { ...reserve(consent, 1000), id: first });
  assert.equal(told(await ask(peer, reserve(consent, 1501, { replaces: first }))), "consent_limit_exceeded");
  assert.deepEqual(await bank.balances(account), ["1500 1000"]);
  assert.equal(
    told(await ask(peer, reserve(consent, 5, { replaces: first, tradeNumber: "18" }))),
    "not_found",
  );
  const swap = await ask(peer, { ...reserve(consent, 1500, { replaces: first }), id: second });
  assert.equal(told(swap), "held 1500/0/0");
  assert.equal((await reservations.read(peer, first))?.state, "released");
  assert.match(await bank.spent(consent), /^1500 until/);
  await ask(peer, { do: "settle", reservation: second, amount: 1 });
  assert.equal(told(await ask(peer, reserve(consent, 5, { replaces: second }))), "hold_ended");
});

test("a swap that the money does not cover leaves the first in its place", async () => {
  const { account, consent } = await payer(1500n);
  const first = uuidv7();
  await ask(peer, { ...reserve(consent, 1000), id: first });
  assert.equal(told(await ask(peer, reserve(consent, 1501, { replaces: first }))), "insufficient_funds");
  assert.deepEqual(await bank.balances(account), ["1500 1000"]);
  assert.equal((await reservations.read(peer, first))?.state, "held");
});

test("money of the peer's own goes to whom it may pay, and nobody else's does", async () => {
  const { consent } = await payer();
  const move = {
    do: "transfer",
    from: own.pay,
    to: payee,
    amount: 100,
    currency: "JPY",
    tradeNumber,
  } as const;
  assert.equal(told(await ask(peer, move)), "moved 100");
  assert.equal(told(await ask(peer, { ...move, from: consent })), "consent_not_valid");
  assert.equal(told(await ask(peer, { ...move, from: own.receive })), "consent_not_valid");
  assert.equal(told(await ask(peer, { ...move, to: consent })), "consent_not_valid");
  assert.equal(told(await ask(stranger, move)), "consent_not_valid");
  assert.equal(told(await ask(peer, { ...move, amount: 1_000_000 })), "insufficient_funds");
  assert.equal(told(await ask(peer, { ...move, to: own.receive })), "invalid_field");
});

test("at the end the books agree, and nothing went wrong on the way", async () => {
  assert.deepEqual(await bank.audit(), []);
  assert.deepEqual(bank.errors, []);
});
