/** What a search has found, in lines of text. */
import type { Result } from "./search.ts";

/** True where nobody who cheats alone has won, no money stays frozen for ever, and the search has come to its end. */
export function isFair({ findings, endless, cut }: Result): boolean {
  return endless === undefined && !cut && findings.every(({ why }) => why !== "hard");
}

/** A line for a result; stories of those who win, and, where asked, of what is not defended. */
export function linesOf(result: Result, ms: number, whole: boolean): string[] {
  const { setting, states, longestDays, findings, endless, cut } = result;
  const verdict = cut ? "NOT TO THE END" : isFair(result) ? "fair" : "NOT FAIR";
  const head = `${verdict}: ${setting.name}: ${states} states, ${(ms / 1000).toPrecision(2)} s, frozen ${longestDays} days at most`;
  const stories = findings.flatMap(({ what, why, story }) => {
    if (why === "hard") return [`  WON: ${what}`, ...story.map((line) => `    ${line}`)];
    return [`  open, ${why}: ${what}`, ...(whole ? story.map((line) => `    ${line}`) : [])];
  });
  const circle = endless === undefined ? [] : ["  FOR EVER:", ...endless.map((line) => `    ${line}`)];
  return [head, ...stories, ...circle];
}

/** The story that a rule's absence makes possible: of a win, or of money that stays frozen. */
export function storyIn({ findings, endless }: Result): string[] | undefined {
  const won = findings.find(({ why }) => why === "hard");
  return won === undefined ? endless : [...won.story, `So ${won.what}.`];
}
