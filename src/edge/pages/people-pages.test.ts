import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const {
  context,
  server,
  rich,
  poor,
  voucher,
  browser: stranger,
  signedIn,
  proposed,
  seen,
  open,
} = await pagesServer({ after });

const guest = {
  name: "Guest <i>",
  address: "Nara",
  birthDate: "1980-02-29",
  email: "guest@example.com",
  methodKind: "prepaid",
};

test("a guest approves with a code, and moves the trade with the date of birth only", async () => {
  const { number, link } = await proposed();
  const browser = stranger();
  const path = await open(browser, link);
  const without = await browser.send(path, "guest-form", { ...guest, token: "" });
  assert.match(without.html, /id="token-error"/);
  assert.ok(without.html.includes('value="Guest &lt;i>"'));
  const unknown = await browser.send(path, "guest-form", { ...guest, token: "kp_nothing" });
  assert.equal(unknown.status, 402);
  const { html } = await browser.get(path);
  const fields = { ...guest, token: voucher.code, key: "guest-key", version: "1" };
  assert.ok(html.includes('id="as-guest"'));
  const pressed = await Promise.all(
    [1, 2].map(() => browser.post(`/trades/${number}/approve-as-guest`, fields)),
  );
  assert.deepEqual(
    pressed.map(({ to }) => to),
    Array(2).fill(`/trades/${number}?done=approve`),
  );
  assert.equal((await seen(number)).state, "reserved");

  const friend = stranger();
  await open(friend, link);
  const page = await friend.get(`/trades/${number}`);
  assert.equal(page.status, 200);
  assert.ok(!page.html.includes("Nara") && !page.html.includes("1980"));
  const guessed = await friend.send(`/trades/${number}`, "accept-all-form", { birthDate: "1980-02-28" });
  assert.equal(guessed.status, 422);
  assert.match(guessed.html, /id="accept-all-birthDate-error"/);
  assert.equal((await seen(number)).settled, 0);
  const { birthDate } = guest;
  const asked = await browser.send(`/trades/${number}`, "accept-all-form", { birthDate });
  assert.match(asked.html, /id="sure">.*¥3,600/);
  const { to } = await browser.send(`/trades/${number}`, "accept-all-form", { birthDate, sure: "yes" });
  assert.equal(to, `/trades/${number}?done=accept`);
  assert.equal((await seen(number)).state, "settled");
});

test("dates of birth cannot be tried one after the other", async () => {
  const { number, link } = await proposed();
  const browser = stranger();
  const path = await open(browser, link);
  await browser.send(path, "guest-form", { ...guest, token: voucher.code });
  const statuses = new Set<number>();
  for (let year = 1950; year < 1985; year += 1) {
    const fields = { birthDate: `${year}-02-28`, all: "yes" };
    statuses.add((await browser.post(`/trades/${number}/accept`, fields)).status);
  }
  assert.deepEqual([...statuses], [422, 429]);
});

test("nothing is kept of a guest whose approval was refused by a change", async () => {
  const { number, link } = await proposed();
  const browser = stranger();
  await open(browser, link);
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
    assert.ok(html.includes("E-mail or password is wrong") && !html.includes("wrong password"));
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

test("a permission is taken back", async () => {
  const browser = await signedIn(poor);
  const { html } = await browser.get("/mandates");
  const [, action = ""] = /action="(\/mandates\/[^"]+\/revoke)"/.exec(html) ?? [];
  assert.equal((await browser.post(action, { key: "k" })).to, "/mandates");
  assert.ok(!(await browser.get("/mandates")).html.includes(action));
  const other = await signedIn(rich);
  const before = (await other.get("/mandates")).html.match(/\/revoke"/g)?.length;
  await browser.post(
    /action="(\/mandates\/[^"]+\/revoke)"/.exec((await other.get("/mandates")).html)?.[1] ?? "",
    {},
  );
  assert.equal((await other.get("/mandates")).html.match(/\/revoke"/g)?.length, before);
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
