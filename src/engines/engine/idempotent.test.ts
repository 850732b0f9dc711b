import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  form,
  join,
  type Joined,
  type Json,
  peopleServer,
  signInAs,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { spoken } from "../../../test/support/world/operators.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";

const { context, demo, call } = await peopleServer({ after }, { loadMembers: 3 });
const { database } = context;
const [shop] = demo.shops;
const [rich, poor, credit] = demo.members;
if (shop === undefined || rich === undefined || poor === undefined || credit === undefined)
  throw new Error("No demo.");
const admin = bearer(demo.adminKey);
const atShop = bearer(shop.key);
const signIn = (who: { email: string; password: string }): Promise<Who> => signInAs(call, who);

const joined = (change?: Json): Promise<Joined> => join(context, call, change);

async function planTrade(
  buyer: string,
  change: { state: string; frozen?: number; settled?: number; cooling?: string },
): Promise<bigint> {
  const [row] = await database.query<{ number: bigint }>(
    rawSql(
      `insert into trades (number, id, state, version, shop, buyer, currency, amount, frozen, settled, released, terms,
         progress, cooling_off_until, created_at, updated_at)
       select coalesce(max(number), 0) + 1, $1, $2, 1, $1, $3, 'JPY', 100, $4, $5,
         case when $4::bigint + $5::bigint > 0 then 100 - $4::bigint - $5::bigint else 0 end, '{}', '{}', kenshu_now() + $6::interval, now(), now()
       from trades returning number`,
      [uuidv7(), change.state, buyer, change.frozen ?? 0, change.settled ?? 0, change.cooling ?? "0"],
    ),
  );
  return row?.number ?? 0n;
}

test("erasure waits for what is open and then leaves nobody behind", async () => {
  const { number, id, who } = await joined({ methods: [{ kind: "deposit", currency: "JPY" }] });
  const url = `/v1/members/${number}`;
  assert.equal((await call("DELETE", url, await signIn(poor))).code, "not_found");
  assert.equal((await call("DELETE", url, atShop)).code, "not_allowed");
  const blocking: Parameters<typeof planTrade>[1][] = [
    { state: "proposed" },
    { state: "reserved", frozen: 100 },
    { state: "delivered", frozen: 60, settled: 40 },
    { state: "accepted", frozen: 100 },
    { state: "rejected", frozen: 100 },
    { state: "disputed", frozen: 100 },
    { state: "settled", settled: 100, cooling: "8 days" },
  ];
  for (const trade of blocking) {
    const planned = await planTrade(id, trade);
    assert.equal((await call("DELETE", url, who)).code, "person_has_open_trades", trade.state);
    await database.execute(rawSql("delete from trades where number = $1", [planned]));
  }
  const ended = [
    { state: "refused" },
    { state: "cancelled" },
    { state: "expired" },
    { state: "settled", settled: 100, cooling: "-1 s" },
  ];
  for (const trade of ended) await planTrade(id, trade);
  assert.equal((await call("DELETE", url, who)).status, 204);
  assert.equal((await call("GET", url, who)).code, "not_authenticated", "the session is gone");
  assert.equal((await call("GET", `${url}?reason=asked`, admin)).code, "not_found");
  const said = "channel=phone&reference=7&proof=callback&proofReference=9";
  assert.equal((await call("DELETE", `${url}?${said}`, admin)).code, "not_found");
  const wish = { kind: "deposit", currency: "JPY", operator: spoken };
  assert.equal((await call("POST", `${url}/methods`, admin, wish)).code, "not_found");
});

test("one key, one effect, and one answer", async () => {
  const key = (text: string, who: Who = {}): Who => ({ ...who, "idempotency-key": text });
  const replies = await Promise.all(
    Array.from({ length: 6 }, () => call("POST", "/v1/members", key("same"), form)),
  );
  assert.equal(new Set(replies.map(({ body }) => body["number"])).size, 1);
  assert.equal(replies.filter(({ replayed }) => replayed).length, 5);
  assert.equal(
    (await call("POST", "/v1/members", key("same"), { ...form, name: "Eve" })).code,
    "idempotency_key_reused",
  );
  assert.equal(
    (await call("POST", "/v1/members", key("same", admin), { ...form, name: "Eve" })).status,
    201,
    "another caller's key",
  );
  assert.equal((await call("POST", "/v1/members", key(" "), form)).code, "idempotency_key_invalid");
  const turned = Object.fromEntries(Object.entries(form).toReversed());
  assert.equal(
    (await call("POST", "/v1/members", key("same"), turned)).replayed,
    true,
    "the order of fields does not matter",
  );
  const bad = { ...form, methods: [{ kind: "deposit", currency: "KWD" }] };
  for (let count = 0; count < 2; count += 1) {
    const refused = await call("POST", "/v1/members", key("refused"), bad);
    assert.deepEqual([refused.code, refused.replayed], ["currency_mismatch", false]);
  }
  assert.equal(
    (await call("POST", "/v1/members", key("refused"), form)).status,
    201,
    "a refusal keeps no key",
  );
});

test("secrets are in the first answer only, and stored nowhere", async () => {
  const voucher = { currency: "JPY", amount: 700 };
  const again = { ...admin, "idempotency-key": "v1" };
  const [first, second] = [
    await call("POST", "/v1/vouchers", again, voucher),
    await call("POST", "/v1/vouchers", again, voucher),
  ];
  assert.match(String(first.body["code"]), /^kp_[0-9a-f]{40}$/);
  assert.deepEqual(
    [second.replayed, second.body["account"], "code" in second.body],
    [true, first.body["account"], false],
  );
  const rows = await database.query<{ text: string }>(rawSql("select a::text as text from answers a"));
  assert.ok(rows.every(({ text }) => !text.includes(String(first.body["code"])) && !text.includes("Kyoto")));
});

test("sessions: a cookie that scripts cannot read, one answer to every mistake, and an end", async () => {
  const reply = await call(
    "POST",
    "/v1/sessions",
    { cookie: `kenshu_session=kn_${"0".repeat(40)}` },
    { email: rich.email, password: rich.password },
  );
  assert.match(
    reply.cookie?.split(/,kenshu_(?:was|device)=/)[0] ?? "",
    /^kenshu_session=kn_(?!0{40})[0-9a-f]{40}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/,
  );
  const who = { cookie: reply.cookie?.split(";")[0] ?? "" };
  const { body } = await call("GET", "/v1/sessions", who);
  assert.deepEqual([body["kind"], body["number"]], ["member", rich.number]);
  const wrong = await call("POST", "/v1/sessions", {}, { email: rich.email, password: "wrong" });
  const unknown = await call("POST", "/v1/sessions", {}, { email: "no@example.com", password: "wrong" });
  assert.deepEqual([wrong.status, wrong.body], [unknown.status, unknown.body]);
  assert.equal(wrong.code, "sign_in_failed");
  assert.equal(
    (await call("DELETE", "/v1/sessions", { ...who, "sec-fetch-site": "cross-site" })).code,
    "cross_site_request",
  );
  const out = await call("DELETE", "/v1/sessions", who);
  assert.deepEqual([out.status, /Max-Age=0/.test(out.cookie ?? "")], [204, true]);
  assert.equal((await call("GET", "/v1/sessions", who)).code, "not_authenticated");
  assert.equal((await call("DELETE", "/v1/sessions")).status, 204);
});
