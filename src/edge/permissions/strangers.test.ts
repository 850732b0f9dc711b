/** Who is sent away from the pages of permissions: nothing goes on behind the answer, and nothing is asked that is no question. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { makeLog } from "../http/http.ts";

const logged: string[] = [];
const log = makeLog("pages", "error", { write: (line) => logged.push(line) });
const world = await pagesServer({ after }, undefined, { log });
const { shop, rich, browser: stranger, signedIn } = world;

test("who is not signed in is led to where they do that, and to nothing else", async () => {
  const visitor = stranger();
  for (const path of ["/mandates", "/mandates/new", `/mandates/${shop}`])
    assert.equal((await visitor.get(path)).to, `/signin?next=${encodeURIComponent(path)}`);
  assert.deepEqual(logged, []);
});

test("a place to go back to of what is no shop is a mistake in the field", async () => {
  const browser = await signedIn(rich);
  const wish = { method: rich.methods[0]?.id ?? "", limit: "10", shop: "x", return: "https://x.example" };
  const { status, html } = await browser.post("/mandates/new", wish);
  assert.equal(status, 422, html);
  assert.deepEqual(logged, []);
});
