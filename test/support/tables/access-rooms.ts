/** The lines of calls that are declared together in a room of their own. */
import { arrivalLines } from "./access-arrivals.ts";
import { ofCounters } from "./access-counters.ts";
import { ofCredit } from "./access-credit.ts";
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
  ...ofRunning,
} as const;
