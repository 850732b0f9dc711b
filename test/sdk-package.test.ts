/**
 * The SDK as a shop gets it: packed from a checkout in which nothing is built, installed into an empty project, and used
 * there. What is only right inside this repository fails here.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { publint } from "publint";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tool = (...path: string[]): string => join(root, "node_modules", ...path);
const temporary = mkdtempSync(join(tmpdir(), "kenshu-sdk-"));
const checkout = join(temporary, "checkout");
const shop = join(temporary, "shop");
const installed = join(shop, "node_modules", "@kenshu", "sdk");
const packed = join(temporary, "packed");
/** The name has the version in it. */
const tarball = (): string => join(packed, readdirSync(packed)[0] ?? assert.fail("nothing was packed"));

type Run = { ok: boolean; out: string; all: string };

/** Runs a program without the settings that `npm test` hands to what it starts. */
async function run(program: string, args: readonly string[], cwd: string): Promise<Run> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const env = { ...Object.fromEntries(inherited), npm_config_cache: join(temporary, "cache") };
  const shell = program === "npm" && process.platform === "win32";
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, shell }, (error, out, complaints) => {
      resolve({ ok: error === null, out, all: `${out}${complaints}` });
    });
  });
}

async function node(args: readonly string[], cwd: string): Promise<Run> {
  return run(process.execPath, args, cwd);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const program = process.env["npm_execpath"];
  const { ok, all } = program?.endsWith("npm-cli.js")
    ? await node([program, ...args], cwd)
    : await run("npm", args, cwd);
  assert.ok(ok, all);
}

before(async () => {
  // Beside the package the checkout holds what its build reads, and no output.
  cpSync(join(root, "packages", "sdk"), join(checkout, "packages", "sdk"), {
    recursive: true,
    filter: (path) => basename(path) !== "dist",
  });
  cpSync(join(root, "tsconfig.json"), join(checkout, "tsconfig.json"));
  symlinkSync(tool(), join(checkout, "node_modules"), "junction");
  mkdirSync(packed);
  await npm(["pack", "--pack-destination", packed], join(checkout, "packages", "sdk"));
  mkdirSync(shop);
  writeFileSync(join(shop, "package.json"), '{ "name": "shop", "private": true, "type": "module" }\n');
  await npm(["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball()], shop);
  cpSync(join(root, "test", "support", "sdk", "shop-program.ts"), join(shop, "shop.ts"));
});
after(() => rmSync(temporary, { recursive: true, force: true }));

test("it holds JavaScript and types, the licence, and nothing else", () => {
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
  const required = join("dist", "cjs");
  const scripts = files.filter((file) => file.endsWith(".js") && !file.startsWith(required));
  assert.ok(scripts.length > 5);
  assert.deepEqual(
    files.toSorted(),
    [
      ...scripts,
      ...scripts.map((file) => file.replace(/\.js$/, ".d.ts")),
      ...scripts.map((file) => join(required, relative("dist", file).replace(/\.js$/, ".d.ts"))),
      ...["money.js", "sdk.js", "webhooks.js", "package.json"].map((file) => join(required, file)),
      "LICENSE",
      "README.md",
      "package.json",
    ].toSorted(),
  );
  assert.ok(!files.some((file) => file.includes(".test.")));
  assert.equal(readFileSync(join(installed, "LICENSE"), "utf8"), readFileSync(join(root, "LICENSE"), "utf8"));
});

test("to call Kenshu a shop installs one package, of the servers' version", () => {
  const read = (folder: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  const said = read(installed);
  assert.equal(said["version"], read(root)["version"]);
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"]) {
    assert.equal(said[kind], undefined, kind);
  }
  const packages = readdirSync(join(shop, "node_modules")).filter((name) => !name.startsWith("."));
  assert.deepEqual(packages, ["@kenshu"]);
});

const strict = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, target: "es2022" };
const resolutions: readonly [name: string, options: object][] = [
  ["nodenext", { module: "nodenext", moduleResolution: "nodenext" }],
  ["bundler", { module: "esnext", moduleResolution: "bundler" }],
];

/** Compiles a file of the shop with a compiler and answers its errors, as `line code`. */
async function compile(compiler: string, file: string, options: object, out: string): Promise<string[]> {
  const config = join(shop, `${out}.json`);
  const compilerOptions = { ...strict, types: [], ...options, rootDir: ".", outDir: out };
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }));
  const { ok, out: said } = await node(
    [tool(compiler, "bin", "tsc"), "-p", config, "--pretty", "false"],
    shop,
  );
  const errors = said.split("\n").filter((line) => line.includes("error TS"));
  assert.equal(errors.length === 0, ok, said);
  return errors.map((line) => line.replace(/^.*\((\d+),\d+\): error (TS\d+):.*$/, "$1 $2"));
}

for (const [resolution, options] of resolutions) {
  for (const compiler of ["typescript", "typescript-5"]) {
    test(`a strict project compiles with it: ${compiler}, ${resolution}`, async () => {
      assert.deepEqual(await compile(compiler, "shop.ts", options, `${compiler}-${resolution}`), []);
    });
  }
}

/** How a program says what it takes, by the kind of its file and by what finds it; TypeScript 7 has no `node10` any more. */
const requiring: readonly [name: string, compilers: string[], file: string, options: object][] = [
  ["node16, import", ["typescript-5", "typescript"], "ways.mts", { module: "node16" }],
  ["node16, require", ["typescript-5", "typescript"], "ways.cts", { module: "node16" }],
  ["nodenext, require", ["typescript-5", "typescript"], "ways.cts", { module: "nodenext" }],
  ["node", ["typescript-5"], "ways.ts", { module: "commonjs", moduleResolution: "node10" }],
  ["bundler", ["typescript-5", "typescript"], "ways.ts", { module: "esnext", moduleResolution: "bundler" }],
];
const ways = [
  'import { kenshu, ReadFailure, standing, type TradeView } from "@kenshu/sdk";',
  'import { exponentOf, fromMinor, toMinor } from "@kenshu/sdk/money";',
  'import { verifyWebhook, type WebhookEvent } from "@kenshu/sdk/webhooks";',
  "export const word = (trade: TradeView): string => standing(trade);",
  'export const amount: number = toMinor("12.50", "USD") + exponentOf("JPY");',
  'export const found: [string, typeof ReadFailure, WebhookEvent?] = [fromMinor(5, "USD"), ReadFailure];',
  'export const client = kenshu({ url: "https://pay.example" });',
  "export const check = verifyWebhook;",
].join("\n");
for (const [name, compilers, file, options] of requiring) {
  for (const compiler of compilers) {
    test(`its doors have types: ${compiler}, ${name}`, async () => {
      writeFileSync(join(shop, file), ways);
      const out = `ways-${compiler}-${name.replaceAll(/[^a-z0-9]/g, "")}`;
      assert.deepEqual(await compile(compiler, file, options, out), []);
    });
  }
}

test("what was compiled to `require` runs", async () => {
  const program = [
    "const made = require(process.argv[1]);",
    "console.log(JSON.stringify([made.amount, made.found[0], typeof made.client.feed, typeof made.check]));",
  ];
  const compiled = join(shop, "ways-typescript-node16require", "ways.cjs");
  const { out, all } = await node(["-e", program.join(" "), compiled], shop);
  assert.equal(out.trim(), '[1250,"0.05","function","function"]', all);
});

test("a project for Node compiles with it, without the types of browsers", async () => {
  const options = { lib: ["es2023"], types: ["node"], typeRoots: [tool("@types")], module: "nodenext" };
  assert.deepEqual(await compile("typescript", "shop.ts", options, "for-node"), []);
});

test("its types catch mistakes, so they are there", async () => {
  const lines = [
    'import { kenshu, type TradeState, verifyWebhook } from "@kenshu/sdk";',
    'import { formatMoney } from "@kenshu/sdk/money";',
    'const shop = kenshu({ url: "https://pay.example" });',
    'void shop.propose({ currency: "JPY", amount: "3600" });',
    'void shop.reject("1", {});',
    'const outcome = await shop.accept("1");',
    "outcome.trade;",
    'export const state: TradeState = "open";',
    'void verifyWebhook({ secrets: "whsec_", headers: {}, body: "" });',
    'formatMoney(1200, "JPY");',
  ];
  writeFileSync(join(shop, "mistakes.ts"), lines.join("\n"));
  assert.deepEqual(await compile("typescript", "mistakes.ts", { module: "nodenext" }, "mistakes"), [
    "4 TS2322",
    "5 TS2741",
    "7 TS2339",
    "8 TS2322",
    "9 TS2741",
    "10 TS2345",
  ]);
});

const expected = {
  keys: 1,
  accepted: "settled",
  refused: "not_found",
  states: ["proposed"],
  event: "trade.settled",
  forged: "signature wrong",
  price: "¥3,600",
  typed: "1250",
};

test("it runs in Node", async () => {
  const { ok, out, all } = await node([join("typescript-nodenext", "shop.js")], shop);
  assert.ok(ok, all);
  assert.deepEqual(JSON.parse(out), expected);
});

test("CommonJS takes it by require, and it is the same one", async () => {
  const lines = [
    'const required = require("@kenshu/sdk");',
    'const doors = [require("@kenshu/sdk/money"), require("@kenshu/sdk/webhooks")];',
    "const are = doors.every((door) => Object.keys(door).length > 0);",
    'import("@kenshu/sdk").then((imported) => console.log(are && required.ReadFailure === imported.ReadFailure));',
  ];
  writeFileSync(join(shop, "old.cjs"), lines.join("\n"));
  const { out, all } = await node(["old.cjs"], shop);
  assert.equal(out.trim(), "true", all);
});

test("it is bundled for a browser, with nothing of Node", async () => {
  const { metafile } = await build({
    absWorkingDir: shop,
    entryPoints: ["shop.ts"],
    outfile: "browser.js",
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    metafile: true,
    logLevel: "silent",
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  assert.ok(imports.length > 5 && imports.every(({ external }) => external !== true));
  const bundle = readFileSync(join(shop, "browser.js"), "utf8");
  assert.doesNotMatch(bundle, /node:|\brequire\(|\bprocess\.|\bBuffer\b/);
  const { ok, out, all } = await node(["browser.js"], shop);
  assert.ok(ok, all);
  assert.deepEqual(JSON.parse(out), expected);
});

test("what is not used is not in the bundle", async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export { verifyWebhook } from "@kenshu/sdk";', resolveDir: shop },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  assert.doesNotMatch(outputFiles[0]?.text ?? "", /idempotency-key|NumberFormat/);
});

test("publint has nothing to say", async () => {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball());
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  assert.ok(bytes instanceof ArrayBuffer);
  const { messages } = await publint({ pack: { tarball: bytes }, strict: true });
  assert.deepEqual(messages, []);
});

test("the types are those of the JavaScript at each door", async () => {
  const attw = tool("@arethetypeswrong", "cli", "dist", "index.js");
  assert.ok(existsSync(attw));
  // `esm-only` passes over resolution as in Node 10, which knows no `exports`, and over `require`, of which the checker
  // does not know that Node can do it with ES modules from 20.19 on.
  const { ok, all } = await node([attw, tarball(), "--profile", "esm-only", "--format", "ascii"], shop);
  assert.ok(ok, all);
});
