/** Every sentence of the pages of trading servers, in Japanese, by subject. */
import type { english } from "../words-en/words-en.ts";
import { accounts } from "./accounts.ts";
import { acts } from "./acts.ts";
import { desks } from "./desks.ts";
import { frame } from "./frame.ts";
import { guaranteed } from "./guaranteed.ts";
import { ordering } from "./ordering.ts";
import { people } from "./people.ts";
import { permissions } from "./permissions.ts";
import { refusals } from "./refusals.ts";
import { remedies } from "./remedies.ts";
import { trades } from "./trades.ts";

export const japanese: Record<keyof typeof english, string> = {
  ...frame,
  ...trades,
  ...acts,
  ...ordering,
  ...people,
  ...accounts,
  ...desks,
  ...refusals,
  ...remedies,
  ...guaranteed,
  ...permissions,
};
