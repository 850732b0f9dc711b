/** The guarantor's server: members and credit lines in books of its own, and institutions that collect for it. */
import {
  fromOutside,
  type Host,
  type HostOptions,
  mailUseOf,
  openHost,
  type Outside,
} from "../../edge/host/host.ts";
import { watchBooks } from "../../edge/breaks/breaks.ts";
import type { Server } from "../../edge/http/http.ts";
import { type Context } from "../../edge/api/api.ts";
import { breachGauges, openAsking, registerBreachRoutes } from "../../edge/asking/asking.ts";
import {
  availableOf,
  registerAccountPages,
  registerCreditLineRoutes,
  registerLedgerRoutes,
  transferGauges,
} from "../../edge/books/books.ts";
import { registerGuaranteePages } from "../../edge/guarantees/guarantees.ts";
import { openLending } from "../../edge/lending/lending.ts";
import { creditFor, openCredit } from "../../edge/credit/credit.ts";
import type { Face } from "../../edge/parts/parts.ts";
import type { Peer } from "../../edge/signing/signing.ts";
import {
  giveBackLoose,
  registerCarrierTies,
  registerPaymentPages,
  registerTieRoutes,
} from "../../edge/ties/ties.ts";
import { usualTerms } from "../../core/trade/trade.ts";
import type { StandLimits } from "../../engines/credit/credit.ts";
import { guarantee } from "../../engines/rails/rails.ts";
import { lookAtGuarantees } from "../../engines/trades/trades.ts";
import type { Database } from "../../storage/database/database.ts";
import { debtGauges, registerDebts } from "../../edge/debts/debts.ts";
import { type BillRules, createDebts, type Debts, usualBills } from "../../engines/debts/debts.ts";
import { readCollectionAnswer } from "./answers.ts";
import { billCounter } from "./billing.ts";
import { createHearing } from "./hearing.ts";
import { createEndedLists, registerEndedLists } from "./ended-list.ts";
import { registerGuaranteeRoutes, saying } from "./guarantee-routes.ts";
import { registerPayingIn } from "./paying-in.ts";
import { reconcile, type ReconcileOptions, type Reconciliation } from "./reconcile.ts";
import { registerSlipRoute } from "./slip-route.ts";
import { feeAccountOf, houseAccount, openHouse } from "../../storage/ledger/ledger.ts";

export interface GuarantorOptions extends HostOptions {
  /** This server's id, as the institutions know it. */
  id: string;
  /** Where members pay. */
  institutions: readonly Peer[];
  /** How much it stands for of a member at a time and for a shop on a day, where operators say nothing else. */
  limits?: StandLimits | undefined;
  /** How it sends bills for what it has paid for members; without it, it sends none. */
  bills?: BillRules | undefined;
}

export interface Guarantor {
  server: Server;
  context: Context;
  /** Takes no more requests, finishes what runs, closes the database. */
  close(): Promise<void>;
}

const face: Face = {
  name: "Kenshu Guarantor",
  lead: "home.guarantor",
  money: "accounts",
  means: ["credit"],
  queues: ["guarantees", "credit-requests", "lent-lines", "debts"],
  lends: true,
  payments: true,
  portal: true,
};

/** How long after acceptance a member has to pay, where the shop says nothing else. */
const collectWithin = "P14D";
/** How often this server asks what was paid, in milliseconds. */
const hearEveryMs = 200;
/** What is due on a number that nobody has: whoever says so, signed, has understood the question. */
const nobodys = "/v1/collections/0";
/** How it asks institutions to collect. */
const collecting = { path: "/v1/collections/batch", read: readCollectionAnswer, nobodys } as const;
/** How often what waits for nobody is looked at: consents that nothing was tied by, lines of which little is left. In milliseconds. */
const looseEveryMs = 60_000;

/** The page at which an institution's collectors take what is due. */
const counterOf = ({ name, url }: Peer) => ({ name, url: `${url}/counter` });

function gaugesOf(database: Database) {
  const [breaches, transfers, debts] = [
    breachGauges(database),
    transferGauges(database),
    debtGauges(database),
  ];
  return {
    help: { ...breaches.help, ...transfers.help, ...debts.help },
    read: async () => ({
      ...(await breaches.read()),
      ...(await transfers.read()),
      ...(await debts.read()),
    }),
  };
}

/** Bills with their calls. What was paid at an institution for one is what comes in from outside of these books. */
function openBills(options: GuarantorOptions, { server, context, database, client, onError }: Host): Debts {
  const { bills: rules = usualBills, settings, institutions } = options;
  const ground = {
    rules,
    timeZone: settings.timeZone,
    mails: mailUseOf(options),
    house: houseAccount,
    source: (currency: string) => houseAccount("outside", currency),
    counter: billCounter({ database, client, institutions, onError }),
  };
  registerDebts(server, { ...context, ground });
  return createDebts({ database, ground, onError });
}

/** Looks now and then at what waits for nobody. */
function lookQuietly(
  tying: Parameters<typeof giveBackLoose>[0] & { database: Database },
  onError: (error: unknown) => void,
): NodeJS.Timeout {
  return setInterval(() => {
    void giveBackLoose(tying).catch(onError);
    void lookAtGuarantees(tying.database).catch(onError);
  }, looseEveryMs);
}

export async function createGuarantor(options: GuarantorOptions): Promise<Guarantor> {
  const { id, institutions, limits = { member: {}, shopDay: {} } } = options;
  const terms = { ...(options.terms ?? usualTerms), collectWithin };
  const host = await openHost(
    { ...options, terms },
    {
      name: "Kenshu guarantor",
      description:
        "Stands for its members' credit: freezes a credit line when a trade is agreed, and has the accepted amount collected.",
      face: { ...face, counters: institutions.map(counterOf) },
      topology: "guaranteed",
      peers: institutions,
      feeAccount: feeAccountOf,
      gauges: gaugesOf,
      equip: ({ database }) => ({
        rail: guarantee(),
        limits,
        availableOf: (methods) => availableOf(database, methods),
        creditFor: (trade) => creditFor(database, trade),
      }),
    },
  );
  const { server, context, database, client, signer, trades, onError } = host;
  await openHouse(database, options.settings.currencies);
  const tying = { database, client, id, institutions, feesInto: feeAccountOf };
  registerLedgerRoutes(server, context);
  registerAccountPages(server, context);
  registerCreditLineRoutes(server, context);
  registerTieRoutes(server, context, tying);
  registerPaymentPages(server, context, tying);
  registerCarrierTies(server, context, { ...tying, currencies: options.settings.currencies });
  registerBreachRoutes(server, context, institutions);
  registerGuaranteeRoutes(server, context, signer);
  registerEndedLists(server, context, signer);
  registerSlipRoute(server, context, face.name);
  const upToDate = () => trades.lists.round();
  registerGuaranteePages(server, context, { rules: options.bills ?? usualBills, upToDate });
  registerPayingIn(server, context, { client, institutions });
  const credit = openCredit(server, context, { trades, limits, onError });
  const lending = openLending(server, context, onError);
  const asking = openAsking(host, { institutions, ...collecting });
  const debts = openBills(options, host);
  const hearing = createHearing({ client, institutions, trades, debts, onError, everyMs: hearEveryMs });
  const ended = createEndedLists({ database, upToDate, said: saying(context), onError });
  const sweepers = [credit, lending, ...(options.bills === undefined ? [] : [debts])];
  host.start(async () => {
    await hearing.round();
    await ended.round();
    for (const each of sweepers) await each.sweep();
    await giveBackLoose(tying);
    await lookAtGuarantees(database);
  });
  for (const each of [asking, hearing, ended, ...sweepers]) each.start();
  const quiet = lookQuietly(tying, onError);
  const watch = watchBooks(server, () => reconcile({ database, client, institutions }), onError);
  return {
    server,
    context,
    close: () => {
      clearInterval(quiet);
      watch.stop();
      return host.close(async () => {
        for (const each of [...sweepers, hearing, ended, asking]) await each.stop();
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
