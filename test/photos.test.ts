/**
 * Photos of goods that are rejected or argued about, at a running institution: who brings them, who sees them, how long they are
 * kept, and what cheats get. By call and by form.
 */
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { kenshu } from "@kenshu/sdk";
import sharp from "sharp";
import { rawSql } from "../src/storage/database/database.ts";
import { Visitor } from "./support/wire/guests.ts";
import { type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { hugePng, photo, svg } from "./support/wire/pictures.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true });
const { url, database, demo } = world;
const stage = await setStage(world);
const { shop, buyer, otherMember, otherShop, carrier, operator, admin, ids, newTrade, post } = stage;

/** Another picture each time. */
let shade = 0;
async function shot(): Promise<Buffer> {
  shade = (shade + 1) % 250;
  return photo("jpeg", { width: 400 + shade, height: 300, shade });
}

const bring = (number: string, who: Headers, image: Buffer, key?: string) =>
  request(
    `${url}/v1/trades/${number}/photos`,
    "POST",
    key === undefined ? who : { ...who, "idempotency-key": key },
    { image: image.toString("base64") },
  );

async function brought(number: string, who: Headers = buyer): Promise<string> {
  const reply = await bring(number, who, await shot());
  assert.equal(reply.status, 201, reply.text);
  return String(reply.json["digest"]);
}

async function look(number: string, digest: string, who: Headers, query = "") {
  const reply = await fetch(`${url}/v1/trades/${number}/photos/${digest}${query}`, { headers: who });
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
}

const act = (number: string, move: string, who: Headers, body: Json) =>
  request(`${url}/v1/trades/${number}/${move}`, "POST", who, body);

async function deliveredTrade(): Promise<string> {
  const number = await newTrade();
  await post(`/v1/trades/${number}/deliver`, carrier, {});
  return number;
}

async function rejectedWith(count: number): Promise<{ number: string; digests: string[] }> {
  const number = await deliveredTrade();
  const digests: string[] = [];
  while (digests.length < count) digests.push(await brought(number));
  const reply = await act(number, "reject", buyer, { reason: "The lid is cracked", photos: digests });
  assert.equal(reply.status, 200, reply.text);
  return { number, digests };
}

async function eventsOf(number: string, who: Headers): Promise<{ type: string; data: Json }[]> {
  return (await request(`${url}/v1/trades/${number}/events`, "GET", who)).json["items"] as never;
}

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
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'; sandbox/);
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
  const reject = (photos: unknown, who = buyer) =>
    act(number, "reject", who, { reason: "Cracked", photos } as Json);
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

/** A present that is with its recipient, and what they were given. */
async function present(): Promise<{ number: string; link: string; code: string }> {
  const number = await newTrade({
    acceptance: { by: ["recipient"] },
    recipient: { name: "Aki", address: "Kyoto" },
  });
  await post(`/v1/trades/${number}/deliver`, carrier, {});
  const secret = async (who: Headers) =>
    (await request(`${url}/v1/trades/${number}/recipient-link`, "GET", who)).json;
  return {
    number,
    link: String((await secret(buyer))["link"]),
    code: String((await secret(shop))["code"]),
  };
}

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

/** A form as a browser sends it, with files. */
async function sendForm(path: string, who: Headers, fields: Record<string, string>, files: Buffer[]) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  for (const [index, bytes] of files.entries())
    body.append("photo", new Blob([new Uint8Array(bytes)], { type: "image/jpeg" }), `photo-${index}.jpg`);
  if (files.length === 0) body.append("photo", new Blob([]), "");
  const reply = await fetch(url + path, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { ...who, "sec-fetch-site": "same-origin" },
  });
  return { status: reply.status, to: reply.headers.get("location") ?? "", html: await reply.text() };
}

const words = `Lid \u{1F375}\u202Ecracked <script>alert(1)</script>`;

test("by page: photos come with the form, and are seen on the page of the trade", async () => {
  const number = await deliveredTrade();
  const page = await request(`${url}/trades/${number}`, "GET", buyer);
  assert.match(page.text, /<form [^>]*id="reject-form"[^>]*enctype="multipart\/form-data"/);
  const form = { key: randomUUID(), kind: "wrong", reason: "The lid is cracked", "quantity-1": "1" };
  const taken = await sendForm(`/trades/${number}/reject`, buyer, form, [
    await shot(),
    await photo("png"),
    await photo("webp"),
  ]);
  assert.deepEqual([taken.status, taken.to], [303, `/trades/${number}?done=reject`], taken.html);
  const shown = await request(`${url}/trades/${number}`, "GET", buyer);
  assert.equal(shown.text.match(/<img src="\/v1\/trades\/[0-9]+\/photos\/[0-9a-f]{64}"/g)?.length, 3);
  const twice = await sendForm(`/trades/${number}/reject`, buyer, form, [await shot()]);
  assert.equal(twice.status, 422, "the same key with another photo is another wish");
});

test("by page: what is wrong stands at its field, what was typed is kept, and so are the good photos", async () => {
  const number = await deliveredTrade();
  const form = { key: randomUUID(), kind: "wrong", reason: words, "quantity-1": "1" };
  const wrong = await sendForm(`/trades/${number}/reject`, buyer, form, [await shot(), svg]);
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /id="reject-photo-error">One of these files is no photo/);
  assert.ok(wrong.html.includes("Lid \u{1F375}") && !wrong.html.includes("<script>alert(1)"), "as text");
  const [, kept = ""] = /name="photos" value="([0-9a-f ]+)"/.exec(wrong.html) ?? [];
  assert.equal(kept.split(" ").length, 1);
  const many = await sendForm(
    `/trades/${number}/reject`,
    buyer,
    { ...form, photos: kept },
    await Promise.all(Array.from({ length: 5 }, shot)),
  );
  assert.match(many.html, /id="reject-photo-error">These are more than 5 photos/);
  const more = await sendForm(
    `/trades/${number}/reject`,
    buyer,
    form,
    await Promise.all(Array.from({ length: 7 }, shot)),
  );
  assert.match(more.html, /id="reject-photo-error">These are more than 5 photos/);
  const large = await sendForm(`/trades/${number}/reject`, buyer, form, [Buffer.alloc(11 * 1024 * 1024, 1)]);
  assert.match(large.html, /id="reject-photo-error">One of these files is larger than 10 MiB/);
  const bomb = await sendForm(`/trades/${number}/reject`, buyer, form, [hugePng(30_000, 30_000)]);
  assert.match(bomb.html, /id="reject-photo-error">One of these files is no photo/);
  const nothing = await sendForm(
    `/trades/${number}/reject`,
    buyer,
    { ...form, reason: "", photos: kept, key: randomUUID() },
    [],
  );
  assert.equal(nothing.status, 422);
  assert.ok(nothing.html.includes(`value="${kept}"`), "another mistake loses no photo");
  const taken = await sendForm(
    `/trades/${number}/reject`,
    buyer,
    { ...form, reason: "Cracked", photos: kept, key: randomUUID() },
    [],
  );
  assert.equal(taken.status, 303, taken.html);
  const rejected = (await eventsOf(number, shop)).find(({ type }) => type === "trade.rejected");
  assert.deepEqual(rejected?.data["photos"], [kept]);
});

test("by the page of a present: photos are kept of whoever has shown both link and code", async () => {
  const { number, link, code } = await present();
  const visitor = new Visitor();
  await visitor.get(link);
  const form = { key: randomUUID(), kind: "wrong", reason: "Cracked", "quantity-1": "1", "quantity-2": "0" };
  const reject = (fields: Record<string, string>) =>
    shot().then((one) => sendForm(`/gifts/${number}/reject`, visitor.headers, fields, [one]));
  const count = async () =>
    database.query(
      rawSql("select count(*)::int as photos from trade_photos where trade = $1::bigint", [number]),
    );
  const unproven = await reject({ ...form, giftCode: "00000000" });
  assert.notEqual(unproven.status, 303);
  assert.deepEqual(await count(), [{ photos: 0 }]);
  const taken = await reject({ ...form, giftCode: code });
  assert.deepEqual([taken.status, taken.to], [303, `/gifts/${number}?done=reject`], taken.html);
  assert.deepEqual(await count(), [{ photos: 1 }]);
});

test("by page: photos of strangers are not kept, nor held while they come", async () => {
  const number = await deliveredTrade();
  const before = await database.query(rawSql("select count(*)::int as photos from trade_photos"));
  const form = { key: randomUUID(), kind: "wrong", reason: "Mine", "quantity-1": "1" };
  const signedOut = await sendForm(`/trades/${number}/reject`, {}, form, [await shot()]);
  assert.equal(signedOut.status, 401);
  assert.ok(signedOut.html.includes("Mine"), "what was typed waits for who signs in");
  const other = await sendForm(`/trades/${number}/reject`, otherMember, form, [await shot()]);
  assert.equal(other.status, 404);
  assert.deepEqual(await database.query(rawSql("select count(*)::int as photos from trade_photos")), before);
  const cross = await fetch(`${url}/trades/${number}/reject`, {
    method: "POST",
    body: new FormData(),
    headers: { ...buyer, "sec-fetch-site": "cross-site" },
  });
  assert.equal(cross.status, 403);
});
