import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { rawSql, uuidv7 } from "../database/database.ts";
import { openKeyring } from "../keyring/keyring.ts";
import * as members from "./members.ts";

const { database } = await freshDatabase({ after }, "trading");
const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const [a, b] = [uuidv7(), uuidv7()];
const clear = { name: "Hana Sato", address: "1-1 Chiyoda, 東京", phone: null };

test("what is sealed opens in its own place, and nowhere else", () => {
  const vault = members.openVault(openKeyring([first]));
  const { key, sealed } = vault.seal("people", a, clear);
  assert.deepEqual(vault.open("people", a, key, sealed), clear);
  const again = vault.seal("people", a, clear);
  assert.notDeepEqual(again.sealed.name, sealed.name, "no two look alike");
  const flipped = Buffer.from(sealed.name ?? []);
  flipped.writeUInt8(flipped.readUInt8(20) ^ 1, 20);
  const cases: [string, () => unknown][] = [
    ["as another person's", () => vault.open("people", b, key, sealed)],
    ["in another table", () => vault.open("trade_recipients", a, key, sealed)],
    ["in another column", () => vault.open("people", a, key, { address: sealed.name })],
    ["with another person's key", () => vault.open("people", a, again.key, sealed)],
    ["with a bit changed", () => vault.open("people", a, key, { name: flipped })],
    ["cut short", () => vault.open("people", a, key, { name: flipped.subarray(0, 15) })],
    [
      "with another key of the configuration",
      () => members.openVault(openKeyring([second])).open("people", a, key, sealed),
    ],
  ];
  for (const [name, open] of cases) assert.throws(open, name);
});

test("a key of another length is none", () => {
  for (const keys of [[], [randomBytes(16)], [first, randomBytes(31)]]) {
    assert.throws(() => members.openVault(openKeyring(keys)), /32 bytes/);
  }
});

async function enter(vault: members.Vault, number: bigint): Promise<string> {
  const id = uuidv7();
  const data = {
    name: `Member ${number}`,
    kana: null,
    address: "x",
    birthDate: "1990-04-01",
    email: null,
    phone: null,
  };
  assert.ok(await members.insertMember(database, vault, { id, number, state: "active", ...data }));
  return id;
}

test("keys are wrapped anew beside everything else, and the former key is then of no use", async () => {
  const old = members.openVault(openKeyring([first]));
  const ids = await Promise.all(Array.from({ length: 40 }, (_, index) => enter(old, BigInt(index + 1))));
  await assert.rejects(members.checkVault(database, members.openVault(openKeyring([second]))), /another key/);
  const both = members.openVault(openKeyring([second, first]));
  await members.checkVault(database, both);
  const late = await enter(both, 100n);
  const [erased = "", ...rest] = ids;
  const [one, two] = await Promise.all([
    members.rewrapKeys(database, both),
    members.rewrapKeys(database, both),
    members.erasePeople(database, [erased], new Date()),
  ]);
  const left = await members.rewrapKeys(database, both);
  assert.ok(one + two + left >= 39 && one + two + left <= 40, "each once, by one of the two");
  assert.equal(await members.rewrapKeys(database, both), 0);
  const now = members.openVault(openKeyring([second]));
  await members.checkVault(database, now);
  for (const id of [...rest, late]) {
    assert.match((await members.readPersonalData(database, now, id))?.name ?? "", /^Member/);
    await assert.rejects(members.readPersonalData(database, old, id), /does not have/);
  }
  assert.equal(await members.readPersonalData(database, both, erased), undefined);
  await assert.rejects(
    members.checkVault(database, members.openVault(openKeyring([third, first]))),
    /another key/,
  );
});

test("the data is bound to its row in the database too", async () => {
  const vault = members.openVault(openKeyring([second]));
  const [one, two] = [await enter(vault, 201n), await enter(vault, 202n)];
  await database.execute(
    rawSql("update people set name = other.name from people other where people.id = $1 and other.id = $2", [
      one,
      two,
    ]),
  );
  await assert.rejects(members.readPersonalData(database, vault, one));
});
