/**
 * The facilitator (取引円滑サーバ 20): keeps members, carries a trade between shop and institution, and holds no money.
 * It has the members and trades of every trading server, and institutions as its means of payment (first embodiment,
 * figures 1, 4 and 5, steps S301 to S308 and S401 to S403).
 */
import type { AdvancePrices } from "../../engines/advances/advances.ts";
import { auditAdvances } from "../../engines/trades/trades.ts";
import type { Database } from "../../storage/database/database.ts";
import { fromOutside, type HostOptions, openHost, type Outside } from "../../edge/host/host.ts";
import { watchBooks } from "../../edge/breaks/breaks.ts";
import type { Server } from "../../edge/http/http.ts";
import { remoteInstitution } from "../../engines/rails/rails.ts";
import type { Peer, PeerClient } from "../../edge/signing/signing.ts";
import type { Face } from "../../edge/parts/parts.ts";
import type { Context } from "../../edge/api/api.ts";
import { registerAdvanceRoutes } from "./advance-routes.ts";
import { breachGauges, openAsking, registerBreachRoutes } from "../../edge/asking/asking.ts";
import {
  feeAccount,
  giveBackLoose,
  guestsElsewhere,
  makeTies,
  ownAccount,
  registerPaymentPages,
  registerTieRoutes,
} from "../../edge/ties/ties.ts";
import { readAnswer } from "./answers.ts";
import { reconcile, type ReconcileOptions, type Reconciliation } from "./reconcile.ts";

export interface FacilitatorOptions extends HostOptions {
  /** This server's id, as the institutions know it. */
  id: string;
  institutions: readonly Peer[];
  /** At what price shops are paid early; without it none is. */
  advance?: AdvancePrices | undefined;
}

export interface Facilitator {
  server: Server;
  context: Context;
  /** Takes no more requests, finishes what runs, closes the database. */
  close(): Promise<void>;
}

const face: Face = {
  name: "Kenshu Facilitator",
  lead: "home.facilitator",
  money: "methods",
  payments: true,
  portal: true,
};

/** A reservation that nobody has made: whoever says so, signed, has understood the question. */
const nobodys = "/v1/reservations/00000000-0000-0000-0000-000000000000";
/** How often consents are looked for that nothing was tied by, in milliseconds. */
const looseEveryMs = 60_000;

/** Until when institutions take part that do so for a time (paragraph 0088). */
const endsOf = (institutions: readonly Peer[]): ReadonlyMap<string, Date> =>
  new Map(institutions.flatMap(({ id, until }) => (until === undefined ? [] : [[id, new Date(until)]])));

export async function createFacilitator(options: FacilitatorOptions): Promise<Facilitator> {
  const { id, institutions, advance } = options;
  const host = await openHost(options, {
    name: "Kenshu facilitator",
    description: "Keeps members, carries trades between shops and payment institutions, holds no money.",
    face,
    topology: "facilitated",
    peers: institutions,
    feeAccount,
    gauges: breachGauges,
    equip: (footing) => {
      const tying = {
        database: footing.database,
        client: footing.client,
        id,
        institutions,
        feesInto: feeAccount,
      };
      return {
        rail: remoteInstitution(endsOf(institutions)),
        advances: advance && { ...advance, from: ownAccount, into: feeAccount },
        elsewhere: guestsElsewhere(tying),
        ties: makeTies(tying),
      };
    },
  });
  const { server, context, database, client, onError } = host;
  const tying = { database, client, id, institutions, feesInto: feeAccount };
  registerTieRoutes(server, context, tying);
  registerPaymentPages(server, context, tying);
  registerAdvanceRoutes(server, context, advance);
  registerBreachRoutes(server, context, institutions);
  const asking = openAsking(host, {
    institutions,
    path: "/v1/reservations/batch",
    read: readAnswer,
    nobodys,
  });
  host.start(() => giveBackLoose(tying));
  asking.start();
  const loose = setInterval(() => void giveBackLoose(tying).catch(onError), looseEveryMs);
  const compare = () => comparedHere(host, server, institutions);
  const watch = watchBooks(server, compare, onError);
  return {
    server,
    context,
    close: () => {
      watch.stop();
      clearInterval(loose);
      return host.close(() => asking.stop());
    },
  };
}

/** What institutions hold for this server beside what it believes; and what shops were paid early. */
async function comparedHere(
  { database, client }: { database: Database; client: PeerClient },
  { log }: Server,
  institutions: readonly Peer[],
): Promise<Reconciliation> {
  const found = await reconcile({ database, client, institutions });
  for (const wrong of (await auditAdvances(database)).differences)
    log.error({ wrong }, "what shops were paid early does not add up");
  return found;
}

/** Reconciles from outside of the server, for `kenshu reconcile`. */
export function reconcileFacilitator(
  options: Outside,
  how: Pick<ReconcileOptions, "whole" | "onProgress">,
): Promise<Reconciliation> {
  return fromOutside(options, (lines) => reconcile({ ...lines, ...how }));
}
