/** Photos of goods that come with forms: what is kept, what is refused at its field, and whose are not held. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { Visitor } from "./support/wire/guests.ts";
import { type Headers, request } from "./support/wire/http.ts";
import { hugePng, photo, svg } from "./support/wire/pictures.ts";
import { photoDesk } from "./support/world/photo-desk.ts";

const desk = await photoDesk({ after });
const { shot, deliveredTrade, eventsOf, present } = desk;
const { url, database } = desk.world;
const { shop, buyer, otherMember } = desk.stage;

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
  assert.match(wrong.html, /id="reject-photos-error">One of these files is no photo/);
  assert.ok(wrong.html.includes("Lid \u{1F375}") && !wrong.html.includes("<script>alert(1)"), "as text");
  const [, kept = ""] = /name="photos" value="([0-9a-f ]+)"/.exec(wrong.html) ?? [];
  assert.equal(kept.split(" ").length, 1);
  const many = await sendForm(
    `/trades/${number}/reject`,
    buyer,
    { ...form, photos: kept },
    await Promise.all(Array.from({ length: 5 }, shot)),
  );
  assert.match(many.html, /id="reject-photos-error">These are more than 5 photos/);
  const more = await sendForm(
    `/trades/${number}/reject`,
    buyer,
    form,
    await Promise.all(Array.from({ length: 7 }, shot)),
  );
  assert.match(more.html, /id="reject-photos-error">These are more than 5 photos/);
  const large = await sendForm(`/trades/${number}/reject`, buyer, form, [Buffer.alloc(11 * 1024 * 1024, 1)]);
  assert.match(large.html, /id="reject-photos-error">One of these files is larger than 10 MB/);
  const bomb = await sendForm(`/trades/${number}/reject`, buyer, form, [hugePng(30_000, 30_000)]);
  assert.match(bomb.html, /id="reject-photos-error">One of these files is no photo/);
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
