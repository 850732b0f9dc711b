/**
 * The payment institution (支払機関サーバ 30): keeps members and their accounts, freezes and pays. In the
 * direct topology (second embodiment, figures 6 and 7) the trades and their acceptance live here too.
 */
import { dayAt } from "../../core/protocol/protocol.ts";
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
import type { Sweeper } from "../../engines/engine/engine.ts";
import { ownBooks } from "../../engines/rails/rails.ts";
import { createReservations, endUntaken } from "../../engines/reservations/reservations.ts";
import type { Peer } from "../../edge/signing/signing.ts";
import { type PageContext, registerPages } from "../../edge/pages/pages.ts";
import type { Face } from "../../edge/parts/parts.ts";
import { type Context } from "../../edge/api/api.ts";
import { openPayoutClock, payoutGauges, registerPayoutCalls } from "../../edge/payouts/payouts.ts";
import { registerShopAccounts } from "../../edge/shop-accounts/shop-accounts.ts";
import { registerAmounts } from "./amounts.ts";
import { registerCollectingPages } from "./collecting-pages.ts";
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
import {
  type Collections,
  createCollections,
  fundingSweeper,
  lockReturned,
} from "../../engines/collections/collections.ts";
import { registerCounters } from "../../edge/counters/counters.ts";
import { arrivalGauges, openArrivalClock, registerBankTransfers } from "../../edge/arrivals/arrivals.ts";
import { registerFundingCalls } from "../../edge/fundings/fundings.ts";
import { keepCameBack, type OwnAccount } from "../../engines/arrivals/arrivals.ts";
import { debtGauges, registerDebts } from "../../edge/debts/debts.ts";
import { type BillRules, createDebts, type Debts, usualBills } from "../../engines/debts/debts.ts";
import { openOwnPayee, ownCounter } from "./own-bills.ts";
import { feeAccountOf, houseAccount, keptAccountOf, openHouse } from "../../storage/ledger/ledger.ts";

export interface InstitutionOptions extends HostOptions {
  /** The servers for which this one freezes and pays; none if left out. */
  peers?: readonly Peer[];
  /** From where it pays out by files for its bank; without it, it does not. */
  payouts?: PayoutRules | undefined;
  /** The accounts at banks to which people transfer what is due; without them, nobody does. */
  bankAccounts?: readonly OwnAccount[];
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
  lead: "home.institution",
  money: "accounts",
  means: ["deposit", "prepaid", "credit"],
  queues: ["bank-transfers", "collectors", "payout-files", "debts", "objections"],
  portal: true,
};

/** What waits for operators here. */
function gaugesOf(database: Database): Gauges {
  const all = [
    transferGauges(database),
    settlementGauges(database),
    payoutGauges(database),
    arrivalGauges(database),
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
  around: Context & Pick<PageContext, "doorstep" | "photos" | "profiles">,
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

type MoneyRoom = Parameters<typeof registerBankTransfers>[1] &
  Parameters<typeof registerPayoutCalls>[1] & { collections: Collections; onError: (error: unknown) => void };

/** What comes in from banks and goes out to them, and what members bring and pay; answers what has to look at the clock. */
function openMoneyCalls(
  server: Server,
  around: Omit<MoneyRoom, "keptAccount">,
): Pick<Sweeper, "start" | "sweep" | "stop">[] {
  const room = { ...around, keptAccount: keptAccountOf, name: "Kenshu institution" };
  const { database, collections, onError } = room;
  registerPayoutCalls(server, room);
  registerShopAccounts(server, room);
  registerBankTransfers(server, room, collections);
  registerFundingCalls(server, room);
  return [
    openPayoutClock(room, onError),
    openArrivalClock(room, onError),
    fundingSweeper({ database, everyMs: untakenEveryMs, onError }),
  ];
}

/** What payouts, bank transfers and fundings stand on. */
function groundOf({ vault }: Context, options: InstitutionOptions, collections: Collections) {
  const { payouts: rules, bankAccounts: accounts = [] } = options;
  const mails = mailUseOf(options);
  const backs = { lockBack: lockReturned, cameBack: keepCameBack };
  return { vault, mails, house: houseAccount, rules, ...backs, collections, accounts };
}

/** The institution's own accounts for what is collected, and its days. */
const houseOf = ({ settings }: InstitutionOptions) => ({
  kept: keptAccountOf,
  costs: (currency: string) => houseAccount("costs", currency),
  bills: (currency: string) => houseAccount("bills", currency),
  today: (at: Date) => dayAt(at, settings.timeZone),
});

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
    makes: ["collector"],
    gauges: gaugesOf,
    equip: (footing) => ({ rail: ownBooks(), availableOf: availableIn(footing) }),
  });
  const { server, context, database, onError } = host;
  await openHouse(database, options.settings.currencies);
  const reservations = createReservations({
    database,
    onError,
    sweepEveryMs,
    mails: mailUseOf(options),
    timeZone: options.settings.timeZone,
  });
  const collections = createCollections({
    database,
    onError,
    house: houseOf(options),
  });
  metricsOf(server).add(engineGauges("reservations", reservations));
  metricsOf(server).add(engineGauges("collections", collections));
  registerLedgerRoutes(server, context);
  registerCreditLineRoutes(server, context);
  registerAccountPages(server, context, true);
  registerReservationRoutes(server, context.database, reservations);
  registerCounters(server, context, collections);
  registerConsentRoutes(server, context, peers);
  registerConsentPages(server, context, peers);
  registerCollectingPages(server, context, peers);
  registerPeerAccounts(server, context, peers);
  registerSettlements(server, context, peers);
  registerObjections(server, context, peers, mailUseOf(options));
  registerAmounts(server, context, peers);
  const ground = groundOf(context, options, collections);
  const clocks = openMoneyCalls(server, { ...context, ground, collections, onError });
  const debts = await openBills(options, host, collections);
  host.start(async () => {
    await reservations.sweeper.sweep();
    for (const clock of clocks) await clock.sweep();
    await debts?.sweep();
    await endUntaken(database);
  });
  reservations.sweeper.start();
  for (const clock of clocks) clock.start();
  debts?.start();
  const untaken = setInterval(() => void endUntaken(database).catch(onError), untakenEveryMs);
  return {
    server,
    context,
    close: () => {
      clearInterval(untaken);
      return host.close(async () => {
        for (const clock of clocks) await clock.stop();
        await debts?.stop();
        await reservations.close();
        await collections.close();
      });
    },
  };
}
