/**
 * Who cheats with payouts, and what goes wrong with a bank's messages: nothing is paid twice, nothing is lost, and nothing leaves
 * that one operator alone has let go.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { camt053, pain002 } from "./support/wire/bank-messages.ts";
import type { Json } from "./support/wire/http.ts";
import { parseZengin } from "./support/wire/zengin.ts";
import { openPayouts } from "./support/world/payouts.ts";

const { world, url, ...room } = await openPayouts({ after });
const { admin, second, hana, asHana, ids, post, call, get, balance, ask, alone, named, payOn, sent, report } =
  room;

await named(ids.account, asHana, hana.password);

test("the bank's messages are booked once, as a whole, and by two", async () => {
  const before = await balance(ids.account);
  const file = await sent(300, 400, 500);
  const [one = "", two = "", three = ""] = file.payouts;
  const said = pain002(file.number, [[one, "RJCT"]]);
  const waits = await alone("/v1/payout-reports", admin, { content: Buffer.from(said).toString("base64") });
  assert.equal(waits["code"], "four_eyes_required");
  assert.equal(await balance(ids.account), before - 1200);
  const once = { ...admin, "idempotency-key": randomUUID() };
  const booked = await report(said, once);
  assert.deepEqual(
    [booked.status, booked.json["returned"]],
    [201, [{ payout: one, reason: "AC01" }]],
    booked.text,
  );
  assert.equal(await balance(ids.account), before - 900);
  assert.deepEqual((await report(said, once)).json, booked.json, "the same request");
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
  assert.deepEqual([stranger.json["returned"], stranger.json["unknown"]], [[], 1]);
  const done = await report(pain002(file.number, [[three, "ACSC"]]));
  assert.deepEqual(done.json["done"], [file.id], done.text);
  assert.equal((await get(file.at))["state"], "done");
  assert.equal(await balance(ids.account), before - 500);
  assert.deepEqual(await world.audit(), []);
});

interface Waiting {
  id: string;
  subject: string;
  party: string;
  difference: number;
  version: number;
}
const breaks = async (of: string): Promise<Waiting[]> =>
  ((await get("/v1/breaks"))["items"] as Waiting[]).filter(({ subject }) => subject === of);

test("a bank that says it has paid what it had rejected is contradicted, not known: a break, once, until two close it", async () => {
  const before = await balance(ids.account);
  const file = await sent(310, 320);
  const [one = "", two = ""] = file.payouts;
  const asked = await alone("/v1/payout-reports", admin, {
    content: Buffer.from(
      pain002(file.number, [
        [one, "ACSC"],
        [two, "ACSC"],
      ]),
    ).toString("base64"),
  });
  const rejected = await report(pain002(file.number, [[one, "RJCT"]]));
  assert.deepEqual(
    [rejected.json["returned"], rejected.json["contradicted"]],
    [[{ payout: one, reason: "AC01" }], []],
  );
  // What the second operator would confirm was read before that.
  const late = await alone(`/v1/operator-acts/${String(asked["act"])}/confirm`, second, {});
  assert.equal(late["code"], "bank_file_refused", JSON.stringify(late));
  assert.equal((await get(file.at))["state"], "sent");
  const paid = pain002(file.number, [
    [one, "ACSC"],
    [two, "ACSC"],
  ]);
  const once = { ...admin, "idempotency-key": randomUUID() };
  const said = await report(paid, once);
  assert.deepEqual(
    [said.status, said.json["contradicted"], said.json["known"], said.json["done"]],
    [201, [one], 0, [file.id]],
    said.text,
  );
  assert.equal("backBefore" in said.json, false);
  assert.deepEqual((await report(paid, once)).json, said.json, "the same request");
  assert.equal((await report(paid)).code, "already_exists", "the same bytes");
  assert.equal(await balance(ids.account), before - 320, "nothing is booked of it");
  const [found, ...more] = await breaks(one);
  assert.deepEqual([found?.party, found?.difference, found?.version, more], ["bank", 310, 1, []]);
  const page = async (path: string, language = "en") => {
    const shown = await fetch(`${url}${path}`, { headers: { ...admin, "accept-language": language } });
    assert.equal(shown.status, 200, path);
    return shown.text();
  };
  assert.match(await page("/payout-files"), /the bank says it has paid: 1\./);
  assert.match(await page("/payout-files", "ja"), /銀行からは振込済みと通知された出金：1件/);
  assert.match(await page("/desk/breaks"), /Payout that came back here, and was paid as the bank says/);
  const shown = await page(`/desk/breaks/${found?.id ?? ""}`);
  assert.match(shown, /A message of the bank/);
  assert.match(shown, /href="\/payout-files"/);
  // The same word in another message is the same break.
  const again = await report(pain002(file.number, [[one, "ACCC"]]));
  assert.deepEqual([again.json["contradicted"], again.json["known"]], [[one], 0], again.text);
  const [still, ...others] = await breaks(one);
  assert.deepEqual([still?.id, still?.version, others], [found?.id, 1, []]);
  const word = { reason: "The bank has paid it; taken from the account again.", version: 1 };
  assert.equal(
    (await alone(`/v1/breaks/${found?.id ?? ""}/close`, admin, word))["code"],
    "four_eyes_required",
  );
  const closed = await call("POST", `/v1/breaks/${found?.id ?? ""}/close`, admin, word);
  assert.equal(closed.json["state"], "closed", closed.text);
  assert.deepEqual(await breaks(one), []);
  assert.equal((await page("/payout-files")).includes('id="contradicted"'), false);
  assert.deepEqual(await world.audit(), []);
});

test("what a statement brought back was paid before: a message that says so is late, and of a file as a whole it is said of each", async () => {
  const file = await sent(330, 340, 350);
  const [one = "", two = "", three = ""] = file.payouts;
  assert.deepEqual((await report(camt053(one, 330))).json["contradicted"], []);
  const late = await report(pain002(file.number, [[one, "ACSC"]]));
  assert.deepEqual([late.json["contradicted"], late.json["known"]], [[], 1], late.text);
  const back = await call("POST", `/v1/payouts/${two}/return`, admin, { reason: "it came back" });
  assert.equal(back.status, 200, back.text);
  const whole = pain002(file.number, []).replace("</OrgnlMsgId>", "</OrgnlMsgId><GrpSts>ACSC</GrpSts>");
  const all = await report(whole);
  assert.deepEqual(
    [all.json["contradicted"], all.json["known"], all.json["done"]],
    [[two], 1, [file.id]],
    all.text,
  );
  assert.deepEqual(
    [(await breaks(one)).length, (await breaks(two)).length, (await breaks(three)).length],
    [0, 1, 0],
  );
  // The other way round, what was told done and is rejected comes back, and contradicts nothing.
  const rejected = await report(pain002(file.number, [[three, "RJCT"]]));
  assert.deepEqual(
    [rejected.json["returned"], rejected.json["contradicted"]],
    [[{ payout: three, reason: "AC01" }], []],
  );
  assert.deepEqual(await breaks(three), []);
  const flips = await report(pain002(file.number, [[three, "ACSC"]]));
  assert.deepEqual([flips.json["contradicted"], (await breaks(three)).length], [[three], 1]);
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
  await sent(300);
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
