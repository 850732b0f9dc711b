/** Sums that no trade explains: what is left when every trade agrees. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import type { PeerClient } from "../../edge/signing/signing.ts";
import { reconcile } from "./reconcile.ts";
import { unexplained } from "./reconciled-sums.ts";

const { database } = await freshDatabase({ after }, "trading");
const institution = { id: "00000000-0000-4000-8000-000000000030", name: "Bank", url: "https://bank.example" };

/** An institution with no reservation at all, and sums that it makes up. */
function bank(settled: () => number): PeerClient {
  const totals = () => [{ currency: "JPY", frozen: 0, settled: settled(), released: 0, refunded: 0 }];
  const call = async (_peer: string, _method: string, path: string) => {
    const items = path.endsWith("/totals") ? totals() : [];
    return { status: 200, body: { items, next: null } };
  };
  return { call } as unknown as PeerClient;
}

const reconciled = (settled: () => number) =>
  reconcile({ database, client: bank(settled), institutions: [institution] });

test("one yen more that no trade explains is a break of its own, with both sums beside it", async () => {
  const { breaks, sums } = await reconciled(() => 1);
  const sum = { what: "the sum of settled JPY", here: "0", there: "1", currency: "JPY", difference: 1n };
  const differs = { institution: "Bank", trade: null, ...sum };
  assert.deepEqual(breaks, [differs]);
  const none = { frozen: 0n, settled: 0n, refunded: 0n };
  assert.deepEqual(sums, [
    { institution: "Bank", currency: "JPY", here: none, there: { ...none, settled: 1n } },
  ]);
});

test("sums that agree are none, and neither are sums that change from look to look", async () => {
  assert.deepEqual((await reconciled(() => 0)).breaks, []);
  let asked = 0;
  assert.deepEqual((await reconciled(() => (asked += 1))).breaks, []);
});

test("what a break of one trade explains hides nothing of what it does not", async () => {
  const amounts = (frozen: bigint) => ({ frozen, settled: 0n, refunded: 0n });
  const sums = [{ institution: "Bank", currency: "JPY", here: amounts(1000n), there: amounts(1050n) }];
  const found = async (explained: bigint) => {
    const how = { looks: 2, betweenMs: 0 };
    return (await unexplained(async () => sums, new Map([["JPY frozen", explained]]), how)).found;
  };
  assert.deepEqual(await found(50n), []);
  const [rest] = await found(30n);
  assert.deepEqual([rest?.name, rest?.difference], ["frozen", 20n]);
  assert.equal((await found(80n))[0]?.difference, -30n, "whoever is short");
});
