/** Each call that a shop may make has a page of its desk, or a line that says why it has none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atGuarantors } from "./support/tables/access-guarantor.ts";
import { covered, order, settings } from "./support/tables/shop-calls.ts";
import { proven } from "./support/tables/access-shop-desk.ts";
import { atFacilitators, table } from "./support/tables/access-table.ts";

/** Calls about others, or for those who show something that only they were told: the same to a shop as to everybody. */
const aboutOthers =
  /\/v1\/(collectors|carriers|providers|operators)\/|\/v1\/(password-resets|email-changes)\//;

const lines = { ...table, ...atFacilitators, ...atGuarantors };
const shops = Object.entries(lines).flatMap(([name, { own, nobody }]) =>
  / \/v1\//.test(name) && own !== 401 && own !== 403 && nobody !== "yes" && !aboutOthers.test(name)
    ? [name]
    : [],
);

test("every call that a shop may make has its line, and every line its call", () => {
  assert.ok(shops.length > 60, "the table was read");
  assert.deepEqual(
    shops.filter((name) => covered[name] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(covered).filter((name) => !shops.includes(name)),
    [],
  );
});

/** Pages that the shop of the table may not use, and others may: it has no session of its own, is paid no earlier, lends nothing. */
const unlessMore = new Set([
  `${order}/advance`,
  "/lent-lines/{id}",
  "/lent-lines/{id}/members",
  "/lent-lines",
  ...proven.map((act) => `${settings}/${act}`),
]);

test("a page that a line names is there, and open to the shop", () => {
  const pages = Object.entries(lines).map(([name, { own }]) => [name.split(" ")[1] ?? "", own] as const);
  for (const [call, where] of Object.entries(covered)) {
    if (!where.startsWith("/")) continue;
    assert.ok(
      pages.some(([path, own]) => path === where && ((own !== 401 && own !== 403) || unlessMore.has(where))),
      `${call}: ${where}`,
    );
  }
});
