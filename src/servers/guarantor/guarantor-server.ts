/** The guarantor's server: members and credit lines in books of its own, and institutions that collect for it. */
import { fromOutside, type HostOptions, openHost, type Outside } from "../../edge/host/host.ts";
import type { Server } from "../../edge/http/http.ts";
import { type Context, feeAccountOf, openHouse } from "../../edge/api/api.ts";
import { breachGauges, openAsking, registerBreachRoutes } from "../../edge/asking/asking.ts";
import {
  availableOf,
  registerAccountPages,
  registerCreditLineRoutes,
  registerLedgerRoutes,
  transferGauges,
} from "../../edge/books/books.ts";
import type { Face } from "../../edge/parts/parts.ts";
import type { Peer } from "../../edge/signing/signing.ts";
import { giveBackLoose, registerPaymentPages, registerTieRoutes } from "../../edge/ties/ties.ts";
import { usualTerms } from "../../core/trade/trade.ts";
import { guarantee } from "../../engines/rails/rails.ts";
import type { Database } from "../../storage/database/database.ts";
import { readCollectionAnswer } from "./answers.ts";
import { createHearing } from "./hearing.ts";
import { registerGuaranteeRoutes } from "./guarantee-routes.ts";
import { reconcile, type ReconcileOptions, type Reconciliation } from "./reconcile.ts";
import { registerSlipRoute } from "./slip-route.ts";

export interface GuarantorOptions extends HostOptions {
  /** This server's id, as the institutions know it. */
  id: string;
  /** Where members pay. */
  institutions: readonly Peer[];
}

export interface Guarantor {
  server: Server;
  context: Context;
  /** Takes no more requests, finishes what runs, closes the database. */
  close(): Promise<void>;
}

const face: Face = {
  name: "Kenshu Guarantor",
  lead: "When you order, we stand for you: the shop can ship without fear, and you have paid nothing. You pay when you have the goods in your hands and have said that they are right, at a shop around the corner or at your bank.",
  money: "accounts",
};

/** How long after acceptance a member has to pay, where the shop says nothing else. */
const collectWithin = "P14D";
/** How often this server asks what was paid, in milliseconds. */
const hearEveryMs = 200;
/** What is due on a number that nobody has: whoever says so, signed, has understood the question. */
const nobodys = "/v1/collections/0";
/** How often consents are looked for that nothing was tied by, in milliseconds. */
const looseEveryMs = 60_000;

function gaugesOf(database: Database) {
  const [breaches, transfers] = [breachGauges(database), transferGauges(database)];
  return {
    help: { ...breaches.help, ...transfers.help },
    read: async () => ({ ...(await breaches.read()), ...(await transfers.read()) }),
  };
}

export async function createGuarantor(options: GuarantorOptions): Promise<Guarantor> {
  const { id, institutions } = options;
  const terms = { ...(options.terms ?? usualTerms), collectWithin };
  const host = await openHost(
    { ...options, terms },
    {
      name: "Kenshu guarantor",
      description:
        "Stands for its members' credit: freezes a credit line when a trade is agreed, and has the accepted amount collected.",
      face,
      topology: "guaranteed",
      peers: institutions,
      feeAccount: feeAccountOf,
      gauges: gaugesOf,
      equip: ({ database }) => ({
        rail: guarantee(),
        availableOf: (methods) => availableOf(database, methods),
      }),
    },
  );
  const { server, context, database, client, signer, trades, onError } = host;
  await openHouse(context);
  const tying = { database, client, id, institutions, feesInto: feeAccountOf };
  registerLedgerRoutes(server, context);
  registerAccountPages(server, context);
  registerCreditLineRoutes(server, context);
  registerTieRoutes(server, context, tying);
  registerPaymentPages(server, context, tying);
  registerBreachRoutes(server, context, institutions);
  registerGuaranteeRoutes(server, context, signer);
  registerSlipRoute(server, context, face.name);
  const asking = openAsking(host, {
    institutions,
    path: "/v1/collections/batch",
    read: readCollectionAnswer,
    nobodys,
  });
  const hearing = createHearing({ client, institutions, trades, onError, everyMs: hearEveryMs });
  host.start(async () => {
    await hearing.round();
    await giveBackLoose(tying);
  });
  asking.start();
  hearing.start();
  const loose = setInterval(() => void giveBackLoose(tying).catch(onError), looseEveryMs);
  return {
    server,
    context,
    close: () => {
      clearInterval(loose);
      return host.close(async () => {
        await hearing.stop();
        await asking.stop();
      });
    },
  };
}

/** Reconciles from outside of the server, for `kenshu reconcile`. */
export function reconcileGuarantor(
  options: Outside,
  how: Pick<ReconcileOptions, "onProgress">,
): Promise<Reconciliation> {
  return fromOutside(options, (lines) => reconcile({ ...lines, ...how }));
}
