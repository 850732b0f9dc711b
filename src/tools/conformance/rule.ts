/** What a rule is, and how one says that it was broken. */
import type { Bench } from "./workbench.ts";

/** One thing that docs/between-parties.md demands of an institution, and how to find out. */
export interface Rule {
  /** Stays the same from version to version: what stands in other programs' lists. */
  name: string;
  /** The heading under which docs/between-parties.md says so. */
  section: string;
  says: string;
  /** Throws Broken where the rule is not kept. */
  check: (bench: Bench) => Promise<void>;
  /** What the configuration has to hold for it, beside what all rules need. */
  needs?: "shop";
}

/** A rule was not kept: what was expected, and what was seen instead. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/** Writes the rules of one section as lines: its name, what it says, how to find out. */
export function rulesOf(
  section: string,
  lines: readonly (readonly [name: string, says: string, check: Rule["check"]])[],
): Rule[] {
  return lines.map(([name, says, check]) => ({ name, section, says, check }));
}

/** Throws Broken where what was seen is not what was expected; both are compared as they are written. */
export function same(what: string, seen: unknown, expected: unknown): void {
  const [left, right] = [written(seen), written(expected)];
  if (left !== right) throw new Broken(`${what}: expected ${right}, saw ${left}`);
}

/** Throws Broken unless something holds. */
export function holds(what: string, is: boolean, seen: unknown): void {
  if (!is) throw new Broken(`expected ${what}, saw ${written(seen)}`);
}

/** A value in one line, short enough for a terminal. */
export function written(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  const line = text.replaceAll(/[^ -~]/g, "?");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
