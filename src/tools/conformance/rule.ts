/** What a rule is. */
import type { Workbench } from "./workbench.ts";

/** One thing that docs/between-parties.md demands of an institution, and how to find out. */
export interface Rule {
  /** Stays the same from version to version: what stands in other programs' lists. */
  name: string;
  /** The heading under which docs/between-parties.md says so. */
  section: string;
  says: string;
  /** Throws Broken where the rule is not kept. */
  check: (workbench: Workbench) => Promise<void>;
  /** What the configuration has to hold for it, beside what all rules need. */
  needs?: "shop" | "confirming";
}

/** Writes the rules of one section as lines: its name, what it says, how to find out. */
export function rulesOf(
  section: string,
  lines: readonly (readonly [name: string, says: string, check: Rule["check"]])[],
): Rule[] {
  return lines.map(([name, says, check]) => ({ name, section, says, check }));
}
