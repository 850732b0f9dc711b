/**
 * What is not written here, as far as the linter cannot say it: `.oxlintrc.jsonc` holds the rest, limits of length and
 * circles between files among them. A long file is split by subject: a limit never makes a page break.
 */
import { type CallExpression, type NewExpression, type Program, Visitor } from "oxc-parser";
import { type Finding, isProduct, isScript, isTest, lineAt, parsed, type Source } from "./sources.ts";

/** `where` sees the path. A ban has a pattern for texts of any kind, or looks for places in the syntax of scripts. */
export type Ban = {
  name: string;
  where: (path: string) => boolean;
  instead: string;
  find: RegExp | ((program: Program) => number[]);
};

const inRooms = (...names: string[]): RegExp => new RegExp(`^src/(${names.join("|")})/`);

/** Where the current time is asked of the machine: `new Date` and `Date` without a value. */
function currentDates(program: Program): number[] {
  const found: number[] = [];
  const look = (one: NewExpression | CallExpression): void => {
    const { callee, start } = one;
    if (callee.type === "Identifier" && callee.name === "Date" && one.arguments.length === 0)
      found.push(start);
  };
  new Visitor({ NewExpression: look, CallExpression: look }).visit(program);
  return found;
}

function numberCalls(program: Program): number[] {
  const found: number[] = [];
  new Visitor({
    CallExpression({ callee, start }) {
      if (callee.type === "Identifier" && callee.name === "Number") found.push(start);
    },
  }).visit(program);
  return found;
}

/** Options that leave a test out or run it alone, as in `{ skip: true }`. */
function testOptions(program: Program): number[] {
  const found: number[] = [];
  new Visitor({
    Property({ key, value, start }) {
      const named = key.type === "Identifier" && /^(skip|only|todo)$/.test(key.name);
      if (named && value.type === "Literal" && value.value === true) found.push(start);
    },
  }).visit(program);
  return found;
}

export const bans: readonly Ban[] = [
  {
    name: "clock",
    where: (path) => isProduct(path) && !inRooms("tools/cli", "storage/database").test(path),
    instead: "take the time as a value; the database's clock decides, and `cli` hands it in",
    find: currentDates,
  },
  {
    name: "number",
    where: (path) => isProduct(path) && inRooms("core/money", "storage/ledger").test(path),
    instead: "toWire of `money`, which refuses what a number cannot hold",
    find: numberCalls,
  },
  {
    name: "skipped",
    where: isTest,
    instead: "a test that runs, or none",
    find: testOptions,
  },
  {
    name: "silenced",
    where: () => true,
    instead: "code that the compiler and the linter understand",
    find: /@ts-(ignore|expect-error|nocheck)|\b(eslint|oxlint)-disable|\bbiome-ignore/g,
  },
  {
    name: "later",
    where: () => true,
    instead: "doing it, or an issue",
    find: /\b(TODO|FIXME|HACK)\b/g,
  },
];

/** A file that may do what a rule forbids, and why. One that is no longer needed fails the test. */
export type Exception = { path: string; rule: string; why: string };

export const exceptions: readonly Exception[] = [
  { path: "test/tidy/bans.ts", rule: "later", why: "names what it bans" },
  { path: "test/tidy/bans.test.ts", rule: "silenced", why: "plants what it must catch" },
  { path: "test/tidy/bans.test.ts", rule: "later", why: "plants what it must catch" },
  { path: "packages/page/src/vault.ts", rule: "clock", why: "a device throws away by its own clock" },
  { path: "src/core/money/amounts.ts", rule: "number", why: "toWire itself, after its check" },
  { path: "src/core/money/splits.ts", rule: "number", why: "a count of parts, not an amount" },
  { path: "src/storage/ledger/audit-store.ts", rule: "number", why: "a count of legs, not an amount" },
  {
    path: "src/core/protocol/forms.ts",
    rule: "silenced",
    why: "its pattern is there to find control characters",
  },
];

export function banned(files: readonly Source[]): Finding[] {
  return bans.flatMap(({ name, where, instead, find }) =>
    files
      .filter(({ path }) => where(path) && (find instanceof RegExp || isScript(path)))
      .flatMap((file) => {
        const places =
          find instanceof RegExp
            ? [...file.text.matchAll(find)].map(({ index }) => index)
            : find(parsed(file).program);
        return places.map((at) => {
          const [what = ""] = file.text.slice(at).split("\n");
          const message = `\`${what.slice(0, 40)}\`: instead, ${instead}`;
          return { path: file.path, line: lineAt(file.text, at), rule: name, message };
        });
      }),
  );
}

/** A document has one title. */
export function titles(files: readonly Source[]): Finding[] {
  return files
    .filter(({ path }) => path.endsWith(".md"))
    .map(({ path, text }) => {
      const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
      return { path, count: (prose.match(/^# /gm) ?? []).length };
    })
    .filter(({ count }) => count !== 1)
    .map(({ path, count }) => {
      return { path, line: 0, rule: "title", message: `${count} first-level headings, not one` };
    });
}
