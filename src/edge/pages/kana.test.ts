/** How names are read: taken as it is typed, kept sealed in full-width katakana, shown where the name is, and erased with it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { rawSql } from "../../storage/database/database.ts";
import { readPersonalData } from "../../storage/members/members.ts";

const world = await pagesServer({ after });
const { context, browser, rich, carrier, voucher, signedIn, proposed, confirmed, shop } = world;
const { database, vault, trades } = context;
const joining = {
  name: "森 葵",
  address: "奈良市１－２",
  birthDate: "1980-02-29",
  password: "four words in a row",
  methodKind: "none",
};

const known = async (where: string, value: string) => {
  const [row] = await database.query<{ id: string }>(rawSql(`select id from people where ${where}`, [value]));
  return readPersonalData(database, vault, row?.id ?? "");
};
const idOf = async (number: string) => {
  const [row] = await database.query<{ id: string }>(
    rawSql("select id from people where number = $1", [BigInt(number)]),
  );
  return row?.id ?? "";
};

test("who joins writes it in hiragana; anything but kana is said at its field, and the rest stays", async () => {
  const opened = browser();
  const wrong = await opened.send("/join", "join", {
    ...joining,
    email: "aoi@example.com",
    kana: "森 あおい",
  });
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /id="kana-error"/);
  assert.ok(wrong.html.includes("奈良市１－２"));
  const done = await opened.send("/join", "join", {
    ...joining,
    email: "aoi@example.com",
    kana: "もり　あおい",
  });
  assert.equal(done.status, 303, done.html.slice(-600));
  const [row] = await database.query<{ id: string }>(
    rawSql("select id from people where kind = 'member' order by created_at desc, id desc limit 1"),
  );
  assert.equal((await readPersonalData(database, vault, row?.id ?? ""))?.kana, "モリ　アオイ");
  const [raw] = await database.query<{ kana: Buffer }>(
    rawSql("select kana from people where id = $1", [row?.id ?? ""]),
  );
  assert.ok(raw !== undefined && !raw.kana.toString("utf8").includes("モリ"), "sealed");
  assert.equal((await opened.send("/join", "join", { ...joining, email: "none@example.com" })).status, 303);
});

test("a member sets it on the page by the password, half width and all, and it stands in the record", async () => {
  const opened = await signedIn(rich);
  const fields = { name: "Hana Sato", address: "1-1 Chiyoda, Tokyo", password: rich.password };
  const wrong = await opened.send("/you", "profile-form", { ...fields, kana: "Sato" });
  assert.deepEqual([wrong.status, /id="kana-error"/.test(wrong.html)], [422, true]);
  const saved = await opened.send("/you", "profile-form", { ...fields, kana: "ｻﾄｳ ﾊﾅ" });
  assert.equal(saved.to, "/you?done=profile", saved.html.slice(-600));
  assert.match((await opened.get("/you")).html, /value="サトウ　ハナ"/);
  const data = await readPersonalData(database, vault, await idOf(rich.number));
  assert.equal(data?.kana, "サトウ　ハナ");
  assert.match((await opened.get("/record")).html, /How the name is read/);
  assert.equal((await opened.send("/you", "profile-form", { ...fields, kana: "" })).status, 303);
  assert.equal((await readPersonalData(database, vault, await idOf(rich.number)))?.kana, null, "emptied");
  assert.equal((await opened.send("/you", "profile-form", { ...fields, kana: "さとう はな" })).status, 303);
});

test("a guest is not asked for what the shop has said already", async () => {
  const { link } = await proposed({
    buyer: { guest: { name: "阿部 翠", kana: "あべ みどり", address: "津市" } },
  });
  const opened = browser();
  const path = await confirmed(opened, link, "midori@example.com");
  assert.match((await opened.get(path)).html, /value="アベ　ミドリ"/);
  const { password: _, ...person } = joining;
  const fields = { ...person, methodKind: "prepaid", token: voucher.code };
  const wrong = await opened.send(path, "guest-form", { ...fields, kana: "緑" });
  assert.deepEqual([wrong.status, /id="kana-error"/.test(wrong.html)], [422, true]);
  const approved = await opened.send(path, "guest-form", { ...fields, kana: "あべ みどり" });
  assert.equal(approved.status, 303, approved.html.slice(-600));
  assert.equal(
    (await known("kind = $1 and state = 'active' order by created_at desc limit 1", "guest"))?.kana,
    "アベ　ミドリ",
  );
});

test("who brings a parcel reads how its recipient is called, and it goes with the rest", async () => {
  const { number, link } = await proposed({
    acceptance: { by: ["buyer", "carrier"] },
    carrier: carrier.id,
    recipient: { name: "佐々木 蓮", kana: "ささき れん", address: "仙台市" },
  });
  const buyers = await signedIn(rich);
  const path = await world.open(buyers, link);
  const method = rich.methods[0]?.id ?? "";
  assert.equal((await buyers.send(path, "approve-form", { method })).status, 303);
  const brought = await (await signedIn(carrier)).get(`/trades/${number}`);
  assert.match(brought.html, /id="addressee".*ササキ　レン/s);
  assert.equal((await trades.recipient({ kind: "shop", id: shop }, number))?.kana, "ササキ　レン");
});

test("a member who lets a shop read the name lets it read how it is read, and is shown so before", async () => {
  const { setReturnUrls } = await import("../../storage/parties/parties.ts");
  const back = "https://shop.example/checkout";
  await setReturnUrls(database, shop, [back]);
  const opened = await signedIn(rich);
  const here = `/disclose?shop=${shop}&return=${encodeURIComponent(back)}`;
  assert.match((await opened.get(here)).html, /Hana Sato サトウ　ハナ/);
});
