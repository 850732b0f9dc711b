/** The server whose calls are compared with the table: an institution, or a facilitator with an institution behind it. */
import type { Database } from "../../../src/storage/database/database.ts";
import type { Demo } from "../../../src/tools/demo/demo.ts";
import { atFacilitators } from "../tables/access-table.ts";
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

export const which: { server: "institution" | "facilitator" } = { server: "institution" };

const ofFacilitators =
  / \/(methods|ties)(\/|$)|\/advances?(\/|$)|\/peers\/\{id\}\/(breaches|resume|accounts\/.+)$|\/shops\/\{id\}\/ties$|\/payments$/;
const ofInstitutions =
  / \/(v1\/)?(accounts|amounts|collections|collectors|consents|counter|objections|reservations|settlement-objections|settlements|transfers|payouts|payout-files|payout-reports|tie)(\/|$)|\/vouchers$|\/peers\/\{id\}\/accounts$/;

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
    return { ...world, peer: worldPeer.id, lines: {}, elsewhere: (name) => ofFacilitators.test(name) };
  }
  const { facilitator, institution, admin } = await openPair(t, { operators, webhooksMayReach: [webhooks] });
  const { vouchers } = institution.demo;
  const { url, demo } = facilitator;
  return {
    url,
    demo: { ...demo, vouchers },
    database: admin.facilitator,
    peer: institutionId,
    lines: atFacilitators,
    elsewhere: (name) => ofInstitutions.test(name),
  };
}
