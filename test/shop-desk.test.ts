/** The day of a shop's people at the desk of a trading server: every act of an order, each that moves money asked once. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Json, request } from "./support/wire/http.ts";
import { type Fields, filledIn, formsIn, type PageForm, saidBy } from "./support/wire/forms.ts";
import { clerkAt } from "./support/world/shop-clerk.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, operators: "one" });
const { url } = world;
const stage = await setStage(world);
const { shop, buyer, otherShop } = stage;
const clerk = clerkAt(url, shop);
const at = (number: string) => `/shop/orders/${number}`;
const seen = async (number: string): Promise<Json> =>
  (await request(`${url}/v1/trades/${number}`, "GET", shop)).json;
const does = (number: string, move: string, body: Json = {}, who = buyer) =>
  stage.post(`/v1/trades/${number}/${move}`, who, body);
const leads = (reply: { status: number; headers: Headers; text: string }, to: string) =>
  assert.deepEqual(
    [reply.status, reply.headers.get("location")],
    [303, to],
    saidBy(reply.text).slice(0, 800),
  );
const listed = async (todo: string) => {
  const { text } = await clerk.look(`/shop?todo=${todo}`);
  return [...text.matchAll(/id="order-([0-9]+)"/g)].map(([, number]) => number);
};
const mistakes = (html: string) =>
  [...html.matchAll(/class="error" id="([^"]+)-error">([^<]+)</g)].map(
    ([, where, said]) => `${where}: ${said}`,
  );

test("orders stand where they ask for something, what ends soonest first", async () => {
  const [late, soon] = [
    await stage.newTrade({ reserveFor: "P30D" }),
    await stage.newTrade({ reserveFor: "P10D" }),
  ];
  assert.deepEqual(await listed("ship"), [soon, late]);
  await does(soon, "ship", {}, shop);
  assert.deepEqual([await listed("ship"), await listed("way")], [[late], [soon]]);
  await does(soon, "deliver", {});
  assert.deepEqual([await listed("way"), await listed("look")], [[], [soon]]);
  await does(soon, "reject", { lines: [{ line: 1, quantity: 1 }], reason: "Cracked", kind: "wrong" });
  assert.deepEqual([await listed("look"), await listed("back")], [[], [soon]]);
  assert.match(
    await clerk.reads(at(soon)),
    /What is not right The buyer · Wrong or broken 1 × Tea set Cracked/,
  );
  await does(soon, "dispute", { reason: "It is all wrong" });
  assert.deepEqual([await listed("back"), await listed("dispute")], [[], [soon]]);
  assert.match(await clerk.reads("/shop"), /To be sent \(1\).*In dispute \(1\)/);
  for (const number of [late, soon]) await does(number, "cancel", {}, shop);
  assert.deepEqual([await listed("ship"), await listed("dispute")], [[], []]);
  assert.ok((await listed("all")).includes(soon));
});

test("an order is found by its number as it is spoken, by the shop's own, and by no part of it", async () => {
  const number = await stage.newTrade({ reference: "A-77" });
  const find = (typed: string) =>
    request(`${url}/shop/find?${new URLSearchParams({ number: typed }).toString()}`, "GET", shop);
  leads(await find(`${number.slice(0, 4)} ${number.slice(4, 8)}-${number.slice(8)}`), at(number));
  leads(await find("A-77"), at(number));
  leads(await find("  "), "/shop");
  for (const typed of ["A", "%", "A-7_", "'", "Ａ"]) {
    const none = await find(typed);
    assert.deepEqual(
      [none.status, mistakes(none.text)],
      [422, ["number: No order of yours has this number."]],
      typed,
    );
  }
  await stage.newTrade({ reference: "A-77" });
  assert.match(saidBy((await find("A-77")).text), /Orders with the number A-77/);
  assert.equal((await request(`${url}${at(number)}`, "GET", otherShop)).status, 404);
  assert.equal((await request(`${url}${at(number)}`, "GET", buyer)).status, 403);
  leads(await request(`${url}/shop?todo=way`, "GET", {}), "/signin?next=%2Fshop%3Ftodo%3Dway");
});

test("a part is sent with its parcel, the rest called off with a reason, and what becomes free is named before", async () => {
  const number = await stage.newTrade();
  const wrong = await clerk.press(at(number), "ship-form", { "quantity-1": "9", "quantity-2": "0" });
  assert.deepEqual([wrong.status, mistakes(wrong.text).length], [422, 1]);
  const bare = await clerk.press(at(number), "ship-form", { carrier: "Yamato" });
  assert.deepEqual(
    mistakes(bare.text).map((each) => each.split(":")[0]),
    ["ship-parcel"],
  );
  const parcel = { carrier: "Yamato", parcel: "4412-8", url: "https://track.example/4412-8" };
  leads(
    await clerk.press(at(number), "ship-form", { ...parcel, "quantity-1": "2", "quantity-2": "0" }),
    `${at(number)}?done=ship`,
  );
  const page = await clerk.look(at(number));
  assert.match(page.text, /href="https:\/\/track\.example\/4412-8"/);
  assert.match(saidBy(page.text), /Yamato 4412-8/);
  const unreasoned = await clerk.press(at(number), "cancel-form", { "quantity-1": "1", "quantity-2": "2" });
  assert.deepEqual(
    [unreasoned.status, mistakes(unreasoned.text).length],
    [422, 1],
    "a reason is typed by somebody",
  );
  const off = { "quantity-1": "1", "quantity-2": "2", reason: "Sold out" };
  const asked = await clerk.press(at(number), "cancel-form", off);
  assert.equal((await seen(number))["released"], 0, "nothing has moved by the first press");
  assert.match(saidBy(asked.text), /the buyer's again ¥300/);
  leads(
    await clerk.agree(at(number), "cancel-form", off, /the buyer's again ¥300/),
    `${at(number)}?done=cancel`,
  );
  const { released, frozen } = await seen(number);
  assert.deepEqual([released, frozen], [300, 240]);
});

test("a yes is to what was seen: an order that has gone on meanwhile is not called off", async () => {
  const number = await stage.newTrade();
  const asked = await clerk.press(at(number), "cancel-form", { reason: "Sold out" });
  const yes = formsIn(asked.text).find(({ id }) => id === "sure-cancel-form");
  assert.ok(yes);
  await does(number, "accept", { lines: [{ line: 1, quantity: 1 }] });
  const fields = Object.fromEntries(yes.controls.map(({ name, value }) => [name, value]));
  const headers = { ...shop, "content-type": "application/x-www-form-urlencoded", origin: url };
  const late = await request(`${url}${yes.action}`, "POST", headers, new URLSearchParams(fields).toString());
  assert.equal(late.status, 409);
  assert.equal((await seen(number))["released"], 0);
});

test("a return is agreed to with what it gives back; a refund asks once, and a second press is the same refund", async () => {
  const number = await stage.newTrade();
  await does(number, "deliver", {});
  await does(number, "reject", { lines: [{ line: 1, quantity: 2 }], reason: "Cracked" });
  await does(number, "send-back", {});
  assert.match(await clerk.reads(at(number)), /On the way back 2 × Tea set/);
  leads(
    await clerk.agree(at(number), "return-form", { "quantity-1": "1" }, /the buyer's again ¥120/),
    `${at(number)}?done=return`,
  );
  leads(
    await clerk.press(at(number), "contest-form", { contest: "used", reason: "It was worn" }),
    `${at(number)}?done=contest`,
  );
  assert.equal((await seen(number))["state"], "disputed");
  const other = await stage.newTrade();
  await does(other, "accept", {});
  assert.equal((await seen(other))["settled"], 540);
  const half = { amount: "200", reason: "A scratch" };
  leads(await clerk.agree(at(other), "refund-form", half, /To the buyer ¥200/), `${at(other)}?done=refund`);
  assert.equal((await seen(other))["refunded"], 200);
  const all = await clerk.press(at(other), "refund-form", { reason: "The rest" });
  assert.match(saidBy(all.text), /To the buyer ¥340/);
  assert.equal((await seen(other))["refunded"], 200);
  const yes = formsIn(all.text).find(({ id }) => id === "sure-refund-form");
  assert.ok(yes);
  const fields = Object.fromEntries(yes.controls.map(({ name, value }) => [name, value]));
  const headers = { ...shop, "content-type": "application/x-www-form-urlencoded", origin: url };
  for (let press = 0; press < 2; press += 1)
    leads(
      await request(`${url}${yes.action}`, "POST", headers, new URLSearchParams(fields).toString()),
      `${at(other)}?done=refund`,
    );
  assert.equal((await seen(other))["refunded"], 540);
});

test("a page that was kept and is pressed with other words does not say that it is done", async () => {
  const number = await stage.newTrade();
  await does(number, "accept", {});
  const headers = { ...shop, "content-type": "application/x-www-form-urlencoded", origin: url };
  const sends = (form: PageForm, typed: Fields) =>
    request(`${url}${form.action}`, "POST", headers, new URLSearchParams(filledIn(form, typed)).toString());
  const kept = await clerk.form(at(number), "refund-form");
  const asked = await sends(kept, { amount: "100", reason: "A scratch" });
  const yes = formsIn(asked.text).find(({ id }) => id === "sure-refund-form") ?? assert.fail();
  for (let press = 0; press < 2; press += 1) leads(await sends(yes, {}), `${at(number)}?done=refund`);
  const other = await sends(kept, { amount: "300", reason: "A scratch" });
  assert.deepEqual([other.status, (await seen(number))["refunded"]], [409, 100], saidBy(other.text));
  leads(await sends(yes, {}), `${at(number)}?done=refund`);
  assert.equal((await seen(number))["refunded"], 100);
});

test("a dispute is answered, added to, and settled by an offer of either side", async () => {
  const number = await stage.newTrade();
  await does(number, "deliver", {});
  await does(number, "dispute", { reason: "Two cups are missing" });
  assert.match(await clerk.reads(at(number)), /you are asked to answer/);
  leads(
    await clerk.press(at(number), "answer-form", { statement: "We packed all of them.", reference: "P-1" }),
    `${at(number)}?done=answer`,
  );
  leads(await clerk.press(at(number), "offer-form", { pay: "500" }), `${at(number)}?done=offer`);
  assert.match(await clerk.reads(at(number)), /You offer: ¥500 to you, ¥40 free again/);
  await does(number, "offer", { release: 60, pay: 480 });
  leads(
    await clerk.agree(at(number), "accept-offer-form", {}, /the buyer's again ¥60 .*Paid to you ¥480/),
    `${at(number)}?done=accept-offer`,
  );
  const { settled, released } = await seen(number);
  assert.deepEqual([settled, released], [480, 60]);
});

test("another price stands beside the old one before anything changes, and more than was agreed waits for the buyer", async () => {
  const number = await stage.newTrade({ approval: undefined });
  const dearer = { "price-1": "150", "name-2": "Iron kettle", "quantity-2": "1" };
  const asked = await clerk.press(at(number), "revise-form", dearer);
  assert.match(
    saidBy(asked.text),
    /As it is 3 × Tea set ¥360 2 × Kettle ¥180 In all ¥540 As it would be 3 × Tea set ¥450 1 × Iron kettle ¥90 In all ¥540/,
  );
  leads(await clerk.agree(at(number), "revise-form", dearer, /In all ¥540/), `${at(number)}?done=revise`);
  assert.deepEqual((await seen(number))["amount"], 540);
  const wrong = await clerk.press(at(number), "revise-form", { "price-1": "much", "quantity-2": "x" });
  assert.deepEqual(
    mistakes(wrong.text).map((each) => each.split(":")[0]),
    ["revise-price-1", "revise-quantity-2"],
  );
  const reserved = await stage.newTrade({ approval: undefined });
  await does(reserved, "approve", { version: 1, method: stage.ids.method });
  await clerk.agree(at(reserved), "revise-form", { "price-1": "900" }, /¥2,880/);
  const { amount, revisionAsked } = await seen(reserved);
  assert.deepEqual([amount, (revisionAsked as Json | null)?.["amount"]], [540, 2880]);
});

test("an order made by hand waits for its buyer under a link; its note has the code where a recipient accepts", async () => {
  const form = {
    "name-1": "Tea set",
    "price-1": "¥1,200",
    "quantity-1": "2",
    reference: "Phone 12",
    recipient: "Aki Sato",
    address: "2-2 Kyoto",
    gift: "yes",
    currency: "JPY",
  };
  const nothing = await clerk.press("/shop/new", "new-order-form", { reference: "x", currency: "JPY" });
  assert.equal(nothing.status, 422);
  const nobody = await clerk.press("/shop/new", "new-order-form", {
    ...form,
    member: "123",
    currency: "JPY",
  });
  assert.equal(nobody.status, 422);
  const made = await clerk.press("/shop/new", "new-order-form", form);
  assert.equal(made.status, 303, saidBy(made.text).slice(0, 900));
  const path = made.headers.get("location") ?? "";
  const page = await clerk.look(path);
  assert.match(page.text, /id="approve-url"/);
  assert.match(saidBy(page.text), /Send to Aki Sato 2-2 Kyoto/);
  const note = await clerk.look(`${path}/note`);
  assert.match(note.text, /id="note-square"/);
  const number = path.split("/").at(-1) ?? "";
  const { code } = (await request(`${url}/v1/trades/${number}/recipient-link`, "GET", shop)).json;
  assert.ok(saidBy(note.text).replaceAll(" ", "").includes(String(code)));
  assert.ok(!note.text.includes("/gift/"), "the link is the buyer's to send");
  const plain = await stage.newTrade();
  assert.ok(!(await clerk.look(`${at(plain)}/note`)).text.includes('id="note-code"'));
});
