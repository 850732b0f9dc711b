/**
 * Whether a server is an institution to others as docs/between-parties.md says: plays a server that has its leave, and
 * another that has not, asks what they may and may not ask, and looks at every answer.
 */
import { openWorkbench, type Workbench, type WorkbenchOptions } from "./workbench.ts";
import { collectionRules } from "./collection-rules.ts";
import { consentRules } from "./consent-rules.ts";
import { idRules } from "./id-rules.ts";
import { refusalRules } from "./refusal-rules.ts";
import { reservationRules } from "./reservation-rules.ts";
import { rightsRules } from "./rights-rules.ts";
import { signatureRules } from "./signature-rules.ts";
import { move, wishOf, type Rule } from "./steps.ts";
import { timeRules } from "./time-rules.ts";
import { wholeRules } from "./whole-rules.ts";
import { Broken } from "./message.ts";

/** All rules in the order in which they are tried: what is said of all answers comes last. */
export const rules: readonly Rule[] = [
  ...signatureRules,
  ...reservationRules,
  ...timeRules,
  ...rightsRules,
  ...refusalRules,
  ...idRules,
  ...consentRules,
  ...collectionRules,
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

/** Tries the rules one after another. Throws Broken where the servers do not even come to know each other, or one's clock is ahead. */
export async function tryRules({ only, onFinding, ...options }: RunOptions): Promise<RuleResult[]> {
  const workbench = await openWorkbench(options);
  const wanted = rules.filter(
    ({ name }) => only === undefined || only.some((begun) => name.startsWith(begun)),
  );
  const findings: RuleResult[] = [];
  try {
    await checkClock(workbench);
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

const soon = 30;

/** Throws Broken where the institution's clock is ahead: most rules name times, and would be broken for that alone. */
async function checkClock(workbench: Workbench): Promise<void> {
  const wish = wishOf(workbench, { until: workbench.inSeconds(soon) });
  const { json } = await workbench.ask("POST", "/v1/reservations", wish);
  if (json["code"] === "date_out_of_range")
    throw new Broken(
      `expected a true clock, saw that a reservation until ${String(wish["until"])}, in ${soon} seconds, is refused as ` +
        "date_out_of_range: the institution's clock is ahead. A sandbox whose clock was moved is of no use here; start another",
    );
  if (json["state"] === "held") workbench.made.add(String(wish["id"]));
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
