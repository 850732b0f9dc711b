/** Every sentence of the pages of trading servers, in English, by subject. */
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

/** The sentences by subject. */
export const subjects = {
  frame,
  trades,
  acts,
  ordering,
  people,
  accounts,
  desks,
  refusals,
  remedies,
  guaranteed,
  permissions,
};

/** The same subject in another language: a key that was forgotten, or is too many, does not compile. */
export type Subject<Name extends keyof typeof subjects> = Record<keyof (typeof subjects)[Name], string>;

export const english = {
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
