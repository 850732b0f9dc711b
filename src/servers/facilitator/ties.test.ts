/** Who is paid at an institution: shops by the codes that they bring, this server by consents; and what led to no tie. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { kenshu } from "@kenshu/sdk";
import { bearer, type Headers, type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { facilitatorId, institutionId, openPair } from "../../../test/support/world/pair.ts";
import { rawSql } from "../../storage/database/database.ts";

const { facilitator, institution, admin } = await openPair({ after }, { operators: "one" });
const at = { facilitator: bearer(facilitator.demo.adminKey), institution: bearer(institution.demo.adminKey) };
const urls = { facilitator: facilitator.url, institution: institution.url };
type Where = keyof typeof urls;
const [hana] = facilitator.demo.members;
const [owner] = institution.demo.members;
if (!hana || !owner) throw new Error("No demo.");
const buyer = await signIn(facilitator.url, hana);
const holder = await signIn(institution.url, owner);

const call = (where: Where, method: string, path: string, who: Headers, body?: object) =>
  request(`${urls[where]}${path}`, method, who, body);
const post = (where: Where, path: string, who: Headers, body: object) => call(where, "POST", path, who, body);

/** A shop on one of the servers, by its key. */
async function newShop(where: Where, name: string): Promise<{ id: string; who: Headers }> {
  const contact = { email: `${name}@example.com` };
  const id = String((await post(where, "/v1/shops", at[where], { name, contact })).json["id"]);
  const { json } = await post(where, `/v1/shops/${id}/keys`, at[where], {});
  return { id, who: bearer(String(json["key"])) };
}

const receive = { peer: facilitatorId, purpose: "receive", currency: "JPY" };

/** A member begins to tie an account: the state, and the challenge of its verifier. */
async function begun(who: Headers, kind: string): Promise<{ state: string; challenge: string }> {
  const form = { ...who, "content-type": "application/x-www-form-urlencoded" };
  const asked = `institution=${institutionId}&kind=${kind}&currency=JPY`;
  const { headers } = await request(`${facilitator.url}/ties`, "POST", form, asked);
  const { searchParams } = new URL(headers.get("location") ?? "");
  return { state: searchParams.get("state") ?? "", challenge: searchParams.get("challenge") ?? "" };
}

const back = (state: string, code: string, who: Headers) =>
  call("facilitator", "GET", `/ties/return?state=${state}&code=${code}`, who);

async function agreed(who: Headers, wish: Json = receive): Promise<{ id: string; code: string }> {
  const { status, json, text } = await post("institution", "/v1/consents", who, wish);
  assert.equal(status, 201, text);
  return { id: String(json["id"]), code: String(json["code"]) };
}

async function isOver(consent: string): Promise<boolean> {
  const [row] = await admin.institution.query<{ over: boolean }>(
    rawSql("select revoked_at is not null as over from consents where id = $1", [consent]),
  );
  return row?.over === true;
}

const ofPayer = async (): Promise<Json> => {
  const { json } = await call("institution", "GET", `/v1/members/${owner.number}`, holder);
  const [method] = json["methods"] as { id: string; kind: string }[];
  assert.equal(method?.kind, "deposit");
  return { peer: facilitatorId, method: method.id, until: "2031-01-01T00:00:00Z" };
};

const here = await newShop("facilitator", "kita");
const there = await newShop("institution", "kita");
const order = { currency: "JPY", amount: 300, buyer: { member: hana.number } };

test("a shop that is tied nowhere is told so, and its buyer approves once it is tied", async () => {
  const { json } = await post("facilitator", "/v1/trades", here.who, order);
  const path = `/v1/trades/${String(json["number"])}`;
  const refused = await post("facilitator", `${path}/approve`, buyer, { version: 1 });
  assert.deepEqual([refused.status, refused.code], [409, "account_not_tied"]);
  const { id, code } = await agreed(there.who);
  const wish = { institution: institutionId, code };
  const tied = await post("facilitator", `/v1/shops/${here.id}/ties`, here.who, wish);
  assert.deepEqual(
    [tied.status, tied.json],
    [201, { institution: institutionId, currency: "JPY", consent: id }],
  );
  const { shops } = kenshu({ url: facilitator.url, headers: here.who });
  const again = await shops.tie(here.id, wish);
  assert.ok(again.outcome === "done", "the same code for the same shop is the same tie");
  const line = { institution: institutionId, currency: "JPY", consent: id };
  assert.deepEqual(again.tie, line);
  const listed = [];
  for await (const each of shops.ties(here.id)) listed.push(each);
  assert.deepEqual(listed, [{ ...line, name: "Institution" }]);
  const approved = await post("facilitator", `${path}/approve`, buyer, { version: 2 });
  assert.equal(approved.json["state"], "reserved", approved.text);
  assert.equal((await post("facilitator", `${path}/accept`, buyer, {})).json["settled"], 300);
});

test("a code ties one account, and another shop gets nothing by it", async () => {
  const { code, id } = await agreed(there.who);
  const wish = { institution: institutionId, code };
  assert.equal((await post("facilitator", `/v1/shops/${here.id}/ties`, here.who, wish)).status, 201);
  const other = await newShop("facilitator", "minami");
  const refused = await post("facilitator", `/v1/shops/${other.id}/ties`, other.who, wish);
  assert.deepEqual([refused.status, refused.code], [409, "already_exists"]);
  assert.equal((await post("facilitator", `/v1/shops/${here.id}/ties`, other.who, wish)).status, 404);
  const unknown = { institution: institutionId, code: "kc_nothing" };
  const none = await post("facilitator", `/v1/shops/${here.id}/ties`, here.who, unknown);
  assert.equal(none.code, "consent_not_valid");
  const nowhere = { institution: facilitatorId, code };
  assert.equal((await post("facilitator", `/v1/shops/${here.id}/ties`, here.who, nowhere)).code, "not_found");
  assert.equal(await isOver(id), false);
});

test("a consent for paying ties no shop, and goes back at once", async () => {
  const { code, id } = await agreed(holder, await ofPayer());
  const wish = { institution: institutionId, code };
  const refused = await post("facilitator", `/v1/shops/${here.id}/ties`, here.who, wish);
  assert.equal(refused.code, "consent_not_valid");
  assert.equal(await isOver(id), true);
});

test("a member who agrees to another kind of account than was asked has agreed to nothing", async () => {
  const { state, challenge } = await begun(buyer, "prepaid");
  const { code, id } = await agreed(holder, { ...(await ofPayer()), challenge });
  const ended = await back(state, code, buyer);
  assert.ok(ended.status === 402 && ended.text.includes("Nothing was tied"), ended.text);
  assert.equal(await isOver(id), true);
});

test("the institution offers only the kind and the currency that were asked for", async () => {
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  const offered = async (asked: string): Promise<boolean> => {
    const path = `/tie?peer=${facilitatorId}&state=s&challenge=${challenge}&${asked}`;
    return (await request(`${institution.url}${path}`, "GET", holder)).text.includes('id="agree"');
  };
  assert.equal(await offered("kind=deposit&currency=JPY"), true);
  assert.equal(await offered("kind=prepaid&currency=JPY"), false);
  assert.equal(await offered("kind=deposit&currency=USD"), false);
});

test("a code that is found on its way back ties nothing to somebody else", async () => {
  const [, other] = facilitator.demo.members;
  const thief = await signIn(facilitator.url, other ?? assert.fail());
  const [mine, theirs] = [await begun(buyer, "deposit"), await begun(thief, "deposit")];
  const { code, id } = await agreed(holder, { ...(await ofPayer()), challenge: mine.challenge });
  for (const state of [theirs.state, mine.state]) {
    const { status, text } = await back(state, code, thief);
    assert.ok(status === 404 && text.includes("Nothing was tied"), text);
  }
  // Nor a code that a program had without a challenge, nor one by a shop's call.
  const plain = await agreed(holder, await ofPayer());
  assert.equal((await back(theirs.state, plain.code, thief)).status, 404);
  const wish = { institution: institutionId, code };
  assert.equal(
    (await post("facilitator", `/v1/shops/${here.id}/ties`, here.who, wish)).code,
    "consent_not_valid",
  );
  assert.equal(await isOver(id), false);
  for (const _ of [1, 2]) {
    const tied = await back(mine.state, code, buyer);
    assert.deepEqual([tied.status, tied.headers.get("location")], [303, "/methods?done=tied"], tied.text);
  }
});

test("what nobody brings a code for, or ties in time, goes back by itself", async () => {
  const untaken = await agreed(holder, await ofPayer());
  const taken = await agreed(there.who);
  const loose = await agreed(there.who);
  const tie = (code: string) =>
    post("facilitator", `/v1/shops/${here.id}/ties`, here.who, { institution: institutionId, code });
  assert.equal((await tie(taken.code)).status, 201);
  await admin.facilitator.execute(
    rawSql("insert into loose_consents (institution, consent, due_at) values ($1, $2, clock_timestamp())", [
      institutionId,
      loose.id,
    ]),
  );
  await post("institution", "/v1/test-clock/advance", at.institution, { by: "PT11M" });
  await post("facilitator", "/v1/test-clock/advance", at.facilitator, { by: "PT1S" });
  assert.deepEqual(
    [await isOver(untaken.id), await isOver(taken.id), await isOver(loose.id)],
    [true, false, true],
  );
});

test("an institution that is away is asked to take a consent back until it answers", async () => {
  const { id } = await agreed(there.who);
  await admin.facilitator.execute(
    rawSql("insert into loose_consents values ($1, $2, true, clock_timestamp())", [institutionId, id]),
  );
  const sweep = () => post("facilitator", "/v1/test-clock/advance", at.facilitator, { by: "PT1S" });
  await admin.institution.execute(rawSql("alter table consents rename to away"));
  await sweep();
  await admin.institution.execute(rawSql("alter table away rename to consents"));
  assert.equal(await isOver(id), false);
  await admin.facilitator.execute(rawSql("update loose_consents set due_at = clock_timestamp()"));
  await sweep();
  assert.equal(await isOver(id), true);
  const left = await admin.facilitator.query(rawSql("select from loose_consents"));
  assert.equal(left.length, 0);
});

test("this server's own accounts are opened there and tied here, by operators", async () => {
  const open = () =>
    post("institution", `/v1/peers/${facilitatorId}/accounts`, at.institution, { currency: "JPY" });
  const opened = await open();
  assert.equal(opened.status, 201, opened.text);
  const consents = opened.json["consents"] as { receive: string; pay: string };
  assert.deepEqual((await open()).json, opened.json);
  const path = `/v1/peers/${institutionId}/accounts/JPY`;
  const tied = await call("facilitator", "PUT", path, at.facilitator, consents);
  assert.deepEqual(
    [tied.status, tied.json],
    [200, { institution: institutionId, currency: "JPY", ...consents }],
  );
  const swapped = { receive: consents.pay, pay: consents.receive };
  for (const wish of [swapped, { receive: facilitatorId }])
    assert.equal((await call("facilitator", "PUT", path, at.facilitator, wish)).code, "consent_not_valid");
  const dollars = path.replace("JPY", "USD");
  assert.equal(
    (await call("facilitator", "PUT", dollars, at.facilitator, consents)).code,
    "currency_mismatch",
  );
});

test("nothing is frozen where the fee could not be paid afterwards", async () => {
  const [shop] = facilitator.demo.shops;
  const feeShop = facilitator.demo.shops[1];
  assert.ok(shop && feeShop);
  const untied = rawSql(
    `delete from remote_accounts where account not in (select account from shop_accounts)
       and account not in (select account from methods where account is not null)`,
  );
  assert.ok((await admin.facilitator.execute(untied)) > 0);
  const approval = { mandate: hana.mandates[feeShop.key] };
  const refused = await post("facilitator", "/v1/trades", bearer(feeShop.key), { ...order, approval });
  assert.equal(refused.code, "account_not_tied");
  const free = { ...order, approval: { mandate: hana.mandates[shop.key] } };
  assert.equal((await post("facilitator", "/v1/trades", bearer(shop.key), free)).json["state"], "reserved");
});

test("on its page a shop sees where it is paid, and ties an account with the code", async () => {
  const contact = { email: "nishi@example.com" };
  const password = "leaves in the west wind";
  const made = await post("facilitator", "/v1/shops", at.facilitator, { name: "Nishi", contact, password });
  const id = String(made.json["id"]);
  const shop = await signIn(facilitator.url, { email: contact.email, password });
  const led = await call("facilitator", "GET", "/payments", shop);
  assert.deepEqual([led.status, led.headers.get("location")], [303, `/shops/${id}/payments`]);
  const path = `/shops/${id}/payments`;
  const before = await call("facilitator", "GET", path, shop);
  assert.match(before.text, /No account is tied yet/);
  assert.ok(!before.text.includes('name="channel"'));
  const send = (who: Headers, fields: Record<string, string>) =>
    request(
      `${facilitator.url}${path}`,
      "POST",
      { ...who, "content-type": "application/x-www-form-urlencoded" },
      new URLSearchParams(fields).toString(),
    );
  const refused = await send(shop, { institution: institutionId, code: "kc_none" });
  assert.equal(refused.status, 402);
  assert.match(refused.text, /id="refused".*no such code/s);
  const { code } = await agreed(there.who);
  const tied = await send(shop, { institution: institutionId, code });
  assert.deepEqual([tied.status, tied.headers.get("location")], [303, `${path}?done=tied`]);
  const later = await call("facilitator", "GET", `${path}?done=tied`, shop);
  assert.match(later.text, /id="done".*data-institution="/s);
  const seen = await call("facilitator", "GET", path, at.facilitator);
  assert.ok(seen.status === 200 && seen.text.includes('name="proofReference"'));
  const again = await agreed(there.who);
  const spoken = { channel: "phone", reference: "call 7", proof: "callback", proofReference: "tape 9" };
  const byOperator = await send(at.facilitator, { institution: institutionId, code: again.code, ...spoken });
  assert.equal(byOperator.headers.get("location"), `${path}?done=tied`);
  assert.equal((await call("facilitator", "GET", path, buyer)).status, 403);
});

test("two operators tie a shop in its name, and the second need not be there within the code's ten minutes", async (t) => {
  const guarded = await openPair(t);
  const [shop] = guarded.facilitator.demo.shops;
  const [, second] = guarded.facilitator.demo.operators;
  const [shopKey] = guarded.institution.demo.shopKeys;
  assert.ok(shop && second && shopKey);
  const first = bearer(guarded.facilitator.demo.adminKey);
  const agreedThere = await request(
    `${guarded.institution.url}/v1/consents`,
    "POST",
    bearer(shopKey),
    receive,
  );
  const path = `${guarded.facilitator.url}/v1/shops/${shop.id}/ties`;
  const wish = { institution: institutionId, code: String(agreedThere.json["code"]) };
  assert.equal(
    (await request(path, "POST", first, wish)).code,
    "invalid_field",
    "nobody says whose word it is",
  );
  const operator = {
    channel: "phone",
    reference: "call 7",
    proof: { kind: "callback", reference: "tape 9" },
  };
  // Asked without what confirms for other tests at once.
  const asked = await fetch(path, {
    method: "POST",
    headers: { ...first, "content-type": "application/json" },
    body: JSON.stringify({ ...wish, operator }),
  });
  const kept = (await asked.json()) as Json;
  assert.equal(kept["code"], "four_eyes_required");
  const later = { by: "PT11M" };
  const theirAdmin = bearer(guarded.institution.demo.adminKey);
  assert.equal(
    (await request(`${guarded.institution.url}/v1/test-clock/advance`, "POST", theirAdmin, later)).status,
    200,
  );
  const act = `${guarded.facilitator.url}/v1/operator-acts/${String(kept["act"])}/confirm`;
  const tied = await request(act, "POST", await signIn(guarded.facilitator.url, second), {});
  assert.deepEqual([tied.status, tied.json["consent"]], [201, agreedThere.json["id"]], tied.text);
  const { json } = await request(path, "GET", bearer(shop.key));
  const consents = (json["items"] as { consent: string }[]).map(({ consent }) => consent);
  assert.ok(consents.includes(String(agreedThere.json["id"])));
});
