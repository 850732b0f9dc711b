/**
 * Clients that nobody here wrote, at a guarantor: `jose` reads its word from its published keys, a receiver checks messages
 * after Standard Webhooks with nothing but what the page says, and a client made from its description sells and is paid.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { bearer, type Json } from "./support/wire/http.ts";
import { startReceiver } from "./support/wire/receiver.ts";
import { openGuaranteed } from "./support/world/guaranteed.ts";
import { until } from "./support/world/world.ts";

const receiver = await startReceiver({ after });
const world = await openGuaranteed({ after }, { operators: "one", webhooksMayReach: [receiver.place] });
const { guarantor, call, pay } = world;
const [shop, other] = guarantor.demo.shops;
const [hana] = guarantor.demo.members;
assert.ok(shop && other && hana);
const atShop = bearer(shop.key);

async function reserved(): Promise<string> {
  const { status, json, text } = await call("guarantor", "POST", "/v1/trades", atShop, {
    buyer: { member: hana?.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 2, unitAmount: 900 }],
    acceptance: { by: ["buyer", "shop"], need: 1 },
    approval: { mandate: hana?.mandates[shop?.key ?? ""] },
  });
  assert.equal(status, 201, text);
  return String(json["number"]);
}

test("jose reads the word of a guarantor with the keys that it publishes", async () => {
  const number = await reserved();
  const { json } = await call("guarantor", "GET", `/v1/guarantees/${number}`, atShop);
  const token = String(json["token"]);
  const keys = createRemoteJWKSet(new URL(`${guarantor.url}/.well-known/jwks.json`));
  const expected = { issuer: guarantor.url, audience: shop.id, typ: "kenshu-guarantee+jwt" };
  const { payload, protectedHeader } = await jwtVerify(token, keys, expected);
  assert.deepEqual([payload.sub, payload["amount"], payload["currency"]], [number, 1800, "JPY"]);
  assert.equal(protectedHeader.alg, "EdDSA");
  await assert.rejects(
    jwtVerify(token, keys, { ...expected, audience: other.id }),
    errors.JWTClaimValidationFailed,
  );
  const later = { ...expected, currentDate: new Date(Number(payload.exp) * 1000 + 1000) };
  await assert.rejects(jwtVerify(token, keys, later), errors.JWTExpired);
  const [head, body, signature] = token.split(".");
  const forged = Buffer.from(JSON.stringify({ ...payload, amount: 9_000_000 })).toString("base64url");
  assert.notEqual(body, forged);
  await assert.rejects(
    jwtVerify(`${head}.${forged}.${signature}`, keys, expected),
    errors.JWSSignatureVerificationFailed,
  );
});

/** As Standard Webhooks 1.0.0 says it: HMAC-SHA256 over id, timestamp and body, by the bytes behind `whsec_`. */
function isSigned({ headers, body }: (typeof receiver.received)[number], secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  const wanted = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  return String(headers["webhook-signature"]).split(" ").includes(wanted);
}

test("what happens to a guarantee comes as messages that anybody's library can check", async () => {
  const made = await call("guarantor", "POST", "/v1/webhook-endpoints", atShop, {
    url: receiver.url,
    types: ["*"],
  });
  assert.equal(made.status, 201, made.text);
  const secret = String(made.json["secret"]);
  const number = await reserved();
  await call("guarantor", "POST", `/v1/trades/${number}/accept`, atShop, {});
  await until("it is paid", async () => (await pay(number, 1800)).status === 201);
  await until("it is released", async () => {
    const { status } = await call("guarantor", "POST", `/v1/guarantees/${number}/release`, atShop, {});
    return status === 200;
  });
  const types = () =>
    receiver.received
      .map(({ body }) => JSON.parse(body) as { type: string; data: Json })
      .filter(({ data }) => data["number"] === number)
      .map(({ type }) => type);
  await until("all has been told", () => types().includes("guarantee.released"));
  for (const type of ["trade.reserved", "trade.accepted", "trade.settled", "guarantee.released"])
    assert.ok(types().includes(type), `${type} among ${types().join(", ")}`);
  assert.ok(receiver.received.every((each) => isSigned(each, secret)));
  assert.ok(!receiver.received.some((each) => isSigned({ ...each, body: `${each.body} ` }, secret)));
});

/** What a stranger writes who has read the description of a guarantor, and nothing else. */
const program = `
import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";

const { URL: baseUrl = "", KEY = "", MANDATE = "", BUYER = "" } = process.env;
const shop = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${KEY}\` } });

function done<T>(answer: { data?: T; error?: { code: string; detail: string } }): T {
  if (answer.data === undefined) throw new Error(\`\${answer.error?.code}: \${answer.error?.detail}\`);
  return answer.data;
}

const { number } = done(
  await shop.POST("/v1/trades", {
    body: {
      buyer: { member: BUYER },
      currency: "JPY",
      amount: 2500,
      approval: { mandate: MANDATE },
      acceptance: { by: ["buyer", "shop"], need: 1 },
      payment: { on: "collection", within: "P7D" },
    },
  }),
);
const path = { number };
const guarantee = done(await shop.GET("/v1/guarantees/{number}", { params: { path } }));
const accepted = done(await shop.POST("/v1/trades/{number}/accept", { params: { path }, body: {} }));
const early = await shop.POST("/v1/guarantees/{number}/claim", { params: { path }, body: {} });
console.log(JSON.stringify({
  state: guarantee.state, amount: guarantee.amount, parts: guarantee.token?.split(".").length,
  accepted: "guarantee" in accepted ? accepted.guarantee?.state : undefined,
  claim: early.error?.code,
}));
`;

const root = fileURLToPath(new URL("../../", import.meta.url));
const tool = (...path: string[]): string => join(root, "node_modules", ...path);

test("a client made from the description of a guarantor compiles strictly and sells there", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "kenshu-clients-"));
  after(() => rmSync(cwd, { recursive: true, force: true }));
  symlinkSync(tool(), join(cwd, "node_modules"), "junction");
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  write("openapi.json", (await call("guarantor", "GET", "/openapi.json")).text);
  write("program.ts", program);
  write("package.json", '{ "type": "module", "private": true }\n');
  const hook = `export const resolve = (name, context, next) => next(name === "typescript" ? "typescript-5" : name, context);`;
  write(
    "redirect.mjs",
    `import { register } from "node:module";\nregister("data:text/javascript," + encodeURIComponent(${JSON.stringify(hook)}));\n`,
  );
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    types: ["node"],
    lib: ["es2023", "dom", "dom.iterable"],
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  const node = async (args: readonly string[], env: Record<string, string> = {}) =>
    (await promisify(execFile)(process.execPath, args, { cwd, env: { ...process.env, ...env } })).stdout;
  // The generator writes TypeScript by TypeScript 5, which here has another name.
  await node([tool("openapi-typescript", "bin", "cli.js"), "openapi.json", "-o", "schema.d.ts"], {
    NODE_OPTIONS: `--import=${join(cwd, "redirect.mjs")}`,
  });
  await node([tool("typescript", "bin", "tsc"), "-p", "."]);
  const bundled = { entryPoints: [join(cwd, "program.ts")], outfile: join(cwd, "program.mjs") };
  await build({ ...bundled, bundle: true, platform: "node", format: "esm", logLevel: "silent" });
  const out = await node(["program.mjs"], {
    URL: guarantor.url,
    KEY: shop.key,
    MANDATE: hana.mandates[shop.key] ?? "",
    BUYER: hana.number,
  });
  assert.deepEqual(JSON.parse(out), {
    state: "open",
    amount: 2500,
    parts: 3,
    accepted: "open",
    claim: "not_due_yet",
  });
});
