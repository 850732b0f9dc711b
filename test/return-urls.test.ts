/** After the approval page the buyer goes back to the shop, to an address that it has registered, and to no other. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { approveAsGuest, confirmAddress, guestFields, Visitor } from "./support/wire/guests.ts";
import { type Json, request } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, operators: "one" });
const { url, demo } = world;
const stage = await setStage(world);
const { ids } = stage;
const orders = "https://shop.example/orders";
const local = "http://127.0.0.1:4010/back";

const register = (returnUrls: string[], who = stage.shop) =>
  request(`${url}/v1/shops/${ids.shop}/return-urls`, "PUT", who, { returnUrls });
const setOnce = (uniqueReferences: unknown, who = stage.shop) =>
  request(`${url}/v1/shops/${ids.shop}/unique-references`, "PUT", who, { uniqueReferences });
const propose = (returnUrl?: string) =>
  request(`${url}/v1/trades`, "POST", stage.shop, { currency: "JPY", amount: 100, returnUrl });

interface Order {
  number: string;
  approveUrl: string;
}
async function proposed(returnUrl?: string): Promise<Order> {
  const { json, text, status } = await propose(returnUrl);
  assert.equal(status, 201, text);
  return { number: String(json["number"]), approveUrl: String(json["approveUrl"]) };
}

test("a shop registers https addresses, in a sandbox those of its own machine too, and operators see them", async () => {
  for (const wrong of ["http://shop.example/back", "https://shop.example/a#b", "https://a@shop.example/"])
    assert.equal((await register([wrong])).code, "invalid_field", wrong);
  const { json } = await register([orders, local]);
  assert.deepEqual(json["returnUrls"], [orders, local]);
  const seen = await request(`${url}/v1/shops/${ids.shop}`, "GET", stage.admin);
  assert.deepEqual([seen.json["returnUrls"], seen.json["uniqueReferences"]], [[orders, local], false]);
});

const refused = [
  "https://shop.example/other",
  "https://shop.example/orders/1",
  "https://shop.example.evil.example/orders",
  "https://shop.example:444/orders",
  "https://shop.example@evil.example/orders",
  "http://shop.example/orders",
  "https://shop.example/orders#x",
  "//shop.example/orders",
  "javascript:alert(1)",
  "https://shop.example/orders/../admin",
];
for (const returnUrl of refused) {
  test(`no trade leads back to ${returnUrl}`, async () => {
    assert.equal((await propose(returnUrl)).code, "invalid_field");
  });
}

const back = (order: Order, state: string, from = orders) => `${from}?trade=${order.number}&state=${state}`;

test("a guest who approves goes back, and the form may lead there", async () => {
  const order = await proposed(orders);
  const visitor = new Visitor();
  const page = await confirmAddress(visitor, stage.admin, order, "guest1@example.com");
  const shown = await visitor.get(page);
  assert.match(
    shown.headers.get("content-security-policy") ?? "",
    /form-action (\S+ )*https:\/\/shop\.example( |;)/,
  );
  const token = demo.vouchers[0]?.code ?? "";
  const approved = await visitor.send(page, "guest-form", { ...guestFields, token });
  assert.deepEqual([approved.status, approved.headers.get("location")], [303, back(order, "reserved")]);
  const own = await visitor.get(`${url}/trades/${order.number}`);
  assert.equal(own.status, 200, "and finds the trade with its own link all the same");
});

test("a guest who declines goes back too", async () => {
  const order = await proposed(`${orders}?order=7`);
  const visitor = new Visitor();
  const page = await confirmAddress(visitor, stage.admin, order, "guest2@example.com");
  const declined = await visitor.send(page, "decline-form");
  const place = new URL(declined.headers.get("location") ?? "");
  assert.equal(`${place.origin}${place.pathname}`, orders);
  assert.deepEqual(Object.fromEntries(place.searchParams), {
    order: "7",
    trade: order.number,
    state: "cancelled",
  });
});

async function asMember(order: Order): Promise<{ visitor: Visitor; page: string }> {
  const visitor = new Visitor();
  const [name = "", value = ""] = (stage.buyer["cookie"] ?? "").split("=");
  visitor.cookies.set(name, value);
  await visitor.get(order.approveUrl);
  return { visitor, page: `${url}/trades/${order.number}/approve` };
}
const means = { method: ids.method, paymentOn: "acceptance" };

test("a member goes back, in a sandbox also to the shop on the same machine", async () => {
  const order = await proposed(local);
  const { visitor, page } = await asMember(order);
  const approved = await visitor.send(page, "approve-form", means);
  assert.equal(approved.headers.get("location"), back(order, "reserved", local));
  const other = await proposed(orders);
  const again = await asMember(other);
  const declined = await again.visitor.send(again.page, "decline-form");
  assert.equal(declined.headers.get("location"), back(other, "cancelled"));
});

test("without an address, and where it is not registered any more, the page leads to the trade", async () => {
  const [plain, stale] = [await proposed(), await proposed(orders)];
  await register([local]);
  for (const order of [plain, stale]) {
    const { visitor, page } = await asMember(order);
    const approved = await visitor.send(page, "approve-form", means);
    assert.equal(approved.headers.get("location"), `/trades/${order.number}?done=approve`);
  }
  const order = await proposed();
  await approveAsGuest(new Visitor(), stage.admin, order, {
    email: "guest3@example.com",
    token: demo.vouchers[1]?.code ?? "",
  });
});

test("the address is shown to the two sides, and not to carriers", async () => {
  const number = await stage.newTrade({ returnUrl: local });
  const seen = async (who: Record<string, string>): Promise<unknown> =>
    (await request(`${url}/v1/trades/${number}`, "GET", who)).json["returnUrl"];
  assert.deepEqual(await Promise.all([stage.shop, stage.admin, stage.buyer, stage.carrier].map(seen)), [
    local,
    local,
    local,
    undefined,
  ]);
});

test("a shop asks over HTTP that its references be unique, and an operator may for it", async () => {
  assert.equal((await setOnce(true, stage.otherShop)).code, "not_found");
  assert.equal((await setOnce("yes")).code, "invalid_field");
  assert.equal((await setOnce(true)).json["uniqueReferences"], true);
  const order = { currency: "JPY", amount: 100, reference: "once" };
  const one = await request(`${url}/v1/trades`, "POST", stage.shop, order);
  const two = await request(`${url}/v1/trades`, "POST", stage.shop, order);
  assert.deepEqual([two.status, two.code, two.json["trade"]], [409, "reference_in_use", one.json["number"]]);
  const batch = { commands: [{ do: "propose", trade: order }] };
  const { json } = await request(`${url}/v1/trades/batch`, "POST", stage.shop, batch);
  const [outcome] = json["outcomes"] as { status: number; problem: Json }[];
  assert.deepEqual([outcome?.status, outcome?.problem["code"]], [409, "reference_in_use"]);
  assert.equal((await setOnce(false, stage.admin)).json["uniqueReferences"], false);
  assert.equal((await request(`${url}/v1/trades`, "POST", stage.shop, order)).status, 201);
});
