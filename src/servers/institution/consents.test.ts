/** A member, a shop and another server: consents given, taken up, used and taken back, over HTTP and on the pages. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openConsenting } from "../../../test/support/world/consenting.ts";
import { inDays } from "../../../test/support/world/consents.ts";
import { bearer, type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { Browser, type Fields } from "../../../test/support/world/pages-server.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openConsenting({ after });
const { ids, own, facilitator, demo, bank, institution, peer, other, rich, poor, shop, ties } = world;
const { at, asRich, method, until, wish, take, given, receive, opened } = world;

test("a code gives the named server the consent, once, and nothing of the account", async () => {
  const { id, code } = await given();
  const path = "/v1/consents/exchange";
  assert.equal((await take(other, path, { code })).status, 404, "another server");
  const { status, body } = await take(peer, path, { code });
  assert.equal(status, 200);
  assert.deepEqual(body, {
    consent: id,
    purpose: "pay",
    kind: "deposit",
    currency: "JPY",
    limitPerTrade: 3000,
    limitPerMonth: 5000,
    until,
    good: true,
  });
  assert.equal((await take(peer, path, { code })).status, 404, "again");
  assert.deepEqual((await peer.call(ids.bank, "GET", `/v1/consents/${id}`)).body, body);
  assert.equal((await other.call(ids.bank, "GET", `/v1/consents/${id}`)).status, 404);
});

test("a request with an id may be repeated after a lost reply; with the code in another it may not", async () => {
  const { code } = await given();
  const asked = { id: uuidv7(), code };
  const first = await take(peer, "/v1/consents/exchange", asked);
  assert.deepEqual(await take(peer, "/v1/consents/exchange", asked), first);
  assert.equal(first.status, 200);
  assert.equal((await take(peer, "/v1/consents/exchange", { id: uuidv7(), code })).status, 404);
});

test("a code runs out after ten minutes", async () => {
  const { code } = await given();
  const advanced = await request(at("/v1/test-clock/advance"), "POST", bearer(demo.adminKey), {
    by: "PT10M",
  });
  assert.equal(advanced.status, 200);
  assert.equal((await take(peer, "/v1/consents/exchange", { code })).status, 404);
});

test("what cannot be agreed to is refused", async () => {
  const atShop = bearer(shop.key);
  const cases: [who: Record<string, string>, body: Json, code: string][] = [
    [asRich, { ...wish, peer: uuidv7() }, "not_found"],
    [asRich, { ...wish, method: poor.methods[0]?.id }, "not_found"],
    [asRich, { ...wish, until: inDays(-1) }, "date_out_of_range"],
    [asRich, { ...wish, until: "9999-01-01T00:00:00Z" }, "date_out_of_range"],
    [asRich, { ...wish, limitPerTrade: 0 }, "invalid_field"],
    [asRich, { peer: ids.peer, method }, "invalid_field"],
    [asRich, { peer: ids.peer, until }, "invalid_field"],
    [asRich, { peer: ids.peer, purpose: "receive", currency: "JPY" }, "invalid_field"],
    [asRich, { ...wish, account: uuidv7() }, "invalid_field"],
    [atShop, wish, "invalid_field"],
    [atShop, { peer: ids.peer, purpose: "receive" }, "invalid_field"],
    [atShop, { peer: ids.peer, purpose: "receive", currency: "EUR" }, "currency_mismatch"],
    [atShop, { peer: ids.peer, purpose: "receive", currency: "JPY", limitPerTrade: 5 }, "invalid_field"],
    [{}, wish, "not_authenticated"],
    [bearer(demo.adminKey), wish, "not_allowed"],
  ];
  for (const [who, body, code] of cases) {
    const reply = await request(at("/v1/consents"), "POST", who, body);
    assert.equal(reply.code, code, JSON.stringify(body));
  }
});

test("a shop consents to being paid; a voucher's code is consent to spend it", async () => {
  const receive = { peer: ids.peer, purpose: "receive", currency: "USD" };
  const { json } = await request(at("/v1/consents"), "POST", bearer(shop.key), receive);
  const taken = await take(peer, "/v1/consents/exchange", { code: json["code"] });
  const { consent, purpose, kind, currency } = taken.body;
  assert.deepEqual([consent, purpose, kind, currency], [json["id"], "receive", "shop", "USD"]);
  const code = demo.vouchers[0]?.code;
  const spent = await take(peer, "/v1/consents/voucher", { code });
  assert.deepEqual([spent.status, spent.body["kind"], spent.body["good"]], [200, "prepaid", true]);
  assert.deepEqual((await take(peer, "/v1/consents/voucher", { code })).body, spent.body);
  assert.notEqual(
    (await take(other, "/v1/consents/voucher", { code })).body["consent"],
    spent.body["consent"],
  );
  assert.equal((await take(peer, "/v1/consents/voucher", { code: "kp_0000000000" })).status, 402);
  assert.equal((await request(at("/v1/consents/voucher"), "POST", {}, { code })).code, "signature_invalid");
});

test("a reservation from beginning to end, by single calls", async () => {
  const account = ties.members[0]?.consent;
  const id = uuidv7();
  const reserve = {
    id,
    tradeNumber: "48210733951146",
    account,
    payee: receive,
    amount: 1000,
    currency: "JPY",
    until,
  };
  const held = await peer.call(ids.bank, "POST", "/v1/reservations", reserve);
  assert.deepEqual([held.status, held.body?.["state"]], [201, "held"]);
  const calls: [path: string, body: object, status: number, state: string][] = [
    [
      "settle",
      {
        amount: 300,
        splits: [
          { account: receive, amount: 270 },
          { account: ties.own["JPY"]?.receive, amount: 30 },
        ],
      },
      200,
      "held",
    ],
    ["extend", { until: inDays(90) }, 200, "held"],
    ["release", { amount: 100 }, 200, "held"],
    ["settle", { final: true, amount: 500 }, 200, "settled"],
    ["refund", { amount: 771 }, 409, "undefined"],
    ["refund", { amount: 770 }, 200, "settled"],
  ];
  for (const [path, body, status, state] of calls) {
    const answer = await peer.call(ids.bank, "POST", `/v1/reservations/${id}/${path}`, {
      id: uuidv7(),
      ...body,
    });
    assert.deepEqual([answer.status, String(answer.body?.["state"])], [status, state], path);
  }
  const told = await peer.call(ids.bank, "GET", `/v1/reservations/${id}`);
  assert.deepEqual(told.body, {
    id,
    tradeNumber: "48210733951146",
    state: "settled",
    currency: "JPY",
    amount: 1000,
    settled: 800,
    released: 200,
    refunded: 770,
    until: told.body?.["until"],
  });
  assert.equal((await other.call(ids.bank, "GET", `/v1/reservations/${id}`)).status, 404);
  const again = await peer.call(ids.bank, "POST", "/v1/reservations", reserve);
  assert.deepEqual([again.status, again.body], [held.status, held.body]);
  const changed = await peer.call(ids.bank, "POST", "/v1/reservations", { ...reserve, amount: 999 });
  assert.deepEqual([changed.status, changed.body?.["code"]], [409, "command_id_reused"]);
});

test("a batch is decided in order, each instruction by itself; lists and totals tell", async () => {
  const reservation = uuidv7();
  const [account] = ties.load.map(({ consent }) => consent);
  const reserve = { do: "reserve", tradeNumber: "18", account, payee: receive, currency: "JPY", until };
  const instructions = [
    { ...reserve, id: reservation, amount: 700 },
    { do: "settle", id: uuidv7(), reservation, amount: 200 },
    { ...reserve, id: uuidv7(), amount: -1 },
    { do: "settle", id: uuidv7(), reservation: uuidv7() },
    { do: "dance", id: uuidv7() },
    {
      do: "transfer",
      id: uuidv7(),
      from: ties.own["JPY"]?.pay,
      to: receive,
      amount: 50,
      currency: "JPY",
      tradeNumber: "18",
    },
  ];
  const send = async () => {
    const answer = await peer.call(ids.bank, "POST", "/v1/reservations/batch", { instructions });
    return (answer.body?.["outcomes"] ?? []) as {
      status: number;
      replayed?: true;
      reservation?: Json;
      problem?: Json;
      transfer?: Json;
    }[];
  };
  const outcomes = await send();
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [201, 200, 422, 404, 422, 201],
  );
  assert.equal(outcomes[1]?.reservation?.["settled"], 200);
  assert.equal(outcomes[3]?.problem?.["code"], "not_found");
  assert.equal(outcomes[5]?.transfer?.["amount"], 50);
  const again = await send();
  assert.deepEqual(
    again.map(({ replayed = false }) => replayed),
    [true, true, false, true, false, true],
  );
  const live = await peer.call(ids.bank, "GET", "/v1/reservations?state=held&limit=5");
  const items = live.body?.["items"] as Json[];
  assert.deepEqual([items[0]?.["id"], items[0]?.["state"]], [reservation, "held"]);
  const first = await peer.call(ids.bank, "GET", "/v1/reservations?limit=1");
  const rest = await peer.call(
    ids.bank,
    "GET",
    `/v1/reservations?limit=200&after=${String(first.body?.["next"])}`,
  );
  assert.equal(((rest.body?.["items"] ?? []) as Json[]).length, 1);
  assert.deepEqual((await other.call(ids.bank, "GET", "/v1/reservations")).body?.["items"], []);
  const totals = await peer.call(ids.bank, "GET", "/v1/reservations/totals");
  const jpy = { currency: "JPY", frozen: 500, settled: 1000, released: 200, refunded: 770 };
  assert.deepEqual(totals.body, { items: [jpy] });
});

test("the owner sees a consent and takes it back; the server is told, and begins nothing new", async () => {
  const { id } = await given();
  const listed = (await request(at("/v1/consents"), "GET", asRich)).json["items"] as Json[];
  const [newest] = listed;
  assert.deepEqual(
    [newest?.["id"], newest?.["peerName"], newest?.["spentThisMonth"]],
    [id, facilitator.name, 0],
  );
  const asPoor = await signIn(bank.man.url, poor);
  assert.equal((await request(at(`/v1/consents/${id}/revoke`), "POST", asPoor, {})).status, 404);
  assert.equal((await request(at(`/v1/consents/${id}/revoke`), "POST", asRich, {})).status, 204);
  assert.equal((await request(at(`/v1/consents/${id}/revoke`), "POST", asRich, {})).status, 204, "again");
  assert.equal((await peer.call(ids.bank, "GET", `/v1/consents/${id}`)).body?.["good"], false);
});

// The pair of RFC 7636, appendix B.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const tie = `/tie?peer=${ids.peer}&state=s_1-x&challenge=${challenge}`;

test("agreeing on the page leads back with a code that is good; pressing twice is one consent", async () => {
  const stranger = new Browser(institution.server);
  assert.equal((await stranger.get(tie)).to, `/signin?next=${encodeURIComponent(tie)}`);
  const browser = await opened();
  const shown = await browser.get(tie);
  assert.ok(shown.html.includes("Some &lt;b>facilitator"), shown.html);
  assert.match(
    String(shown.headers["content-security-policy"]),
    new RegExp(`form-action 'self' ${own.man.url}`),
  );
  const [, key = ""] = /name="key" value="([^"]+)"/.exec(shown.html) ?? [];
  const fields: Fields = {
    key,
    peer: ids.peer,
    state: "s_1-x",
    challenge,
    method: method ?? "",
    until: inDays(20).slice(0, 10),
  };
  const agree = async () => {
    const { status, to, html } = await browser.post("/tie", { ...fields, limitPerTrade: "1,200" });
    assert.equal(status, 303, html);
    assert.ok(to.startsWith(`${own.man.url}/ties/return?state=s_1-x&code=`), to);
    const code = new URL(to).searchParams.get("code");
    const path = "/v1/consents/exchange";
    assert.equal((await take(peer, path, { code })).status, 404, "without the verifier");
    return (await take(peer, path, { code, verifier })).body;
  };
  const first = await agree();
  assert.deepEqual([first["limitPerTrade"], first["limitPerMonth"], first["good"]], [1200, null, true]);
  assert.equal((await agree())["consent"], first["consent"]);
  const listed = await browser.get("/consents");
  assert.ok(listed.html.includes(`data-consent="${String(first["consent"])}"`));
  const revoked = await browser.send("/consents", `give-up-${String(first["consent"])}`);
  assert.deepEqual([revoked.status, revoked.to], [303, "/consents"]);
  assert.ok(!(await browser.get("/consents")).html.includes(`give-up-${String(first["consent"])}"`));
});

test("a form that cannot be taken is shown again", async () => {
  const browser = await opened();
  const until = inDays(20).slice(0, 10);
  const whole: Fields = { peer: ids.peer, state: "s", challenge, method: method ?? "", until };
  for (const [change, status, shows] of [
    [{ limitPerMonth: "lots" }, 422, "limitPerMonth-error"],
    [{ until: "someday" }, 422, "until-error"],
    [{ until: "2020-01-01" }, 422, 'id="refused"'],
    [{ method: uuidv7() }, 404, "not_found"],
    [{ peer: uuidv7() }, 404, "not_found"],
  ] as const) {
    const answer = await browser.post("/tie", { ...whole, ...change });
    assert.equal(answer.status, status, JSON.stringify(change));
    assert.ok(answer.html.includes(shows), `${JSON.stringify(change)}: ${answer.html}`);
  }
  assert.equal((await browser.get(tie.replace(ids.peer, uuidv7()))).status, 404);
  assert.equal((await browser.get(tie.replace("s_1-x", "https://elsewhere"))).status, 422);
  assert.equal((await browser.get(`/tie?peer=${ids.peer}&state=s`)).status, 422, "without a challenge");
});

test("money frozen for another server keeps the person; erased, their consents end", async () => {
  const joined = {
    name: "Aki",
    address: "Nara",
    birthDate: "1980-01-01",
    contact: { email: "aki@example.com" },
  };
  const methods = [{ kind: "deposit", currency: "JPY" }];
  const secret = { password: "a long password" };
  const made = await request(at("/v1/members"), "POST", {}, { ...joined, methods, ...secret });
  const number = String(made.json["number"]);
  const [own] = made.json["methods"] as { id: string; account: string }[];
  const who = await signIn(bank.man.url, { email: "aki@example.com", ...secret });
  const deposit = {
    id: uuidv7(),
    kind: "deposit",
    account: own?.account,
    amount: 500,
    currency: "JPY",
    reference: "r",
  };
  assert.equal((await request(at("/v1/transfers"), "POST", bearer(demo.adminKey), deposit)).status, 201);
  const { id: consent } = await given({ method: own?.id }, who);
  const id = uuidv7();
  const reserve = {
    id,
    tradeNumber: "18",
    account: consent,
    payee: receive,
    amount: 100,
    currency: "JPY",
    until,
  };
  assert.equal((await peer.call(ids.bank, "POST", "/v1/reservations", reserve)).status, 201);
  const erase = () => request(at(`/v1/members/${number}`), "DELETE", who);
  assert.equal((await erase()).code, "person_has_open_trades");
  await peer.call(ids.bank, "POST", `/v1/reservations/${id}/release`, { id: uuidv7() });
  assert.equal((await erase()).code, "person_has_money");
  const out = { ...deposit, id: uuidv7(), kind: "withdrawal" };
  assert.equal((await request(at("/v1/transfers"), "POST", bearer(demo.adminKey), out)).status, 201);
  assert.equal((await erase()).status, 204);
  assert.equal((await peer.call(ids.bank, "GET", `/v1/consents/${consent}`)).body?.["good"], false);
  const late = await peer.call(ids.bank, "POST", "/v1/reservations", { ...reserve, id: uuidv7() });
  assert.equal(late.body?.["code"], "consent_not_valid");
});
