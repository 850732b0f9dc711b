import assert from "node:assert/strict";
import { test } from "node:test";
import { addressTrouble } from "./addresses.ts";

const good = ["https://a.example", "http://127.0.0.1:4030", "http://[::1]:8080", "https://a.example:443"];
const bad: [address: string, bare: boolean, why: RegExp][] = [
  ["http://a.example:10080", true, /port 10080/],
  ["http://a.example:6000/path", false, /port 6000/],
  ["http://a.example:70000", true, /no address/],
  ["http://a b", true, /no address/],
  ["ftp://a.example", false, /http or https/],
  ["https://user:word@a.example", true, /name or password/],
  ["https://a.example/path", true, /nothing follows/],
  ["https://a.example?x", true, /nothing follows/],
  ["https://a.example#x", true, /nothing follows/],
];
for (const address of good)
  test(`${address} may be reached`, () => assert.equal(addressTrouble(address, true), undefined));
for (const [address, bare, why] of bad)
  test(`${address} may not`, () => assert.match(addressTrouble(address, bare) ?? "", why));
test("an address with a path may be reached where one is taken", () =>
  assert.equal(addressTrouble("https://a.example/keys", false), undefined));

test("every port that fetch refuses is one of those", async () => {
  for (let port = 1; port <= 10_100; port += 1) {
    // Nothing is sent: what fetch would send is taken from it here.
    let sends = false;
    const dispatcher = {
      dispatch: () => {
        sends = true;
        throw new Error("Not sent.");
      },
    };
    await fetch(`http://127.0.0.1:${port}`, { dispatcher } as unknown as RequestInit).catch(() => undefined);
    if (!sends) assert.match(addressTrouble(`http://127.0.0.1:${port}`, true) ?? "", /port/, String(port));
  }
});
