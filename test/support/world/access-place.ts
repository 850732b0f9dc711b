/** The server whose calls are compared with the table: an institution, or another with an institution behind it. */
import type { Database } from "../../../src/storage/database/database.ts";
import type { Demo } from "../../../src/tools/demo/demo.ts";
import { atGuarantors } from "../tables/access-guarantor.ts";
import { atFacilitators, table } from "../tables/access-table.ts";
import { openGuaranteed } from "./guaranteed.ts";
import { institutionId, openPair } from "./pair.ts";
import { startWorld, worldPeer } from "./world.ts";

type Seeded = Pick<Demo, "shops" | "adminKey" | "operators" | "carriers" | "vouchers"> & {
  members: Pick<Demo["members"][number], "number" | "email" | "password" | "mandates">[];
};

export interface Place {
  url: string;
  demo: Seeded;
  database: Database;
  /** The id of another server that this one knows. */
  peer: string;
  /** What stands in the place of lines of the table, for this kind of server. */
  lines: typeof atFacilitators;
  /** Whether a line of the table is about a call that only other servers have. */
  elsewhere(name: string): boolean;
}

export const which: { server: "institution" | "facilitator" | "guarantor" } = { server: "institution" };

/** Calls that not all servers have, by who has them. */
const ofFacilitators = / \/(methods|ties)(\/|$)|\/advances?(\/|$)/;
const ofAskers =
  /\/peers\/\{id\}\/(breaches|resume|accounts\/.+)$|\/shops\/\{id\}\/ties$|(?<!\/(?:accounts\/\{id\}|collections\/\{number\}))\/payments$/;
const ofGuarantors =
  /[/-]guarantees(\/|$)|\/credit-requests?(\/|$)|\/stand-limits$|\/lent-lines(\/|$)|\/lenders(\/|$)|\/transfer$|\/carriers\/\{id\}\/ties$/;
const ofKeepers = / \/(v1\/)?(accounts|bills|credit-lines|debts|transfers)(\/|$)|\/vouchers$/;
const ofInstitutions =
  / \/(v1\/)?(amounts|collecting|collections|collectors|consents|counter|objections|reservations|settlement-objections|settlements|payouts|payout-files|payout-reports|tie|bank-statements|arrivals|return-accounts|fundings|dues|bank-transfers|fund|pay-due)(\/|$)|\/accounts\/\{id\}\/(statement|bank-account|payout-schedule|payouts|fundings|payments)$| \/accounts\/\{id\}\/(bank|end-bank|schedule|end-schedule|payout|cancel)$|\/shop\/accounts\/|\/peers\/\{id\}\/accounts$/;
const elsewhere = (...others: readonly RegExp[]) => {
  return (name: string) => others.some((other) => other.test(name));
};

/** Who may call is asked of each caller alone; who confirms is in test/operators.test.ts. */
const operators = "one" as const;

export async function openPlace(
  t: { after(release: () => Promise<void>): unknown },
  webhooks: string,
): Promise<Place> {
  if (which.server === "institution") {
    const world = await startWorld(t, {
      durable: false,
      sandbox: true,
      operators,
      webhooksMayReach: [webhooks],
    });
    return {
      ...world,
      peer: worldPeer.id,
      lines: {},
      elsewhere: elsewhere(ofFacilitators, ofAskers, ofGuarantors),
    };
  }
  if (which.server === "guarantor") return guarantorPlace(t, webhooks);
  const { facilitator, institution, admin } = await openPair(t, { operators, webhooksMayReach: [webhooks] });
  const { vouchers } = institution.demo;
  const { url, demo } = facilitator;
  return {
    url,
    demo: { ...demo, vouchers },
    database: admin.facilitator,
    peer: institutionId,
    lines: atFacilitators,
    elsewhere: elsewhere(ofInstitutions, ofKeepers, ofGuarantors),
  };
}

async function guarantorPlace(
  t: { after(release: () => Promise<void>): unknown },
  webhooks: string,
): Promise<Place> {
  const { guarantor, admin } = await openGuaranteed(t, { operators, webhooksMayReach: [webhooks] });
  const { url, demo } = guarantor;
  return {
    url,
    demo: { ...demo, vouchers: [] },
    database: admin.guarantor,
    peer: institutionId,
    // Credit is for members: whoever comes as a guest is nobody there.
    lines: Object.fromEntries(
      Object.entries({ ...table, ...atGuarantors }).map(([name, line]) => [
        name,
        { ...line, guest: line.nobody },
      ]),
    ),
    elsewhere: elsewhere(ofFacilitators, ofInstitutions),
  };
}
