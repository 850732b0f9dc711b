/** Large permissions on pages take a proof of the moment: who has only the cookie of a session gives none. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { rawSql } from "../../storage/database/database.ts";

const world = await pagesServer({ after }, undefined, { stepUpAbove: { JPY: 5000n } });
const { context, shop, rich, signedIn } = world;
const { database } = context;
beforeEach(() => database.execute(rawSql("delete from moved_by_session")));
const deposit = rich.methods.find(({ kind }) => kind === "deposit")?.id ?? "";
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const wish = { shop, method: deposit, limit: "5001", until: dayIn(40), carrier: "yes" };
const proofPassword = rich.password;

const given = () =>
  database.query<{ id: string; limit: string; until: Date }>(
    rawSql(
      `select m.id, m.limit_amount::text as "limit", m.until from mandates m join people p on p.id = m.person
      where p.number = $1 order by m.created_at, m.id`,
      [BigInt(rich.number)],
    ),
  );
const hidden = (html: string): Record<string, string> => {
  const form = /id="proof-form"[^>]*>(.*?)<\/form>/s.exec(html)?.[1] ?? assert.fail(html);
  const all = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(all.map(([, name = "", value = ""]) => [name, value]));
};

test("up to the amount a session gives a permission, above it the password does, once", async () => {
  const thief = await signedIn(rich);
  const before = (await given()).length;
  assert.equal((await thief.send("/mandates/new", "give", { ...wish, limit: "5000" })).status, 303);
  const asked = await thief.send("/mandates/new", "give", wish);
  assert.equal(asked.status, 403, asked.html);
  assert.match(asked.html, /id="proof-password"/);
  assert.match(asked.html, /5,001/);
  const fields = hidden(asked.html);
  assert.equal(fields["carrier"], "yes", "what was ticked goes along");
  const guessed = await thief.post("/mandates/new", { ...fields, proofPassword: "a wrong one" });
  assert.deepEqual([guessed.status, /id="proof-password"/.test(guessed.html)], [403, true]);
  assert.equal((await given()).length, before + 1, "nothing large was given");
  const { status, to } = await thief.post("/mandates/new", { ...fields, proofPassword });
  assert.equal(status, 303);
  assert.match(to, /^\/mandates\/[0-9a-f-]{36}\?done=given/);
  const again = await thief.post("/mandates/new", { ...fields, proofPassword });
  assert.equal(again.to, to, "the same press twice is one permission");
  assert.equal((await given()).length, before + 2);
});

test("what is wrong is told before anything is proved", async () => {
  const browser = await signedIn(rich);
  const { status, html } = await browser.send("/mandates/new", "give", { ...wish, until: "" });
  assert.equal(status, 422);
  assert.match(html, /id="until-error"/);
});

test("more of a permission takes the proof too, in sum or in days; less of it does not", async () => {
  const browser = await signedIn(rich);
  const until = dayIn(40);
  const { to } = await browser.send("/mandates/new", "give", { ...wish, limit: "4000" });
  const [, id = ""] = /^\/mandates\/([0-9a-f-]{36})/.exec(to) ?? [];
  const one = `/mandates/${id}`;
  const now = async () => (await given()).find((each) => each.id === id);
  assert.equal((await browser.send(one, "limits", { limit: "5000", until })).status, 303);
  const asked = await browser.send(one, "limits", { limit: "9000", until });
  assert.equal(asked.status, 403);
  assert.match(asked.html, /9,000/);
  assert.equal((await now())?.limit, "5000");
  const done = await browser.post(`${one}/limits`, { ...hidden(asked.html), proofPassword });
  assert.equal(done.to, `${one}?done=changed`);
  assert.equal((await now())?.limit, "9000");
  const longer = await browser.send(one, "limits", { limit: "9000", until: dayIn(41) });
  assert.match(longer.html, /id="proof-password"/);
  assert.equal((await browser.send(one, "limits", { limit: "8000", until })).status, 303, "less");
});

test("a proof of one permission is none of another", async () => {
  const browser = await signedIn(rich);
  const before = (await given()).length;
  const asked = await browser.send("/mandates/new", "give", wish);
  const fields = hidden(asked.html);
  const more = await browser.post("/mandates/new", { ...fields, limit: "6000000" });
  assert.deepEqual([more.status, (await given()).length], [403, before]);
});
