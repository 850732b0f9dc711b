/** The owner of an account lets a server do less of what they had agreed to, or more, on the page. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inDays } from "../../../test/support/world/consents.ts";
import { openConsenting } from "../../../test/support/world/consenting.ts";
import { auditSeals } from "../../storage/seals/seals.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";

const world = await openConsenting({ after });
const { ids, bank, peer, poor, until, take, given, receive, opened, signInPage } = world;

test("less holds at once for the server; more only by who has just signed in, and never below what was spent", async () => {
  const { id, code } = await given({ limitPerTrade: 3000, limitPerMonth: 5000 });
  await take(peer, "/v1/consents/exchange", { code });
  let trade = 100;
  const reserve = async (amount: number) => {
    const wish = { id: uuidv7(), tradeNumber: String(trade++), account: id, payee: receive, currency: "JPY" };
    return (await peer.call(ids.bank, "POST", "/v1/reservations", { ...wish, amount, until: inDays(5) }))
      .status;
  };
  const browser = await opened();
  const day = until.slice(0, 10);
  const set = (limitPerTrade: string, limitPerMonth: string, last = day) =>
    browser.post(`/consents/${id}/limits`, { limitPerTrade, limitPerMonth, until: last });
  assert.equal(await reserve(1000), 201);
  assert.equal((await set("１，５００円", "2,500")).to, "/consents?done=limits");
  assert.deepEqual([await reserve(1501), await reserve(1500), await reserve(1)], [402, 201, 402]);
  const spent = await set("1500", "2499");
  assert.equal(spent.status, 402);
  assert.match(spent.html, /id="limitPerMonth-[^"]+-error"/);
  for (const [fields, named] of [
    [["x", "2500"], "limitPerTrade"],
    [["1500", ""], "limitPerMonth"],
    [["0", "2500"], "limitPerTrade"],
    [["1500", "2500", "soon"], "until"],
    [["1500", "2500", "2999-01-01"], "until"],
    [["1500", "2500", "2020-01-01"], "until"],
  ] as [[string, string, string?], string][]) {
    const { status, html } = await set(...fields);
    assert.equal(status, 422, String(fields));
    assert.match(html, new RegExp(`id="${named}-[^"]+-error"`), String(fields));
  }
  const older = (by: string) =>
    bank.database.execute(rawSql(`update sessions set created_at = created_at ${by}`));
  await older("- interval '16 minutes'");
  for (const more of [
    ["1501", "2500"],
    ["", "2500"],
    ["1500", "2501"],
    ["1500", "2500", inDays(62).slice(0, 10)],
  ] as [string, string, string?][]) {
    const refused = await set(...more);
    assert.equal(refused.status, 403, String(more));
    assert.match(refused.html, /id="sign-in-anew"/);
  }
  assert.equal((await set("1400", "2500")).status, 303, "less needs no more than a session");
  await older("+ interval '16 minutes'");
  assert.equal((await set("", "4000", inDays(62).slice(0, 10))).status, 303);
  assert.deepEqual([await reserve(1500), await reserve(1)], [201, 402]);
  const { differences } = await auditSeals(bank.database);
  assert.deepEqual(
    differences.filter(({ what, id: of }) => what === "right" || of.includes(id)),
    [],
    "what was sealed is what was agreed to at first",
  );
  const stranger = await signInPage(poor);
  assert.equal((await stranger.post(`/consents/${id}/limits`, { until: day })).status, 404);
});

test("limits above the amount take a proof of the moment, and so does a consent without one for a month", async () => {
  const large = await openConsenting({ after }, { stepUpAbove: { JPY: 5000n } });
  const { id } = await large.given({ limitPerTrade: 3000, limitPerMonth: 5000 });
  const browser = await large.opened();
  const day = large.until.slice(0, 10);
  const set = (limitPerTrade: string, limitPerMonth: string, more = {}) =>
    browser.post(`/consents/${id}/limits`, { limitPerTrade, limitPerMonth, until: day, ...more });
  assert.equal((await set("5000", "5000")).status, 303, "up to the amount a session is enough");
  const asked = await set("5000", "5001");
  assert.equal(asked.status, 403);
  assert.match(asked.html, /id="proof-password"/);
  assert.equal((await set("5000", "5001", { proofPassword: "a wrong one" })).status, 403);
  assert.match((await browser.get("/consents")).html, /5,000/);
  const { password: proofPassword } = large.rich;
  assert.equal((await set("5000", "5001", { proofPassword })).to, "/consents?done=limits");
  assert.equal((await set("6000", "5001")).status, 403, "more for one order");
  assert.equal((await set("4000", "5001")).status, 303, "less");
});
