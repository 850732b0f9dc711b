/** The people of a shop: each is bound by a role, from the invitation to the removal, whoever of them means no good. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { itemsOf, type Mate, type Role, shopTeam } from "./support/world/shop-team.ts";
import { spoken } from "./support/world/operators.ts";
import { startGuarded } from "./support/world/two-operators.ts";
import { signIn } from "./support/wire/http.ts";
import { lettersTo } from "./support/world/letters.ts";

const guarded = await startGuarded({ after });
const { url, database, first } = guarded;
const team = await shopTeam(guarded);
const { shop, owner, call, prove, proven, invite, join } = team;
const people = `/v1/shops/${shop}/people`;
const reader = await join("reader", "rei");
const orders = await join("orders", "oto");
const money = await join("money", "mai");
const boss = await join("owner", "bo");
const mates: Record<Role, Mate> = { reader, orders, money, owner: boss };
const roles = ["reader", "orders", "money", "owner"] as const;

const batch = () => ({ commands: [{ do: "propose", key: "one", trade: { currency: "JPY", amount: 1 } }] });

/** By the least role that may: a call of each kind, and what it answers whoever may. */
const table: readonly (readonly [Role, string, string, (number: string) => object | undefined, number])[] = [
  ["reader", "GET", "/v1/trades", () => undefined, 200],
  ["reader", "GET", "/v1/trades/{number}", () => undefined, 200],
  ["reader", "GET", `/v1/shops/${shop}/acts`, () => undefined, 200],
  ["reader", "GET", "/v1/sessions/open", () => undefined, 200],
  ["reader", "GET", "/shop", () => undefined, 200],
  ["reader", "GET", "/shop/orders/{number}", () => undefined, 200],
  ["orders", "POST", "/v1/trades", () => ({ currency: "JPY", amount: 100 }), 201],
  ["orders", "POST", "/v1/trades/{number}/ship", () => ({}), 200],
  ["orders", "POST", "/v1/trades/{number}/cancel", () => ({}), 200],
  ["orders", "GET", "/shop/new", () => undefined, 200],
  ["money", "GET", "/shop/money", () => undefined, 200],
  ["money", "POST", "/v1/trades/{number}/refund", () => ({ amount: 1, reason: "x" }), 409],
  ["money", "POST", "/v1/trades/batch", batch, 200],
  ["owner", "GET", people, () => undefined, 200],
  ["owner", "GET", `/v1/shops/${shop}/keys`, () => undefined, 200],
  ["owner", "POST", `/v1/shops/${shop}/keys`, () => ({}), 201],
  [
    "owner",
    "PUT",
    `/v1/shops/${shop}/return-address`,
    () => ({ returnAddress: { name: "N", address: "1" } }),
    200,
  ],
  ["owner", "GET", "/shop/settings", () => undefined, 200],
  ["owner", "GET", "/shop/team", () => undefined, 200],
];

for (const [least, method, path, body, status] of table) {
  test(`${method} ${path.replace(shop, "{shop}")} is for ${least} and above`, async () => {
    for (const role of roles) {
      const number = path.includes("{number}") ? await team.order() : "";
      const reply = await call(method, path.replace("{number}", number), mates[role].who, body(number));
      const may = roles.indexOf(role) >= roles.indexOf(least);
      const shown = `${role}: ${reply.status} ${reply.text.slice(0, 300)}`;
      if (may) assert.equal(reply.status, status, shown);
      else assert.equal(reply.status, 403, shown);
    }
  });
}

test("a batch by somebody who may not pay back is refused whole", async () => {
  const number = await team.order();
  const commands = [{ do: "cancel", key: "one", number }];
  assert.equal((await call("POST", "/v1/trades/batch", orders.who, { commands })).status, 403);
  assert.equal((await call("GET", `/v1/trades/${number}`, orders.who)).json["state"], "reserved");
});

test("a form is judged as the call is, and does nothing for whoever may not", async () => {
  const number = await team.order();
  const form = { ...reader.who, "content-type": "application/x-www-form-urlencoded", origin: url };
  const reply = await call("POST", `/shop/orders/${number}/ship`, form, undefined);
  assert.equal(reply.status, 403);
  assert.match(reply.type, /text\/html/);
  assert.equal((await call("GET", `/v1/trades/${number}`, reader.who)).json["state"], "reserved");
});

test("what programs do with keys stays as it was, but no key says who works there", async () => {
  assert.equal((await call("GET", people, team.key)).status, 200);
  const wish = { name: "By key", email: "key@shops.example", role: "owner" };
  assert.equal((await call("POST", people, team.key, wish)).code, "not_allowed");
});

test("changes take a proof of the moment, of exactly this, and a session that is young", async () => {
  const wish = { name: "Late", email: "late@shops.example", role: "owner" };
  assert.equal((await call("POST", people, owner.who, wish)).code, "proof_required");
  const other = await proven("POST", people, owner, "new-reader", wish);
  assert.equal(other.code, "proof_required", "a proof for a reader makes no owner");
  const old = await signIn(url, owner);
  await database.execute(rawSql("update sessions set created_at = created_at - interval '16 minutes'"));
  const late = await proven("POST", people, { ...owner, who: old }, "new-owner", wish);
  assert.equal(late.code, "not_allowed");
  for (const mate of [owner, ...Object.values(mates)]) mate.who = await signIn(url, mate);
});

test("whoever handles money makes nobody an owner, themselves least", async () => {
  for (const mate of [money, orders, reader]) {
    const reply = await proven("PUT", `${people}/${mate.id}/role`, mate, `${mate.id}-owner`, {
      role: "owner",
    });
    assert.equal(reply.code, "not_allowed", reply.text);
  }
  assert.equal((await call("GET", people, owner.who)).text.includes('"role":"owner"'), true);
});

test("another shop's people are not there", async () => {
  const stranger = await shopTeam(guarded, "Kita");
  const reply = await stranger.proven("DELETE", `${people}/${reader.id}`, stranger.owner, reader.id);
  assert.equal(reply.code, "not_found");
  const theirs = `/v1/shops/${stranger.shop}/people/${reader.id}`;
  assert.equal((await stranger.proven("DELETE", theirs, stranger.owner, reader.id)).code, "not_found");
  assert.equal((await call("GET", `/v1/shops/${stranger.shop}/acts`, owner.who)).code, "not_found");
});

test("a session knows no role of its own: another one holds for its next request", async () => {
  const mate = await join("money", "kei");
  assert.equal((await call("GET", "/shop/money", mate.who)).status, 200);
  const change = await proven("PUT", `${people}/${mate.id}/role`, owner, `${mate.id}-reader`, {
    role: "reader",
  });
  assert.equal(change.status, 200, change.text);
  assert.equal((await call("GET", "/shop/money", mate.who)).status, 403);
  assert.ok(
    (await lettersTo(team.profiles, mate.email)).some(({ kind }) => kind === "team"),
    "they are told",
  );
  assert.ok(
    (await lettersTo(team.profiles, owner.email)).some(({ kind }) => kind === "team"),
    "and the shop",
  );
});

test("whoever is removed is out at once: their session, their open form, their password, their link", async () => {
  const mate = await join("orders", "ryo");
  const number = await team.order();
  const reply = await proven("DELETE", `${people}/${mate.id}`, owner, mate.id);
  assert.equal(reply.status, 204, reply.text);
  const shipped = await call("POST", `/v1/trades/${number}/ship`, mate.who, {});
  assert.equal(shipped.code, "not_authenticated");
  const again = await call("POST", "/v1/sessions", {}, { email: mate.email, password: mate.password });
  assert.equal(again.code, "sign_in_failed");
  await call("POST", "/v1/password-resets", {}, { email: mate.email });
  const mails = await lettersTo(team.profiles, mate.email);
  assert.ok(!mails.some(({ kind }) => kind === "reset"), "no mail leads back in");
  const list = itemsOf(await call("GET", people, owner.who));
  assert.ok(!list.some(({ id }) => id === mate.id));
  assert.equal((await proven("DELETE", `${people}/${mate.id}`, owner, mate.id)).code, "not_found");
  const back = await invite(owner, "reader", mate.email);
  assert.equal(back.status, 201, "they may come again, as somebody new");
});

test("of two owners who remove each other at once, one stays", async () => {
  const [one, other] = [await join("owner", "ichi"), await join("owner", "ni")];
  // Both have proved it before either is removed.
  const [byOne, byOther] = [await prove(one, other.id), await prove(other, one.id)];
  const replies = await Promise.all([
    call("DELETE", `${people}/${other.id}`, byOne),
    call("DELETE", `${people}/${one.id}`, byOther),
  ]);
  assert.equal(
    replies.filter(({ status }) => status === 204).length,
    1,
    replies.map(({ text }) => text).join(),
  );
});

test("the last owner stays, where the shop's own sign-in is stopped", async () => {
  const lone = await shopTeam(guarded, "Minami");
  const mate = await lone.join("owner", "hitori");
  const theirs = `/v1/shops/${lone.shop}/people/${mate.id}`;
  await database.execute(rawSql("update logins set closed_at = now() where subject = $1", [lone.shop]));
  const gone = await lone.proven("DELETE", theirs, mate, mate.id);
  assert.equal(gone.code, "not_allowed", gone.text);
  const less = await lone.proven("PUT", `${theirs}/role`, mate, `${mate.id}-reader`, { role: "reader" });
  assert.equal(less.code, "not_allowed");
});

test("an invitation works once, and not for whoever guesses", async () => {
  const email = "once@shops.example";
  await invite(owner, "reader", email);
  const token = await team.invitationTo(email);
  const use = (password: string, given = token) =>
    call("POST", "/v1/password-resets/use", {}, { token: given, password });
  const bent = `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
  assert.equal((await use("a password of mine", bent)).code, "not_found");
  const used = await Promise.all([use("a first green bicycle"), use("a second green bicycle")]);
  assert.deepEqual(
    used.map(({ status }) => status).toSorted((a, b) => a - b),
    [204, 404],
  );
  assert.equal((await use("a third green bicycle")).code, "not_found");
  assert.equal((await invite(owner, "owner", email)).code, "already_exists", "nobody is there twice");
  const plus = await invite(owner, "owner", "once+more@shops.example");
  assert.equal(plus.code, "already_exists", "nor by another writing of the same mailbox");
});

test("an invitation is sent again: the link of before ends, a press is one mail, and it is counted and written down", async () => {
  const email = "again@shops.example";
  const { id } = (await invite(owner, "orders", email)).json;
  const path = `/v1/shops/${shop}/people/${String(id)}/invitation`;
  const act = `${String(id)}-again`;
  const first = await team.invitationTo(email);
  assert.equal((await call("POST", path, team.key, {})).code, "not_allowed", "a key sends none");
  assert.equal((await call("POST", path, owner.who, {})).code, "proof_required");
  assert.equal(
    (await proven("POST", path, owner, String(id), {})).code,
    "proof_required",
    "that is to remove",
  );
  const once = { ...(await prove(owner, act)), "idempotency-key": "again-once" };
  const sent = await call("POST", path, once, {});
  assert.deepEqual([sent.status, sent.json], [202, { sent: true }]);
  const second = await team.invitationTo(email);
  assert.notEqual(second, first);
  assert.equal((await call("POST", path, once, {})).status, 202);
  assert.equal(await team.invitationTo(email), second, "the same press is one mail");
  const use = (token: string) =>
    call("POST", "/v1/password-resets/use", {}, { token, password: "a yellow bicycle of mine" });
  assert.equal((await use(first)).code, "not_found", "the link of before opens nothing");
  const letters = await database.query(
    rawSql("select id from letters where subject = $1 and kind = 'invited'", [String(id)]),
  );
  assert.equal(letters.length, 1, "nor does a mail that was not sent yet");
  assert.equal((await proven("POST", path, owner, act, {})).code, "too_many_requests", "with the first one");
  await database.execute(rawSql("delete from tries"));
  assert.equal((await proven("POST", path, owner, act, {})).status, 202);
  assert.equal((await use(second)).code, "not_found");
  assert.equal((await use(await team.invitationTo(email))).status, 204);
  assert.equal((await proven("POST", path, owner, act, {})).code, "not_allowed", "they have joined");
  const nobody = path.replace(String(id), shop);
  assert.equal((await proven("POST", nobody, owner, `${shop}-again`, {})).code, "not_found");
  const { json } = await call("GET", `/v1/shops/${shop}/acts?about=${String(id)}`, owner.who);
  const acts = (json["items"] as { act: string }[]).map(({ act: did }) => did);
  assert.equal(acts.filter((each) => each === "invite-again").length, 3, "each time that it was asked for");
});

test("an address that signs in elsewhere is invited as any other, and nothing tells them apart", async () => {
  const [, , hana] = guarded.demo.members;
  assert.ok(hana);
  const member = await invite(owner, "reader", hana.email);
  const nobody = await invite(owner, "reader", "nobody-at-all@example.com");
  assert.deepEqual([member.status, Object.keys(member.json)], [nobody.status, Object.keys(nobody.json)]);
  const token = await team.invitationTo(hana.email);
  const same = await call("POST", "/v1/password-resets/use", {}, { token, password: hana.password });
  assert.equal(same.code, "invalid_field", "two sign-ins with one address have two passwords");
  const own = "another umbrella entirely";
  assert.equal((await call("POST", "/v1/password-resets/use", {}, { token, password: own })).status, 204);
  const asMember = await signIn(url, hana);
  assert.equal((await call("GET", "/v1/sessions", asMember)).json["kind"], "member");
  const asShop = await signIn(url, { email: hana.email, password: own });
  assert.equal((await call("GET", "/v1/sessions", asShop)).json["id"], shop);
});

test("invitations are counted, by the shop and by the address, before anybody is entered", async () => {
  const codes: string[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const email = "many@shops.example";
    codes.push((await invite(owner, "reader", email)).code);
  }
  assert.equal(codes.at(-1), "too_many_requests");
});

test("a shop does not buy from itself by one of its people", async () => {
  const proposed = await call("POST", "/v1/trades", team.key, { currency: "JPY", amount: 100 });
  const [, other] = guarded.demo.members;
  assert.ok(other);
  await invite(owner, "reader", other.email);
  const token = await team.invitationTo(other.email);
  await call("POST", "/v1/password-resets/use", {}, { token, password: "yet another umbrella" });
  const buyer = await signIn(url, other);
  const number = String(proposed.json["number"]);
  const cookie = `kenshu_link_${new URL(url).port}=${String(proposed.json["approveUrl"]).split("/").at(-1) ?? ""}`;
  const approved = await call(
    "POST",
    `/v1/trades/${number}/approve`,
    { cookie: `${buyer["cookie"] ?? ""}; ${cookie}` },
    {
      version: 1,
    },
  );
  assert.equal(approved.code, "not_allowed", approved.text);
});

test("who did what is told to the shop, with names, and to nobody else", async () => {
  const number = await team.order();
  await call("POST", `/v1/trades/${number}/ship`, orders.who, {});
  await call("POST", `/v1/trades/${number}/refund`, money.who, { amount: 1, reason: "too early" });
  await call("POST", `/v1/trades/${number}/cancel`, reader.who, {});
  const acts = itemsOf(await call("GET", `/v1/shops/${shop}/acts?about=${number}`, reader.who));
  assert.deepEqual(
    acts.map(({ by, act, done }) => [(by as { name: string } | null)?.name, act, done]),
    [["Mate oto@shops.example", "ship", true]],
    "what was refused is not there, and what a reader tried least of all",
  );
  const [hana] = guarded.demo.members;
  const buyer = await signIn(url, hana ?? assert.fail());
  for (const path of [`/v1/trades/${number}`, `/v1/trades/${number}/events`, `/trades/${number}`])
    assert.ok(!(await call("GET", path, buyer)).text.includes("oto@"), path);
  assert.equal((await call("GET", `/v1/shops/${shop}/acts`, buyer)).status, 403);
});

test("two operators reset somebody; one alone does nothing, and neither sees a link or a whole name", async () => {
  const mate = await join("orders", "sora");
  const path = `${people}/${mate.id}/password-reset`;
  const asked = await call("POST", path, first, { operator: spoken });
  const act = guarded.kept(asked, path);
  assert.equal((await call("GET", "/shop", mate.who)).status, 200, "nothing has happened yet");
  const done = await guarded.confirm(act, guarded.second);
  assert.ok(done.status < 300, done.text);
  assert.ok(!done.text.includes("kw_"), "no link is shown");
  assert.equal((await call("GET", "/v1/trades", mate.who)).code, "not_authenticated");
  const reset = (await lettersTo(team.profiles, mate.email)).find(({ kind }) => kind === "reset");
  assert.ok(reset);
  const seen = await call("GET", people, first);
  assert.equal(seen.status, 200);
  assert.ok(!seen.text.includes("sora"), seen.text);
  const stolen = await call("POST", "/v1/sessions", {}, { email: mate.email, password: mate.password });
  assert.equal(
    stolen.code,
    "sign_in_failed",
    "the password that may have been stolen opens nothing any more",
  );
});

test("the database notes what somebody may do, and holds no name or address in clear", async () => {
  const rights = await database.query<{ present: { role?: string } }>(
    rawSql("select present from rights where relation = 'shop_people' and key = $1 order by nth", [boss.id]),
  );
  assert.ok(rights.some(({ present }) => present.role === "owner"));
  const rows = await database.query<{ line: string }>(
    rawSql("select shop_people::text as line from shop_people union all select answers::text from answers"),
  );
  assert.ok(rows.length > 0 && rows.every(({ line }) => !/Mate |(rei|oto|mai|bo)@/.test(line)));
});
