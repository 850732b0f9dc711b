/** What a shop is told of what members do on pages: as by the calls, once however often something is pressed. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { listening } from "../../../test/support/world/shop-told.ts";
import { setReturnUrls } from "../../storage/parties/parties.ts";

const { context, shop, rich, signedIn } = await pagesServer({ after });
const { database } = context;
const back = "https://shop.example/checkout";
await setReturnUrls(database, shop, [back]);
const toShop = await listening(database, shop);
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const until = dayIn(40);
const deposit = rich.methods.find(({ kind }) => kind === "deposit")?.id ?? "";
const wish = { shop, method: deposit, limit: "5000", until };

async function told(): Promise<unknown[]> {
  return (await toShop()).map(({ type, data }) => [type, data["mandate"] ?? data["fields"], data["limit"]]);
}

test("a permission on pages: each press that does something is told, and once", async () => {
  const browser = await signedIn(rich);
  const fields = { ...wish, key: "a-press-of-mine" };
  const pressed = [await browser.post("/mandates/new", fields), await browser.post("/mandates/new", fields)];
  const [, id = ""] = /^\/mandates\/([0-9a-f-]{36})/.exec(pressed[0]?.to ?? "") ?? [];
  assert.deepEqual(await told(), [["member.mandate_given", id, 5000]]);
  await browser.send("/mandates/new", "give", { ...wish, limit: "0" });
  const one = `/mandates/${id}`;
  for (let press = 0; press < 2; press += 1) await browser.send(one, "limits", { limit: "3000", until });
  assert.deepEqual(await told(), [["member.mandate_changed", id, 3000]]);
  assert.equal((await browser.send(one, "limits", { limit: "3000", until: dayIn(-2) })).status, 422);
  for (let press = 0; press < 2; press += 1) await browser.post(`${one}/revoke`);
  assert.deepEqual(await told(), [["member.mandate_revoked", id, undefined]]);
});

test("what is ticked for a shop is told, and nothing where nothing is", async () => {
  const browser = await signedIn(rich);
  const form = { shop, return: back };
  await browser.post("/disclose", form);
  assert.deepEqual(await told(), []);
  assert.equal((await browser.post("/disclose", { ...form, name: "yes" })).status, 200);
  assert.deepEqual(await told(), [["member.disclosed", ["name"], undefined]]);
});
