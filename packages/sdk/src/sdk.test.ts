import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { kenshu, type Problem, type ProblemCode, type Propose, ReadFailure } from "@kenshu/sdk";
import {
  cut,
  cutUnannounced,
  hostile,
  html,
  json,
  lost,
  oneCommand,
  refusal,
  replayed,
  type Reply,
  silence,
  trade,
} from "../../../test/support/wire/hostile-server.ts";

const order: Propose = { currency: "JPY", amount: 3600 };

const recoveries: [name: string, first: Reply][] = [
  ["a lost reply", lost],
  ["a reply cut half-way", cut],
  ["a cut reply of unannounced length", cutUnannounced],
  ["503 without a problem", html(503)],
  ["200 with garbage", html(200)],
  ["200 with JSON that is no trade", json(200, { hello: "world" })],
  ["200 with a list", json(200, [])],
  ["outcome_unknown", refusal("outcome_unknown")],
  ["internal_error", refusal("internal_error")],
  ["overloaded", refusal("overloaded")],
  ["too_many_requests", refusal("too_many_requests")],
];
for (const [name, first] of recoveries) {
  test(`${name}, then the answer: done, with one key`, async (t) => {
    const { seen, client } = await hostile(t, first, first, replayed);
    const outcome = await client().propose(order);
    assert.equal(outcome.outcome, "done");
    assert.ok(outcome.outcome === "done" && outcome.replayed && outcome.status === 201);
    assert.equal(outcome.trade.number, "48210733951146");
    oneCommand(seen, 3);
  });
}

test("a socket that hangs is left, and the call sent again with the same key", async (t) => {
  const { seen, client } = await hostile(t, silence, replayed);
  const outcome = await client({ timeoutMs: 100 }).propose(order);
  assert.equal(outcome.outcome, "done");
  oneCommand(seen, 2);
});

test("a body that hangs counts as no answer", async (t) => {
  const half: Reply = (response) => {
    response.writeHead(201, { "content-type": "application/json" });
    response.write('{"number":');
  };
  const { seen, client } = await hostile(t, half, replayed);
  assert.equal((await client({ timeoutMs: 200 }).propose(order)).outcome, "done");
  oneCommand(seen, 2);
});

const dooms: [name: string, reply: Reply, attempts: number][] = [
  ["lost replies", lost, 3],
  ["garbage", html(200), 3],
  ["bad gateways", html(502), 3],
  ["a proxy's own 404", html(404), 1],
  ["a redirect", (response) => response.writeHead(307, { location: "/elsewhere" }).end(), 1],
];
for (const [name, reply, attempts] of dooms) {
  test(`${name} without end: unknown, never a failure`, async (t) => {
    const { seen, client } = await hostile(t, reply);
    const outcome = await client({ retry: { attempts: 3 } }).propose(order);
    assert.equal(outcome.outcome, "unknown");
    assert.ok(outcome.outcome === "unknown" && outcome.key === seen[0]?.key && outcome.reason !== "");
    oneCommand(seen, attempts);
  });
}

test("a proxy's page in place of an answer without a body does not say that it was done", async (t) => {
  const { client } = await hostile(t, html(200));
  const to = client({ retry: { attempts: 2 } });
  assert.equal((await to.endpoints.remove("1")).outcome, "unknown");
  assert.equal((await to.accounts.takeAwayBankAccount("1")).outcome, "unknown");
  const { client: other } = await hostile(t, (response) => response.writeHead(204).end());
  assert.equal((await other().accounts.takeAwayBankAccount("1")).outcome, "done");
});

test("nobody listens: unknown", async () => {
  const client = kenshu({ url: "http://127.0.0.1:1", retry: { attempts: 2, firstPauseMs: 1 } });
  assert.equal((await client.get("48210733951146")).outcome, "unknown");
});

test("a refusal is handed over at once", async (t) => {
  for (const code of ["insufficient_funds", "trade_not_open", "not_found", "not_authenticated"] as const) {
    const { seen, client } = await hostile(t, refusal(code));
    const outcome = await client().accept("48210733951146");
    assert.ok(outcome.outcome === "refused" && outcome.problem.code === code);
    oneCommand(seen, 1);
  }
});

test("overload without end is a refusal: nothing was done", async (t) => {
  const { seen, client } = await hostile(t, refusal("overloaded"));
  const outcome = await client({ retry: { attempts: 4 } }).propose(order);
  assert.ok(outcome.outcome === "refused" && outcome.problem.code === "overloaded");
  oneCommand(seen, 4);
});

test("after a lost reply, a refusal at the door does not tell what became of the command", async (t) => {
  const codes = ["overloaded", "not_authenticated", "shop_suspended", "proof_required"] as const;
  const ofProofs = ["passkey_refused", "password_wrong", "sign_in_changed_lately"] as const;
  for (const code of [...codes, ...ofProofs]) {
    const { client } = await hostile(t, lost, refusal(code));
    assert.equal((await client({ retry: { attempts: 3 } }).propose(order)).outcome, "unknown");
  }
});

test("doubt outlives the process that had it", async (t) => {
  const { client } = await hostile(t, refusal("shop_suspended"));
  assert.equal((await client().propose(order)).outcome, "refused");
  assert.equal((await client().propose(order, { key: "k", sentBefore: true })).outcome, "unknown");
  const commands = [{ do: "propose" as const, trade: order, key: "k" }];
  assert.equal((await client().batch(commands))[0]?.outcome, "refused");
  assert.equal((await client().batch(commands, { sentBefore: true }))[0]?.outcome, "unknown");
});

test("after a lost reply, the command's own refusal is the answer", async (t) => {
  const { client } = await hostile(t, lost, refusal("insufficient_funds"));
  const outcome = await client().propose(order);
  assert.ok(outcome.outcome === "refused" && outcome.problem.code === "insufficient_funds");
});

test("pauses grow with full jitter, stay under their ceiling, and obey Retry-After", async (t) => {
  const later = { "retry-after": "7" };
  const { client, pauses } = await hostile(
    t,
    lost,
    lost,
    lost,
    refusal("overloaded", later),
    refusal("overloaded", {
      "retry-after": "Sun, 22 Nov 2026 10:00:09 GMT",
      date: "Sun, 22 Nov 2026 10:00:00 GMT",
    }),
    replayed,
  );
  const retry = { attempts: 9, firstPauseMs: 100, longestPauseMs: 400 };
  assert.equal((await client({ retry }).propose(order)).outcome, "done");
  assert.deepEqual(pauses, [50, 100, 200, 7200, 9200]);
});

test("a Retry-After beyond the budget ends the call at once", async (t) => {
  const { seen, pauses, client } = await hostile(t, refusal("overloaded", { "retry-after": "60" }));
  assert.equal((await client().propose(order)).outcome, "refused");
  assert.deepEqual([seen.length, pauses.length], [1, 0]);
});

test("the caller's own end of patience leaves the outcome unknown", async (t) => {
  const { client, seen } = await hostile(t, silence);
  const controller = new AbortController();
  const running = client().propose(order, { signal: controller.signal });
  while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  assert.equal((await running).outcome, "unknown");
  assert.equal(seen.length, 1);
});

test("the key is stored before anything is sent, and a stored key is used again", async (t) => {
  const { client, seen } = await hostile(t, replayed);
  let stored = "";
  await client().propose(order, {
    onKey: async (key) => {
      await Promise.resolve();
      assert.equal(seen.length, 0);
      stored = key;
    },
  });
  await client().propose(order, { key: stored });
  oneCommand(seen, 2);
  const full = new Error("the disk is full");
  await assert.rejects(
    client().propose(order, {
      onKey: () => {
        throw full;
      },
    }),
    full,
  );
  assert.equal(seen.length, 2);
});

test("nothing that is not an integer goes out as a number, and no unsendable key", async (t) => {
  const { client, seen } = await hostile(t, replayed);
  for (const amount of [1.5, Number.NaN, 2 ** 53]) {
    await assert.rejects(client().propose({ currency: "JPY", amount }), RangeError);
  }
  await assert.rejects(client().propose(order, { key: "with a space" }), RangeError);
  assert.equal(seen.length, 0);
});

const moves =
  "approve revise ship deliver accept reject send-back return withdraw dispute answer offer offer/accept resolve cancel extend refund".split(
    " ",
  );

test("every method has its address", async (t) => {
  const { client, seen } = await hostile(t, replayed);
  const to = client();
  const number = "48210733951146";
  await to.approve(number, { payment: { on: "acceptance" } });
  await to.revise(number, { amount: 1 });
  await to.ship(number, { tracking: { number: "P1" } });
  await to.deliver(number);
  await to.accept(number, { final: true });
  await to.reject(number, { reason: "broken" });
  await to.sendBack(number);
  await to.return(number);
  await to.withdraw(number, { reason: "too large" });
  await to.dispute(number, { reason: "late" });
  await to.answer(number, { statement: "It was sent." });
  await to.offer(number, { release: 1, pay: 2 });
  await to.acceptOffer(number, { version: 3 });
  await to.resolve(number, { outcome: "settle", reason: "shown" });
  await to.cancel(number);
  await to.extend(number, { until: "2026-12-24T00:00:00Z" });
  await to.refund(number, { amount: 1, reason: "kind" });
  await to.members.apply({
    name: "A",
    address: "B",
    birthDate: "2000-01-01",
    contact: { phone: "0312345678" },
  });
  assert.deepEqual(
    seen.map(({ path }) => path),
    moves.map((name) => `/v1/trades/${number}/${name}`).concat("/v1/members"),
  );
  assert.equal(new Set(seen.map(({ key }) => key)).size, seen.length);
});

test("reading: a trade, an account, and what is not there", async (t) => {
  const { client, seen } = await hostile(
    t,
    json(200, trade()),
    json(200, { id: "a", available: 5 }),
    refusal("not_found"),
    json(200, { number: "1234567897", state: "approved" }),
  );
  const read = await client().get("48210733951146");
  assert.ok(read.outcome === "done" && read.trade.state === "reserved");
  const account = await client().accounts.get("a");
  assert.ok(account.outcome === "done" && account.account.available === 5);
  assert.equal((await client().get("1/../2")).outcome, "refused");
  assert.equal((await client().members.get("1234567897")).outcome, "done");
  assert.deepEqual(
    seen.map(({ method, path, key }) => [method, path, key]),
    [
      ["GET", "/v1/trades/48210733951146", undefined],
      ["GET", "/v1/accounts/a", undefined],
      ["GET", "/v1/trades/1%2F..%2F2", undefined],
      ["GET", "/v1/members/1234567897", undefined],
    ],
  );
});

test("lists go on to the last page, over a broken connection too", async (t) => {
  const { client, seen } = await hostile(
    t,
    json(200, { items: [trade({ number: "1" }), trade({ number: "2" })], next: "p2" }),
    lost,
    json(200, { items: [trade({ number: "3" })], next: null }),
  );
  const numbers: string[] = [];
  for await (const { number } of client().list({ limit: 2 })) numbers.push(number);
  assert.deepEqual(numbers, ["1", "2", "3"]);
  assert.deepEqual(
    seen.map(({ path }) => path),
    ["/v1/trades?limit=2", "/v1/trades?limit=2&after=p2", "/v1/trades?limit=2&after=p2"],
  );
});

test("a list that cannot be read says so", async (t) => {
  const { client } = await hostile(t, refusal("not_found"));
  await assert.rejects(client().events("1").next(), (error) => {
    assert.ok(error instanceof ReadFailure && error.problem?.code === "not_found");
    return true;
  });
});

const refused = (code: ProblemCode, status: number): { status: number; problem: Problem } => ({
  status,
  problem: { type: "about:blank", title: "No", status, detail: "No.", code, transient: true },
});

test("a batch: only what has no answer is sent again, each with its own key", async (t) => {
  const first: Reply = (response, request, body) => {
    const { commands } = JSON.parse(body) as { commands: { number: string }[] };
    const outcomes = commands.map(({ number }) => {
      if (number === "2") return refused("outcome_unknown", 503);
      if (number === "3") return refused("insufficient_funds", 402);
      return { status: 200, trade: trade({ number }) };
    });
    json(200, { outcomes: outcomes.slice(0, 3) })(response, request, body);
  };
  const second: Reply = (response, request, body) => {
    const { commands } = JSON.parse(body) as { commands: { number: string }[] };
    json(200, { outcomes: commands.map(({ number }) => ({ status: 200, trade: trade({ number }) })) })(
      response,
      request,
      body,
    );
  };
  const { client, seen } = await hostile(t, lost, first, second);
  const keys: string[] = [];
  const outcomes = await client().batch(
    ["1", "2", "3", "4"].map((number) => ({ do: "accept" as const, number })),
    {
      onKeys: (made) => {
        assert.equal(seen.length, 0);
        keys.push(...made);
      },
    },
  );
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.outcome === "done" ? outcome.trade.number : outcome.outcome)),
    ["1", "2", "refused", "4"],
  );
  const sent = seen.map(({ body }) =>
    (JSON.parse(body) as { commands: { key: string }[] }).commands.map(({ key }) => keys.indexOf(key)),
  );
  assert.deepEqual(sent, [
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [1, 3],
  ]);
});

test("a batch that is lost or refused as a whole", async (t) => {
  const commands = [{ do: "propose" as const, trade: order, key: "mine" }];
  const gone = await hostile(t, lost);
  const unknown = await gone.client({ retry: { attempts: 2 } }).batch(commands);
  assert.ok(unknown[0]?.outcome === "unknown" && unknown[0].key === "mine");
  const no = await hostile(t, refusal("not_authenticated"));
  const refused = await no.client().batch(commands);
  assert.ok(refused[0]?.outcome === "refused" && refused[0].problem.code === "not_authenticated");
  assert.deepEqual(await no.client().batch([]), []);
  const many = Array.from({ length: 1001 }, () => commands[0]).filter((command) => command !== undefined);
  await assert.rejects(no.client().batch(many), RangeError);
});

/** The specifiers that the built file imports at run time, and those of all it leads to. */
function importsOf(path: string, seen: Map<string, string[]>): Map<string, string[]> {
  if (seen.has(path)) return seen;
  const found = [
    ...readFileSync(path, "utf8").matchAll(/^(?:import|export)\s[^;]*?from "([^"]+)";|^import "([^"]+)";/gms),
  ];
  const specifiers = found.map(([, from, bare]) => from ?? bare ?? "");
  seen.set(path, specifiers);
  for (const specifier of specifiers) {
    if (specifier.startsWith(".")) importsOf(join(dirname(path), specifier), seen);
  }
  return seen;
}

test("the client leads to no package and to nothing of Node, so browsers load it as it is", () => {
  const files = new Map<string, string[]>();
  for (const door of ["@kenshu/sdk", "@kenshu/sdk/money", "@kenshu/sdk/webhooks"]) {
    importsOf(fileURLToPath(import.meta.resolve(door)), files);
  }
  assert.ok(files.size >= 5, "the graph was read");
  for (const [path, specifiers] of files) {
    assert.deepEqual(
      specifiers.filter((specifier) => !specifier.startsWith("./") && !specifier.startsWith("../")),
      [],
      path,
    );
    assert.doesNotMatch(readFileSync(path, "utf8"), /\b(?:process|Buffer|require)\b\s*[.(]|import\(/, path);
  }
});

test("what was taken and waits for another server is done, with a trade that says so, and the same key asks again", async (t) => {
  const pending = { step: "accept", since: "2026-11-22T09:00:00Z" };
  const { seen, client } = await hostile(
    t,
    json(202, trade({ pending })),
    refusal("trade_busy"),
    json(200, trade()),
  );
  const first = await client().accept("48210733951146", {}, { key: "k1" });
  assert.ok(first.outcome === "done" && first.status === 202);
  assert.deepEqual(first.trade.pending, pending);
  const other = await client().cancel("48210733951146");
  assert.ok(other.outcome === "refused" && other.problem.code === "trade_busy" && other.problem.transient);
  const second = await client().accept("48210733951146", {}, { key: "k1", sentBefore: true });
  assert.ok(second.outcome === "done" && second.status === 200 && !second.trade.pending);
  assert.deepEqual([seen[0]?.key, seen[2]?.key], ["k1", "k1"]);
});
