import assert from "node:assert/strict";
import { test } from "node:test";
import { hostile, json, refusal } from "../../../test/support/wire/hostile-server.ts";

test("what a recipient is to be given is read by shop and buyer, and a refusal is one", async (t) => {
  const { seen, client } = await hostile(
    t,
    json(200, { link: null, code: "12345678" }),
    json(200, { link: "https://pay.example/gift/kg_1", code: null }),
    json(200, { code: "12345678" }),
    refusal("not_found"),
  );
  const ask = () => client().recipientSecret("48210733951146");
  const [forShop, forBuyer] = [await ask(), await ask()];
  assert.ok(forShop.outcome === "done" && forShop.secret.code === "12345678");
  assert.ok(forBuyer.outcome === "done" && forBuyer.secret.link?.endsWith("kg_1") === true);
  const last = await ask();
  assert.ok(
    last.outcome === "refused" && last.problem.code === "not_found",
    "a reply that is none is asked for again",
  );
  assert.equal(seen.length, 4);
});
