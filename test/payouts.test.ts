/**
 * Money leaves for banks: an owner names an account there, asks, two operators approve a file, and what the bank could not pay
 * is its owner's again. The file is read by a parser of its own, which follows the published layout.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { type Headers, type Json, type Reply, request, signIn } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";
import { parseZengin } from "./support/wire/zengin.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true });
const { url, demo } = world;
const { admin, post, ids } = await setStage(world);
const [hana, , yui] = demo.members;
const [, other] = demo.operators;
assert.ok(hana && yui && other);
const asHana = await signIn(url, hana);
const asYui = await signIn(url, yui);
const second = await signIn(url, other);
const account = ids.account;

const call = (method: string, path: string, who: Headers, body?: object): Promise<Reply> =>
  request(`${url}${path}`, method, who, body);
const get = async (path: string, who: Headers = admin): Promise<Json> => {
  const reply = await call("GET", path, who);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};
const bank = {
  bank: "0001",
  branch: "001",
  kind: "ordinary",
  number: "0123456",
  holder: "ヤマダ　ハナ",
} as const;
const name = (change: object = {}, who = asHana, password = hana.password) =>
  call("PUT", `/v1/accounts/${account}/bank-account`, who, { ...bank, password, ...change });
const advance = (by: string) => post("/v1/test-clock/advance", admin, { by });
const ask = (amount: number, id: string = randomUUID(), who = asHana) =>
  call("POST", `/v1/accounts/${account}/payouts`, who, { id, amount, currency: "JPY" });
const balance = async (): Promise<number> => Number((await get(`/v1/accounts/${account}`))["posted"]);

/** A day on which banks are open, some days ahead of the server's clock. */
async function bankDay(): Promise<string> {
  const now = String((await get("/v1/test-clock"))["now"]);
  for (let days = 2; ; days += 1) {
    const day = new Date(Date.parse(now) + days * 86_400_000).toISOString().slice(0, 10);
    const reply = await call("POST", "/v1/payout-files", admin, { payOn: day });
    if (reply.code !== "date_out_of_range") return day;
  }
}

test("nothing is paid out to nowhere, nor to where was named a moment ago", async () => {
  assert.equal((await ask(500)).code, "bank_account_required");
  assert.equal((await name({}, asHana, "not the password")).code, "password_wrong");
  assert.equal((await name({ password: undefined })).code, "invalid_field");
  assert.equal((await name({}, asYui, yui.password)).status, 404);
  for (const [field, change] of [
    ["/bank", { bank: "0002" }],
    ["/branch", { branch: "999" }],
    ["/holder", { holder: "山田 ハナ" }],
    ["/holder", { holder: "ヤマダ・ハナ" }],
    ["/holder", { holder: "ア".repeat(31) }],
    ["/number", { number: "123456" }],
  ] as const) {
    const reply = await name(change);
    assert.deepEqual(
      [reply.code, (reply.json["errors"] as Json[])[0]?.["pointer"]],
      ["invalid_field", field],
    );
  }
  assert.match((await name({ holder: "山田 ハナ" })).text, /“山” “田”/);
  const named = await name();
  assert.equal(named.status, 200, named.text);
  assert.equal((named.json["bankAccount"] as Json)["holder"], "ﾔﾏﾀﾞ ﾊﾅ");
  assert.equal((await ask(500)).code, "bank_account_named_lately");
});

test("a payout leaves the account at once, once for its id", async () => {
  await advance("P4D");
  const before = await balance();
  const id = randomUUID();
  const replies = await Promise.all([1, 2, 3].map(() => ask(500, id)));
  assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]), replies[0]?.text);
  assert.equal((await ask(600, id)).code, "command_id_reused");
  assert.equal((await ask(99)).code, "invalid_field");
  assert.equal((await ask(10_000_000_000)).code, "invalid_field");
  assert.equal(await balance(), before - 500);
  const cancelled = await post(`/v1/payouts/${id}/cancel`, asHana, {});
  assert.deepEqual([cancelled["state"], await balance()], ["cancelled", before]);
  assert.equal((await call("POST", `/v1/payouts/${id}/cancel`, asHana, {})).code, "payout_not_open");
});

test("a file goes to the bank as two have approved it, and comes back", async () => {
  const before = await balance();
  const [one, two] = [randomUUID(), randomUUID()];
  assert.equal((await ask(1200, one)).status, 201);
  assert.equal((await ask(800, two)).status, 201);
  const payOn = await bankDay();
  const [file] = (await get("/v1/payout-files"))["items"] as Json[];
  assert.ok(file);
  assert.deepEqual([file["count"], file["total"], file["payOn"], file["state"]], [2, 2000, payOn, "made"]);
  const at = `/v1/payout-files/${String(file["id"])}`;
  assert.equal((await call("GET", `${at}/content`, admin)).code, "payout_not_open");
  // Whoever made it is not the second.
  const bySecond = await request(`${url}${at}/approve`, "POST", second, { digest: file["digest"] });
  assert.equal(bySecond.code, "four_eyes_required");
  const approved = await call("POST", `${at}/approve`, admin, { digest: file["digest"] });
  assert.equal(approved.status, 200, approved.text);
  const content = await fetch(`${url}${at}/content`, { headers: admin });
  const read = parseZengin(Buffer.from(await content.arrayBuffer()));
  assert.deepEqual(
    read.transfers.map(({ bank: to, amount, holder }) => [to, amount, holder]),
    [
      ["0001", 1200n, "ﾔﾏﾀﾞ ﾊﾅ"],
      ["0001", 800n, "ﾔﾏﾀﾞ ﾊﾅ"],
    ],
  );
  assert.equal(await balance(), before - 2000);
  const back = await call("POST", `/v1/payouts/${two}/return`, admin, { reason: "no such account" });
  assert.deepEqual([back.json["state"], await balance()], ["returned", before - 1200], back.text);
  const done = await call("POST", `${at}/complete`, admin, { reference: "line 9" });
  assert.equal(done.json["state"], "done", done.text);
  const late = await call("POST", `/v1/payouts/${one}/return`, admin, { reason: "closed account" });
  assert.deepEqual([late.json["state"], await balance()], ["returned", before], late.text);
  assert.deepEqual(await world.audit(), []);
});

test("operators do the same on a page: gather, approve by two, take away, tell done", async () => {
  const [first] = demo.operators;
  assert.ok(first);
  const asFirst = await signIn(url, first);
  assert.equal((await ask(1500)).status, 201);
  const page = async (query = "") => (await call("GET", `/payout-files${query}`, asFirst)).text;
  assert.ok((await page()).includes("wait for a file: 1"));
  const form = (path: string, who: Headers, fields: Record<string, string>) =>
    request(
      `${url}${path}`,
      "POST",
      { ...who, "content-type": "application/x-www-form-urlencoded" },
      new URLSearchParams(fields).toString(),
    );
  const [, payOn = ""] =
    /name="payOn"[^>]* value="([0-9-]+)"|value="([0-9-]+)"[^>]* name="payOn"/.exec(await page()) ?? [];
  const made = await form("/payout-files", asFirst, { payOn, key: randomUUID() });
  assert.deepEqual(
    [made.status, made.headers.get("location")],
    [303, "/payout-files"],
    made.text.slice(0, 500),
  );
  const [file] = (await get("/v1/payout-files"))["items"] as Json[];
  const at = `/payout-files/${String(file?.["id"])}`;
  assert.ok((await page()).includes(String(file?.["number"])));
  const early = await call("GET", `${at}/content`, asFirst);
  assert.ok(early.status === 409 && early.type.startsWith("text/html"));
  const asked = await form(`${at}/approve`, asFirst, { digest: String(file?.["digest"]), key: randomUUID() });
  assert.equal(asked.headers.get("location"), "/payout-files?asked=yes");
  assert.ok((await page("?asked=yes")).includes("another operator has to confirm it"));
  const waiting = (await get("/v1/operator-acts"))["items"] as Json[];
  const act = waiting.find(({ subject }) => subject === file?.["id"]);
  assert.ok(act);
  assert.equal((act["act"] as Json)["total"], 1500);
  await post(`/v1/operator-acts/${String(act["id"])}/confirm`, second, {});
  const taken = await fetch(`${url}${at}/content?form=zengin`, { headers: asFirst });
  assert.match(String(taken.headers.get("content-disposition")), /payouts-.*\.txt/);
  assert.equal(parseZengin(Buffer.from(await taken.arrayBuffer())).transfers[0]?.amount, 1500n);
  assert.ok((await page()).includes("at the bank"));
  const dropped = await form(`${at}/drop`, asFirst, { key: randomUUID() });
  assert.equal(dropped.status, 409);
});
