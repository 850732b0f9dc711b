import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { addressAt, fillAddress } from "./postcodes.ts";

test("a postcode leads to the beginning of an address, however it is typed", () => {
  const cases: [typed: string, address: string | undefined][] = [
    ["1000005", "〒100-0005 東京都千代田区丸の内"],
    ["100-0005", "〒100-0005 東京都千代田区丸の内"],
    ["〒１００－０００５", "〒100-0005 東京都千代田区丸の内"],
    ["１００ー０００５", "〒100-0005 東京都千代田区丸の内"],
    [" 604 8111 ", "〒604-8111 京都府京都市中京区桝屋町"],
    ["0600000", "〒060-0000 北海道札幌市中央区"],
    ["4980000", "〒498-0000 "], // in two prefectures
    ["9999999", undefined],
    ["100000", undefined],
    ["10000055", undefined],
    ["", undefined],
    ["__proto__", undefined],
  ];
  for (const [typed, address] of cases) assert.equal(addressAt(typed), address, typed);
});

test("the button fills in, and is no more than the form's own once the address is there", () => {
  const form = { name: "花", postcode: "100-0005", fill: "address", address: "" };
  assert.deepEqual(fillAddress(form), {
    fields: { ...form, postcode: "", address: "〒100-0005 東京都千代田区丸の内" },
    unknown: false,
    postcode: "postcode",
  });
  assert.equal(fillAddress({ ...form, address: "〒100-0005 東京都千代田区丸の内1-1" }), undefined);
  assert.equal(fillAddress({ ...form, postcode: " " }), undefined);
  assert.equal(fillAddress({ ...form, fill: "" }), undefined);
  assert.deepEqual(fillAddress({ ...form, postcode: "9999999" })?.unknown, true);
  const theirs = { fill: "recipientAddress", recipientPostcode: "6048111" };
  assert.equal(fillAddress(theirs), undefined, "not in a form that has no such field");
  const places = { address: "postcode", recipientAddress: "recipientPostcode" };
  assert.deepEqual(fillAddress(theirs, places)?.fields, {
    fill: "recipientAddress",
    recipientPostcode: "",
    recipientAddress: "〒604-8111 京都府京都市中京区桝屋町",
  });
  assert.equal(fillAddress({ ...theirs, fill: "__proto__" }, places), undefined);
});

const { server, browser, rich, signedIn } = await pagesServer({ after });

test("the server tells it to the script, and nothing of what is no postcode", async () => {
  const ask = (postcode: string) => server.inject({ method: "GET", url: `/postcodes/${postcode}` });
  const found = await ask("1000005");
  assert.deepEqual(found.json(), { address: "〒100-0005 東京都千代田区丸の内" });
  assert.match(String(found.headers["cache-control"]), /^public/);
  for (const [wrong, status] of [
    ["9999999", 404],
    ["100-0005", 422],
    ["constructor", 422],
  ] as const)
    assert.equal((await ask(wrong)).statusCode, status, wrong);
});

test("without scripts a button does it, and what else was typed stays", async () => {
  const fill = { fill: "address", postcode: "１００－０００５", address: "" };
  const joining = await browser().send("/join", "join", { name: "Hana <b>", ...fill });
  assert.equal(joining.status, 200);
  assert.match(joining.html, /name="address"[^>]*value="〒100-0005 東京都千代田区丸の内"/);
  assert.match(joining.html, /value="Hana &lt;b>"/);
  const unknown = await browser().send("/join", "join", { ...fill, postcode: "9999999" });
  assert.equal(unknown.status, 422);
  assert.match(unknown.html, /id="postcode-error"/);
  const own = await (await signedIn(rich)).send("/you", "profile-form", { name: "Hana Sato", ...fill });
  assert.equal(own.status, 200);
  assert.match(own.html, /name="address"[^>]*value="〒100-0005 東京都千代田区丸の内"/);
});
