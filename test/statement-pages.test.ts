/**
 * A bank's files by page: brought by one operator as a browser sends them, confirmed by another, refused with the line that is
 * wrong.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, test } from "node:test";
import { type FileWish, type Said, zengin } from "./support/wire/incoming.ts";
import { formsIn, saidBy } from "./support/wire/forms.ts";
import { type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { openCounters, said, tillOf } from "./support/world/counters.ts";
import { until } from "./support/world/world.ts";

const place = await openCounters({ after }, { operators: "two" });
const { url, demo, call, read } = place;
const { opened } = tillOf(place, await place.collector());
const [first, second] = demo.operators;
if (!first || !second) throw new Error("No demo.");
const [asking, confirming] = [await signIn(url, first), await signIn(url, second)];
const today = new Date().toISOString().slice(0, 10);
const statement = (entries: readonly Said[], change: Partial<FileWish> = {}) =>
  zengin("statement", { account: "7000001", day: today, entries, ...change });

async function formOf(path: string, form: string) {
  const page = await request(`${url}${path}`, "GET", asking);
  const found = formsIn(page.text).find(({ id }) => id === form) ?? assert.fail(saidBy(page.text));
  const key = String(found.controls.find(({ name }) => name === "key")?.value);
  return { at: `${url}${found.action}`, key };
}
async function sent(
  at: string,
  fields: Readonly<Record<string, string | Uint8Array>>,
  who: Headers = asking,
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (typeof value === "string") form.append(name, value);
    else form.append(name, new Blob([Buffer.from(value)]), "statement.txt");
  const headers = { ...who, origin: url };
  const reply = await fetch(at, { method: "POST", headers, body: form, redirect: "manual" });
  return { status: reply.status, location: reply.headers.get("location"), text: await reply.text() };
}
async function bring(content: Uint8Array, path = "/bank-transfers", form = "statement-form") {
  const { at, key } = await formOf(path, form);
  return sent(at, { key, content });
}
const mistake = (html: string): string | undefined => /id="file-error">([^<]+)</.exec(html)?.[1];
const acts = async () => (await call("GET", "/v1/operator-acts", confirming)).json["items"] as Json[];

test("a statement is brought on the page, once however often it is sent, and pays when another operator has confirmed it", async () => {
  const { number } = await opened(3600);
  const content = statement([{ reference: 4711, amount: 3600, remitter: `${number} ﾔﾏﾀﾞ` }]);
  const { at, key } = await formOf("/bank-transfers", "statement-form");
  for (let times = 0; times < 2; times += 1) {
    const kept = await sent(at, { key, content });
    assert.deepEqual([kept.status, kept.location], [303, "/bank-transfers?asked=yes"], kept.text);
  }
  const [act, more] = await acts();
  assert.equal(more, undefined);
  assert.equal(act?.["name"], "bank-statement.book");
  const own = await call("POST", `/v1/operator-acts/${String(act["id"])}/confirm`, asking, {});
  assert.equal(own.code, "four_eyes_required");
  const done = await call("POST", `/v1/operator-acts/${String(act["id"])}/confirm`, confirming, {});
  assert.equal(done.status, 201, done.text);
  await until("it is paid", async () => {
    const { body } = await read(`/v1/collections/${number}`);
    return said({ status: 200, collection: body }).startsWith("paid");
  });
  const page = await request(`${url}/bank-transfers`, "GET", asking);
  assert.match(saidBy(page.text), /Statement of account \(Zengin\) · .* 1 entries, 0 known before/);
  const again = await bring(content);
  assert.equal(again.status, 409, again.text);
  assert.match(saidBy(again.text), /This very file has been booked before/);
});

test("what cannot be taken is refused on the page, with the line that is wrong, and nothing waits for it", async () => {
  const good = statement([
    { reference: 1, amount: 500, remitter: "ﾔﾏﾀﾞ" },
    { reference: 2, amount: 700, remitter: "ｻﾄｳ" },
  ]);
  const cut = good.subarray(0, good.length - 205);
  const broken = Buffer.from(good);
  broken.write("XX", 202 + 20, "latin1");
  const twice = statement([
    { reference: 3, amount: 500 },
    { reference: 3, amount: 600 },
  ]);
  for (const [what, content, says] of [
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), /./],
    ["words", Buffer.from("Dear bank, nothing arrived."), /./],
    ["half a file", cut, /./],
    ["letters in numbers", broken, /[Ll]ine|record/],
    ["a reference twice", twice, /[Ll]ine 3/],
    [
      "another account",
      statement([{ reference: 9, amount: 1 }], { account: "9999999" }),
      /none of this institution's/,
    ],
    ["XML of no bank", Buffer.from("<a><b/></a>"), /./],
  ] as const) {
    const refused = await bring(content);
    assert.equal(refused.status, 422, what);
    assert.match(mistake(refused.text) ?? "nothing is said", says, what);
    assert.match(refused.text, /href="#file"/, what);
  }
  const none = await bring(Buffer.alloc(0));
  assert.equal(mistake(none.text), "Choose a file.");
  assert.deepEqual(await acts(), []);
});

test("a message about payouts is brought on the page as well, and refused there", async () => {
  const nonsense = await bring(Buffer.from("<Document/>"), "/payout-files", "report-form");
  assert.equal(nonsense.status, 422, nonsense.text);
  assert.ok(mistake(nonsense.text));
  const none = await bring(Buffer.alloc(0), "/payout-files", "report-form");
  assert.equal(mistake(none.text), "Choose a file.");
});

test("fifty megabytes are refused with a page that says so", async () => {
  const large = await bring(Buffer.alloc(50 * 1024 * 1024, "1"));
  assert.equal(large.status, 422);
  assert.match(mistake(large.text) ?? "", /larger than 4 MB/);
  const right = await bring(Buffer.alloc(4 * 1024 * 1024, "1"));
  assert.match(mistake(right.text) ?? "", /Line 20972 has 104 bytes/);
});

/** Sends bytes as they are and reads what is answered until the connection ends, or `until` is seen. */
function raw(head: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    let got = "";
    const socket = connect(Number(port), hostname, () => socket.write(head + body));
    socket.on("data", (bytes) => {
      got += bytes.toString("latin1");
      if (got.includes("\r\n\r\n")) socket.destroy();
    });
    socket.on("error", reject);
    socket.setTimeout(10_000, () => socket.destroy(new Error(`Nothing was answered to ${head}`)));
    socket.on("close", () => resolve(got.slice(0, got.indexOf("\r\n"))));
  });
}

test("a body that is no form, cut, too large to be read, or of a stranger ends in an answer", async () => {
  const cookie = Object.entries(asking)
    .map(([name, value]) => `${name}: ${String(value)}\r\n`)
    .join("");
  const head = (type: string, length: number, from: string = cookie) =>
    `POST /bank-transfers HTTP/1.1\r\nhost: ${new URL(url).host}\r\norigin: ${url}\r\n${from}content-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;
  const form = "multipart/form-data; boundary=x";
  const part = (name: string, value: string) =>
    `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const whole = (parts: string) => `${parts}--x--\r\n`;
  const many = whole(Array.from({ length: 30 }, (_, index) => part(`f${index}`, "1")).join(""));
  const file = `--x\r\ncontent-disposition: form-data; name="content"; filename="a"\r\n\r\nabc`;
  for (const [what, type, body, status] of [
    ["no boundary", "multipart/form-data", "abc", 400],
    ["no end", form, file, 400],
    ["many parts", form, many, 400],
    ["a field twice", form, whole(part("key", "a") + part("key", "b")), 400],
    ["a field of a prototype", form, whole(part("__proto__", "a")), 400],
    ["a field that is not known", form, whole(part("more", "a")), 422],
    ["a long field", form, whole(part("key", "k".repeat(2000))), 400],
    ["no file", form, whole(part("key", "abc")), 422],
    ["nothing", form, "--x--\r\n", 422],
  ] as const)
    assert.match(await raw(head(type, Buffer.byteLength(body)), body), new RegExp(` ${status} `), what);
  const stranger = whole(part("key", crypto.randomUUID()));
  assert.match(await raw(head(form, stranger.length, ""), stranger), / 401 /);
  const toCall = head(form, 7).replace("/bank-transfers", "/v1/bank-statements");
  assert.match(await raw(toCall, "--x--\r\n"), / 415 /, "calls take no forms");
  const evil = head(form, 7).replace(`origin: ${url}`, "origin: https://evil.example");
  assert.match(await raw(evil, "--x--\r\n"), / 403 /, "another site's page sends nothing");
});
