import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { errorCode, uuidv7 } from "../database/database.ts";
import type { Fee } from "../../core/money/money.ts";
import * as parties from "./parties.ts";

const { database } = await freshDatabase({ after }, "trading");
const fee: Fee = { fixed: 30n, basisPoints: 250, roundTo: "shop" };

async function party(kind: parties.PartyKind, state: parties.PartyState = "approved"): Promise<string> {
  const id = uuidv7();
  await parties.insertParty(database, { id, kind, name: `A ${kind}`, state, email: null, phone: "03-1" });
  return id;
}

test("shops are read with what they take, in one go; other parties are no shops", async () => {
  const [shop, bare, carrier] = [
    await party("shop"),
    await party("shop", "suspended"),
    await party("carrier"),
  ];
  const [yen, dollars] = [uuidv7(), uuidv7()];
  const accounts = [
    { currency: "USD", account: dollars },
    { currency: "JPY", account: yen },
  ];
  await parties.insertShopAccounts(database, shop, accounts, fee);
  const found = await parties.readShops(database, [carrier, bare, shop, uuidv7()]);
  const charge = { feeFixed: 30n, feeBasisPoints: 250, feeRoundTo: "shop" as const };
  const usual = { standing: parties.usualStanding, returnUrls: [], uniqueReferences: false };
  assert.deepEqual(found, [
    {
      id: shop,
      name: "A shop",
      state: "approved",
      ...usual,
      accounts: [
        { currency: "JPY", account: yen, ...charge },
        { currency: "USD", account: dollars, ...charge },
      ],
    },
    { id: bare, name: "A shop", state: "suspended", ...usual, accounts: [] },
  ]);
  assert.deepEqual(await parties.readShops(database, []), []);
  const kinds = (await parties.readParties(database, [shop, carrier])).map(({ kind }) => kind);
  assert.deepEqual(kinds.toSorted(), ["carrier", "shop"]);
});

test("an account, once opened for a currency, is not replaced", async () => {
  const shop = await party("shop");
  const account = uuidv7();
  await parties.insertShopAccounts(database, shop, [{ currency: "JPY", account }], fee);
  await parties.insertShopAccounts(database, shop, [{ currency: "JPY", account: uuidv7() }], fee);
  assert.deepEqual(
    (await parties.listShopAccounts(database, shop)).map((row) => row.account),
    [account],
  );
});

test("a fee is set where there is an account, within its bounds", async () => {
  const shop = await party("shop");
  await parties.insertShopAccounts(database, shop, [{ currency: "JPY", account: uuidv7() }], fee);
  const set = (currency: string, change: Partial<Fee>): Promise<boolean | string | undefined> =>
    parties
      .setShopFee(database, shop, currency, { ...fee, ...change })
      .catch((error: unknown) => errorCode(error));
  const cases: [string, Partial<Fee>, boolean | string][] = [
    ["JPY", { fixed: 0n, basisPoints: 0 }, true],
    ["JPY", { basisPoints: 10_000, roundTo: "fee" }, true],
    ["USD", {}, false],
    ["JPY", { fixed: -1n }, "23514"],
    ["JPY", { basisPoints: 10_001 }, "23514"],
    ["JPY", { basisPoints: -1 }, "23514"],
  ];
  for (const [currency, change, outcome] of cases) assert.equal(await set(currency, change), outcome);
  const [account] = await parties.listShopAccounts(database, shop);
  assert.deepEqual([account?.feeBasisPoints, account?.feeRoundTo], [10_000, "fee"]);
});

test("a party is found under its own kind only", async () => {
  const carrier = await party("carrier");
  assert.equal((await parties.readParty(database, "carrier", carrier))?.id, carrier);
  assert.equal(await parties.readParty(database, "shop", carrier), undefined);
  assert.equal(await parties.lockParty(database, "provider", carrier), undefined);
  assert.equal(await parties.readOperator(database, carrier), undefined);
  assert.equal(await parties.setOperatorState(database, carrier, "suspended"), false);
});

test("lists go on where the last page ended", async () => {
  const ids = [await party("provider"), await party("provider"), await party("provider")];
  const first = (await parties.listParties(database, "provider", 2)).map(({ id }) => id);
  const rest = (await parties.listParties(database, "provider", 2, first[1])).map(({ id }) => id);
  assert.deepEqual([...first, ...rest], ids);
});

for (const name of ["髙島屋　日本橋店", "ｱｵｲ製茶", "100% Tea", "凛", "Crème & Co"])
  await parties.insertParty(database, {
    id: uuidv7(),
    kind: "shop",
    name,
    state: "approved",
    email: null,
    phone: null,
  });

for (const [said, names] of [
  ["高島屋", ["髙島屋　日本橋店"]],
  ["日本橋", ["髙島屋　日本橋店"]],
  ["高島屋日本橋", ["髙島屋　日本橋店"]],
  ["アオイ", ["ｱｵｲ製茶"]],
  ["あおい", ["ｱｵｲ製茶"]],
  ["ｱｵｲ", ["ｱｵｲ製茶"]],
  ["１００％", ["100% Tea"]],
  ["%", ["100% Tea"]],
  ["_", []],
  ["凛", ["凛"]],
  ["tea", ["100% Tea"]],
  ["creme", ["Crème & Co"]],
  ["  ", []],
  ["\\", []],
  ["x".repeat(200), []],
] as const)
  test(`${said.slice(0, 20)} is found in the names of ${names.length} shops`, async () => {
    const { found } = await parties.searchShops(database, said, 10);
    assert.deepEqual(
      found.map(({ name }) => name),
      names,
    );
  });

test("a name of signs that mean something elsewhere is found by each of them", async () => {
  const name = `{"a,b"}\\'null' 50%_`;
  await parties.insertParty(database, {
    id: uuidv7(),
    kind: "shop",
    name,
    state: "approved",
    email: null,
    phone: "03-1",
  });
  for (const said of ["{", '"a,b"', "\\'", "null", "%_"]) {
    const { found } = await parties.searchShops(database, said, 10);
    assert.ok(
      found.some((shop) => shop.name === name),
      said,
    );
  }
});

test("no more shops are answered than were asked for, each once, and those from before can be found", async () => {
  await party("shop");
  const two = await parties.searchShops(database, "a", 2);
  assert.deepEqual([two.found.length, two.more], [2, true]);
  const { found: all } = await parties.searchShops(database, "a", 50);
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  await database.execute({ text: "delete from shop_names", values: [] });
  assert.deepEqual(await parties.searchShops(database, "凛", 2), { found: [], more: false });
  await parties.keepLooks(database);
  assert.equal((await parties.searchShops(database, "凛", 2)).found.length, 1);
});
