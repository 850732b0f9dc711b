/** Whatever is installed runs on the oldest Node that this package promises. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

type Version = readonly number[];

const numbers = (text: string): Version => text.split(".").map(Number);

/** Below, at, or above, by the parts that `right` has. */
function compare(left: Version, right: Version): number {
  for (const [index, part] of right.entries()) {
    const difference = (left[index] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version is in one of the comparisons of npm's ranges, as packages write them for Node. */
function holds(version: Version, comparison: string): boolean {
  const [, sign = "", wanted = ""] =
    /^(>=|<=|>|<|\^|~|=)?v?(\d+(?:\.\d+)*)?(?:\.[x*])*$/.exec(comparison) ?? [];
  if (comparison === "*" || comparison === "") return true;
  assert.notEqual(wanted, "", `${comparison} is written in another way`);
  const limit = numbers(wanted);
  const order = compare(version, limit);
  switch (sign) {
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    case "^":
      return order >= 0 && version[0] === limit[0];
    case "~":
      return order >= 0 && version[0] === limit[0] && version[1] === (limit[1] ?? version[1]);
    default:
      return order === 0;
  }
}

function allows(range: string, version: Version): boolean {
  return range.split("||").some((part) => {
    const comparisons = part.trim().replaceAll(/(>=|<=|>|<|\^|~|=) +/g, "$1");
    return comparisons.split(/ +/).every((each) => holds(version, each));
  });
}

const readJson = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8"));
const { engines } = readJson("package.json") as { engines: { node: string } };
const floor = numbers(engines.node.replace(">=", ""));
const { packages } = readJson("package-lock.json") as {
  packages: Record<string, { engines?: { node?: string } }>;
};

const ranges: [range: string, version: string, allowed: boolean][] = [
  [">=20.19", "20.19", true],
  [">=20.20", "20.19", false],
  [">= 22", "20.19", false],
  ["^20.19.0 || >=22.12.0", "20.19.0", true],
  ["^18 || ^22", "20.19.0", false],
  ["20 || >=22", "20.19.0", true],
  [">=18 <20", "20.19.0", false],
  ["10.* || >= 12.*", "20.19.0", true],
  ["*", "20.19.0", true],
];
for (const [range, version, allowed] of ranges) {
  test(`${range} ${allowed ? "takes" : "does not take"} ${version}`, () =>
    assert.equal(allows(range, numbers(version)), allowed));
}

test("every package that is installed runs on the oldest Node that is promised", () => {
  assert.deepEqual(floor, [20, 19]);
  assert.ok(Object.keys(packages).length > 100);
  const newer = Object.entries(packages)
    .filter(([, { engines: needs }]) => !allows(needs?.node ?? "*", floor))
    .map(([name, { engines: needs }]) => `${name} wants Node ${needs?.node}`);
  assert.deepEqual(newer, []);
});
