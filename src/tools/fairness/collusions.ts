/** Two who cheat together: not defended. The page lists each pair with its shortest story and with what limits it. */
import type { Setting } from "../players/players.ts";
import type { Result } from "./search.ts";
import { absentBuyer, buyerCheats, shopCheats } from "./settings.ts";

export type Collusion = Setting & { limit: string };

const marked = "an operator marks carriers as independent, before the proposal; ";
const told =
  "what an operator did is told to both sides and recorded, and above an amount another one confirms it";

export const collusions: readonly Collusion[] = [
  {
    ...absentBuyer,
    name: "shop and carrier, an absent buyer",
    collusion: "carrier",
    limit: `${marked}two weeks to take back what silence accepted`,
    most: 3,
  },
  {
    ...shopCheats,
    name: "shop and carrier, a buyer who answers",
    collusion: "carrier",
    limit: `${marked}an operator sees buyer and carrier disagree; lost disputes of the shop are counted`,
    most: 3,
  },
  { ...buyerCheats, name: "buyer and operator", collusion: "operator", limit: told, most: 3 },
  { ...shopCheats, name: "shop and operator", collusion: "operator", limit: told, most: 3 },
  {
    ...buyerCheats,
    name: "buyer and carrier",
    collusion: "carrier",
    limit: "the shop names its carrier; lost disputes of the buyer are counted",
    most: 3,
  },
];

/** The shortest story in which the two win together. */
export function togetherIn({ setting, findings }: Result): string[] | undefined {
  const why = `the ${setting.collusion} is with the ${setting.cheat}`;
  return findings.find((finding) => finding.why === why)?.story;
}

/** A row of the page's table. */
export const rowOf = ({ name, limit }: Collusion, story: readonly string[]): string =>
  `| ${name} | ${story.join(" ")} | ${limit} |`;
