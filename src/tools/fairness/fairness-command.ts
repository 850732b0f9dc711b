/** `kenshu fairness`: searches, and says what it has found. */
import { parseArgs } from "node:util";
import { isFair, linesOf } from "./report.ts";
import { rules } from "./rules-off.ts";
import { collusions, rowOf, togetherIn } from "./collusions.ts";
import { deepSettings, settings } from "./settings.ts";
import { storyWithout, tryFairness } from "./trial.ts";

const help = `kenshu fairness: can somebody who cheats alone win?

  --deep        everything, in about ten minutes, and not the set of the tests
  --only WORD   settings or rules with this word in their names; may be given more than once
  --off         each rule switched off instead, with the story that it prevents
  --collusion   what two who cheat together can do, which is not defended
  --stories     also the stories of what only a human can judge`;

/** Answers whether all is fair. `nowMs` is a clock for measuring. */
export function fairnessCommand(args: string[], say: (line: string) => void, nowMs: () => number): boolean {
  const { values } = parseArgs({
    args,
    options: {
      deep: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      off: { type: "boolean", default: false },
      collusion: { type: "boolean", default: false },
      stories: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    say(help);
    return true;
  }
  const isMeant = ({ name }: { name: string }) =>
    values.only.length === 0 || values.only.some((word) => name.includes(word));
  if (values.off) return switchOff(isMeant, say);
  if (values.collusion) {
    for (const setting of collusions.filter(isMeant)) {
      const began = nowMs();
      const result = tryFairness(setting);
      for (const line of linesOf(result, nowMs() - began, true)) say(line);
      say(`  what limits it: ${setting.limit}`);
      say(`  the page: ${rowOf(setting, togetherIn(result) ?? [])}`);
    }
    return true;
  }
  let fair = true;
  for (const setting of (values.deep ? deepSettings : settings).filter(isMeant)) {
    const began = nowMs();
    const result = tryFairness(setting);
    for (const line of linesOf(result, nowMs() - began, values.stories)) say(line);
    fair &&= isFair(result);
  }
  return fair;
}

function switchOff(isMeant: (named: { name: string }) => boolean, say: (line: string) => void): boolean {
  let known = true;
  for (const rule of rules.filter(isMeant)) {
    const found = storyWithout(rule);
    const asSaid = (found === undefined) === (rule.comfort === true);
    known &&= asSaid;
    say(
      `${asSaid ? "" : "NOT AS SAID: "}${rule.name} off: ${found === undefined ? "nobody wins" : found.setting.name}`,
    );
    for (const line of found?.story ?? []) say(`    ${line}`);
  }
  return known;
}
