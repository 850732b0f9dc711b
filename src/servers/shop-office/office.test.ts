/** The shop's office: who may go where, figures that agree with the database, statements, servers and the staff. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { rawSql } from "../../storage/database/database.ts";
import { openShop, staffPassword, Visitor } from "../../../test/support/world/shop-visit.ts";

const password = "a long password";

async function withTeam(t: TestContext) {
  const shop = await openShop(t);
  const owner = await shop.staff();
  const add = (signIn: string, role: string, more: Record<string, string> = {}) =>
    owner.press("/staff/team", "/staff/team", {
      name: `Mx ${signIn}`,
      signIn,
      password,
      role,
      ownPassword: staffPassword,
      ...more,
    });
  const signIn = async (name: string, secret = password) => {
    const visitor = new Visitor(shop.server);
    return { visitor, answer: await visitor.post("/staff/sign-in", { name, password: secret }) };
  };
  await add("kei", "clerk");
  await add("Rin", "manager");
  const clerk = (await signIn("kei")).visitor;
  const manager = (await signIn("ＲＩＮ")).visitor;
  return { ...shop, owner, clerk, manager, add, signIn };
}

/** What each role may open, and what it may press. */
const pages = {
  clerk: ["/staff", "/staff?show=ship", "/staff/stores"],
  manager: ["/staff/money", "/staff/money/orders?kind=fee&currency=JPY&day=2026-11-22", "/staff/returns"],
  owner: ["/staff/servers", "/staff/team"],
} as const;
const forms = {
  clerk: ["/staff/search", "/staff/stores/direct/take", "/staff/stores/direct/pass"],
  manager: ["/staff/returns"],
  owner: [
    "/staff/team",
    "/staff/servers/direct/resend",
    ...["invite", "drop", "wait", "agree", "leave"].map((act) => `/staff/stores/direct/${act}`),
    "/staff/team/0190a0b0-0000-7000-8000-000000000001/end",
  ],
} as const;
const acts = {
  clerk: ["ship", "delivered", "extend", "say"],
  manager: [
    "hand-over",
    "end-guarantee",
    "claim-guarantee",
    "return",
    "refund",
    "give-up",
    "cancel",
    "contest",
    "answer",
    "offer",
    "take-offer",
    "dispute",
    "revise",
    "advance",
  ],
} as const;

test("each role may do what is its own, by every route, and a stranger nothing", async (t) => {
  const { server, owner, clerk, manager, institution, later } = await withTeam(t);
  await new Visitor(server).order();
  const [{ number, reference } = assert.fail()] = institution.trades.values();
  institution.approve(number);
  await later();
  const order = `/staff/orders/${String(reference)}`;
  const who = { clerk, manager, owner };
  const ranks = ["clerk", "manager", "owner"] as const;
  const key = "k".repeat(24);
  const told = institution.seen.length;
  for (const [rank, needed] of ranks.entries()) {
    for (const [place, name] of ranks.entries()) {
      for (const path of [...pages[needed], ...(needed === "clerk" ? [order] : [])])
        assert.equal((await who[name].get(path)).status === 200, place >= rank, `${name} ${path}`);
      const posts =
        needed === "owner" ? forms.owner : needed === "manager" ? [...forms.manager] : ([] as string[]);
      for (const path of place >= rank ? [] : posts)
        assert.equal((await who[name].post(path, { key })).status, 403, `${name} ${path}`);
      for (const act of needed === "owner" ? [] : acts[needed]) {
        const { status } = await who[name].post(`${order}/${act}`, { key, version: "999" });
        assert.equal(status === 403, place < rank, `${name} ${act}: ${status}`);
      }
    }
  }
  assert.equal(institution.seen.length, told);
  const stranger = new Visitor(server);
  for (const path of [...Object.values(pages).flat(), order])
    assert.equal((await stranger.get(path)).location, "/staff/sign-in", path);
  for (const path of [...Object.values(forms).flat(), ...acts.manager.map((act) => `${order}/${act}`)])
    assert.equal((await stranger.post(path, { key })).location, "/staff/sign-in", path);
  // Every route of the desk stands in these lists.
  const known = new Set([
    ...Object.values(pages).flat(),
    ...Object.values(forms).flat(),
    ...Object.values(acts)
      .flat()
      .map((act) => `/staff/orders/:number/${act}`),
  ]);
  const routes = server
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .flatMap((line) => /(\/staff\/orders\/:number\/[a-z-]+) \(POST\)/.exec(line)?.[1] ?? []);
  assert.deepEqual(
    routes.filter((route) => !known.has(route)),
    [],
  );
});

test("a clerk sees no form that they may not send, and the record names who did it", async (t) => {
  const { server, clerk, manager, institution, later } = await withTeam(t);
  await new Visitor(server).order();
  const [{ number, reference } = assert.fail()] = institution.trades.values();
  institution.approve(number);
  await later();
  const order = `/staff/orders/${String(reference)}`;
  const { page } = await clerk.get(order);
  assert.ok(page.includes('id="ship-form"') && !page.includes('id="cancel-form"'));
  assert.ok(!page.includes('href="/staff/money"') && !page.includes('href="/staff/team"'));
  assert.match(page, /What else can be done here is for a manager/);
  await clerk.press(order, `${order}/ship`);
  assert.match((await manager.get(order)).page, /id="done".*The notice of shipping, by <bdi>kei/s);
});

test("staff accounts: bad input, taken names, roles that end while a form is open, passwords that change", async (t) => {
  const { owner, clerk, manager, add, signIn, server, institution, later, database } = await withTeam(t);
  for (const [fields, field] of [
    [{ name: "" }, "name"],
    [{ signIn: "a b" }, "signIn"],
    [{ signIn: "KEI" }, "signIn"],
    [{ signIn: "owner" }, "signIn"],
    [{ password: "short" }, "password"],
    [{ name: "長".repeat(10_000) }, "name"],
  ] as const) {
    const { status, page } = await add("new", "clerk", fields);
    assert.equal(status, 422, JSON.stringify(fields).slice(0, 60));
    assert.match(page, new RegExp(`id="${field}-error"`));
    assert.ok(!page.includes(password), "no password stands on a page");
  }
  assert.equal((await add("new", "king")).status, 422);
  assert.equal((await signIn("kei", "wrong password")).answer.status, 401);
  assert.equal((await signIn("nobody")).answer.status, 401);
  const rows = await database.query<{ id: string; text: string }>(
    rawSql(
      "select id, staff_members::text as text from staff_members where sign_in in ('kei', 'rin') order by sign_in",
    ),
  );
  assert.ok(rows.every(({ text }) => !text.includes(password)));
  const [kei, rin] = rows.map(({ id }) => id);
  await new Visitor(server).order();
  const [{ number, reference } = assert.fail()] = institution.trades.values();
  institution.approve(number);
  await later();
  const order = `/staff/orders/${String(reference)}`;
  const form = Visitor.hidden((await manager.get(order)).page, `${order}/cancel`);
  await owner.press("/staff/team", `/staff/team/${rin}/role`, { role: "clerk", ownPassword: staffPassword });
  const ended = await manager.post(`${order}/cancel`, { ...form, reason: "x", sure: "yes" });
  assert.equal(ended.status, 403, "their rights ended while the form was open");
  await owner.press("/staff/team", `/staff/team/${rin}/password`, {
    password: "quite another one",
    ownPassword: staffPassword,
  });
  assert.equal((await manager.get("/staff")).location, "/staff/sign-in");
  assert.equal((await signIn("rin")).answer.status, 401);
  assert.equal((await signIn("rin", "quite another one")).answer.location, "/staff");
  await owner.press("/staff/team", `/staff/team/${kei}/end`, { ownPassword: staffPassword });
  assert.equal((await clerk.get("/staff")).location, "/staff/sign-in");
  assert.equal((await signIn("kei")).answer.status, 401);
  assert.match((await owner.get("/staff/team")).page, /data-member="kei".*until/s);
  assert.equal((await add("kei", "clerk")).status, 422, "whose name it was keeps it");
});

const shopId = "0190a0b0-0000-7000-8000-000000000001";
const account = "0190a0b0-0000-7000-8000-000000000009";

test("the figures agree with the database, balances with the server, and a statement comes as it is", async (t) => {
  const { server, manager, institution, later, database } = await withTeam(t);
  for (let count = 0; count < 5; count += 1) await new Visitor(server).order();
  const trades = [...institution.trades.values()];
  trades.slice(1).forEach(({ number }) => institution.approve(number));
  institution.move(trades[2]?.number ?? "", "settled", {
    settled: 16_800,
    frozen: 0,
    refunded: 1_000,
    fee: 420,
  });
  institution.move(trades[3]?.number ?? "", "cancelled", { frozen: 0, released: 16_800 });
  await later();
  for (const { reference } of trades) await manager.get(`/staff/orders/${String(reference)}`);
  institution.office.set("/v1/sessions", { kind: "shop", id: shopId });
  const fee = { fixed: 30, basisPoints: 250, roundTo: "shop" };
  const accounts = [{ currency: "JPY", account, fee }];
  institution.office.set(`/v1/shops/${shopId}`, { id: shopId, kind: "shop", name: "x", accounts });
  const balance = { kind: "debit", currency: "JPY", posted: 123_456, held: 0, floor: 0, available: 100_000 };
  institution.office.set(`/v1/accounts/${account}`, { id: account, ...balance });
  institution.office.set(`/v1/accounts/${account}/payouts`, { items: [], next: null });
  institution.office.set(`/v1/accounts/${account}/statement`, "day,amount\n2026-11-22,100\n");
  const { page, status } = await manager.get("/staff/money");
  assert.equal(status, 200);
  assert.match(page, /data-figure="balance"><span class="amount">¥123,456/);
  assert.match(page, /2\.5%/);
  const [sums = assert.fail()] = await database.query<Record<string, number>>(
    rawSql(`select count(*)::int as count, sum((view ->> 'settled')::int)::int as settled, sum((view ->> 'frozen')::int)::int as frozen,
      sum((view ->> 'released')::int)::int as released, sum((view ->> 'refunded')::int)::int as refunded, sum((view ->> 'fee')::int)::int as fee,
      sum(amount)::int as amount from orders`),
  );
  const byDay = page.slice(page.indexOf('id="by-day"'));
  const all = ["frozen", "settled", "released"].reduce((sum, name) => sum + (sums[name] ?? 0), 0);
  for (const [kind, sum] of [
    ["frozen", all],
    ...(["settled", "released", "refunded", "fee"] as const).map((name) => [name, sums[name]] as const),
  ] as const) {
    const days = [
      ...byDay.matchAll(
        new RegExp(`data-figure="${kind}">(?:<a href="([^"]+)">)?<span class="amount">¥([0-9,]+)`, "g"),
      ),
    ];
    const total = days.reduce((of, [, , shown = ""]) => of + Number(shown.replaceAll(",", "")), 0);
    assert.equal(total, sum, kind);
    for (const [, link = "", shown = ""] of days) {
      const behind = (await manager.get(link.replaceAll("&amp;", "&"))).page;
      const each = [...behind.matchAll(/data-order="[0-9]+".*?class="amount">¥([0-9,]+)/gs)];
      const amounts = each.map(([, amount = ""]) => Number(amount.replaceAll(",", "")));
      assert.equal(
        amounts.reduce((of, amount) => of + amount, 0),
        Number(shown.replaceAll(",", "")),
        `the orders behind ${kind}`,
      );
    }
  }
  for (const asked of [
    "kind=fees&currency=JPY&day=2026-11-22",
    "kind=settled&currency=JPY&day=2026-02-30",
    "kind=settled&currency=JPY&day=2026-11-22&after=x",
  ])
    assert.equal((await manager.get(`/staff/money/orders?${asked}`)).status, 422, asked);
  const queues = page.slice(page.indexOf('id="by-queue"'), page.indexOf('id="by-day"'));
  assert.match(queues, /data-queue="ship".*2 orders.*data-figure="frozen"><span class="amount">¥33,600/s);
  assert.match(page, /id="paid-back".*¥1,000/s);
  const file = `/staff/money/statement?till=direct&account=${account}&from=2026-11-01&to=2026-11-30`;
  const csv = await manager.get(file);
  assert.equal(csv.page, "day,amount\n2026-11-22,100\n");
  assert.match(String(csv.headers["content-disposition"]), /statement-direct-2026-11-01-2026-11-30\.csv/);
  assert.equal((await manager.get(file.replace("direct", "nowhere"))).status, 404);
  assert.equal((await manager.get(file.replace("2026-11-01", "yesterday"))).status, 422);
});

test("a server's news: what was heard, what was missed and is asked for again once, how old the keys are", async (t) => {
  const { owner, institution, database } = await withTeam(t);
  assert.match((await owner.get("/staff/servers")).page, /does not answer now/);
  institution.office.set("/v1/sessions", { kind: "shop", id: shopId });
  const key = { id: "k1", label: "till", createdAt: "2020-01-01T00:00:00.000Z", expiresAt: null };
  institution.office.set(`/v1/shops/${shopId}/keys`, { items: [key], next: null });
  const delivery = {
    endpoint: "e",
    type: "trade.settled",
    number: "48210733951146",
    attempts: 9,
    lastStatus: 500,
    lastError: null,
    nextAttemptAt: null,
    createdAt: "2026-11-22T00:00:00.000Z",
  };
  const items = ["failed", "delivered", "failed"].map((state, index) => ({
    ...delivery,
    id: `d${index}`,
    state,
  }));
  institution.office.set("/v1/webhook-deliveries", { items, next: null });
  await database.execute(rawSql("insert into heard_messages (till, message) values ('direct', 'm1')"));
  const { page } = await owner.get("/staff/servers");
  assert.match(page, /Last heard .*1 messages within a day/s);
  assert.match(page, /2 messages did not reach us/);
  assert.match(page, /badge tone-care">[0-9]+ days old/);
  const path = "/staff/servers/direct/resend";
  const fields = Visitor.hidden(page, path);
  const told = institution.seen.length;
  assert.match((await owner.post(path, fields)).page, /Asked for again: 2/);
  await owner.post(path, fields);
  const keys = institution.seen.slice(told).map((each) => `${each.call} ${each.key}`);
  assert.equal(keys.length, 4);
  assert.equal(new Set(keys).size, 2, "the same press is the same wish");
  assert.equal((await owner.post("/staff/servers/nowhere/resend", fields)).status, 404);
});
