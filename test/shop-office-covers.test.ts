/** Each call that a shop may make has a page of the demo shop's back office, or a line that says why it has none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { covered, coveredInOffice } from "./support/tables/shop-calls.ts";
import { openShop } from "./support/world/shop-visit.ts";

test("the back office has a line for every call for which the desk has one", () => {
  assert.ok(Object.keys(covered).length > 60, "the table was read");
  assert.deepEqual(Object.keys(coveredInOffice).toSorted(), Object.keys(covered).toSorted());
});

test("a page that a line names is there, and a line that names one of a server's names a page of its desk", async (t) => {
  const { server } = await openShop(t);
  const pages = Object.values(coveredInOffice).filter((where) => where.startsWith("/"));
  for (const url of pages)
    assert.ok(
      server.hasRoute({ method: "GET", url }) || server.hasRoute({ method: "POST", url }),
      `there is no ${url}`,
    );
  const desk = Object.values(covered);
  for (const where of Object.values(coveredInOffice)) {
    const page = /^at the server itself.*: (\/.*)$/.exec(where)?.[1];
    if (page !== undefined)
      assert.ok(
        desk.some((each) => each.startsWith(page)),
        where,
      );
  }
});
