/** Links to trades: each opens one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as identity from "./identity.ts";

test("a link opens the one trade that it names", async () => {
  const links = identity.tradeLinks(Buffer.alloc(32, 7));
  const number = "48210733951146";
  const token = links.tokenFor(number);
  assert.match(token, /^kt_48210733951146_[0-9a-f]{40}$/);
  assert.equal(links.read(token), number);
  const elsewhere = identity.tradeLinks(Buffer.alloc(32));
  const seal = token.slice(-40);
  const cases: [string, string][] = [
    ["nothing", ""],
    ["another trade under its seal", `kt_48210733951147_${seal}`],
    ["a seal cut short", token.slice(0, -1)],
    ["a seal with more behind it", `${token}0`],
    ["a seal in capitals", token.toUpperCase()],
    ["one digit changed", token.slice(0, -1) + (token.endsWith("0") ? "1" : "0")],
    ["another server's", elsewhere.tokenFor(number)],
    ["another prefix", token.replace("kt_", "ks_")],
  ];
  for (const [name, wrong] of cases) assert.equal(links.read(wrong), undefined, name);
});
