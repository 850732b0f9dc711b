/**
 * Who cheats with payouts, and what goes wrong with a bank's messages: nothing is paid twice, nothing is lost, nothing leaves that
 * buyers may still ask back or that one operator alone has let go.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { isBankDay } from "../src/core/bankfiles/bankfiles.ts";
import { rawSql } from "../src/storage/database/database.ts";
import { bearer, type Headers, type Json, type Reply, request, signIn } from "./support/wire/http.ts";
import { spoken } from "./support/world/operators.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";
import { parseZengin } from "./support/wire/zengin.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true });
const { url, demo } = world;
const stage = await setStage(world);
const { admin, post, ids } = stage;
const [hana] = demo.members;
const [, other] = demo.operators;
assert.ok(hana && other);
const asHana = await signIn(url, hana);
const second = await signIn(url, other);

const call = (method: string, path: string, who: Headers, body?: object): Promise<Reply> =>
  request(`${url}${path}`, method, who, body);
const get = async (path: string, who: Headers = admin): Promise<Json> => {
  const reply = await call("GET", path, who);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};
const advance = (by: string) => post("/v1/test-clock/advance", admin, { by });
const bank = {
  bank: "0001",
  branch: "001",
  kind: "ordinary",
  number: "0123456",
  holder: "ヤマダ ハナ",
} as const;
const balance = async (account: string): Promise<number> =>
  Number((await get(`/v1/accounts/${account}`))["posted"]);
const ask = (account: string, amount: number, who: Headers, id: string = randomUUID()) =>
  call("POST", `/v1/accounts/${account}/payouts`, who, { id, amount, currency: "JPY" });

/** Without the second operator, whom `request` would ask. */
async function alone(path: string, who: Headers, body: object): Promise<Json> {
  const headers = { ...who, "content-type": "application/json" };
  const reply = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return (await reply.json()) as Json;
}

/** Names the account at a bank, and waits until it can be used. */
async function named(account: string, who: Headers, password: string): Promise<void> {
  const reply = await call("PUT", `/v1/accounts/${account}/bank-account`, who, { ...bank, password });
  assert.equal(reply.status, 200, reply.text);
  await advance("P4D");
}

/** A day on which banks are open, some ahead of the server's clock. */
async function payOn(): Promise<string> {
  const now = Date.parse(String((await get("/v1/test-clock"))["now"]));
  const ahead = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  const day = ahead
    .map((count) => new Date(now + count * 86_400_000).toISOString().slice(0, 10))
    .find(isBankDay);
  assert.ok(day);
  return day;
}

interface Filed {
  id: string;
  at: string;
  number: string;
  payouts: string[];
}

/** Payouts of Hana's of these amounts in a file that is at the bank. */
async function sent(...amounts: readonly number[]): Promise<Filed> {
  const payouts: string[] = [];
  for (const amount of amounts) {
    const id = randomUUID();
    assert.equal((await ask(ids.account, amount, asHana, id)).status, 201);
    payouts.push(id);
  }
  const made = await post("/v1/payout-files", admin, { payOn: await payOn() });
  const at = `/v1/payout-files/${String(made["id"])}`;
  await post(`${at}/approve`, admin, { digest: made["digest"] });
  assert.equal((await fetch(`${url}${at}/content`, { headers: admin })).status, 200);
  return { id: String(made["id"]), at, number: String(made["number"]), payouts };
}

const plain = (id: string): string => id.replaceAll("-", "");
const message = (name: string, inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:${name}">${inside}</Document>`;
const pain002 = (number: string, transfers: readonly (readonly [id: string, status: string])[]): string =>
  message(
    "pain.002.001.10",
    `<CstmrPmtStsRpt><GrpHdr><MsgId>${randomUUID()}</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>${number}</OrgnlMsgId></OrgnlGrpInfAndSts>
    <OrgnlPmtInfAndSts><OrgnlPmtInfId>${number}</OrgnlPmtInfId>${transfers
      .map(
        ([id, status]) =>
          `<TxInfAndSts><OrgnlEndToEndId>${plain(id)}</OrgnlEndToEndId><TxSts>${status}</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts>`,
      )
      .join("")}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>`,
  );
const camt053 = (id: string, amount: number, count = 1): string =>
  message(
    "camt.053.001.08",
    `<BkToCstmrStmt><Stmt><Id>${randomUUID()}</Id><TxsSummry><TtlNtries><NbOfNtries>${count}</NbOfNtries><Sum>${amount}</Sum></TtlNtries></TxsSummry>
    <Ntry><Amt Ccy="JPY">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>${plain(id)}</EndToEndId></Refs><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt>`,
  );
const report = (text: string | Buffer, who = admin) =>
  call("POST", "/v1/payout-reports", who, { content: Buffer.from(text).toString("base64") });

await named(ids.account, asHana, hana.password);

test("the bank's messages are booked once, as a whole, and by two", async () => {
  const before = await balance(ids.account);
  const file = await sent(300, 400, 500);
  const [one = "", two = "", three = ""] = file.payouts;
  const said = pain002(file.number, [[one, "RJCT"]]);
  const waits = await alone("/v1/payout-reports", admin, { content: Buffer.from(said).toString("base64") });
  assert.equal(waits["code"], "four_eyes_required");
  assert.equal(await balance(ids.account), before - 1200);
  const booked = await report(said);
  assert.deepEqual(
    [booked.status, booked.json["returned"]],
    [201, [{ payout: one, reason: "AC01" }]],
    booked.text,
  );
  assert.equal(await balance(ids.account), before - 900);
  assert.equal((await report(said)).code, "already_exists", "the same bytes");
  // The same return again, in another message, and by an operator's entry.
  const again = await report(pain002(file.number, [[one, "RJCT"]]));
  assert.deepEqual([again.status, again.json["returned"], again.json["known"]], [201, [], 1]);
  assert.equal(
    (await call("POST", `/v1/payouts/${one}/return`, admin, { reason: "x" })).code,
    "payout_not_open",
  );
  const wrongs: readonly (readonly [string, string | Buffer])[] = [
    ["an unknown payout", pain002(file.number, [[randomUUID(), "RJCT"]])],
    ["an unknown file", pain002("9999999999", [[two, "RJCT"]])],
    ["cut in the middle", pain002(file.number, [[two, "RJCT"]]).slice(0, 300)],
    ["another amount", camt053(two, 401)],
    ["another number of entries", camt053(two, 400, 2)],
    ["another encoding", Buffer.from(camt053(two, 400), "utf16le")],
    [
      "one that is right beside one that is not",
      pain002(file.number, [
        [two, "RJCT"],
        [randomUUID(), "RJCT"],
      ]),
    ],
  ];
  for (const [what, text] of wrongs) assert.equal((await report(text)).code, "bank_file_refused", what);
  assert.equal(await balance(ids.account), before - 900);
  const statement = await report(camt053(two, 400));
  assert.deepEqual(statement.json["returned"], [{ payout: two, reason: "AC04" }], statement.text);
  const stranger = await report(camt053(randomUUID(), 5));
  assert.deepEqual([stranger.json["returned"], (stranger.json["unknown"] as string[]).length], [[], 1]);
  const done = await report(pain002(file.number, [[three, "ACSC"]]));
  assert.deepEqual(done.json["done"], [file.id], done.text);
  assert.equal((await get(file.at))["state"], "done");
  assert.equal(await balance(ids.account), before - 500);
  assert.deepEqual(await world.audit(), []);
});

test("a file is in the hands of two, and the one who made it is not the second", async () => {
  const id = randomUUID();
  const before = await balance(ids.account);
  assert.equal((await ask(ids.account, 700, asHana, id)).status, 201);
  const made = await post("/v1/payout-files", admin, { payOn: await payOn() });
  const at = `/v1/payout-files/${String(made["id"])}`;
  const content = () => fetch(`${url}${at}/content`, { headers: admin });
  const digest = made["digest"];
  const asked = await alone(`${at}/approve`, admin, { digest });
  assert.equal(asked["code"], "four_eyes_required");
  const confirmation = `/v1/operator-acts/${String(asked["act"])}/confirm`;
  assert.equal((await alone(confirmation, admin, {}))["code"], "four_eyes_required", "the same operator");
  assert.equal((await content()).status, 409);
  // The other way round: what another asks for is not confirmed by whoever made the file.
  const theirs = await alone(`${at}/approve`, second, { digest });
  assert.equal(
    (await alone(`/v1/operator-acts/${String(theirs["act"])}/confirm`, admin, {}))["code"],
    "four_eyes_required",
  );
  assert.equal((await get(at))["state"], "made");
  assert.equal((await call("POST", `${at}/approve`, admin, { digest: "0".repeat(64) })).status, 404);
  assert.equal((await alone(confirmation, second, {}))["state"], "approved");
  assert.equal((await call("POST", `/v1/payouts/${id}/cancel`, asHana, {})).code, "payout_not_open");
  assert.equal(
    (await call("POST", `${at}/complete`, admin, { reference: "x" })).code,
    "payout_not_open",
    "not sent",
  );
  assert.equal(
    (await call("POST", `/v1/payouts/${id}/return`, admin, { reason: "x" })).code,
    "payout_not_open",
  );
  const dropped = await post(`${at}/drop`, admin, {});
  assert.deepEqual([dropped["state"], await balance(ids.account)], ["dropped", before - 700]);
  assert.equal((await content()).status, 409);
  const file = await sent();
  assert.deepEqual(
    ((await get(file.at))["payouts"] as Json[]).map((one) => one["id"]),
    [id],
    "what was dropped waits for the next file",
  );
  assert.equal(
    (await call("POST", `${file.at}/drop`, admin, {})).code,
    "payout_not_open",
    "it may be at the bank",
  );
  assert.equal(((await get(file.at))["downloads"] as Json[]).length, 1);
  assert.equal((await call("POST", `${file.at}/complete`, admin, { reference: "x" })).json["state"], "done");
  assert.equal(
    (await call("POST", `${file.at}/complete`, admin, { reference: "x" })).code,
    "payout_not_open",
    "twice",
  );
  assert.deepEqual(await world.audit(), []);
});

test("of many who gather at once, each payout is in one file", async () => {
  for (let count = 0; count < 12; count += 1) assert.equal((await ask(ids.account, 100, asHana)).status, 201);
  const wish = { payOn: await payOn() };
  const replies = await Promise.all(
    Array.from({ length: 6 }, () => call("POST", "/v1/payout-files", admin, wish)),
  );
  const made = replies.filter(({ status }) => status === 201);
  assert.ok(replies.every(({ status, code }) => status === 201 || code === "nothing_to_pay_out"));
  assert.equal(
    made.reduce((sum, { json }) => sum + Number(json["count"]), 0),
    12,
  );
  assert.equal((await call("POST", "/v1/payout-files", admin, wish)).code, "nothing_to_pay_out");
  assert.deepEqual(await world.audit(), []);
  for (const { json } of made) await post(`/v1/payout-files/${String(json["id"])}/drop`, admin, {});
});

test("days on which banks are closed, or which are past or far away, are no days of a file", async () => {
  for (const payOn of ["2020-01-06", "2099-01-05", "2030-01-01"])
    assert.equal((await call("POST", "/v1/payout-files", admin, { payOn })).code, "date_out_of_range", payOn);
  assert.equal(
    (await call("POST", "/v1/payout-files", admin, { payOn: "2026-02-30" })).code,
    "invalid_field",
  );
});

test("who has stolen a sign-in is seen, and what they have named is taken away with what waits for it", async () => {
  const before = await balance(ids.account);
  const { items } = await get(`/v1/accounts/${ids.account}/payouts`, asHana);
  for (const { id } of (items as Json[]).filter(({ state }) => state === "waiting"))
    await post(`/v1/payouts/${String(id)}/cancel`, asHana, {});
  const home = await balance(ids.account);
  const thief = { ...bank, number: "9999999", holder: "ドロボウ" };
  const path = `/v1/accounts/${ids.account}/bank-account`;
  assert.equal((await call("PUT", path, asHana, thief)).code, "invalid_field", "a session alone");
  assert.equal((await call("PUT", path, asHana, { ...thief, password: hana.password })).status, 200);
  assert.equal((await ask(ids.account, 500, asHana)).code, "bank_account_named_lately");
  const mails = await world.database.query<{ kinds: string[] }>(
    rawSql("select kinds from mails where reader = 'self' order by id desc limit 1"),
  );
  assert.deepEqual(mails[0]?.kinds, ["bank account"]);
  const changes = (await get(`/v1/members/${ids.member}/changes`, asHana))["items"] as Json[];
  assert.deepEqual([changes[0]?.["field"], changes[0]?.["role"]], ["bank account", "self"]);
  await advance("P4D");
  assert.equal((await ask(ids.account, 500, asHana)).status, 201);
  assert.equal((await call("DELETE", path, asHana)).status, 204);
  assert.equal(await balance(ids.account), home);
  assert.ok(home >= before);
  assert.equal((await ask(ids.account, 500, asHana)).code, "bank_account_required");
  assert.equal((await call("DELETE", path, asHana)).status, 404);
});

test("for an owner who reaches them, two operators name the account, with proof, and read which", async () => {
  const path = `/v1/accounts/${ids.account}/bank-account`;
  assert.equal((await call("PUT", path, admin, bank)).code, "invalid_field", "no proof");
  const headers = { ...admin, "content-type": "application/json" };
  const body = JSON.stringify({ ...bank, operator: spoken });
  const asked = (await (await fetch(`${url}${path}`, { method: "PUT", headers, body })).json()) as Json;
  assert.equal(asked["code"], "four_eyes_required");
  const waiting = (await get("/v1/operator-acts"))["items"] as Json[];
  const act = waiting.find(({ id }) => id === asked["act"]);
  assert.ok(act && !JSON.stringify(act).includes(bank.number), "what waits holds nothing personal");
  assert.equal((await call("GET", path, second)).code, "invalid_field", "no reason");
  const read = await get(`${path}?reason=act`, second);
  assert.deepEqual([(read["asked"] as Json)["number"], read["bankAccount"]], [bank.number, null]);
  const done = await alone(`/v1/operator-acts/${String(asked["act"])}/confirm`, second, {});
  assert.equal((done["bankAccount"] as Json)["number"], bank.number);
  const looks = (await get(`/v1/members/${ids.member}/lookups`, asHana))["items"] as Json[];
  assert.ok(looks.some(({ reason }) => reason === "act"));
  await advance("P4D");
  const out = { id: randomUUID(), amount: 300, currency: "JPY" };
  const silent = await call("POST", `/v1/accounts/${ids.account}/payouts`, admin, out);
  assert.equal(silent.code, "invalid_field", "an operator says who asked");
  const spokenFor = await call("POST", `/v1/accounts/${ids.account}/payouts`, admin, {
    ...out,
    operator: spoken,
  });
  assert.deepEqual([spokenFor.status, spokenFor.json["by"]], [201, "operator"], spokenFor.text);
});

test("a shop is not paid out what buyers may still ask back, on request or by a schedule", async () => {
  const email = "payee@example.com";
  const password = "a long password of a shop";
  const shop = await post("/v1/shops", {}, { name: "Paid Out", contact: { email }, password });
  await post(`/v1/shops/${String(shop["id"])}/approve`, admin, {});
  const { accounts } = await get(`/v1/shops/${String(shop["id"])}`);
  const account = String((accounts as Json[]).find(({ currency }) => currency === "JPY")?.["account"]);
  const { key } = await post(`/v1/shops/${String(shop["id"])}/keys`, admin, {});
  const byKey = bearer(String(key));
  const asShop = await signIn(url, { email, password });
  const path = `/v1/accounts/${account}/bank-account`;
  assert.equal(
    (await call("PUT", path, byKey, { ...bank, password })).code,
    "not_allowed",
    "a key is not enough",
  );
  await named(account, asShop, password);
  const put = (body: object) => call("PUT", `/v1/accounts/${account}/payout-schedule`, byKey, body);
  assert.equal((await put({ every: "week", on: 6, least: 100 })).code, "invalid_field");
  const schedule = await put({ every: "day", least: 1000 });
  assert.ok(isBankDay(String(schedule.json["nextOn"])), schedule.text);
  await post("/v1/transfers", admin, {
    id: randomUUID(),
    kind: "deposit",
    account,
    amount: 5000,
    currency: "JPY",
    reference: "slip",
    reason: "by hand",
  });
  // 4,500 of it is what a buyer may still ask back.
  await world.database.execute(
    rawSql(
      "insert into payout_locks (hold, account, peer, amount, until) values ($1, $2, null, 4500, null)",
      [randomUUID(), account],
    ),
  );
  assert.equal((await ask(account, 501, byKey)).code, "not_payable_yet");
  assert.equal((await ask(account, 5001, byKey)).code, "insufficient_funds");
  const taken = await Promise.all([
    ask(account, 300, byKey),
    ask(account, 300, byKey),
    ask(account, 300, asShop),
  ]);
  assert.deepEqual(
    taken.map(({ status }) => status).sort(),
    [201, 409, 409],
    "each sees what the others took",
  );
  await advance("P5D");
  assert.equal(await balance(account), 4700, "less than the least waits");
  await world.database.execute(rawSql("delete from payout_locks where account = $1", [account]));
  await advance("P5D");
  const { items } = await get(`/v1/accounts/${account}/payouts`, byKey);
  const clocks = (items as Json[]).filter(({ by }) => by === "clock");
  assert.deepEqual([clocks.length, clocks[0]?.["amount"], await balance(account)], [1, 4700, 0]);
  assert.equal((await call("DELETE", `/v1/accounts/${account}/payout-schedule`, byKey)).status, 204);
  const text = await (await fetch(`${url}/v1/accounts/${account}/statement`, { headers: byKey })).text();
  assert.ok(
    text.includes("camt.053.001.08") && text.includes("<NbOfNtries>3</NbOfNtries>"),
    text.slice(0, 600),
  );
  const csv = await fetch(`${url}/v1/accounts/${account}/statement?form=csv`, { headers: byKey });
  assert.equal((await csv.text()).trim().split("\r\n").at(-1)?.split(",").at(-1), "0");
  assert.deepEqual(await world.audit(), []);
});

test("nobody is erased while something is on its way, and files forget whoever is", async () => {
  const file = await sent();
  const read = parseZengin(
    Buffer.from(await (await fetch(`${url}${file.at}/content`, { headers: admin })).arrayBuffer()),
  );
  assert.ok(read.transfers.length > 0);
  const xml = await (await fetch(`${url}${file.at}/content?form=pain001`, { headers: admin })).text();
  assert.ok(xml.includes("pain.001.001.09") && xml.includes(file.number));
  assert.equal((await call("DELETE", `/v1/members/${ids.member}`, asHana)).code, "person_has_open_trades");
});

test("the audit names what was changed behind the server's back", async () => {
  const changes: readonly (readonly [what: RegExp, change: string, back: string])[] = [
    [
      /payout .*amount is 301/,
      "update payouts set amount = 301 where amount = 300 and state = 'filed'",
      "update payouts set amount = 300 where amount = 301",
    ],
    [
      /payout file .*total/,
      "update payout_files set total = total + 1 where state = 'sent'",
      "update payout_files set total = total - 1 where state = 'sent'",
    ],
    [
      /under way/,
      "update payouts set state = 'done', ended_at = now(), reason = 'planted' where state = 'filed'",
      "update payouts set state = 'filed', ended_at = null, reason = null where reason = 'planted'",
    ],
  ];
  assert.deepEqual(await world.audit(), []);
  for (const [what, change, back] of changes) {
    await world.database.execute(rawSql(change));
    const found = await world.audit();
    assert.ok(
      found.some((line) => what.test(line)),
      `${change}: ${found.join("\n")}`,
    );
    await world.database.execute(rawSql(back));
  }
  assert.deepEqual(await world.audit(), []);
});
