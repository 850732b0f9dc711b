/** The lines of calls that are declared together in a room of their own. */
import { ofShopDesk } from "./access-shop-desk.ts";
import { arrivalLines } from "./access-arrivals.ts";
import { ofCounters } from "./access-counters.ts";
import { ofCredit } from "./access-credit.ts";
import { ofDesk } from "./access-desk.ts";
import { ofGuarantor } from "./access-guarantor.ts";
import { payoutLines } from "./access-payouts.ts";
import { ofOwn } from "./access-own.ts";
import { ofPhotos } from "./access-photos.ts";
import { ofPortal } from "./access-portal.ts";
import { ofRunning } from "./access-running.ts";

export const ofRooms = {
  ...payoutLines,
  ...ofOwn,
  ...ofPhotos,
  ...ofPortal,
  ...arrivalLines,
  ...ofGuarantor,
  ...ofCredit,
  ...ofCounters,
  ...ofDesk,
  ...ofShopDesk,
  ...ofRunning,
} as const;
