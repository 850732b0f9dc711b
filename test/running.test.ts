/** How a server runs, as its operators see it: figures that are the database's, with the trades behind each. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Headers, request, signIn } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";
import { setStage } from "./support/world/stage.ts";
import { rawSql } from "../src/storage/database/database.ts";

const pair = await openPair({ after });
const { institution, facilitator } = pair;
const stage = await setStage(institution);
const { operator } = stage;

async function page(path: string, who: Headers = operator): Promise<string> {
  const reply = await request(`${institution.url}${path}`, "GET", who);
  assert.equal(reply.status, 200, `${path}: ${reply.text}`);
  return reply.text;
}

const plain = (html: string) => html.replaceAll(/<[^>]*>/g, "").replaceAll(/[, ]/g, "");
/** The cells of each row of the tables of figures, with where each leads. */
function rowsOf(html: string): { cells: string[]; links: string[] }[] {
  return [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = ""]) => ({
    cells: [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => plain(cell)),
    links: [...row.matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&")),
  }));
}

/** Each trade of a list, by its pages. */
async function listed(path: string): Promise<string[]> {
  const numbers: string[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const html = await page(next);
    numbers.push(...[...html.matchAll(/data-trade="([0-9]+)"/g)].map(([, number = ""]) => number));
    next = /href="([^"]+)"[^>]*id="more"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
  }
  return numbers;
}

const goods = [{ line: 1, quantity: 1 }];

test("every figure of the page is the database's, and leads to that many trades", async () => {
  for (let round = 0; round < 12; round += 1) {
    const number = await stage.newTrade({ coolingOff: "P8D" });
    await stage.post(`/v1/trades/${number}/deliver`, stage.carrier, {});
    if (round % 3 === 0)
      await stage.post(`/v1/trades/${number}/reject`, stage.buyer, { lines: goods, reason: "broken" });
    else if (round % 3 === 1)
      await stage.post(`/v1/trades/${number}/dispute`, stage.buyer, { reason: "late" });
    else {
      await stage.post(`/v1/trades/${number}/accept`, stage.buyer, {});
      await stage.post(`/v1/trades/${number}/refund`, stage.shop, { amount: 10, reason: "a scratch" });
    }
  }
  const html = await page("/running");
  const database = pair.admin.institution;
  const states = await database.query<{ state: string; trades: number }>(
    rawSql("select state, count(*)::int as trades from trades group by state"),
  );
  for (const { state, trades } of states) {
    assert.match(html, new RegExp(`href="/running/trades\\?state=${state}">${trades}<`));
    assert.equal((await listed(`/running/trades?state=${state}`)).length, trades);
  }
  const [sums] = await database.query<Record<string, number>>(
    rawSql(
      "select sum(settled)::int as settled, sum(refunded)::int as refunded, sum(amount)::int as frozen from trades",
    ),
  );
  const rows = rowsOf(html);
  for (const kind of ["frozen", "settled", "refunded"]) {
    const days = rows.filter(({ links }) =>
      links[0]?.startsWith(`/running/trades?kind=${kind}&currency=JPY`),
    );
    assert.equal(days.length, 1, "all on one day");
    for (const { cells, links } of days) {
      assert.equal(Number(cells[2]?.replaceAll(/[^0-9]/g, "")), sums?.[kind], kind);
      assert.equal((await listed(links[0] ?? "")).length, Number(cells[1]));
    }
  }
  const shop = rows.find(({ links }) => links[0]?.startsWith("/running/trades?kind=rejected"));
  assert.deepEqual(shop?.cells.slice(1), ["4", "4"]);
  for (const link of shop?.links ?? []) assert.equal((await listed(link)).length, 4);
  const waits = rows.filter(({ links }) => links[0]?.includes("kind=accepted"));
  assert.equal((await listed(waits[0]?.links[0] ?? "")).length, 4);
  assert.match(html, /data-waiting="payouts"/);
  assert.doesNotMatch(html, /data-waiting="instructions"><th[^>]*>[^<]*<\/th><td>[1-9]/);
});

test("only operators of the server see it, and lists take marks of their own only", async () => {
  const get = (path: string, who: Headers) => request(`${institution.url}${path}`, "GET", who);
  for (const who of [stage.shop, stage.buyer, stage.carrier])
    for (const path of ["/running", "/running/trades"]) assert.equal((await get(path, who)).status, 403);
  for (const path of [
    "/running/trades?state=settled&after=x",
    "/running/trades?state=settled&after=1_00000000-000000000000000000000000000",
    "/running/trades?kind=settled&currency=JPY&after=1",
    "/running/trades?waiting=yes&after=x",
    "/running/trades?kind=settled&currency=JPY&day=2026-02-31",
    "/running/trades?kind=everything",
    "/running/trades?what=x",
  ]) {
    const { status } = await get(path, operator);
    assert.ok(status === 400 || status === 422, `${path}: ${status}`);
  }
  assert.deepEqual(await listed("/running/trades?kind=settled&currency=JPY&day=2020-01-01"), []);
});

test("what waits for another server leads to its trades", async () => {
  const [shop] = facilitator.demo.shops;
  const [hana] = facilitator.demo.members;
  const [mei] = facilitator.demo.operators;
  assert.ok(shop && hana && mei);
  const there = await signIn(facilitator.url, mei);
  await pair.takeInstitutionAway();
  const { json } = await request(`${facilitator.url}/v1/trades`, "POST", bearer(shop.key), {
    buyer: { member: hana.number },
    currency: "JPY",
    amount: 500,
    approval: { mandate: hana.mandates[shop.key] },
  });
  const get = async (path: string) => (await request(`${facilitator.url}${path}`, "GET", there)).text;
  assert.match(
    await get("/running"),
    /data-waiting="instructions"[^]*?href="\/running\/trades\?waiting=yes">1</,
  );
  assert.match(
    await get("/running/trades?waiting=yes"),
    new RegExp(`data-trade="${String(json["number"])}"`),
  );
  await pair.bringInstitutionBack();
});
