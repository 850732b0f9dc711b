/**
 * Which calls of the servers the SDK makes. Every other one stands here with a reason, so that the next call cannot be forgotten:
 * the table of access names all calls, and the tests of access compare it with the running servers.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { kenshu } from "@kenshu/sdk";
import { table } from "./support/tables/access-table.ts";

const mark = "PARAM";
const called = new Set<string>();
/** Notes what is called and refuses it. */
const noting: typeof globalThis.fetch = async (url, { method = "GET" } = {}) => {
  const path = new URL(url instanceof Request ? url.url : url).pathname
    .split("/")
    .map((part) => (part.startsWith(mark) ? "{}" : part));
  called.add(`${method} ${path.join("/")}`);
  const refused = { type: "x", title: "x", status: 404, detail: "x", code: "not_found", transient: false };
  const headers = { "content-type": "application/problem+json" };
  return new Response(JSON.stringify(refused), { status: 404, headers });
};

type Call = (...wishes: unknown[]) => unknown;

async function callAll(calls: object): Promise<void> {
  for (const [name, one] of Object.entries(calls) as [string, Call | object][]) {
    if (typeof one !== "function") await callAll(one);
    else {
      const commands = [{ do: "cancel", number: "1", key: "k" }];
      const asked = (one as Call)(...(name === "batch" ? [commands] : [mark, mark, mark]));
      const isList = typeof asked === "object" && asked !== null && "next" in asked;
      // A list throws what it was refused.
      await Promise.resolve(isList ? (asked as AsyncGenerator).next() : asked).catch(() => undefined);
    }
  }
}

/** Calls that the SDK does not make, by their paths behind `/v1`, and why. */
const others: readonly [RegExp, why: string][] = [
  [
    /^\/(peers|reservations|collections\/batch|collections\/totals|signing-keys|witness|log\/epochs)/,
    "between servers, signed",
  ],
  [/^\/(reservations|collections)(\/|$)/, "of collectors and servers: a till speaks it by itself"],
  [
    /^\/(sessions|first-sign-ins|password-resets|email-changes|passkeys|proofs)(\/|$)/,
    "people sign in on pages",
  ],
  [
    /^\/members\/\{\}\/(email|password-reset|profile|disclosures|mandates|notices|lookups|photos|letter|lenders)/,
    "a member's own, on pages",
  ],
  [/^\/trades\/\{\}\/(door-code|recipient|to-take)/, "of the door, on pages"],
  [/^\/shops\/\{\}\/(people|acts)/, "of a shop's people, on pages: no key changes them"],
  [/^\/(breaks|trades\/\{\}\/mails)(\/|$)/, "operators' desk"],
  [/^\/trades\/\{\}\/return-address/, "what whoever sends goods back reads, on pages and in mails"],
  [/^\/consents\/(exchange|voucher|\{\})/, "between servers, or of an account's owner on pages"],
  [/^\/settlement/, "of an account's owner, on pages"],
  [/^\/(ended-guarantees)\//, "read by `fetchEnded`, offline from then on"],
  [/^\/(guarantees\/\{\}\/(paying-in|slip)|listings)$/, "what a member reads on pages"],
  [/^\/(test-clock)/, "a sandbox's"],
  [
    /^\/(operators|operator-acts|carriers|providers|shops|collectors|vouchers|disputes)(\/|$)/,
    "operators' desk",
  ],
  [
    /^\/members\/\{\}(\/(approve|forfeit|resume|suspend|stand-limits|methods\/\{\}\/limit))?$/,
    "operators' desk",
  ],
];

test("each call is made by the SDK, or stands here with a reason", async () => {
  await callAll(kenshu({ url: "https://server.example", key: "ks_x", fetch: noting }));
  const all = Object.keys(table)
    .filter((name) => name.includes(" /v1/"))
    .map((name) => name.replaceAll(/\{\w+\}/g, "{}"));
  assert.ok(all.length > 150 && called.size > 120, "there is something to compare");
  assert.deepEqual(
    [...called].filter((name) => !all.includes(name)),
    [],
    "the SDK calls nothing that no server has",
  );
  const left = all.filter((name) => !called.has(name));
  const pathOf = (name: string) => name.slice(name.indexOf("/v1/") + 3);
  assert.deepEqual(
    left.filter((name) => !others.some(([of]) => of.test(pathOf(name)))),
    [],
    "give the SDK this call, or say here why not",
  );
  const idle = others.filter(([of]) => !left.some((name) => of.test(pathOf(name))));
  assert.deepEqual(idle, [], "this reason is no longer needed");
});
