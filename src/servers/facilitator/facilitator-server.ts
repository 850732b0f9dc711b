/**
 * The facilitator (取引円滑サーバ 20): keeps members, carries a trade between shop and institution, and holds no money.
 * It has the members and trades of every trading server, and institutions as its means of payment (first embodiment,
 * figures 1, 4 and 5, steps S301 to S308 and S401 to S403).
 */
import type { AdvancePrices } from "../../engines/advances/advances.ts";
import { auditAdvances } from "../../engines/trades/trades.ts";
import type { Database } from "../../storage/database/database.ts";
import { fromOutside, type HostOptions, openHost, type Outside } from "../../edge/host/host.ts";
import { metricsOf, type Gauges, type Server } from "../../edge/http/http.ts";
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

const day = 86_400_000;
/** Long enough for what waited for this process to have been sent. */
const firstReconciliationMs = 10 * 60_000;
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
  const last: LastReconciliation = {};
  const reconcileNow = () => void reconcileOnce(host, server, institutions, last);
  const soon = setTimeout(reconcileNow, firstReconciliationMs);
  const nightly = setInterval(reconcileNow, day);
  metricsOf(server).add(reconciliationGauges(last));
  return {
    server,
    context,
    close: () => {
      clearTimeout(soon);
      clearInterval(nightly);
      clearInterval(loose);
      return host.close(() => asking.stop());
    },
  };
}

/** When this process compared last with all institutions, and what came of it; nothing before the first time. */
interface LastReconciliation {
  result?: { at: number; compared: number; breaks: number; unreachable: number };
}

function reconciliationGauges(last: LastReconciliation): Gauges {
  return {
    help: {
      kenshu_reconciliation_age_seconds: "Since when this process compared with institutions.",
      kenshu_reconciliation_compared: "Reservations that were compared then.",
      kenshu_reconciliation_breaks: "Differences that were found then.",
      kenshu_reconciliation_unreachable: "Institutions that could not be asked then.",
    },
    read: (): Record<string, number> => {
      if (last.result === undefined) return {};
      const { at, compared, breaks, unreachable } = last.result;
      return {
        kenshu_reconciliation_age_seconds: (performance.now() - at) / 1000,
        kenshu_reconciliation_compared: compared,
        kenshu_reconciliation_breaks: breaks,
        kenshu_reconciliation_unreachable: unreachable,
      };
    },
  };
}

/**
 * Compares, soon after the start and once a day, what institutions hold for this server with what it believes; a break is an
 * error in the log.
 */
async function reconcileOnce(
  {
    database,
    client,
    onError,
  }: { database: Database; client: PeerClient; onError: (error: unknown) => void },
  { log }: Server,
  institutions: readonly Peer[],
  last: LastReconciliation,
): Promise<void> {
  try {
    const { breaks, unreachable, compared } = await reconcile({ database, client, institutions });
    for (const found of breaks) log.error({ break: found }, "an institution's books differ from the trades");
    for (const wrong of (await auditAdvances(database)).differences)
      log.error({ wrong }, "what shops were paid early does not add up");
    const sums = { compared, breaks: breaks.length, unreachable: unreachable.length };
    last.result = { at: performance.now(), ...sums };
    log.info({ compared, breaks: breaks.length, unreachable }, "reconciled");
  } catch (error) {
    onError(error);
  }
}

/** Reconciles from outside of the server, for `kenshu reconcile`. */
export function reconcileFacilitator(
  options: Outside,
  how: Pick<ReconcileOptions, "whole" | "onProgress">,
): Promise<Reconciliation> {
  return fromOutside(options, (lines) => reconcile({ ...lines, ...how }));
}
