import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const { browser: stranger, rich, signedIn, proposed, open } = await pagesServer({ after });
const lang = ({ html }: { html: string }): string | undefined => /<html lang="(..)">/.exec(html)?.[1];

test("a page is in the language that a stranger's browser asks for, or that they choose", async () => {
  const browser = stranger();
  const asking = (language: string) => browser.get("/signin", { "accept-language": language });
  assert.equal(lang(await asking("ja-JP")), "ja");
  assert.equal(lang(await asking("fr")), "en");
  const { to } = await browser.send("/signin?next=/accounts", "language-form", { language: "ja" });
  assert.equal(to, "/signin?next=/accounts");
  assert.equal(lang(await asking("en")), "ja");
});

test("a member's choice goes with them to their next browser", async () => {
  const here = await signedIn(rich);
  assert.equal(lang(await here.get("/trades")), "en");
  await here.send("/trades", "language-form", { language: "ja" });
  assert.equal(lang(await here.get("/trades")), "ja");
  const there = await signedIn(rich);
  assert.equal(lang(await there.get("/trades")), "ja");
  await there.send("/trades", "language-form", { language: "en" });
});

test("from the answer to a form one comes back to the page of that form", async () => {
  const browser = stranger();
  const { link } = await proposed();
  const page = await open(browser, link);
  const wrong = await browser.send(page, "guest-address-form", { email: "nobody" });
  assert.equal(wrong.status, 422);
  const [, back = ""] = /id="language-form".*?name="back" value="([^"]*)"/s.exec(wrong.html) ?? [];
  const { status, to } = await browser.get(back);
  assert.equal(status === 200 ? back : to, page);
});

test("the switch leads to no other place", async () => {
  const browser = stranger();
  for (const back of [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "/a\nb",
    "",
  ]) {
    const { status, to } = await browser.post("/language", { language: "ja", back });
    assert.deepEqual({ status, to }, { status: 422, to: "" }, back);
  }
  assert.equal((await browser.post("/language", { language: "xx" })).status, 422);
  assert.equal(
    (await browser.post("/language", { language: "ja" }, { "sec-fetch-site": "cross-site" })).status,
    403,
  );
});

test("a refusal is told in the reader's language, without what is for programs", async () => {
  const { html } = await stranger().get("/nothing-here", { "accept-language": "ja" });
  assert.equal(lang({ html }), "ja");
  assert.doesNotMatch(html, /There is nothing/);
});
