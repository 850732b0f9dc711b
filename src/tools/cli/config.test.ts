/** Configurations that no server could work with are refused before it starts, and the message says what is wrong. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { program, readSigningKey } from "./paths.ts";

const run = promisify(execFile);
const dir = await mkdtemp(join(tmpdir(), "kenshu-test-config-"));
after(() => rm(dir, { recursive: true, force: true }));

const common = {
  databaseUrl: "postgres://nobody@127.0.0.1:9/none",
  schema: "x",
  host: "127.0.0.1",
  port: 0,
  publicUrl: "http://127.0.0.1:4030",
  log: "info",
  personalDataKey: Buffer.alloc(32).toString("base64"),
};
const trading = {
  ...common,
  approval: "none",
  currencies: ["JPY"],
  fee: { fixed: 0, basisPoints: 0, roundTo: "shop" },
};
const id = "00000000-0000-4000-8000-000000000030";
const at = (url: string) => [{ id, name: "Other", url }];
const till = { id: "direct", label: "Direct", key: "ks_0123456789012345678901" };
const shop = { ...common, shopName: "S", staffPassword: "a long password" };

/** What `kenshu serve` says of a configuration with which it does not start. */
async function refused(party: string, config: object): Promise<{ code: number; said: string }> {
  const file = join(dir, "config.json");
  await writeFile(file, JSON.stringify({ party, ...config }));
  const failed = await run(process.execPath, [program, "serve", party, "--config", file]).then(
    () => assert.fail("it started"),
    (error: unknown) => error as { code: number; stderr: string },
  );
  return { code: failed.code, said: failed.stderr };
}

const unreachable: [party: string, config: object, where: RegExp][] = [
  [
    "facilitator",
    { ...trading, id, institutions: at("http://127.0.0.1:10080") },
    /institutions\/0\/url.*10080/,
  ],
  ["institution", { ...trading, peers: at("http://127.0.0.1:6000") }, /peers\/0\/url.*6000/],
  ["institution", { ...trading, peers: at("https://a:b@other.example") }, /peers\/0\/url.*password/],
  ["institution", { ...trading, publicUrl: "http://127.0.0.1:10080" }, /publicUrl.*10080/],
  ["institution", { ...trading, signBy: { url: "http://127.0.0.1:25/keys" } }, /signBy\/url.*25/],
  ["shop", { ...shop, tills: [{ ...till, url: "http://127.0.0.1:10080" }] }, /tills\/0\/url.*10080/],
];
unreachable.push(["institution", { ...trading, currencies: ["JPY", "BTC"] }, /currencies\/1 is no currency/]);
for (const origin of ["https://Shop.example", "https://shop.example:443", "https://*", "https://a@b.example"])
  for (const name of ["browserOrigins", "imagesFrom"])
    unreachable.push(["institution", { ...trading, [name]: [origin] }, new RegExp(`${name}/0`)]);
for (const [party, config, where] of unreachable) {
  test(`an address to which nothing can be sent: ${where.source}`, async () => {
    const { code, said } = await refused(party, config);
    assert.equal(code, 2);
    assert.match(said, where);
  });
}

test("of a key that signs no more its file holds the public half", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const [signs, old, wrong] = ["signs.pem", "old.pem", "wrong.pem"].map((name) => join(dir, name));
  assert.ok(signs && old && wrong);
  await writeFile(signs, privateKey.export({ format: "pem", type: "pkcs8" }));
  await writeFile(old, publicKey.export({ format: "pem", type: "spki" }));
  await writeFile(wrong, "a key");
  assert.deepEqual(
    [signs, old].map((file) => readSigningKey(file).type),
    ["private", "public"],
  );
  assert.throws(() => readSigningKey(wrong), /cannot be read/);
});

const said = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>;

test("why a server does not start is a line as its log has them", async () => {
  const config = { ...trading, institutions: at("http://127.0.0.1:4030"), id };
  const tried: [code: number, config: object, reason: RegExp][] = [
    [2, { ...config, sandboxes: true }, /sandboxes/],
    [1, config, /No database connection/],
  ];
  for (const [expected, wish, reason] of tried) {
    const { code, said: lines } = await refused("facilitator", wish);
    assert.equal(code, expected);
    const [line = "", ...more] = lines.trimEnd().split("\n");
    assert.deepEqual(more, []);
    assert.match(String(said(line)["reason"]), reason);
    assert.deepEqual([said(line)["level"], said(line)["msg"]], [60, "the server ends"]);
  }
});

test("a database address that is empty is none", async () => {
  const env = { ...process.env, KENSHU_DATABASE_URL: "" };
  const tried: [args: string[], expected: RegExp][] = [
    [["migrate", "--schema", "x", "--kind", "trading"], /KENSHU_DATABASE_URL says which database/],
    [["audit", "--dir", join(dir, "nothing")], /is not a data folder/],
  ];
  for (const [args, expected] of tried) {
    const failed = await run(process.execPath, [program, ...args], { env }).then(
      () => assert.fail("it ran"),
      (error: unknown) => error as { code: number; stderr: string },
    );
    assert.equal(failed.code, 2, failed.stderr);
    assert.match(failed.stderr, expected);
  }
});
