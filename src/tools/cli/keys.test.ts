import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { openServerSecret } from "../../storage/identity/identity.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import { insertMember, openVault, readPersonalData } from "../../storage/members/members.ts";
import { keysCommand } from "./keys.ts";

test("the key is changed: what a former one has wrapped, the present one opens alone", async (t) => {
  const { url, schema, database } = await freshDatabase(t, "trading");
  const dir = await mkdtemp(join(tmpdir(), "kenshu-keys-"));
  t.after(() => rm(dir, { recursive: true }));
  const [old, next] = [randomBytes(32), randomBytes(32)];
  const secret = await openServerSecret(database, openKeyring([old]));
  const person = uuidv7();
  const known = {
    name: "Aki",
    kana: null,
    address: "Kyoto",
    birthDate: "1990-01-31",
    email: null,
    phone: null,
  };
  const vault = openVault(openKeyring([old]));
  await insertMember(database, vault, { id: person, number: 1n, state: "active", ...known });
  const file = join(dir, "institution.json");
  const write = (config: object) =>
    writeFile(
      file,
      JSON.stringify({
        party: "institution",
        databaseUrl: url,
        schema,
        host: "127.0.0.1",
        port: 0,
        publicUrl: "http://127.0.0.1:4030",
        log: "silent",
        sandbox: true,
        approval: "none",
        currencies: ["JPY"],
        fee: { fixed: 0, basisPoints: 0, roundTo: "shop" },
        ...config,
      }),
    );
  const lines: string[] = [];
  const rewrap = () => keysCommand(["rewrap", "--config", file], (line) => lines.push(line));
  const base64 = (key: Buffer) => key.toString("base64");

  await write({ personalDataKey: base64(next) });
  await assert.rejects(rewrap(), /sealed under another key/);
  await write({ personalDataKey: base64(next), formerPersonalDataKeys: [base64(old)] });
  // Two at once, and one after them: as when it was broken off and begun anew.
  await Promise.all([rewrap(), rewrap()]);
  await rewrap();
  assert.match(lines.at(-2) ?? "", /anew 0 keys of people and recipients, 0 of/);
  assert.deepEqual(await openServerSecret(database, openKeyring([next])), secret);
  await assert.rejects(openServerSecret(database, openKeyring([old])), /does not have/);
  const found = await readPersonalData(database, openVault(openKeyring([next])), person);
  assert.equal(found?.name, "Aki");
});
