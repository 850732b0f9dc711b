/** `kenshu operator add`: two operators from the server's own command line, and no third. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { program } from "../src/tools/cli/paths.ts";
import { openDatabase, rawSql } from "../src/storage/database/database.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { testKey } from "./support/world/vault.ts";

const run = promisify(execFile);

test("the first two operators are made on the command line, a third is not, until one is suspended", async (t) => {
  const { url, schema } = await freshDatabase(t, "trading");
  const dir = await mkdtemp(join(tmpdir(), `kenshu-test-${process.pid}-`));
  t.after(() => rm(dir, { recursive: true, force: true }));
  await chmod(dir, 0o700);
  const config = {
    party: "institution",
    databaseUrl: url,
    schema,
    host: "127.0.0.1",
    port: 0,
    publicUrl: "http://127.0.0.1:4030",
    log: "silent",
    sandbox: false,
    approval: "operator",
    currencies: ["JPY"],
    fee: { fixed: 0, basisPoints: 0, roundTo: "shop" },
    personalDataKey: testKey.toString("base64"),
  };
  const file = join(dir, "institution.json");
  await writeFile(file, JSON.stringify(config));
  const add = (name: string) => {
    const wish = ["--config", file, "--name", name, "--email", `${name}@example.com`];
    return run(process.execPath, [program, "operator", "add", "institution", ...wish]);
  };
  assert.match((await add("mei")).stdout, /^mei signs in with mei@example\.com and \S{20}\n$/);
  await add("ken");
  await assert.rejects(add("jun"), /There are two operators/);
  const database = openDatabase({ url, schema });
  t.after(() => database.close());
  const rows = await database.query<{ made: string | null }>(
    rawSql("select made_by as made from operators order by created_at"),
  );
  assert.deepEqual(
    rows.map(({ made }) => made),
    [null, null],
  );
  await database.execute(rawSql("update operators set state = 'suspended' where name = 'ken'"));
  await add("jun");
  await writeFile(file, JSON.stringify({ ...config, fourEyes: false }));
  await assert.rejects(add("aki"), /only a sandbox may/);
});
