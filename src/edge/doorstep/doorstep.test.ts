import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  join,
  type Json,
  peopleServer,
  type Reply,
  signInAs,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { spoken } from "../../../test/support/world/operators.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";

const { context, engine, demo, call } = await peopleServer({ after });
const { database, trades } = context;
const [shop] = demo.shops;
const [hana] = demo.members;
const [demoCarrier] = demo.carriers;
const [demoOperator] = demo.operators;
if (!shop || !hana || !demoCarrier || !demoOperator) throw new Error("The demo is not whole.");
const admin = bearer(demo.adminKey);
const atShop = bearer(shop.key);
const buyer = await signInAs(call, hana);
const carrier = await signInAs(call, demoCarrier);
const operator = await signInAs(call, demoOperator);
const stranger = await join(context, call);

async function newParty(kind: "carriers" | "providers"): Promise<{ id: string; who: Who }> {
  const name = uuidv7();
  const contact = { email: `${name}@example.com` };
  const { body } = await call("POST", `/v1/${kind}`, admin, {
    name,
    contact,
    password: "a long password",
  });
  const id = String(body["id"]);
  assert.equal((await call("POST", `/v1/${kind}/${id}/approve`, admin, {})).status, 200);
  return { id, who: bearer((await call("POST", `/v1/${kind}/${id}/keys`, admin, {})).body["key"]) };
}
const carrier2 = await newParty("carriers");
const provider = await newParty("providers");

const secretPrice = 4321;

/** A reserved trade that the demo's carrier brings; what nobody who brings or receives may see is easy to find. */
async function newTrade(change: Json = {}): Promise<string> {
  const { status, body } = await call("POST", "/v1/trades", atShop, {
    buyer: { member: hana?.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 3, unitAmount: secretPrice }],
    approval: { mandate: hana?.mandates[shop?.key ?? ""] },
    acceptance: { by: ["buyer"] },
    carrier: demoCarrier?.id,
    ...change,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return String(body["number"]);
}

const post = (number: string, what: string, who: Who, body?: Json): Promise<Reply> =>
  call("POST", `/v1/trades/${number}/${what}`, who, body);
const atDoor = async (number: string, who = carrier): Promise<void> => {
  const { status, body } = await post(number, "at-door", who, {});
  assert.equal(status, 200, JSON.stringify(body));
};
const codeOf = async (number: string, who = buyer): Promise<string> => {
  const { status, body } = await call("GET", `/v1/trades/${number}/door-code`, who);
  assert.equal(status, 200, JSON.stringify(body));
  return String(body["code"]);
};
const accept = (number: string, code: string, who = carrier, more: Who = {}) =>
  post(number, "accept", { ...who, ...more }, { code, ...(who === operator ? { operator: spoken } : {}) });
const settledOf = async (number: string): Promise<unknown> =>
  (await call("GET", `/v1/trades/${number}`, atShop)).body["settled"];
const other = (code: string): string => String((Number(code) + 1) % 10 ** 8).padStart(8, "0");

const keyOf = (who: Who): Who => ({ "idempotency-key": who["idempotency-key"] ?? "" });

async function moveClock(minutes: number): Promise<void> {
  await database.execute(
    rawSql("update test_clock set ahead = ahead + make_interval(mins => $1)", [minutes]),
  );
}

test("the code that the buyer gives at the door is the buyer's acceptance by the carrier's hand", async () => {
  const number = await newTrade();
  assert.equal(
    (await post(number, "accept", carrier, {})).code,
    "not_an_acceptor",
    "the carrier's word alone",
  );
  await atDoor(number);
  const shown = await call("GET", `/v1/trades/${number}/door-code`, buyer);
  assert.match(String(shown.body["code"]), /^[0-9]{8}$/);
  assert.match(String(shown.body["warning"]), /giving it pays/);
  assert.equal(shown.body["for"], demoCarrier.id);
  const accepted = await accept(number, String(shown.body["code"]));
  assert.deepEqual(
    [accepted.status, accepted.body["state"], accepted.body["amount"]],
    [200, "settled", undefined],
  );
  assert.equal(await settledOf(number), 3 * secretPrice);
  const { body } = await call("GET", `/v1/trades/${number}/events`, buyer);
  const events = body["items"] as { type: string; actor: Json; data: Json }[];
  const [door, done] = ["trade.at_door", "trade.accepted"].map((type) =>
    events.find((event) => event.type === type),
  );
  assert.deepEqual(door?.actor, { role: "carrier", id: demoCarrier.id });
  assert.deepEqual(done?.actor, { role: "carrier", id: demoCarrier.id });
  assert.equal(done?.data["by"], "buyer");
  assert.equal((done?.data["evidence"] as Json | undefined)?.["kind"], "door_code");
});

test("a provider is a hand as well, and a part can be accepted", async () => {
  const number = await newTrade({ carrier: undefined, provider: provider.id });
  await atDoor(number, provider.who);
  const code = await codeOf(number);
  const lines = [{ line: 1, quantity: 1 }];
  assert.equal((await post(number, "accept", provider.who, { code, lines })).status, 200);
  assert.equal(await settledOf(number), secretPrice);
  assert.equal((await accept(number, code, provider.who)).code, "door_code_invalid", "the code is spent");
  await atDoor(number, provider.who);
  assert.notEqual(await codeOf(number), code);
});

test("a code holds for its trade, its hand and its time only", async () => {
  const [one, two] = [await newTrade({ provider: provider.id }), await newTrade()];
  const foreign = await newTrade({ carrier: carrier2.id });
  await atDoor(two);
  const codeOfTwo = await codeOf(two);
  assert.equal((await accept(one, "12345678")).code, "door_code_invalid", "nobody has reported");
  assert.equal((await call("GET", `/v1/trades/${one}/door-code`, buyer)).status, 404);
  await atDoor(foreign, carrier2.who);
  const codeOfForeign = await codeOf(foreign);
  await atDoor(one);
  const first = await codeOf(one);
  const cases: [string, string, string, Who, string][] = [
    ["the code of another trade", one, codeOfTwo, carrier, "door_code_invalid"],
    ["and the other way round", two, first, carrier, "door_code_invalid"],
    ["the code of another carrier's trade", one, codeOfForeign, carrier, "door_code_invalid"],
    ["another carrier", one, first, carrier2.who, "not_found"],
    ["the provider of the trade, who has not reported", one, first, provider.who, "door_code_invalid"],
    ["the shop", one, first, atShop, "door_code_invalid"],
    ["the buyer themselves", one, first, buyer, "door_code_invalid"],
    ["an operator", one, first, operator, "door_code_invalid"],
    ["a stranger", one, first, stranger.who, "not_found"],
    ["nobody", one, first, {}, "not_authenticated"],
  ];
  for (const [name, number, code, who, refused] of cases)
    assert.equal((await accept(number, code, who)).code, refused, name);
  const commands = [{ do: "accept", number: one, code: first }];
  const batch = await call("POST", "/v1/trades/batch", atShop, { commands });
  const [outcome] = batch.body["outcomes"] as { problem: Json }[];
  assert.equal(outcome?.problem["code"], "door_code_invalid", "in a batch of the shop's");
  await atDoor(one);
  assert.equal((await accept(one, first)).code, "door_code_invalid", "the code of the report before");
  const second = await codeOf(one);
  await moveClock(10);
  assert.equal((await accept(one, second)).code, "door_code_invalid", "after ten minutes");
  assert.equal((await call("GET", `/v1/trades/${one}/door-code`, buyer)).status, 404);
  for (const number of [one, two, foreign]) assert.equal(await settledOf(number), 0);
  await atDoor(one);
  assert.equal((await accept(one, await codeOf(one))).status, 200, "and in the end the right one");
});

test("only a trade that can still be accepted is brought to a door, and only if somebody there accepts it", async () => {
  const number = await newTrade();
  assert.equal((await post(number, "at-door", carrier2.who, {})).code, "not_found");
  for (const who of [atShop, buyer, operator])
    assert.equal((await post(number, "at-door", who, {})).code, "not_allowed");
  assert.equal((await post(number, "accept", buyer, {})).status, 200);
  assert.equal((await post(number, "at-door", carrier, {})).code, "already_accepted");
  const byCarrier = await newTrade({ acceptance: { by: ["carrier"] } });
  assert.equal((await post(byCarrier, "at-door", carrier, {})).code, "not_an_acceptor");
  assert.equal(
    (await post(byCarrier, "accept", carrier, {})).status,
    200,
    "the trade names the carrier itself",
  );
});

test("fifty uses of a code at once are one acceptance", async () => {
  const lines = [{ line: 1, quantity: 1 }];
  for (const key of [undefined, "one-key"]) {
    const number = await newTrade();
    await atDoor(number);
    const code = await codeOf(number);
    const who = key === undefined ? carrier : { ...carrier, "idempotency-key": `${key}-${number}` };
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => post(number, "accept", who, { code, lines })),
    );
    const done = replies.filter(({ status, replayed }) => status === 200 && !replayed);
    assert.equal(done.length, 1, `with ${key ?? "no key"}`);
    const rest = replies.filter((reply) => !done.includes(reply));
    for (const reply of rest)
      assert.equal(
        key === undefined ? reply.code : reply.replayed,
        key === undefined ? "door_code_invalid" : true,
      );
    assert.equal(await settledOf(number), secretPrice);
    await moveClock(11);
    if (key !== undefined) assert.equal((await post(number, "accept", who, { code, lines })).replayed, true);
  }
});

const one = [{ line: 1, quantity: 1 }];

test("what a code has served keeps its answer, whatever happens at the door afterwards", async () => {
  const number = await newTrade({ provider: provider.id });
  await atDoor(number);
  const code = await codeOf(number);
  const who = { ...carrier, "idempotency-key": `served-${number}` };
  const first = await post(number, "accept", who, { code, lines: one });
  assert.equal(first.status, 200, JSON.stringify(first.body));
  const guess = async () => {
    const wrong = other(await codeOf(number));
    for (let guesses = 0; guesses < 5; guesses += 1) await accept(number, wrong);
  };
  const since: [string, () => Promise<unknown>][] = [
    ["another report", () => atDoor(number)],
    ["five wrong codes", guess],
    ["unlocked", () => post(number, "door-code/unlock", buyer)],
    ["another's report", () => atDoor(number, provider.who)],
    [
      "another's acceptance",
      async () => post(number, "accept", provider.who, { code: await codeOf(number), lines: one }),
    ],
    ["ten minutes over", () => moveClock(11)],
    ["one more report", () => atDoor(number)],
  ];
  for (const [what, happen] of since) {
    await happen();
    const retries = await Promise.all([1, 2].map(() => post(number, "accept", who, { code, lines: one })));
    for (const { status, replayed, body } of retries)
      assert.deepEqual([status, replayed, body], [200, true, first.body], what);
  }
  const refused: [string, Who, Json, string][] = [
    ["another key", { ...carrier, "idempotency-key": `other-${number}` }, { code }, "door_code_invalid"],
    ["no key", carrier, { code }, "door_code_invalid"],
    ["the key of another hand", { ...provider.who, ...keyOf(who) }, { code }, "door_code_invalid"],
    ["another code", who, { code: await codeOf(number), lines: one }, "door_code_invalid"],
    ["other goods", who, { code }, "idempotency_key_reused"],
  ];
  for (const [what, asker, body, expected] of refused)
    assert.equal((await post(number, "accept", asker, body)).code, expected, what);
  assert.equal(await settledOf(number), 2 * secretPrice);
});

test("a code that was spent as the process ended serves its own request after another report, once", async () => {
  const number = await newTrade();
  await atDoor(number);
  const code = await codeOf(number);
  const key = `cut-${number}`;
  const ended = () => Promise.reject(new Error("The process has ended."));
  const cut = context.doorstep.guard({ ...engine, move: ended });
  const actor = { kind: "carrier", id: demoCarrier.id } as const;
  await assert.rejects(cut.move(actor, number, { do: "accept", code, lines: one }, key), /has ended/);
  await atDoor(number);
  assert.equal((await accept(number, code)).code, "door_code_invalid", "it is no other request's");
  assert.equal(await settledOf(number), 0);
  const who = { ...carrier, "idempotency-key": key };
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => post(number, "accept", who, { code, lines: one })),
  );
  for (const { status, body } of replies) assert.deepEqual([status, body], [200, replies[0]?.body]);
  assert.equal(replies.filter(({ replayed }) => !replayed).length, 1);
  assert.equal(await settledOf(number), secretPrice);
});

test("the database itself lets no code serve twice, and nothing that one has served be changed", async () => {
  const number = await newTrade();
  await atDoor(number);
  assert.equal((await accept(number, await codeOf(number))).status, 200);
  const refused: [string, string][] = [
    ["insert into door_uses select trade, 'another', window_id, giver, at from door_uses", "23505"],
    ["update door_uses set giver = 'recipient'", "42501"],
    ["delete from door_uses", "42501"],
  ];
  for (const [text, code] of refused)
    await assert.rejects(
      database.execute(rawSql(`${text} where trade = $1::bigint`, [number])),
      { code },
      text,
    );
});

test("guesses lock the trade, at once or one by one, and a new report from the door does not open it", async () => {
  const number = await newTrade();
  await atDoor(number);
  const code = await codeOf(number);
  const replies = await Promise.all(Array.from({ length: 40 }, () => accept(number, other(code))));
  const count = (refused: string) => replies.filter((reply) => reply.code === refused).length;
  assert.deepEqual([count("door_code_invalid"), count("too_many_requests")], [5, 35]);
  assert.equal((await accept(number, code)).code, "too_many_requests", "the right one, too");
  await atDoor(number);
  assert.equal((await call("GET", `/v1/trades/${number}/door-code`, buyer)).code, "too_many_requests");
  for (const [who, refused] of [
    [carrier, "not_allowed"],
    [atShop, "not_allowed"],
    [stranger.who, "not_found"],
  ] as const)
    assert.equal((await post(number, "door-code/unlock", who)).code, refused);
  assert.equal((await post(number, "door-code/unlock", buyer)).status, 204);
  assert.equal(
    (await call("GET", `/v1/trades/${number}/door-code`, buyer)).status,
    404,
    "until the next report",
  );
  await atDoor(number);
  assert.equal((await accept(number, await codeOf(number))).status, 200);
});

test("a carrier's guesses over many trades end with the hour's budget, and nothing is settled", async () => {
  await moveClock(60);
  const cheap = { lines: [{ name: "Tea", quantity: 1, unitAmount: 1 }] };
  const numbers = await Promise.all(Array.from({ length: 100 }, () => newTrade(cheap)));
  await Promise.all(numbers.map((number) => atDoor(number)));
  const actor = { kind: "carrier", id: demoCarrier.id } as const;
  const counts = new Map<string, number>();
  for (let guess = 0; guess < 100; guess += 1) {
    if (guess % 10 === 9) await moveClock(60);
    if (guess % 10 === 9) await Promise.all(numbers.map((number) => atDoor(number)));
    const code = String(guess * 999_983 + 7).padStart(8, "0");
    const outcomes = await Promise.all(
      numbers.map((number) => trades.move(actor, number, { do: "accept", code })),
    );
    for (const outcome of outcomes) {
      const refused = outcome.how === "refused" ? outcome.problem.value.code : outcome.how;
      counts.set(refused, (counts.get(refused) ?? 0) + 1);
    }
  }
  assert.deepEqual([...counts.keys()].sort(), ["door_code_invalid", "too_many_requests"]);
  const wrong = counts.get("door_code_invalid") ?? 0;
  assert.ok(wrong <= 500, `${wrong} codes were looked at: five of each trade at most`);
  const [row] = await database.query<{ most: number; settled: bigint }>(
    rawSql(
      "select max(w.wrong) as most, sum(t.settled)::bigint as settled from door_windows w join trades t on t.number = w.trade where w.trade = any($1::bigint[])",
      [numbers],
    ),
  );
  assert.deepEqual([row?.most, row?.settled], [5, 0n]);
});
