/**
 * The payment institution (支払機関サーバ 30): keeps members and their accounts, freezes and pays. In the
 * direct topology (second embodiment, figures 6 and 7) the trades and their acceptance live here too.
 */
import {
  engineGauges,
  type Host,
  type HostOptions,
  mailUseOf,
  openHost,
  sweepEveryMs,
} from "../../edge/host/host.ts";
import { metricsOf, type Gauges, type Server } from "../../edge/http/http.ts";
import type { Database } from "../../storage/database/database.ts";
import type { PayoutRules } from "../../engines/payouts/payouts.ts";
import { ownBooks } from "../../engines/rails/rails.ts";
import { createReservations, endUntaken } from "../../engines/reservations/reservations.ts";
import type { Peer } from "../../edge/signing/signing.ts";
import { type PageContext, registerPages } from "../../edge/pages/pages.ts";
import type { Face } from "../../edge/parts/parts.ts";
import { type Context, feeAccountOf, houseAccount, keptAccountOf, openHouse } from "../../edge/api/api.ts";
import { openPayoutClock, payoutGauges, registerPayoutCalls } from "../../edge/payouts/payouts.ts";
import { registerAmounts } from "./amounts.ts";
import { registerConsentPages } from "./consent-pages.ts";
import { registerConsentRoutes } from "./consent-routes.ts";
import {
  availableOf,
  registerAccountPages,
  registerCreditLineRoutes,
  registerLedgerRoutes,
  transferGauges,
} from "../../edge/books/books.ts";
import { registerPeerAccounts } from "./peer-account-routes.ts";
import { registerSettlements } from "./settlement-pages.ts";
import { registerObjections, settlementGauges } from "./objection-pages.ts";
import { registerReservationRoutes } from "./reservation-routes.ts";
import { type Collections, createCollections } from "../../engines/collections/collections.ts";
import { registerCounters } from "../../edge/counters/counters.ts";
import { debtGauges, registerDebts } from "../../edge/debts/debts.ts";
import { type BillRules, createDebts, type Debts, usualBills } from "../../engines/debts/debts.ts";
import { openOwnPayee, ownCounter } from "./own-bills.ts";

export interface InstitutionOptions extends HostOptions {
  /** The servers for which this one freezes and pays; none if left out. */
  peers?: readonly Peer[];
  /** From where it pays out by files for its bank; without it, it does not. */
  payouts?: PayoutRules | undefined;
  /** How it sends bills for what members owe on credit lines; without it, it sends none. */
  bills?: BillRules | undefined;
}

export interface Institution {
  server: Server;
  context: Context;
  /** Takes no more requests, finishes what runs, closes the database. */
  close(): Promise<void>;
}

/** How often consents are looked for of which nothing came, in milliseconds. */
const untakenEveryMs = 60_000;

const face: Face = {
  name: "Kenshu",
  lead: "When you order, your money is frozen: it stays yours, and the shop can see that it is there. It moves to the shop when you have the goods in your hands and say that they are right.",
  money: "accounts",
};

/** What waits for operators here. */
function gaugesOf(database: Database): Gauges {
  const all = [
    transferGauges(database),
    settlementGauges(database),
    payoutGauges(database),
    debtGauges(database),
  ];
  return {
    help: Object.assign({}, ...all.map(({ help }) => help)),
    read: async () => {
      const found: Record<string, number> = {};
      for (const { read } of all) Object.assign(found, await read());
      return found;
    },
  };
}

/** The pages of this server. */
export function registerInstitutionPages(
  server: Server,
  around: Context & Pick<PageContext, "doorstep" | "profiles">,
): void {
  const context = { ...around, face, availableOf: availableIn(around) };
  registerPages(server, context);
  registerAccountPages(server, context);
  registerConsentPages(server, context, []);
  registerSettlements(server, context, []);
}

const availableIn =
  ({ database }: Pick<Context, "database">) =>
  (methods: Parameters<typeof availableOf>[1]) =>
    availableOf(database, methods);

/** Bills with their calls; undefined where none are sent, but what there is can be read. */
async function openBills(
  options: InstitutionOptions,
  { server, context, database, onError }: Host,
  collections: Collections,
): Promise<Debts | undefined> {
  const { settings, bills } = options;
  const { currencies, timeZone } = settings;
  const ground = {
    rules: bills ?? usualBills,
    timeZone,
    mails: mailUseOf(options),
    house: houseAccount,
    source: (currency: string) => houseAccount("bills", currency),
    counter: ownCounter(collections, { name: face.name, currencies }),
  };
  registerDebts(server, { ...context, ground });
  if (bills === undefined) return undefined;
  await openOwnPayee(database, currencies);
  return createDebts({ database, ground, onError });
}

export async function createInstitution(options: InstitutionOptions): Promise<Institution> {
  const { peers = [] } = options;
  const host = await openHost(options, {
    name: "Kenshu institution",
    description:
      "Keeps members' accounts, freezes money when a trade is agreed, pays when goods are accepted.",
    face,
    topology: "direct",
    peers,
    feeAccount: feeAccountOf,
    gauges: gaugesOf,
    equip: (footing) => ({ rail: ownBooks(), availableOf: availableIn(footing) }),
  });
  const { server, context, database, onError } = host;
  await openHouse(context);
  const reservations = createReservations({
    database,
    onError,
    sweepEveryMs,
    mails: mailUseOf(options),
    timeZone: options.settings.timeZone,
  });
  const collections = createCollections({ database, onError, keptAccount: keptAccountOf });
  metricsOf(server).add(engineGauges("reservations", reservations));
  metricsOf(server).add(engineGauges("collections", collections));
  registerLedgerRoutes(server, context);
  registerCreditLineRoutes(server, context);
  registerAccountPages(server, context);
  registerReservationRoutes(server, reservations);
  registerCounters(server, context, collections);
  registerConsentRoutes(server, context, peers);
  registerConsentPages(server, context, peers);
  registerPeerAccounts(server, context, peers);
  registerSettlements(server, context, peers);
  registerObjections(server, context, peers, mailUseOf(options));
  registerAmounts(server, context, peers);
  const ground = {
    vault: context.vault,
    mails: mailUseOf(options),
    house: houseAccount,
    rules: options.payouts,
  };
  registerPayoutCalls(server, { ...context, ground });
  const payouts = openPayoutClock({ database, ground }, onError);
  const debts = await openBills(options, host, collections);
  host.start(async () => {
    await reservations.sweeper.sweep();
    await payouts.sweep();
    await debts?.sweep();
    await endUntaken(database);
  });
  reservations.sweeper.start();
  payouts.start();
  debts?.start();
  const untaken = setInterval(() => void endUntaken(database).catch(onError), untakenEveryMs);
  return {
    server,
    context,
    close: () => {
      clearInterval(untaken);
      return host.close(async () => {
        await payouts.stop();
        await debts?.stop();
        await reservations.close();
        await collections.close();
      });
    },
  };
}
