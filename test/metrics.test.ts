/** What servers tell of their business in /metrics: each figure after what it counts, and documents that name what there is. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readDocument } from "./support/tables/markdown.ts";
import { bearer, type Json, request } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";
import { until } from "./support/world/world.ts";

const pair = await openPair({ after });
const { facilitator, institution } = pair;
const [shop] = facilitator.demo.shops;
const [hana] = facilitator.demo.members;
if (!shop || !hana) throw new Error("No demo.");

async function figures(of: "facilitator" | "institution"): Promise<Map<string, number>> {
  const lines = (await pair.metrics(of)).split("\n").filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}
const figure = async (of: "facilitator" | "institution", name: string) => (await figures(of)).get(name) ?? 0;

const post = async (path: string, body: Json): Promise<Json> =>
  (await request(`${facilitator.url}${path}`, "POST", bearer(shop.key), body)).json;
const reserve = (amount: number) =>
  post("/v1/trades", {
    buyer: { member: hana.number },
    currency: "JPY",
    amount,
    acceptance: { by: ["buyer", "shop"], need: 1 },
    approval: { mandate: hana.mandates[shop.key] },
  });

test("trades, their money and their events are counted", async () => {
  const before = await figures("facilitator");
  const grown = async (name: string) => (await figure("facilitator", name)) - (before.get(name) ?? 0);
  const { number } = await reserve(1200);
  await reserve(300);
  assert.equal(await grown('kenshu_trades_open{currency="JPY"}'), 2);
  assert.equal(await grown('kenshu_trades_frozen{currency="JPY"}'), 1500);
  assert.equal(await grown('kenshu_trade_events_total{type="trade.reserved"}'), 2);
  await post(`/v1/trades/${String(number)}/accept`, {});
  assert.equal(await grown('kenshu_trades_frozen{currency="JPY"}'), 300);
  assert.equal(await grown('kenshu_trade_events_total{type="trade.settled"}'), 1);
  assert.ok((await grown('kenshu_batches_total{engine="trades"}')) >= 3);
  assert.ok((await grown('kenshu_batch_requests_total{engine="trades"}')) >= 3);
  assert.ok((await grown('kenshu_batch_seconds_total{engine="trades"}')) > 0);
  assert.equal(await figure("facilitator", 'kenshu_queue_length{engine="trades"}'), 0);
  assert.ok((await figure("institution", 'kenshu_batch_requests_total{engine="reservations"}')) >= 3);
  const connections = await Promise.all(
    ["in use", "idle"].map((state) => figure("institution", `kenshu_database_connections{state="${state}"}`)),
  );
  assert.ok(connections.some((count) => count >= 1));
});

test("refusals are counted by their code, whatever they were an answer to", async () => {
  const count = (code: string) => figure("institution", `http_problems_total{code="${code}"}`);
  const [signatures, keys, absent] = await Promise.all(
    ["signature_invalid", "not_authenticated", "not_found"].map(count),
  );
  await request(`${institution.url}/v1/reservations`, "GET");
  await request(`${institution.url}/v1/trades`, "GET", bearer("ks_none"));
  await request(`${institution.url}/nowhere`, "GET");
  assert.equal(await count("signature_invalid"), (signatures ?? 0) + 1);
  assert.equal(await count("not_authenticated"), (keys ?? 0) + 1);
  assert.equal(await count("not_found"), (absent ?? 0) + 1);
});

test("what has no answer is seen to wait, to be sent again, and to grow old", async () => {
  await pair.takeInstitutionAway();
  await reserve(500);
  const name = (what: string) => figure("facilitator", `kenshu_instructions_${what}`);
  await until("it was sent again", async () => (await name("retried")) === 1);
  assert.equal(await name("waiting"), 1);
  assert.ok((await name("behind_seconds")) > 0);
  await pair.bringInstitutionBack();
  await until("it is answered", async () => (await name("waiting")) === 0);
  assert.equal(await name("behind_seconds"), 0);
});

test("the documents name each metric that there is, and alert rules name no other", async () => {
  const pages = await Promise.all([figures("facilitator"), figures("institution")]);
  const told = pages.flatMap((page) => [...page.keys()].map((name) => name.replace(/\{.*/, "")));
  const documented = new Set(
    [...readDocument("running.md").matchAll(/^\| `(kenshu_[a-z_]+)` \|/gm)].map(([, name]) => name),
  );
  for (const name of told.filter((each) => each.startsWith("kenshu_"))) assert.ok(documented.has(name), name);
  const rules = readDocument("alerts.yml");
  const exprs = [...rules.matchAll(/^ {8}expr: (.+)$/gm)].map(([, expr = ""]) => expr);
  assert.ok(exprs.length > 10);
  assert.equal(exprs.length, [...rules.matchAll(/^ {6}- alert: Kenshu[A-Za-z]+$/gm)].length);
  for (const name of exprs.flatMap((expr) => expr.match(/\b(?:kenshu|http)_[a-z_]+/g) ?? []))
    assert.ok(documented.has(name) || told.includes(name) || name === "http_problems_total", name);
});

interface Panel {
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number };
  targets?: { expr: string }[];
}

test("the dashboard names metrics that servers give, each of the business's in it, and no two panels lie on each other", async () => {
  const pages = await Promise.all([figures("facilitator"), figures("institution")]);
  const given = new Set(pages.flatMap((page) => [...page.keys()].map((name) => name.replace(/\{.*/, ""))));
  // Some come only after something was refused, or compared; those of the documents are given by some server.
  const documented = readDocument("running.md").matchAll(/^\| `(kenshu_[a-z_]+)` \|/gm);
  const known = new Set(["http_problems_total", ...given, ...[...documented].map(([, name = ""]) => name)]);
  const { panels } = JSON.parse(readDocument("grafana.json")) as { panels: Panel[] };
  const exprs = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const named = new Set(
    exprs.flatMap((expr) => expr.match(/\b(?:kenshu|http|process|nodejs)_[a-z0-9_]+/g) ?? []),
  );
  for (const name of named) assert.ok(known.has(name), name);
  for (const name of given)
    if (name.startsWith("kenshu_") && name !== "kenshu_reconciliation_compared")
      assert.ok(named.has(name), name);
  const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
  assert.equal(new Set(places).size, places.length);
  for (const { type, title, targets } of panels)
    assert.ok(type === "row" || (targets ?? []).length > 0, title);
});
