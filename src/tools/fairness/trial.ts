/** The trials: each setting with the machine as it is, and each rule switched off. */
import { decide, nextDeadline, waits } from "../../core/machine/machine.ts";
import { storyIn } from "./report.ts";
import type { Rule } from "./altered.ts";
import { type Limits, type Result, search } from "./search.ts";
import type { Machine, Setting } from "../players/players.ts";

const machine: Machine = { decide, nextDeadline, waits };

/** More states than this are not kept on a small machine. */
const most = 600_000;

export function tryFairness(setting: Setting, limits: Limits = { most }): Result {
  return search(setting, machine, limits);
}

/** The shortest story that is possible without a rule, and where it was found; undefined where there is none. */
export function storyWithout(rule: Rule): { setting: Setting; story: string[] } | undefined {
  for (const each of rule.where) {
    const setting = rule.without?.(each) ?? each;
    const result = search(setting, rule.off?.(machine) ?? machine, { most, first: true });
    const story = storyIn(result);
    if (story !== undefined) return { setting, story };
  }
  return undefined;
}
