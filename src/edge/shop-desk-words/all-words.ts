import { accounts as accountsEnglish } from "./accounts-en.ts";
import { accounts as accountsJapanese } from "./accounts-ja.ts";
import { guaranteed as guaranteedEnglish } from "./guaranteed-en.ts";
import { guaranteed as guaranteedJapanese } from "./guaranteed-ja.ts";
import { house as houseEnglish } from "./house-en.ts";
import { house as houseJapanese } from "./house-ja.ts";
import { orders as ordersEnglish } from "./orders-en.ts";
import { orders as ordersJapanese } from "./orders-ja.ts";
import { team as teamEnglish } from "./team-en.ts";
import { team as teamJapanese } from "./team-ja.ts";

/** The sentences by subject. */
export const shopDeskSubjects = {
  orders: ordersEnglish,
  house: houseEnglish,
  guaranteedDesk: guaranteedEnglish,
  shopAccounts: accountsEnglish,
  team: teamEnglish,
};

export const shopDeskEnglish = {
  ...ordersEnglish,
  ...houseEnglish,
  ...guaranteedEnglish,
  ...accountsEnglish,
  ...teamEnglish,
};
export const shopDeskJapanese: Record<keyof typeof shopDeskEnglish, string> = {
  ...ordersJapanese,
  ...houseJapanese,
  ...guaranteedJapanese,
  ...accountsJapanese,
  ...teamJapanese,
};
