/** Stores and offers in the shop's back office: what the servers say, what is told to them, once, by whom, and what is refused. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { problem } from "../../core/protocol/protocol.ts";
import { rawSql } from "../../storage/database/database.ts";
import { openShop, staffPassword, Visitor } from "../../../test/support/world/shop-visit.ts";

const shop = "0190a0b0-0000-7000-8000-000000000001";
const head = "0190a0b0-0000-7000-8000-0000000000a1";
const store = "0190a0b0-0000-7000-8000-0000000000b1";
const offer = "0190a0b0-0000-7000-8000-0000000000c1";
const at = "2026-11-22T00:00:00.000Z";
const place = { at: null, postcodes: ["100"], hours: null, capacity: null };
const path = (act: string) => `/staff/stores/direct/${act}`;

async function withChain(t: TestContext) {
  const opened = await openShop(t);
  const { institution, server } = opened;
  const owner = await opened.staff();
  const added = { name: "Kei", signIn: "kei", password: "a long password", role: "clerk" };
  await owner.press("/staff/team", "/staff/team", { ...added, ownPassword: staffPassword });
  const clerk = new Visitor(server);
  await clerk.post("/staff/sign-in", { name: "kei", password: "a long password" });
  const offered = { id: offer, trade: "48210733951146", chain: head, store: shop, state: "offered" };
  const line = { line: 1, name: "Tea <b>set", quantity: 3, unitAmount: 1200 };
  const order = { currency: "JPY", amount: 3600, lines: [line], shipBy: null, reservedUntil: at };
  const items = [
    { ...offered, until: at, offeredAt: at, answeredAt: null, order },
    { ...offered, id: store, state: "taken", until: at, offeredAt: at, answeredAt: at },
  ];
  institution.office.set("/v1/sessions", { kind: "shop", id: shop });
  institution.office.set(`/v1/chains/${shop}/stores`, {
    offerFor: "PT10M",
    items: [{ store, state: "invited", agreedAt: null, ...place }],
    next: null,
  });
  const chain = { chain: head, store: shop, state: "invited", agreedAt: null, ...place };
  institution.office.set("/v1/chains", { items: [chain], next: null });
  institution.office.set("/v1/offers", { items, next: null });
  const said = () =>
    opened.database.query<{ by: string; act: string; said: string }>(
      rawSql(`select made_by as by, act, said from staff_record where act <> 'add' order by id`),
    );
  return { ...opened, owner, clerk, said };
}

test("what is offered is seen with its goods and its sum; only the owner sees and says which stores there are", async (t) => {
  const { owner, clerk, institution } = await withChain(t);
  const seen = await clerk.get("/staff/stores");
  assert.equal(seen.status, 200);
  assert.match(seen.page, /3 × <bdi>Tea &lt;b>set<\/bdi>|3 × <bdi>Tea &lt;b&gt;set<\/bdi>/);
  assert.match(seen.page, /¥3,600/);
  assert.match(seen.page, /data-answered="taken".*\/shop\/orders\/48210733951146/s);
  for (const act of ["invite", "drop", "wait", "agree", "leave"]) {
    assert.ok(!seen.page.includes(path(act)), act);
    const pressed = await clerk.post(path(act), { key: "k".repeat(24), of: store });
    assert.equal(pressed.status, 403, act);
  }
  const { page } = await owner.get("/staff/stores");
  for (const act of ["take", "pass", "invite", "drop", "wait", "agree", "leave"])
    assert.ok(page.includes(path(act)), act);
  assert.ok(page.includes(shop), "the owner reads by which id heads invite this shop");
  institution.office.delete("/v1/offers");
  assert.match((await clerk.get("/staff/stores")).page, /does not answer now/);
});

test("an offer is taken once by the same press, written down before, and told in words when it is over", async (t) => {
  const { clerk, institution, said } = await withChain(t);
  institution.office.set(`POST /v1/offers/${offer}/take`, {
    number: "48210733951146",
    state: "reserved",
    version: 2,
  });
  const { page } = await clerk.get("/staff/stores");
  const fields = Visitor.hidden(page, path("take"));
  for (let count = 0; count < 2; count += 1)
    assert.equal((await clerk.post(path("take"), fields)).location, "/staff/stores?done=take");
  const keys = institution.seen.filter(({ call }) => call === "take").map(({ key }) => key);
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1], "the same press is the same call");
  assert.match((await clerk.get("/staff/stores?done=take")).page, /id="done".*yours now/s);
  institution.faults.push({ refuse: "offer_over" });
  const late = await clerk.press("/staff/stores", path("pass"));
  assert.equal(late.status, problem("offer_over").status);
  assert.match(late.page, /id="refused".*data-code="offer_over"/s);
  assert.deepEqual(
    (await said()).map(({ by, act, said: what }) => `${by} ${act} ${what}`),
    ["kei take", "kei take", "kei pass"].map((each) => `${each} direct, ${offer}`),
  );
  assert.equal((await clerk.post(path("take"), { ...fields, of: "%" })).status, 404);
  assert.equal((await clerk.post("/staff/stores/nowhere/take", fields)).status, 404);
  assert.equal((await clerk.post(path("take"), { ...fields, more: "1" })).status, 422);
});

test("the owner invites by their password, says how long stores may think, agrees and leaves", async (t) => {
  const { owner, institution, said, server } = await withChain(t);
  const invite = (more: Record<string, string>) =>
    owner.press("/staff/stores", path("invite"), {
      of: store,
      postcodes: "１００、 101",
      ownPassword: staffPassword,
      ...more,
    });
  for (const [fields, field] of [
    [{ of: "kanda" }, "of"],
    [{ of: "%" }, "of"],
    [{ postcodes: " 、 " }, "postcodes"],
    [{ postcodes: "1 ".repeat(201) }, "postcodes"],
    [{ ownPassword: "another one" }, "ownPassword"],
  ] as const) {
    const { status, page } = await invite(fields);
    assert.equal(status, 422, field);
    assert.match(page, new RegExp(`id="${field}-direct-error"`));
    assert.ok(!page.includes(staffPassword), "no password stands on a page");
  }
  assert.deepEqual(await said(), [], "nothing was done, and nothing is written down");
  institution.office.set("POST /v1/chains/stores", { store, state: "invited", agreedAt: null, ...place });
  assert.equal((await invite({ of: store.toUpperCase() })).location, "/staff/stores?done=invite");
  const told = institution.seen.findLast(({ body }) => body.includes("postcodes"));
  assert.deepEqual(JSON.parse(told?.body ?? ""), { store, postcodes: ["100", "101"] });
  const wait = (minutes: string) => owner.press("/staff/stores", path("wait"), { minutes });
  for (const typed of ["", "ten", "0", "1441", "-5", "1e2", "2.5"])
    assert.match((await wait(typed)).page, /id="minutes-direct-error"/, typed);
  institution.office.set(`/v1/chains/${shop}`, { offerFor: "PT20M" });
  assert.equal((await wait("２０")).location, "/staff/stores?done=wait");
  institution.office.set(`POST /v1/chains/${head}/agree`, {
    chain: head,
    store: shop,
    state: "agreed",
    agreedAt: at,
    ...place,
  });
  assert.equal((await owner.press("/staff/stores", path("agree"))).location, "/staff/stores?done=agree");
  assert.match((await owner.get("/staff/team")).page, /owner<\/bdi> agreed to be a store/);
  assert.deepEqual(
    (await said()).map(({ act }) => act),
    ["invite", "wait", "agree"],
  );
  const stranger = new Visitor(server);
  assert.equal((await stranger.get("/staff/stores")).location, "/staff/sign-in");
  for (const act of ["take", "pass", "invite", "drop", "wait", "agree", "leave"])
    assert.equal((await stranger.post(path(act), { key: "k".repeat(24) })).location, "/staff/sign-in");
});
