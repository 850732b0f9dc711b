/** `.oxlintrc.jsonc` holds what a linter can say of the house rules. Here is shown that it does. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "./sources.ts";

const configName = ".oxlintrc.jsonc";
const configText = readFileSync(join(root, configName), "utf8");
const lines = (count: number, line = "x();"): string => Array.from({ length: count }, () => line).join("\n");
const functionOf = (count: number): string => `export function f() {\n${lines(count - 2)}\n}\n`;

type Override = { files: string[]; excludeFiles?: string[]; rules: Record<string, unknown> };
type Config = { overrides: Override[] };

/** JSON with lines of comment between. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\/.*$/gm, "");
}

/** Runs the linter over a folder of files with a configuration; answers the rules that each file breaks. */
function lint(config: string, fill: (folder: string) => void): Map<string, Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), "kenshu-lint-"));
  try {
    writeFileSync(join(folder, configName), config);
    fill(folder);
    const oxlint = join(root, "node_modules", "oxlint", "bin", "oxlint");
    const done = spawnSync(process.execPath, [oxlint, "--format=json", "."], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    assert.ok(done.stdout.startsWith("{"), `${done.stdout}${done.stderr}`);
    const { diagnostics } = JSON.parse(done.stdout) as { diagnostics: { code: string; filename: string }[] };
    const found = new Map<string, Set<string>>();
    for (const { code, filename } of diagnostics) {
      // The linter writes `eslint(no-console)` for what the configuration calls `no-console`.
      const rule = code.replace(/^eslint\((.*)\)$/, "$1").replace(/^(.*)\((.*)\)$/, "$1/$2");
      const path = filename.replaceAll("\\", "/");
      found.set(path, (found.get(path) ?? new Set()).add(rule));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each case: the rule, a file and what is planted in it. */
const planted: [rule: string, path: string, text: string][] = [
  ["import/no-cycle", "src/core/money/circle.ts", 'import { a } from "./other.ts";\nexport const b = a;'],
  [
    "import/no-cycle",
    "src/core/money/other.ts",
    'import { b } from "./circle.ts";\nexport const a = () => b;',
  ],
  [
    "import/no-cycle",
    "src/core/money/types.ts",
    'import type { A } from "./more.ts";\nexport type B = A | 1;',
  ],
  [
    "import/no-cycle",
    "src/core/money/more.ts",
    'import type { B } from "./types.ts";\nexport type A = { b: B };',
  ],
  ["max-lines", "src/core/money/long.ts", `${lines(401)}\n`],
  ["max-lines", "test/long.ts", `${lines(401)}\n`],
  ["max-lines-per-function", "src/core/money/declared.ts", functionOf(71)],
  ["max-lines-per-function", "src/core/money/arrow.ts", `export const f = () => {\n${lines(69)}\n};\n`],
  ["max-lines-per-function", "test/callback.ts", `test("x", () => {\n${lines(69)}\n});\n`],
  ["max-lines-per-function", "test/commented.ts", `test("x", () => {\n${lines(69, "// x\n")}\n});\n`],
  ["unicorn/no-useless-spread", "src/edge/http/object.ts", "export const x = { ...{ a, b }, c };"],
  ["unicorn/no-useless-spread", "src/edge/http/list.ts", 'export const x = [...["a", "b"], "c"];'],
  ["unicorn/no-useless-spread", "test/list.ts", 'export const x = f(...["a", "b"], "c");'],
  ["no-console", "src/edge/http/printing.ts", 'console.log("ready");'],
  ["node/no-process-env", "src/edge/http/environment.ts", 'export const port = process.env["PORT"];'],
  ["no-restricted-properties", "src/engines/trades/clock.ts", "export const now = Date.now();"],
  ["no-restricted-properties", "src/engines/trades/clock-by-name.ts", "export const { now } = Date;"],
  ["no-restricted-properties", "src/engines/trades/chance.ts", "export const x = Math.random();"],
  ["no-restricted-properties", "src/engines/trades/uuid.ts", "export const id = crypto.randomUUID();"],
  ["no-restricted-properties", "src/engines/trades/bytes.ts", "export const id = crypto.getRandomValues(x);"],
  ["no-restricted-imports", "src/engines/trades/import.ts", 'export { randomBytes } from "node:crypto";'],
  [
    "no-restricted-imports",
    "src/engines/trades/all.ts",
    'import * as all from "node:crypto";\nexport const x = all.createHash("md5");',
  ],
  ["no-restricted-properties", "src/engines/trades/float.ts", 'export const x = Number.parseFloat("1.5");'],
  ["no-restricted-globals", "src/engines/trades/global-float.ts", 'export const x = parseFloat("1.5");'],
  ["no-restricted-properties", "src/edge/views/show.tsx", "export const x = (amount / 100).toFixed(2);"],
  ["no-restricted-properties", "src/tools/cli/show.ts", "export const x = (amount / 100).toFixed(2);"],
  ["typescript/no-explicit-any", "src/engines/trades/asserted.ts", "export const x = y as any;"],
  ["typescript/no-explicit-any", "test/annotated.ts", "export function f(x: any) {\n  return x;\n}"],
  ["typescript/no-explicit-any", "test/argument.ts", "export const x = new Map<string, any>();"],
  ["no-restricted-properties", "src/core/money/a.test.ts", 'test.skip("x", () => {});'],
  ["no-restricted-properties", "test/alone.test.ts", 'describe.only("x", () => {});'],
  ["no-restricted-properties", "test/context.test.ts", 'test("x", (t) => t.skip());'],
];

/** What looks like a violation and is none. */
const innocent: [path: string, text: string][] = [
  ["src/core/money/full.ts", `${lines(400)}\n`],
  ["src/core/money/whole.ts", functionOf(70)],
  ["src/edge/http/spread.ts", "export const x = [{ ...y, c }, { ...(y && { b }) }, ...z];"],
  ["src/engines/trades/comment.ts", "// Date.now() is not for us; console.log neither.\nexport const x = 1;"],
  ["src/engines/trades/text.ts", 'export const x = "Date.now()" + `console.log()`;'],
  ["src/engines/trades/hash.ts", 'import { createHash } from "node:crypto";\ncreateHash("sha256");'],
  ["src/engines/trades/company.ts", "export const company: Company = anyOf(x);"],
  ["src/storage/database/clock.ts", "export const now = Date.now();"],
  ["src/tools/cli/environment.ts", 'export const port = process.env["PORT"];\nconsole.log(Date.now());'],
  ["src/engines/trades/clock.test.ts", "export const now = Date.now();\nconsole.log(now);"],
  ["test/clock.ts", "export const now = Date.now();"],
];

test("the linter finds what is planted, and nothing else", () => {
  const project = [...planted.map(([, path, text]) => [path, text] as const), ...innocent];
  const found = lint(configText, (folder) => {
    for (const [path, text] of project) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  for (const [rule, path] of planted) assert.deepEqual([...(found.get(path) ?? [])], [rule], path);
  for (const [path] of innocent) assert.deepEqual([...(found.get(path) ?? [])], [], path);
});

test("each exception from a rule of the linter has a reason and is still needed", () => {
  const config = JSON.parse(withoutComments(configText)) as Config;
  const isOff = ({ rules }: Override): boolean => Object.values(rules).includes("off");
  const excused = config.overrides.filter(isOff);
  for (const { files, rules } of excused) {
    const [path = ""] = files;
    assert.ok(
      files.length === 1 && existsSync(join(root, path)),
      `${files.join()}: name one file that is there`,
    );
    assert.match(configText, new RegExp(String.raw`\n\s*//[^\n]*\n[^/]*"${path}"`), `${path}: say why`);
    assert.deepEqual([...new Set(Object.values(rules))], ["off"], path);
  }
  const strict = JSON.stringify({ ...config, overrides: config.overrides.filter((one) => !isOff(one)) });
  const found = lint(strict, (folder) => {
    for (const name of ["src", "packages", "test"]) {
      cpSync(join(root, name), join(folder, name), {
        recursive: true,
        filter: (path) => !path.includes("node_modules"),
      });
    }
  });
  for (const { files, rules } of excused) {
    for (const path of files) {
      for (const rule of Object.keys(rules))
        assert.ok(found.get(path)?.has(rule), `${path} no longer needs ${rule}`);
    }
  }
});
