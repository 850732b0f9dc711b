/** Photos of goods that a customer has rejected, as the shop's staff see them: fetched each time, and kept nowhere. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { photo } from "../../../test/support/wire/pictures.ts";
import { openShop, Visitor } from "../../../test/support/world/shop-visit.ts";

test("staff see the photos that were put to a rejection, and nobody else does", async (t) => {
  const { server, institution, staff, later } = await openShop(t);
  const visitor = new Visitor(server);
  await visitor.order();
  const [{ number, reference } = { number: "", reference: null }] = institution.trades.values();
  institution.approve(number);
  const image = await photo();
  const digest = createHash("sha256").update(image).digest("hex");
  const other = "b".repeat(64);
  institution.photos.set(digest, image).set(other, image);
  institution.said.set(number, [
    {
      seq: 1,
      version: 1,
      type: "trade.rejected",
      at: "2026-11-22T00:00:00.000Z",
      actor: { role: "buyer", id: null },
      data: { reason: "Cracked", kind: "wrong", photos: [digest] },
    },
  ]);
  await later();
  const clerk = await staff();
  const order = `/staff/orders/${String(reference)}`;
  const address = `${order}/photos/${digest}`;
  assert.ok((await clerk.get(order)).page.includes(`<img src="${address}"`));
  const { status, headers } = await clerk.get(address);
  assert.equal(status, 200);
  assert.deepEqual(
    [headers["content-type"], headers["cache-control"], headers["x-content-type-options"]],
    ["image/jpeg", "private, no-store", "nosniff"],
  );
  assert.match(String(headers["content-security-policy"]), /sandbox/);
  assert.equal((await clerk.get(`${order}/photos/${other}`)).status, 404, "it is not what the digest says");
  assert.equal((await clerk.get(`${order}/photos/${"c".repeat(64)}`)).status, 404);
  assert.equal((await clerk.get(`${order}/photos/..%2f..%2fv1`)).status, 404);
  assert.equal((await visitor.get(address)).location, "/staff/sign-in");
});
