/** Who looks at a guest is seen by the guest, nobody else reads what was sent to one, and a shop is none by another spelling. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { approveAsGuest, confirmAddress, newestMail, type Order, Visitor } from "./support/wire/guests.ts";
import { request } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { rawSql } from "../src/storage/database/database.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true });
const { url } = world;
const { shop, admin, buyer, post } = await setStage(world);

async function proposed(more: object = {}): Promise<Order> {
  const terms = { currency: "JPY", amount: 3000, acceptance: { by: ["buyer"] }, ...more };
  const { number, approveUrl } = await post("/v1/trades", shop, terms);
  return { number: String(number), approveUrl: String(approveUrl) };
}

/** A trade that a guest has approved, with their browser. */
async function bought(more: object = {}): Promise<{ order: Order; guest: Visitor }> {
  const order = await proposed(more);
  const guest = new Visitor();
  const token = String((await post("/v1/vouchers", admin, { currency: "JPY", amount: 10_000 }))["code"]);
  await approveAsGuest(guest, admin, order, { email: `guest-${order.number}@example.com`, token });
  return { order, guest };
}

test("an operator who looks at a guest, or at who receives for them, is seen on the guest's own page", async () => {
  const { order, guest } = await bought({ recipient: { name: "Ren", address: "9 Gift Street" } });
  const { number } = order;
  const path = `${url}/v1/trades/${number}/recipient`;
  assert.equal((await request(path, "GET", admin)).code, "invalid_field", "not without a reason");
  assert.equal((await request(`${path}?reason=lost%20parcel`, "GET", admin)).status, 200);
  const page = await guest.get(`${url}/trades/${number}`);
  assert.ok(page.text.includes('id="looks"') && page.text.includes("lost parcel"));
  assert.equal(
    (await request(`${url}/trades/${number}`, "GET", { ...shop, accept: "text/html" })).text.includes(
      "lost parcel",
    ),
    false,
  );
  const other = await bought();
  await newestMail(url, admin, other.order.number);
  const looked = await other.guest.get(`${url}/trades/${other.order.number}`);
  assert.ok(/id="looks".*mail/s.test(looked.text), "a mail to them was read");
  assert.ok(!looked.text.includes("lost parcel"));
});

test("no stranger reads a guest's code on the pages of a sandbox", async () => {
  const order = await proposed();
  const guest = new Visitor();
  await confirmAddress(guest, admin, order, "reader@example.com");
  const list = await request(`${url}/sandbox/mails`, "GET", { ...admin, accept: "text/html" });
  const ids = [...list.text.matchAll(/data-mail="([^"]+)"/g)].map(([, id = ""]) => id);
  assert.ok(ids.length > 0);
  for (const id of ids) {
    const stranger = await request(`${url}/sandbox/mails/${id}`, "GET", { accept: "text/html" });
    assert.deepEqual(
      [stranger.status, stranger.headers.get("location")],
      [303, "/signin?next=/sandbox/mails"],
    );
    for (const who of [shop, buyer]) {
      const { text } = await request(`${url}/sandbox/mails/${id}`, "GET", { ...who, accept: "text/html" });
      assert.ok(!text.includes("reader@example.com"), "another's mail");
    }
  }
});

test("a mailbox by which the shop signs in is no guest's, however it is written", async () => {
  const { number, approveUrl } = await proposed();
  const signIn = { email: "aoi.tea+signin@gmail.com", password: "a password of a shop" };
  const contact = { email: signIn.email };
  const wish = { name: "Own hand", contact, password: signIn.password };
  const { id } = await post("/v1/shops", {}, wish);
  const move = rawSql("update logins set subject = $1 where subject = $2", [
    world.demo.shops[0]?.id ?? "",
    String(id),
  ]);
  assert.equal(await world.database.execute(move), 1);
  const hand = new Visitor();
  await hand.get(approveUrl);
  for (const email of ["aoi.tea+signin@gmail.com", "AoiTea@googlemail.com", "a.o.i.tea+1@gmail.com"]) {
    const { status } = await hand.send(`${url}/trades/${number}/approve`, "guest-address-form", { email });
    assert.equal(status, 403, email);
  }
});
