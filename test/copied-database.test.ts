/**
 * What somebody can do with a copy of a server's database and nothing else: read no secret, make no link and no code, and
 * sign nothing. And a database from before, in which secrets lay in clear, is sealed when a server starts on it.
 */
import assert from "node:assert/strict";
import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { test } from "node:test";
import { publishedKey } from "../src/edge/signing/signing.ts";
import { createInstitution } from "../src/servers/institution/institution.ts";
import { type Database, identifier, openDatabase, rawSql, uuidv7 } from "../src/storage/database/database.ts";
import { tradeLinks } from "../src/storage/identity/identity.ts";
import { type Demo, seedInstitution } from "../src/tools/demo/demo.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { freePort } from "./support/world/free-port.ts";
import { twoOperators } from "./support/world/operators.ts";
import { testKey } from "./support/world/vault.ts";

const settings = {
  approval: "none",
  currencies: ["JPY", "USD"],
  fee: { fixed: 0n, basisPoints: 0, roundTo: "shop" },
  ...twoOperators,
} as const;

type Ending = { after(release: () => Promise<void>): unknown };

/** Everything in the database as text; bytes as hex. */
async function dump(database: Database): Promise<string> {
  const tables = await database.query<{ name: string }>(
    rawSql("select table_name as name from information_schema.tables where table_schema = current_schema()"),
  );
  assert.ok(tables.length > 40, "all tables are seen");
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await database.query<{ row: string }>(
        rawSql(`select row_to_json(t)::text as row from ${identifier(name)} t`),
      );
      return rows.map(({ row }) => `${name} ${row}`).join("\n");
    }),
  );
  return parts.join("\n");
}

/** Every string of bytes that stands in a dump. */
function bytesIn(copy: string): Buffer[] {
  return [...copy.matchAll(/\\x([0-9a-f]{32,})/g)].map(([, hex = ""]) => Buffer.from(hex, "hex"));
}

async function start(t: Ending, url: string, schema: string, keys: readonly Buffer[] = [testKey]) {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const where = { url, schema, role: "kenshu_app", publicUrl, version: "0" };
  const institution = await createInstitution({
    ...where,
    sandbox: true,
    log: "silent",
    personalDataKeys: keys,
    settings,
    peers: [],
  });
  await institution.server.listen({ host: "127.0.0.1", port });
  let open = true;
  const end = async () => {
    if (open) await institution.close();
    open = false;
  };
  t.after(end);
  return { publicUrl, end };
}

async function seeded(url: string, schema: string): Promise<Demo> {
  const where = { url, schema, role: "kenshu_app", settings, personalDataKeys: [testKey] };
  const demo = await seedInstitution({ ...where, loadMembers: 1 });
  assert.ok(demo);
  return demo;
}

async function call(
  url: string,
  key: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${key}`,
      ...headers,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const order = {
  currency: "JPY",
  amount: 1000,
  acceptance: { by: ["buyer", "recipient"] },
  recipient: { name: "Aki", contact: { email: "aki@example.com" } },
};

test("from a copy of the database nobody makes a link or a code, signs, or reads a secret", async (t) => {
  const { url, schema } = await freshDatabase(t, "trading");
  const admin = openDatabase({ url, schema });
  t.after(() => admin.close());
  const demo = await seeded(url, schema);
  const { publicUrl } = await start(t, url, schema);
  const [shop = ""] = demo.shopKeys;
  const proposed = await call(publicUrl, shop, "/v1/trades", order, { "idempotency-key": "one" });
  assert.equal(proposed.status, 201, JSON.stringify(proposed.body));
  const link = String(proposed.body["approveUrl"]);
  const number = String(proposed.body["number"]);
  const again = await call(publicUrl, shop, "/v1/trades", order, { "idempotency-key": "one" });
  assert.deepEqual(again, proposed, "a repetition gets the whole answer");
  const hook = { url: "https://shop.example/hook", types: ["*"] };
  const endpoint = await call(publicUrl, shop, "/v1/webhook-endpoints", hook);
  assert.equal(endpoint.status, 201);
  const webhookSecret = Buffer.from(String(endpoint.body["secret"]).slice("whsec_".length), "base64");

  const copy = await dump(admin);
  assert.ok(!copy.includes(link.slice(-40)), "the buyer's link");
  assert.ok(!copy.includes(webhookSecret.toString("hex")), "the secret of a webhook");
  const token = link.slice(link.lastIndexOf("/") + 1);
  for (const bytes of bytesIn(copy)) {
    assert.notEqual(tradeLinks(bytes).tokenFor(number), token, "a link made from what is in the copy");
    assert.throws(() => createPrivateKey({ key: bytes, format: "der", type: "pkcs8" }), "a key to sign with");
  }
  assert.equal((await fetch(link)).status, 200, "the link itself opens the trade");
});

test("what lay in clear is sealed at the next start, and means what it meant", async (t) => {
  const { url, schema } = await freshDatabase(t, "trading");
  const admin = openDatabase({ url, schema });
  t.after(() => admin.close());
  const secret = randomBytes(32);
  await admin.execute(rawSql("insert into server_secret (secret) values ($1)", [secret]));
  const demo = await seeded(url, schema);
  const { privateKey } = generateKeyPairSync("ed25519");
  const der = privateKey.export({ format: "der", type: "pkcs8" });
  const { kid } = publishedKey(privateKey);
  await admin.execute(
    rawSql("insert into signing_keys (kid, private_key, signs_from) values ($1, $2, now())", [kid, der]),
  );
  const webhook = randomBytes(32);
  const [owner] = demo.shops;
  await admin.execute(
    rawSql(
      `insert into webhook_endpoints
         (id, owner_kind, owner, url, types, secret, old_secret, old_until, state, created_at)
       values ($1, 'shop', $2, 'https://shop.example', '{*}', $3, $3, now(), 'active', now())`,
      [uuidv7(), owner?.id ?? "", webhook],
    ),
  );
  const { publicUrl } = await start(t, url, schema);
  const copy = await dump(admin);
  for (const [what, clear] of [
    ["the server's secret", secret],
    ["a key that signs", der],
    ["the seed of that key", der.subarray(-32)],
    ["the secret of a webhook", webhook],
  ] as const)
    assert.ok(!copy.includes(clear.toString("hex")), what);
  const published = await fetch(`${publicUrl}/.well-known/jwks.json`);
  const { keys } = (await published.json()) as { keys: { kid: string }[] };
  assert.deepEqual(
    keys.map((key) => key.kid),
    [kid],
    "the key is the same",
  );
  const [shop = ""] = demo.shopKeys;
  const { body } = await call(publicUrl, shop, "/v1/trades", order);
  const number = String(body["number"]);
  const seal = createHmac("sha256", secret).update(`trade link ${number}`).digest("hex").slice(0, 40);
  assert.equal(body["approveUrl"], `${publicUrl}/approve/kt_${number}_${seal}`, "so is the secret");
});

test("a server that was given another key does not start", async (t) => {
  const { url, schema } = await freshDatabase(t, "trading");
  const { end } = await start(t, url, schema);
  await end();
  await assert.rejects(start(t, url, schema, [randomBytes(32)]), /sealed under another key/);
  await start(t, url, schema, [randomBytes(32), testKey]);
});
