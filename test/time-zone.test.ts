/**
 * Two servers in two time zones: each has its own tomorrow, says so to shops and to people, and what goes from the one to the
 * other are instants.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { dayAt, daysAfter, endOfDay, startOfDay } from "../src/core/protocol/protocol.ts";
import { makeTill } from "../src/servers/shop-orders/shop-orders.ts";
import { bearer, type Json, request } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";
import { WebPerson } from "./support/world/web-person.ts";

const timeZones = { facilitator: "Asia/Tokyo", institution: "America/New_York" };
const zoneNames = { facilitator: "Japan Standard Time", institution: "Eastern Time" };
const { facilitator, institution } = await openPair({ after }, { timeZones });
const servers = { facilitator, institution };
type Party = keyof typeof servers;

async function nowAt(party: Party): Promise<Date> {
  const { json } = await request(`${servers[party].url}/v1/test-clock`, "GET");
  return new Date(String(json["now"]));
}

/** Moves the clocks of both on to half past midnight in Tokyo. */
async function untilHalfPastMidnight(): Promise<Date> {
  const now = await nowAt("facilitator");
  const wanted = startOfDay(daysAfter(dayAt(now, "Asia/Tokyo"), 1), "Asia/Tokyo").getTime() + 1_800_000;
  for (const party of ["institution", "facilitator"] as const) {
    const by = `PT${Math.ceil((wanted - (await nowAt(party)).getTime()) / 1000)}S`;
    const { url, demo } = servers[party];
    const keys = { ...bearer(demo.adminKey), "idempotency-key": "half-past-midnight" };
    assert.equal((await request(`${url}/v1/test-clock/advance`, "POST", keys, { by })).status, 200);
  }
  return nowAt("facilitator");
}

const now = await untilHalfPastMidnight();
const tomorrow = { facilitator: "", institution: "" };
for (const party of ["facilitator", "institution"] as const)
  tomorrow[party] = daysAfter(dayAt(now, timeZones[party]), 1);

async function propose(party: Party, date: string): Promise<Json> {
  const { url, demo } = servers[party];
  const [shop] = demo.shops;
  const [member] = demo.members;
  assert.ok(shop && member);
  const wish = {
    currency: "JPY",
    amount: 1000,
    buyer: { member: member.number },
    payment: { on: "date", date },
  };
  return (await request(`${url}/v1/trades`, "POST", bearer(shop.key), wish)).json;
}

test("half past midnight in Tokyo is the day before in New York", () => {
  assert.equal(now.toISOString().slice(11, 16), "15:30");
  assert.equal(tomorrow.facilitator, daysAfter(tomorrow.institution, 1));
});

test("each server says to anybody whose days its dates are", async () => {
  for (const party of ["facilitator", "institution"] as const) {
    const { status, json } = await request(`${servers[party].url}/v1/server`, "GET");
    assert.equal(status, 200);
    assert.deepEqual(json["timeZone"], timeZones[party]);
    assert.deepEqual(json["currencies"], ["JPY", "USD"]);
  }
});

for (const party of ["facilitator", "institution"] as const) {
  test(`at the ${party} a trade is paid from its tomorrow on, for the shop as for the buyer`, async () => {
    const { url, demo } = servers[party];
    const [member] = demo.members;
    assert.ok(member);
    const refused = await propose(party, daysAfter(tomorrow[party], -1));
    assert.equal(refused["code"], "date_out_of_range");
    const proposed = await propose(party, tomorrow[party]);
    assert.equal(proposed["state"], "proposed", JSON.stringify(proposed));
    const number = String(proposed["number"]);
    const { email, password } = member;
    const person = new WebPerson(url, { page: "/signin", words: { email, password } });
    const page = await person.open(`/trades/${number}/approve`);
    assert.match(page.html, new RegExp(`<input[^>]* min="${tomorrow[party]}"[^>]*>`), page.html);
    assert.ok(page.html.includes(`Days and times are those of ${zoneNames[party]}.`), page.html);
    const form = page.forms.find(({ id }) => id === "approve-form");
    assert.ok(form !== undefined, page.html);
    const shown = await person.press(form, { paymentOn: "date", paymentDate: tomorrow[party] });
    assert.match(shown.html, /id="done"/);
    const [shop] = demo.shops;
    const trade = (await request(`${url}/v1/trades/${number}`, "GET", bearer(shop?.key ?? ""))).json;
    assert.deepEqual(trade["payment"], { on: "date", date: tomorrow[party] });
    const { paymentDate } = trade["deadlines"] as Record<string, string>;
    assert.equal(paymentDate, startOfDay(tomorrow[party], timeZones[party]).toISOString());
  });
}

test("a buyer who lets the money be frozen longer means the whole last day of the server", async () => {
  const { url, demo } = facilitator;
  const [member] = demo.members;
  const [shop] = demo.shops;
  assert.ok(member && shop);
  const approval = { mandate: member.mandates[shop.key] };
  const wish = { currency: "JPY", amount: 1000, approval };
  const { json: trade } = await request(`${url}/v1/trades`, "POST", bearer(shop.key), wish);
  const number = String(trade["number"]);
  const { email, password } = member;
  const person = new WebPerson(url, { page: "/signin", words: { email, password } });
  const page = await person.open(`/trades/${number}`);
  const form = page.forms.find(({ id }) => id === "extend-form");
  assert.ok(form !== undefined, page.html);
  const day = daysAfter(dayAt(now, "Asia/Tokyo"), 40);
  await person.press(form, { until: day });
  const { json } = await request(`${url}/v1/trades/${number}`, "GET", bearer(shop.key));
  const { reservedUntil } = json["deadlines"] as Record<string, string>;
  assert.equal(reservedUntil, endOfDay(day, "Asia/Tokyo").toISOString());
});

test("a consent is counted by the month of the institution, and its last day is a day there", async () => {
  const { url, demo } = institution;
  const [member] = demo.members;
  assert.ok(member);
  const { email, password } = member;
  const person = new WebPerson(url, { page: "/signin", words: { email, password } });
  const page = await person.open("/consents");
  assert.equal(page.status, 200);
  assert.ok(page.html.includes(zoneNames.institution), page.html);
  const lost = await person.open("/nowhere");
  assert.ok(lost.status === 404 && lost.html.includes(zoneNames.institution), lost.html);
});

test("a shop knows the zone of each server at which it sells", async () => {
  const tillAt = (party: Party) => {
    const { url, demo } = servers[party];
    return makeTill({ id: party, label: party, url, key: demo.shops[0]?.key ?? "" });
  };
  assert.equal(await tillAt("facilitator").timeZone(), "Asia/Tokyo");
  assert.equal(await tillAt("institution").timeZone(), "America/New_York");
});
