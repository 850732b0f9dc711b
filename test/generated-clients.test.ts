/**
 * Clients that a stranger makes from what a server publishes sell a whole basket: the programs of docs/clients.md, compiled
 * strictly, without a cast, and run against a server.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { readDocument } from "./support/tables/markdown.ts";
import { request } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tool = (...path: string[]): string => join(root, "node_modules", ...path);
const folder = mkdtempSync(join(tmpdir(), "kenshu-clients-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const {
  institution: { url, demo },
} = await openPair({ after });
const description = join(folder, "openapi.json");
writeFileSync(description, (await request(`${url}/openapi.json`, "GET")).text);

/** The generators write TypeScript by TypeScript 5, which here has another name: 7 compiles, and can be asked nothing. */
const redirect = join(folder, "redirect.mjs");
const resolve = `export const resolve = (name, context, next) => next(name === "typescript" ? "typescript-5" : name, context);`;
writeFileSync(
  redirect,
  `import { register } from "node:module";\nregister("data:text/javascript," + encodeURIComponent(${JSON.stringify(resolve)}));\n`,
);

async function node(
  cwd: string,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<string> {
  const options = { cwd, env: { ...process.env, ...more }, maxBuffer: 1e8 };
  return (await promisify(execFile)(process.execPath, args, options)).stdout;
}

const withTypeScript5 = { NODE_OPTIONS: `--import=${redirect}` };

const generators: Record<string, (cwd: string) => Promise<string>> = {
  "openapi-typescript and openapi-fetch": (cwd) =>
    node(
      cwd,
      [tool("openapi-typescript", "bin", "cli.js"), description, "-o", "schema.d.ts"],
      withTypeScript5,
    ),
  "@hey-api/openapi-ts": (cwd) =>
    node(
      cwd,
      [tool("@hey-api", "openapi-ts", "bin", "run.js"), "-i", description, "-o", "client", "--no-log-file"],
      withTypeScript5,
    ),
};

/** The program under a heading of the page. */
function programUnder(heading: string): string {
  const page = readDocument("clients.md");
  const from = page.indexOf(`\n## ${heading}\n`);
  const [, program] = /```ts\n(.*?)```/s.exec(page.slice(from)) ?? [];
  return from < 0 || program === undefined ? assert.fail(`no program under ${heading}`) : program;
}

const settings = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  allowImportingTsExtensions: true,
  lib: ["es2023", "dom", "dom.iterable"],
  types: ["node"],
};

const [shop] = demo.shops;
const [hana] = demo.members;
assert.ok(shop && hana);

for (const [index, [heading, generate]] of Object.entries(generators).entries()) {
  test(`a client made by ${heading} sells a basket, half of it kept, the rest sent back or never sent`, async () => {
    const program = programUnder(heading);
    assert.doesNotMatch(program, /\bas \w|\bany\b|@ts-|\w!/, "no cast");
    const cwd = join(folder, String(index));
    mkdirSync(cwd);
    symlinkSync(tool(), join(cwd, "node_modules"), "junction");
    await generate(cwd);
    writeFileSync(join(cwd, "package.json"), '{ "type": "module", "private": true }\n');
    writeFileSync(join(cwd, "program.ts"), program);
    writeFileSync(
      join(cwd, "tsconfig.json"),
      JSON.stringify({ compilerOptions: settings, files: ["program.ts"] }),
    );
    for (const compiler of ["typescript", "typescript-5"])
      await node(cwd, [tool(compiler, "bin", "tsc"), "-p", "."]);
    const bundled = { entryPoints: [join(cwd, "program.ts")], outfile: join(cwd, "program.mjs") };
    await build({ ...bundled, bundle: true, platform: "node", format: "esm", logLevel: "silent" });
    const out = await node(cwd, ["program.mjs"], {
      URL: url,
      KEY: shop.key,
      MANDATE: hana.mandates[shop.key] ?? "",
      BUYER: hana.number,
      EMAIL: hana.email,
      PASSWORD: hana.password,
    });
    assert.deepEqual(JSON.parse(out), {
      state: "reserved",
      frozen: 4397,
      end: "settled",
      settled: 2198,
      released: 2199,
      told: [
        "trade.proposed",
        "trade.reserved",
        "trade.shipped",
        "trade.accepted",
        "trade.settled",
        "trade.rejected",
        "trade.returned",
        "trade.cancelled",
      ],
      refused: "not_found",
    });
  });
}
