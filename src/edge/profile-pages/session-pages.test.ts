import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const { rich, poor, browser: stranger, signedIn } = await pagesServer({ after });

const idsOf = (html: string): string[] =>
  [...html.matchAll(/data-session="([^"]+)"/g)].map(([, id = ""]) => id);

test("somebody sees where they are signed in, ends one there, and all the others", async () => {
  const [here, there, far] = [await signedIn(rich), await signedIn(rich), await signedIn(rich)];
  const { html } = await here.get("/sessions");
  assert.equal(idsOf(html).length, 3);
  assert.equal(html.split("This browser").length, 2, "one of them is this one");
  const [mine = ""] = idsOf((await there.get("/sessions")).html.split("This browser")[0] ?? "").slice(-1);
  const ended = await here.send("/sessions", `end-${mine}-form`);
  assert.deepEqual([ended.status, ended.to], [303, "/sessions"]);
  assert.equal((await there.get("/trades")).to, "/signin?next=/trades");
  assert.equal((await far.get("/trades")).status, 200);
  assert.equal((await here.post(`/sessions/${mine}/end`)).status, 303, "a second press is no mistake");
  assert.equal((await here.send("/sessions", "end-others-form")).status, 303);
  assert.equal((await far.get("/trades")).status, 303);
  assert.equal((await here.get("/trades")).status, 200);
  assert.ok(!(await here.get("/sessions")).html.includes("end-others-form"));
});

test("nobody ends another's, or sees them", async () => {
  const [owner, other] = [await signedIn(rich), await signedIn(poor)];
  const before = idsOf((await owner.get("/sessions")).html);
  for (const id of before) {
    assert.ok(!(await other.get("/sessions")).html.includes(id));
    await other.post(`/sessions/${id}/end`);
  }
  await other.post("/sessions/end-others");
  assert.deepEqual(idsOf((await owner.get("/sessions")).html), before);
  assert.equal((await stranger().get("/sessions")).to, "/signin?next=/sessions");
  assert.equal((await stranger().post("/sessions/end-others")).status, 401);
});

test("of a browser no more is kept than what kind it is", async () => {
  const visitor = stranger();
  const agent =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.1.2 Safari/537.36";
  await visitor.post("/signin", { email: poor.email, password: poor.password }, { "user-agent": agent });
  const { html } = await visitor.get("/sessions");
  assert.ok(html.includes("Chrome, Linux") && !html.includes("142.0") && !html.includes("x86"), html);
});

test("a member is erased by their own password, and by nothing less", async () => {
  const browser = stranger();
  const secret = { email: "gone@example.com", password: "four words in a row" };
  const person = { name: "Goro", address: "Nara", birthDate: "1980-02-29", methodKind: "none", ...secret };
  const joined = await browser.send("/join", "join", person);
  assert.equal(joined.status, 303, joined.html);
  const [page] = [await browser.get("/you")];
  assert.ok(page.html.includes('id="erase-form"') && page.html.includes("The books stay"));
  const wrong = await browser.send("/you", "erase-form", { erasePassword: "another one" });
  assert.ok(wrong.status === 403 && !wrong.html.includes("another one"), wrong.html);
  assert.equal((await browser.send("/you", "erase-form", { erasePassword: "" })).status, 422);
  assert.equal((await browser.get("/you")).status, 200);
  const gone = await browser.send("/you", "erase-form", { erasePassword: secret.password });
  assert.deepEqual([gone.status, gone.to], [303, "/"], gone.html);
  assert.equal((await stranger().send("/signin", "sign-in", secret)).status, 401);
});

test("nobody is erased who has money, and is told so", async () => {
  const owner = await signedIn(rich);
  const { status, html } = await owner.send("/you", "erase-form", { erasePassword: rich.password });
  assert.ok(status === 409 && html.includes("paid out first"), html);
});
