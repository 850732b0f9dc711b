import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const {
  context,
  server,
  rich,
  poor,
  voucher,
  vouchers,
  browser: stranger,
  signedIn,
  proposed,
  seen,
  open,
  confirmed,
  shopDoes,
} = await pagesServer({ after });

const [smallest, , largest] = vouchers;
assert.ok(smallest && largest);

const guest = {
  name: "Guest <i>",
  address: "Nara",
  birthDate: "1980-02-29",
  methodKind: "prepaid",
};

test("a guest confirms an address, approves with a code of money, and moves the trade by their own link", async () => {
  const { number, link } = await proposed();
  const browser = stranger();
  const page = await open(browser, link);
  assert.ok((await browser.get(page)).html.includes('id="as-guest"'));
  const noAddress = await browser.send(page, "guest-address-form", { email: "nobody" });
  assert.equal(noAddress.status, 422);
  assert.match(noAddress.html, /id="email-error"/);
  const path = await confirmed(browser, link);
  const without = await browser.send(path, "guest-form", { ...guest, token: "" });
  assert.match(without.html, /id="token-error"/);
  assert.ok(without.html.includes('value="Guest &lt;i>"'));
  const unknown = await browser.send(path, "guest-form", { ...guest, token: "kp_nothing" });
  assert.equal(unknown.status, 402);
  const fields = { ...guest, token: voucher.code, key: "guest-key", version: "1" };
  const pressed = await Promise.all(
    [1, 2].map(() => browser.post(`/trades/${number}/approve-as-guest`, fields)),
  );
  assert.deepEqual(
    pressed.map(({ to }) => to),
    Array(2).fill(`/trades/${number}?done=approve`),
  );
  assert.equal((await browser.post(`/trades/${number}/approve-as-guest`, fields)).to, pressed[0]?.to);
  assert.equal((await seen(number)).state, "reserved");

  const friend = stranger();
  await open(friend, link);
  assert.equal((await friend.get(`/trades/${number}`)).to, `/signin?next=/trades/${number}`);
  const asked = await browser.send(`/trades/${number}`, "accept-all-form");
  assert.match(asked.html, /id="sure">.*¥3,600/);
  const { to } = await browser.send(`/trades/${number}`, "accept-all-form", { sure: "yes" });
  assert.equal(to, `/trades/${number}?done=accept`);
  assert.equal((await seen(number)).state, "settled");
});

test("a guest whose code was worth too little names another, and no more once money is frozen", async () => {
  const { number, link } = await proposed({ lines: [{ name: "Vase", quantity: 1, unitAmount: 15_000 }] });
  const browser = stranger();
  const path = await confirmed(browser, link);
  assert.ok(!(await browser.get(path)).html.includes('value="deposit"'), "a guest pays by a code");
  const refused = await browser.send(path, "guest-form", { ...guest, token: smallest.code });
  assert.equal(refused.status, 402);
  const form = /id="approve-form".*?<\/form>/s.exec((await browser.get(path)).html)?.[0] ?? "";
  assert.match(form, /name="token"/);
  const unknown = await browser.send(path, "approve-form", { token: "kp_nothing" });
  assert.equal(unknown.status, 402);
  const version = /name="version" value="(\d+)"/.exec((await browser.get(path)).html)?.[1] ?? "";
  const fields = { token: largest.code, key: "another-code", version };
  const pressed = await Promise.all([1, 2].map(() => browser.post(path, fields)));
  assert.deepEqual(
    pressed.map(({ to }) => to),
    Array(2).fill(`/trades/${number}?done=approve`),
  );
  assert.equal((await browser.post(path, fields)).to, pressed[0]?.to, "pressed later, it is the same act");
  const means = () =>
    context.database.query<{ state: string }>({
      text: `select m.state from methods m join trades t on t.buyer = m.person
        where t.number = ${number} order by m.created_at, m.id`,
      values: [],
    });
  const before = await means();
  assert.deepEqual(
    before.map(({ state }) => state),
    ["closed", "active"],
  );
  assert.equal((await browser.post(path, { token: smallest.code, version })).status, 409);
  assert.deepEqual(await means(), before);
});

test("a guest whose money was not enough tries again by their own link", async () => {
  const { number, link } = await proposed({ lines: [{ name: "Boat", quantity: 1, unitAmount: 90_000_000 }] });
  const browser = stranger();
  const path = await confirmed(browser, link);
  const fields = { ...guest, methodKind: "deposit" };
  const refused = await browser.send(path, "guest-form", fields);
  assert.equal(refused.status, 402);
  assert.match(refused.html, /id="approve-form"/);
  assert.equal((await seen(number)).state, "refused");
  assert.equal((await seen(number)).approveUrl, null);
  const again = await browser.send(path, "approve-form");
  assert.equal(again.status, 402);
  const friend = stranger();
  assert.equal(await open(friend, link), path);
  assert.equal((await friend.get(path)).to, `/signin?next=${path}`);
  assert.equal((await browser.send(path, "decline-form")).to, `/trades/${number}?done=decline`);
});

test("nothing is kept of a guest whose approval was refused by a change", async () => {
  const { number, link } = await proposed();
  const browser = stranger();
  await confirmed(browser, link);
  const fields = { ...guest, name: "Nobody to be", token: voucher.code, key: "changed", version: "7" };
  const { status } = await browser.post(`/trades/${number}/approve-as-guest`, fields);
  assert.equal(status, 409);
  const rows = await context.database.query({
    text: `select 1 from people join personal_keys on subject = id
      where kind = 'guest' and not exists (select from trades where buyer = people.id)`,
    values: [],
  });
  assert.equal(rows.length, 0);
});

test("signing in fails without saying why, and leads nowhere else", async () => {
  const browser = stranger();
  for (const [email, password] of [
    [rich.email, "wrong password"],
    ["nobody@example.com", rich.password],
    ["", ""],
  ] as const) {
    const { status, html } = await browser.send("/signin", "sign-in", { email, password });
    assert.equal(status, 401);
    assert.ok(html.includes("Email or password is wrong") && !html.includes("wrong password"));
  }
  for (const next of ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]) {
    const { to } = await stranger().post("/signin", { email: rich.email, password: rich.password, next });
    assert.equal(to, "/trades", next);
  }
});

test("signing out ends the session and forgets the link", async () => {
  const browser = await signedIn(rich);
  const { link } = await proposed();
  await open(browser, link);
  const session = new Map(browser.cookies);
  assert.equal((await browser.post("/signout")).to, "/");
  assert.deepEqual([...browser.cookies.keys()], ["kenshu_device"], "the device stays known");
  for (const [name, value] of session) if (name.includes("session")) browser.cookies.set(name, value);
  assert.equal((await browser.get("/trades")).to, "/signin?next=/trades");
});

test("becoming a member makes a sign-in and a number", async () => {
  const browser = stranger();
  const fields = {
    ...guest,
    methodKind: "none",
    name: "Aki",
    email: "Aki.Pages@example.com",
    password: "four words in a row",
  };
  const short = await browser.send("/join", "join", { ...fields, password: "short" });
  assert.equal(short.status, 422);
  assert.match(short.html, /id="password-error"/);
  assert.ok(!short.html.includes('value="short"'));
  const card = await browser.send("/join", "join", { ...fields, address: "4111 1111 1111 1111" });
  assert.match(card.html, /id="address-error"/);
  const line = { ...fields, methodKind: "credit", currency: "jpy", limit: "50,000" };
  assert.match(
    (await browser.send("/join", "join", { ...line, methodKind: "prepaid" })).html,
    /id="token-error"/,
    "prepaid money is a code",
  );
  assert.equal((await browser.send("/join", "join", line)).to, "/welcome");
  assert.match((await browser.get("/welcome")).html, /id="member-number"/);
  assert.equal((await browser.get("/accounts")).status, 200);
});

test("accounts and statements are their owner's", async () => {
  const browser = await signedIn(rich);
  const { link } = await proposed();
  await browser.send(await open(browser, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
  const { html } = await browser.get("/accounts");
  const [, path = ""] = /href="(\/accounts\/[^"]+)"/.exec(html) ?? [];
  const statement = await browser.get(path);
  assert.ok(statement.html.includes("Frozen") && /href="\/trades\/\d+"/.test(statement.html));
  assert.equal((await (await signedIn(poor)).get(path)).status, 404);
  assert.equal((await stranger().get(path)).status, 401);
  assert.equal((await stranger().get("/accounts")).to, "/signin?next=/accounts");
});

test("pages are not kept by anybody, and their files are kept for ever", async () => {
  const page = await server.inject({ method: "GET", url: "/" });
  assert.equal(page.headers["cache-control"], "no-store");
  assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
  const [, path = ""] = /<link rel="stylesheet" href="([^"]+)"/.exec(page.body) ?? [];
  const style = await server.inject({ method: "GET", url: path });
  assert.equal(style.statusCode, 200);
  assert.match(String(style.headers["cache-control"]), /immutable/);
});

test("whoever is signed in keeps their menu on a page that says what went wrong, and so does nobody from elsewhere", async () => {
  const browser = await signedIn(rich);
  const lost = await browser.get("/nowhere");
  assert.equal(lost.status, 404);
  assert.ok(lost.html.includes('id="sign-out"') && !lost.html.includes('href="/join"'), lost.html);
  assert.ok((await stranger().get("/nowhere")).html.includes('href="/join"'));
  const foreign = await browser.post("/signout", {}, { "sec-fetch-site": "cross-site" });
  assert.ok(foreign.status === 403 && !foreign.html.includes('id="sign-out"'));
});

/** Signs in, opens a trade that they have approved, and loses the session, as after twelve hours. */
async function signedOutMeanwhile() {
  const browser = await signedIn(rich);
  const { number, link } = await proposed();
  await browser.send(await open(browser, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
  await shopDoes(number, { do: "ship" });
  const shown = await browser.get(`/trades/${number}`);
  for (const name of browser.cookies.keys()) if (name.includes("session")) browser.cookies.delete(name);
  return { browser, number, shown };
}

const signsIn = (page: string, who: { email: string; password: string }) => ({
  ...Object.fromEntries(
    [...page.matchAll(/<input type="hidden" name="(next|to|typed)" value="([^"]*)"/g)].map(
      ([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&")],
    ),
  ),
  email: who.email,
  password: who.password,
});

test("what was typed when a session ended is there after signing in, and is done once", async () => {
  const { browser, number } = await signedOutMeanwhile();
  const words = { key: "once-only", reason: "Torn <b>\nby the carrier" };
  const ended = await browser.post(`/trades/${number}/dispute`, words);
  assert.equal(ended.status, 401);
  assert.ok(ended.html.includes('id="session-ended"') && ended.html.includes('id="sign-in"'), ended.html);
  const back = await browser.post("/signin", signsIn(ended.html, rich));
  assert.ok(back.status === 200 && back.html.includes("Torn &lt;b>"), back.html);
  assert.notEqual((await seen(number)).state, "disputed", "nothing is done by signing in");
  const done = await browser.post(`/trades/${number}/dispute`, words);
  assert.deepEqual([done.status, done.to], [303, `/trades/${number}?done=dispute`], done.html);
  assert.equal((await seen(number)).state, "disputed");
});

test("who signs in there as somebody else gets nothing of it, and no secret is kept", async () => {
  const { browser } = await signedOutMeanwhile();
  const ended = await browser.post("/you/email", { email: "Mine alone", password: "a secret one" });
  assert.ok(ended.html.includes("Mine+alone") && !ended.html.includes("secret"), ended.html);
  const wrong = await browser.post("/signin", { ...signsIn(ended.html, rich), password: "not it" });
  assert.ok(wrong.status === 401 && wrong.html.includes("Mine+alone"), "a wrong password loses nothing");
  const other = await browser.post("/signin", signsIn(ended.html, poor));
  assert.equal(other.status, 303);
  assert.ok(!other.html.includes("Mine"));
});

test("a page that wants a sign-in says why, to who was signed in there before", async () => {
  const { browser, number } = await signedOutMeanwhile();
  assert.ok((await browser.get(`/signin?next=/trades/${number}`)).html.includes('id="session-ended"'));
  assert.ok(!(await stranger().get("/signin?next=/trades")).html.includes('id="session-ended"'));
  await browser.post("/signout");
  assert.ok(!(await browser.get("/signin?next=/trades")).html.includes('id="session-ended"'));
});

const joining = { name: "Nao", address: "Nara", birthDate: "1980-02-29", password: "four words in a row" };

test("who joins on the way to an approval adds there what they pay with, and is told what is missing", async () => {
  const { number, link } = await proposed();
  const browser = stranger();
  const path = await open(browser, link);
  const join = /href="(\/join\?next=[^"]+)"/.exec((await browser.get(path)).html)?.[1] ?? "";
  const fields = {
    ...joining,
    email: "nao@example.com",
    methodKind: "credit",
    currency: "JPY",
    limit: "50000",
  };
  const { to } = await browser.send(join, "join", fields);
  assert.equal(to, `/welcome?next=${encodeURIComponent(path)}`);
  const welcome = (await browser.get(to)).html;
  const [, member = ""] = /data-number="(\d+)"/.exec(welcome) ?? [];
  assert.ok(member !== "" && welcome.includes(`href="${path}"`), welcome);
  for (const page of ["/you", "/accounts"])
    assert.ok((await browser.get(page)).html.includes(`data-number="${member}"`), page);

  const none = (await browser.get(path)).html;
  assert.match(none, /id="waiting-means".*Credit line.*¥50,000.*Waiting to be approved/);
  assert.ok(
    none.includes('id="means-form"') && !none.includes('id="approve"'),
    "there is nothing to approve with",
  );
  assert.ok(!none.includes('value="credit"'), "what was asked for is not offered once more");
  const deposit = { methodKind: "deposit", currency: "JPY", next: path };
  assert.equal((await browser.send(path, "means-form", deposit)).to, path);
  assert.equal((await browser.post("/accounts", deposit)).to, path);
  const short = (await browser.get(path)).html;
  assert.match(short, /id="short".*¥3,600<\/span> more is needed/);
  assert.equal(short.match(/name="method"/g)?.length, 1, "asked for twice, it is opened once");
  assert.match(short, /href="\/fund\?method=[^"]+&amp;amount=3600&amp;next=%2Ftrades%2F\d+%2Fapprove"/);
  assert.ok(!short.includes('id="approve"'), "no button for what cannot be done");

  const wrong = await browser.send(path, "means-form", { methodKind: "prepaid", token: "kp_nothing" });
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /id="token-error"/);
  assert.ok(wrong.html.includes(`name="next" value="${path}"`), "it still leads back");
  assert.match((await browser.send(path, "means-form", { methodKind: "prepaid" })).html, /id="token-error"/);
  assert.equal(
    (await browser.send(path, "means-form", { methodKind: "prepaid", token: voucher.code })).to,
    path,
  );
  const method = /value="([^"]+)" id="method-[^"]+" checked/.exec((await browser.get(path)).html)?.[1] ?? "";
  assert.equal((await browser.send(path, "approve-form", { method })).status, 303);
  assert.equal((await seen(number)).state, "reserved");
});

test("what is opened on a page is what is opened here, and leads nowhere else", async () => {
  const browser = await signedIn(poor);
  for (const methodKind of ["none", "card", ""]) {
    const { status } = await browser.send("/accounts", "means-form", { methodKind, currency: "JPY" });
    assert.equal(status, 422, methodKind);
  }
  const fields = { methodKind: "credit", currency: "USD", limit: "10", next: "//evil.example" };
  assert.equal((await browser.send("/accounts", "means-form", fields)).to, "/accounts");
  assert.match((await browser.get("/accounts")).html, /id="waiting-means".*\$10\.00/);
  const same = { methodKind: "credit", currency: "USD", limit: "20" };
  assert.match((await browser.send("/accounts", "means-form", same)).html, /You have one in this currency/);
});
