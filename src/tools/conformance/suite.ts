/**
 * Whether a server is an institution to others as docs/between-parties.md says: plays a server that has its leave, and
 * another that has not, asks what they may and may not ask, and looks at every answer.
 */
import { openWorkbench, type Workbench, type WorkbenchOptions } from "./workbench.ts";
import { consentRules } from "./consent-rules.ts";
import { idRules } from "./id-rules.ts";
import { refusalRules } from "./refusal-rules.ts";
import { reservationRules } from "./reservation-rules.ts";
import { rightsRules } from "./rights-rules.ts";
import type { Rule } from "./rule.ts";
import { signatureRules } from "./signature-rules.ts";
import { move } from "./steps.ts";
import { wholeRules } from "./whole-rules.ts";

/** All rules in the order in which they are tried: what is said of all answers comes last. */
export const rules: readonly Rule[] = [
  ...signatureRules,
  ...reservationRules,
  ...rightsRules,
  ...refusalRules,
  ...idRules,
  ...consentRules,
  ...wholeRules,
];

/** What became of one rule. */
export interface RuleResult {
  rule: string;
  section: string;
  says: string;
  result: "ok" | "FAILED" | "not tried";
  /** What was expected and what was seen, or why it was not tried. */
  detail: string;
}

export interface RunOptions extends WorkbenchOptions {
  /** Beginnings of the names of rules; all rules if left out. */
  only?: readonly string[];
  onFinding?: (finding: RuleResult) => void;
}

/** Tries the rules one after another. Throws Broken where the servers do not even come to know each other. */
export async function tryRules({ only, onFinding, ...options }: RunOptions): Promise<RuleResult[]> {
  const workbench = await openWorkbench(options);
  const wanted = rules.filter(
    ({ name }) => only === undefined || only.some((begun) => name.startsWith(begun)),
  );
  const findings: RuleResult[] = [];
  try {
    for (const rule of wanted) {
      const finding = await tryRule(workbench, rule);
      findings.push(finding);
      onFinding?.(finding);
    }
  } finally {
    await giveBack(workbench);
    await workbench.close();
  }
  return findings;
}

async function tryRule(
  workbench: Workbench,
  { name, section, says, check, needs }: Rule,
): Promise<RuleResult> {
  const told = { rule: name, section, says };
  if (needs !== undefined && workbench.config[needs] === undefined)
    return { ...told, result: "not tried", detail: `The configuration has no \`${needs}\`.` };
  try {
    await check(workbench);
    return { ...told, result: "ok", detail: "" };
  } catch (error) {
    // Whatever else goes wrong was made so by an answer that nobody could expect.
    return { ...told, result: "FAILED", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** What a run has frozen is given back when it ends; where that fails, it runs out in ten minutes. */
async function giveBack(workbench: Workbench): Promise<void> {
  for (const id of workbench.made) await move(workbench, id, "release").catch(() => undefined);
}
