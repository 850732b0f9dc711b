/**
 * Photos of goods that are rejected or argued about, at a running institution: who brings them, who sees them, how long they are
 * kept, and what cheats get.
 */
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { kenshu } from "@kenshu/sdk";
import sharp from "sharp";
import { rawSql } from "../src/storage/database/database.ts";
import { type Headers, request, signIn } from "./support/wire/http.ts";
import { hugePng, svg } from "./support/wire/pictures.ts";
import { photoDesk } from "./support/world/photo-desk.ts";

const desk = await photoDesk({ after });
const { shot, bring, brought, look, act, deliveredTrade, rejectedWith, eventsOf, present } = desk;
const { url, database, demo } = desk.world;
const { shop, buyer, otherMember, otherShop, carrier, operator, admin, ids, newTrade, post } = desk.stage;

test("a rejection names photos by their digests, and buyer and shop see them, as nothing but pictures", async () => {
  const { number, digests } = await rejectedWith(2);
  for (const who of [buyer, shop]) {
    const rejected = (await eventsOf(number, who)).find(({ type }) => type === "trade.rejected");
    assert.deepEqual(rejected?.data["photos"], digests);
  }
  const [digest = ""] = digests;
  for (const who of [buyer, shop]) {
    const { status, headers, bytes } = await look(number, digest, who);
    assert.equal(status, 200);
    assert.equal(
      createHash("sha256").update(bytes).digest("hex"),
      digest,
      "what the event says is what is seen",
    );
    assert.equal((await sharp(bytes).metadata()).format, "jpeg");
    assert.ok(!bytes.includes("135.7681"), "and where it was taken is not in it");
    assert.equal(headers.get("content-type"), "image/jpeg");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cache-control"), "private, no-store");
    assert.match(
      headers.get("content-security-policy") ?? "",
      /default-src 'none'; style-src 'unsafe-inline'; sandbox/,
    );
    assert.match(headers.get("content-disposition") ?? "", /^inline; filename="[0-9a-f-]+\.jpg"$/);
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin", "no other site shows it");
  }
});

test("nobody else sees them, nor learns of them: carrier, other shops, other members, nobody, a wrong digest", async () => {
  const { number, digests } = await rejectedWith(1);
  const [digest = ""] = digests;
  const cases: [string, Headers, number][] = [
    ["the carrier of the trade", carrier, 403],
    ["another shop", otherShop, 404],
    ["another member", otherMember, 404],
    ["nobody", {}, 401],
  ];
  for (const [name, who, status] of cases)
    assert.equal((await look(number, digest, who)).status, status, name);
  assert.equal((await look(number, "0".repeat(64), shop)).status, 404);
  const other = await deliveredTrade();
  assert.equal((await look(other, digest, shop)).status, 404, "it belongs to its own trade");
  const carriers = await eventsOf(number, carrier);
  assert.ok(carriers.some(({ type }) => type === "trade.rejected"));
  assert.ok(!JSON.stringify(carriers).includes(digest));
});

test("an operator says why, and the buyer reads it", async () => {
  const { number, digests } = await rejectedWith(1);
  const [digest = ""] = digests;
  assert.equal((await look(number, digest, operator)).status, 422);
  const { status } = await look(number, digest, operator, "?reason=the+shop+calls+it+whole");
  assert.equal(status, 200);
  const looks = (await request(`${url}/v1/members/${ids.member}/lookups`, "GET", buyer)).json["items"];
  const mine = (looks as { reason: string; trade: string | null }[]).find(({ trade }) => trade === number);
  assert.equal(mine?.reason, "the shop calls it whole");
});

test("what was brought and not named is seen by nobody but who brought it, and is gone a day later", async () => {
  const number = await deliveredTrade();
  const digest = await brought(number);
  assert.equal((await look(number, digest, buyer)).status, 200);
  assert.equal((await look(number, digest, shop)).status, 404);
  const before = await rejectedWith(1);
  await post("/v1/test-clock/advance", admin, { by: "P1DT1H" });
  assert.equal((await look(number, digest, buyer)).status, 404);
  assert.equal(
    (await look(before.number, before.digests[0] ?? "", shop)).status,
    200,
    "what was named stays",
  );
});

test("photos are brought to one's own trade, while something can be said of its goods", async () => {
  const number = await deliveredTrade();
  const one = await shot();
  const cases: [string, Headers, string][] = [
    ["another member", otherMember, "not_found"],
    ["another shop", otherShop, "not_found"],
    ["the carrier", carrier, "not_allowed"],
    ["an operator", operator, "not_allowed"],
    ["nobody", {}, "not_authenticated"],
    ["the shop, while nothing is disputed", shop, "trade_not_open"],
  ];
  for (const [name, who, code] of cases) assert.equal((await bring(number, who, one)).code, code, name);
  await post(`/v1/trades/${number}/accept`, buyer, {});
  assert.equal((await bring(number, buyer, one)).code, "trade_not_open");
  assert.equal((await bring("12345", buyer, one)).code, "wrong_check_digit");
});

test("one names only what one has brought to this very trade, each once, and five at most", async () => {
  const number = await deliveredTrade();
  const elsewhere = await brought(await deliveredTrade());
  const mine = await brought(number);
  const reject = (photos: unknown, who = buyer) => act(number, "reject", who, { reason: "Cracked", photos });
  const cases: [string, unknown, Headers?][] = [
    ["of another trade", [elsewhere]],
    ["that nobody has brought", ["a".repeat(64)]],
    ["twice", [mine, mine]],
    ["more than five", Array.from({ length: 6 }, () => mine)],
    ["none", []],
    ["not by its digest", ["../../etc/passwd"]],
    ["the buyer's, by the carrier", [mine], carrier],
  ];
  for (const [name, photos, who] of cases) {
    assert.equal((await reject(photos, who)).code, "invalid_field", name);
  }
  assert.equal((await reject([mine])).status, 200);
});

test("what is no photo is refused in words, and the same one brought again is the same", async () => {
  const number = await deliveredTrade();
  for (const [name, bytes] of [
    ["SVG", svg],
    ["a bomb", hugePng(30_000, 30_000)],
    ["a text", Buffer.from("a photo, honestly".repeat(20))],
  ] as const) {
    const reply = await bring(number, buyer, bytes);
    assert.deepEqual([reply.status, reply.code], [422, "photo_refused"], name);
  }
  const one = await shot();
  const first = await bring(number, buyer, one, "photo-1");
  const again = await bring(number, buyer, one, "photo-1");
  assert.equal(first.text, again.text);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
  assert.equal((await bring(number, buyer, await shot(), "photo-1")).code, "idempotency_key_reused");
  assert.equal((await bring(number, buyer, one)).json["digest"], first.json["digest"]);
  await act(number, "reject", buyer, { reason: "Cracked", photos: [first.json["digest"]] });
  await post(`/v1/trades/${number}/return`, shop, {});
  const late = await bring(number, buyer, one, "photo-1");
  assert.equal(late.text, first.text, "the first answer stands, whatever has become of the trade");
});

test("a photo is never another: its row cannot be changed, and another picture has another digest", async () => {
  const { digests } = await rejectedWith(1);
  const server = await database.query(
    rawSql("select has_column_privilege('kenshu_app', 'trade_photos', 'image', 'update') as image"),
  );
  assert.deepEqual(server, [{ image: false }]);
  assert.ok(digests[0] !== (await rejectedWith(1)).digests[0]);
});

test("a trade takes twenty of one person, and nobody brings more than forty in a day", async () => {
  await post("/v1/test-clock/advance", admin, { by: "P1DT1H" });
  const trades = [await deliveredTrade(), await deliveredTrade(), await deliveredTrade()];
  const [first = "", second = "", third = ""] = trades;
  for (let count = 0; count < 20; count += 1) await brought(first);
  assert.equal((await bring(first, buyer, await shot())).code, "too_many_photos");
  for (let count = 0; count < 20; count += 1) await brought(second);
  assert.equal((await bring(third, buyer, await shot())).code, "too_many_photos");
  await post("/v1/test-clock/advance", admin, { by: "P1DT1H" });
  assert.equal((await bring(third, buyer, await shot())).status, 201, "the next day it goes on");
});

test("whatever buyer and recipient have brought, the shop shows what it has sent", async () => {
  await post("/v1/test-clock/advance", admin, { by: "P1DT1H" });
  const number = await deliveredTrade();
  await brought(number);
  await database.execute(
    rawSql(
      `insert into trade_photos (id, trade, owner, brought_by, digest, image, at, look_at)
      select gen_random_uuid(), trade, case when n % 2 = 0 then owner else $2::uuid end,
        case when n % 2 = 0 then 'buyer' else 'recipient' end, sha256(n::text::bytea), image, at, look_at
      from trade_photos, generate_series(2, 40) as n where trade = $1::bigint`,
      [number, randomUUID()],
    ),
  );
  assert.equal((await bring(number, buyer, await shot())).code, "too_many_photos");
  await post(`/v1/trades/${number}/dispute`, buyer, { reason: "Not what was ordered" });
  assert.equal((await bring(number, shop, await shot())).status, 201);
});

test("in a dispute both sides show photos with what they add, the shop by the SDK", async () => {
  const number = await newTrade();
  await post(`/v1/trades/${number}/deliver`, carrier, {});
  await post(`/v1/trades/${number}/dispute`, buyer, { reason: "Not what was ordered" });
  const digest = await brought(number);
  await post(`/v1/trades/${number}/say`, buyer, { words: "This is what came", photos: [digest] });
  const client = kenshu({ url, key: demo.shops[0]?.key ?? "" });
  const theirs = await client.photos.bring(number, await shot());
  assert.ok(theirs.outcome === "done", JSON.stringify(theirs));
  const said = await client.say(number, {
    words: "This is what we sent",
    photos: [theirs.photo.digest],
  });
  assert.equal(said.outcome, "done");
  const seen = await client.photos.get(number, digest);
  assert.ok(seen.outcome === "done" && Buffer.from(seen.image).readUInt16BE(0) === 0xffd8);
  assert.equal((await look(number, theirs.photo.digest, buyer)).status, 200);
  assert.equal((await client.photos.get(number, "0".repeat(64))).outcome, "refused");
});

test("they are kept sealed, listed for who brought them, and gone with the trade's end or the person", async () => {
  const { number, digests } = await rejectedWith(1);
  const [digest = ""] = digests;
  const { bytes } = await look(number, digest, buyer);
  const [row] = await database.query<{ image: Buffer }>(
    rawSql("select image from trade_photos where encode(digest, 'hex') = $1", [digest]),
  );
  assert.ok(row !== undefined && !row.image.includes(bytes.subarray(0, 100)), "sealed");
  const list = await request(`${url}/v1/members/${ids.member}/photos`, "GET", buyer);
  assert.ok((list.json["items"] as { digest: string; trade: string }[]).some((one) => one.digest === digest));
  for (const [who, code] of [
    [otherMember, "not_found"],
    [operator, "not_allowed"],
    [shop, "not_allowed"],
  ] as const)
    assert.equal((await request(`${url}/v1/members/${ids.member}/photos`, "GET", who)).code, code);
  await post(`/v1/trades/${number}/return`, shop, {});
  await post("/v1/test-clock/advance", admin, { by: "P20D" });
  assert.equal((await look(number, digest, shop)).status, 200, "for a while somebody may still ask");
  await post("/v1/test-clock/advance", admin, { by: "P20D" });
  assert.equal((await look(number, digest, shop)).status, 404);
  const left = await database.query(
    rawSql("select from trade_photos where encode(digest, 'hex') = $1", [digest]),
  );
  assert.equal(left.length, 0);
  const keys = await database.query<{ keys: number; photos: number }>(
    rawSql(`select (select count(*)::int from trade_photos p
        where not exists (select from personal_keys where subject = p.id)) as photos,
      (select count(*)::int from personal_keys) as keys`),
  );
  assert.equal(keys[0]?.photos, 0);
});

test("a recipient brings photos with link and code; they are forgotten with the recipient, others' are not", async () => {
  const { number, link, code } = await present();
  const recipient = {
    authorization: `Bearer ${String((await post(`/v1/trades/${number}/recipient-session`, {}, { link, code }))["token"])}`,
  };
  const digest = await brought(number, recipient);
  const own = await brought(number);
  assert.equal((await look(number, digest, buyer)).status, 404, "not before it is named");
  assert.equal(
    (await act(number, "reject", recipient, { reason: "Cracked", photos: [own] })).code,
    "invalid_field",
  );
  await post(`/v1/trades/${number}/reject`, recipient, { reason: "Cracked", photos: [digest] });
  for (const who of [recipient, buyer, shop]) assert.equal((await look(number, digest, who)).status, 200);
  assert.equal((await look(number, own, recipient)).status, 404);
  await post(`/v1/trades/${number}/return`, shop, {});
  await post("/v1/test-clock/advance", admin, { by: "PT1M" });
  assert.equal((await look(number, digest, shop)).status, 404);
  assert.equal((await look(number, own, buyer)).status, 200);
});

test("a member who is erased takes their photos along", async () => {
  const password = "a long password";
  const member = await post(
    "/v1/members",
    {},
    {
      name: "Mei",
      address: "Nara",
      birthDate: "1990-01-31",
      contact: { email: "mei.photos@example.com" },
      password,
    },
  );
  const who = await signIn(url, { email: "mei.photos@example.com", password });
  const number = String(member["number"]);
  const [row] = await database.query<{ id: string }>(
    rawSql("select id from people where number = $1::bigint", [number]),
  );
  const trade = await deliveredTrade();
  await brought(trade);
  const mine = rawSql("update trade_photos set owner = $1::uuid where trade = $2::bigint", [
    row?.id ?? "",
    trade,
  ]);
  assert.equal(await database.execute(mine), 1);
  const count = () =>
    database.query(
      rawSql("select count(*)::int as photos from trade_photos where owner = $1::uuid", [row?.id ?? ""]),
    );
  assert.deepEqual(await count(), [{ photos: 1 }]);
  assert.equal((await request(`${url}/v1/members/${number}`, "DELETE", who)).status, 204);
  assert.deepEqual(await count(), [{ photos: 0 }]);
});
