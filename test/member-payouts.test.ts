/** Payouts of a member, on pages: where to, how much, taken back, by itself, a statement; of no other account, and of nobody else's. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { saidBy } from "./support/wire/forms.ts";
import { type Json, type Reply, request } from "./support/wire/http.ts";
import { bank } from "./support/world/payouts.ts";
import { clerkAt } from "./support/world/shop-clerk.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld(
  { after },
  { durable: false, sandbox: true, operators: "one", stepUpAbove: { JPY: 50_000 } },
);
const { url } = world;
const stage = await setStage(world);
const [hana] = world.demo.members;
if (hana === undefined) throw new Error("No demo.");
const member = clerkAt(url, stage.buyer);
const here = `/accounts/${stage.ids.account}/payouts`;
const read = async (path: string): Promise<Json> =>
  (await request(`${url}/v1/accounts/${stage.ids.account}${path}`, "GET", stage.buyer)).json;
const posted = async () => Number((await read(""))["posted"]);
const done = (reply: Reply) =>
  assert.deepEqual(
    [reply.status, reply.headers.get("location")],
    [303, `${here}?done=yes`],
    saidBy(reply.text),
  );
const typed = { ...bank, number: "0123456", holder: "ヤマダ ハナ" };

test("the list of accounts leads there, and the account at a bank is named with the password", async () => {
  assert.ok((await member.look("/accounts")).text.includes(`href="${here}"`));
  assert.match(await member.reads(here), /None has been named/);
  const wrong = await member.press(here, "bank-form", { ...typed, password: "not it at all" });
  assert.equal(wrong.status, 422);
  assert.match(saidBy(wrong.text), /not the password/);
  done(await member.press(here, "bank-form", { ...typed, password: hana.password }));
  assert.match(await member.reads(here), /0123456.*nothing is paid out to it before/s);
});

test("a payout names its sum, leaves once it is agreed to, and comes back when it is taken back", async () => {
  const early = await member.agree(here, "payout-form", { amount: "1,000" }, /¥1,000 leaves your account/);
  assert.equal(early.status, 409, "the bank account was named lately");
  await stage.post("/v1/test-clock/advance", stage.admin, { by: "P4D" });
  const before = await posted();
  assert.equal((await member.press(here, "payout-form", { amount: "100,000,000" })).status, 422);
  done(await member.agree(here, "payout-form", { amount: "1,000" }, /¥1,000 leaves your account/));
  assert.equal(await posted(), before - 1000);
  const cancel = /id="(cancel-[^"]*-form)"/.exec((await member.look(here)).text)?.[1];
  done(await member.agree(here, cancel ?? assert.fail("nothing waits"), {}, /¥1,000 comes back/));
  assert.equal(await posted(), before);
});

test("it is paid out by itself on days that are said, until that is ended; a statement is a file", async () => {
  done(await member.press(here, "schedule-form", { every: "month", day: "25", least: "1,000" }));
  assert.match(await member.reads(here), /Each month, on day 25/);
  done(await member.press(here, "end-schedule-form"));
  const href = /href="([^"]+)" id="csv-/.exec((await member.look(here)).text)?.[1]?.replaceAll("&amp;", "&");
  const file = await request(`${url}${href ?? ""}`, "GET", stage.buyer);
  assert.equal(file.status, 200);
  assert.match(file.headers.get("content-disposition") ?? "", /^attachment; filename="statement-.*csv"$/);
  done(await member.agree(here, "end-bank-form", {}, /Nothing goes to this account any more/));
  assert.match(await member.reads(here), /None has been named/);
});

test("nobody else's account is there, nor a page for a shop", async () => {
  for (const [who, status] of [
    [stage.otherMember, 404],
    [stage.shop, 403],
    [stage.carrier, 403],
  ] as const) {
    assert.equal((await request(`${url}${here}`, "GET", who)).status, status);
    const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
    const path = `/accounts/${stage.ids.account}/payout`;
    assert.equal((await request(`${url}${path}`, "POST", headers, "amount=1&sure=yes")).status, status);
  }
});
