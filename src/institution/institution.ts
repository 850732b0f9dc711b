/**
 * The payment institution (支払機関サーバ 30): keeps members and their accounts, freezes and pays. In the
 * direct topology (second embodiment, figures 6 and 7) the trades and their acceptance live here too.
 */
import { performance } from "node:perf_hooks";
import { openDatabase } from "../database/database.ts";
import { closeGracefully, type LogLevel, makeCookies, makeServer, type Server } from "../http/http.ts";
import { readClock } from "../ledger/ledger.ts";
import { openIdentity, openTradeLinks } from "../identity/identity.ts";
import type { Face } from "../terminals/terminals.ts";
import { ownBooks } from "../means/means.ts";
import { registerDisclosureRoutes } from "../disclosures/disclosures.ts";
import { checkVault, openVault, rewrapKeys } from "../members/members.ts";
import { createReservations, type Reservations } from "../reservations/reservations.ts";
import { openPeers, openSigner, type Peer, registerSigning } from "../signing/signing.ts";
import { createTrades } from "../trades/trades.ts";
import { registerConsentRoutes } from "./consent-routes.ts";
import { registerLedgerRoutes } from "./ledger-routes.ts";
import { registerReservationRoutes } from "./reservation-routes.ts";
import { problemPage, registerSite, type Site } from "../site/site.ts";
import { availableOf, registerAccountPages } from "./pages.ts";
import { type Demo, seedDemo } from "./seed.ts";
import {
  access,
  callerAmong,
  type Context,
  eraseStrayGuests,
  houseAccount,
  openHouse,
  registerPartyRoutes,
  registerPeopleRoutes,
  registerSandboxRoutes,
  registerSessionRoutes,
  registerTradeRoutes,
  type Settings,
} from "../trading/trading.ts";

export type { Demo } from "./seed.ts";

export interface InstitutionOptions {
  /** A migrated database and the schema in it. */
  url: string;
  schema: string;
  /** The role that may not change the journal. */
  role: string;
  /** Where people and shops reach this server, without a slash at the end. */
  publicUrl: string;
  version: string;
  settings: Settings;
  /** Keys of 32 bytes under which personal data is sealed: the first from now on, the others as long as they are needed. */
  personalDataKeys: readonly Buffer[];
  sandbox: boolean;
  log: LogLevel;
  trustedProxies?: string[];
  /** The servers for which this one freezes and pays; none if left out. */
  peers?: readonly Peer[];
}

export interface Institution {
  server: Server;
  context: Context;
  /** Takes no more requests, finishes what runs, closes the database. */
  close(): Promise<void>;
}

/** Makes the demo's people, shops and money in a migrated database; undefined where they are there already. */
export async function seedInstitution(
  options: Pick<InstitutionOptions, "url" | "schema" | "role" | "settings" | "personalDataKeys"> & {
    /** For which other server people and shops are to have given consents. */
    peer?: Peer;
    /** How many members to make for load, here and for the peer; 200 if left out. */
    loadMembers?: number;
  },
): Promise<Demo | undefined> {
  const { settings, personalDataKeys, peer, loadMembers = 200, ...where } = options;
  const database = openDatabase({ ...where, keyed: true });
  try {
    const identity = openIdentity({ database, clock: () => performance.now() });
    const ground = { database, identity, vault: openVault(personalDataKeys), settings };
    return await seedDemo(ground, { loadMembers, peer });
  } finally {
    await database.close();
  }
}

const face: Face = {
  name: "Kenshu",
  lead: "When you order, your money is frozen: it stays yours, and the shop can see that it is there. It moves to the shop when you have the goods in your hands and say that they are right.",
  money: "accounts",
};

/** The pages of this server. */
export function registerPages(server: Server, context: Context): void {
  const site: Site = {
    ...context,
    face,
    availableOf: (methods) => availableOf(context.database, methods),
  };
  registerSite(server, site);
  registerAccountPages(server, site);
}

const hour = 3_600_000;

/** How often deadlines are looked for, in milliseconds. They hold to the instant all the same. */
const sweepEveryMs = 1000;

export async function createInstitution(options: InstitutionOptions): Promise<Institution> {
  const { url, schema, role, publicUrl } = options;
  const secureCookies = publicUrl.startsWith("https://");
  // Filled in below: what may fail is made before the server whose log is told.
  const running: { server?: Server } = {};
  const onError = (error: unknown): void => running.server?.log.error({ err: error }, "failed");
  const database = openDatabase({ url, schema, role, keyed: true, max: 12, onError });
  const vault = openVault(options.personalDataKeys);
  await checkVault(database, vault);
  const links = await openTradeLinks(database);
  const trades = createTrades({
    means: ownBooks(),
    database,
    topology: "direct",
    vault,
    defaults: { reserveFor: "P30D", coolingOff: "P14D", autoAfter: "P7D" },
    feeAccount: (currency) => houseAccount("fee", currency),
    approveUrl: (number) => `${publicUrl}/approve/${links.tokenFor(number)}`,
    sweepEveryMs,
    onError,
  });
  const identity = openIdentity({ database, clock: () => performance.now() });
  const context: Context = {
    database,
    identity,
    vault,
    cookies: makeCookies(secureCookies),
    links,
    trades,
    settings: options.settings,
  };
  await openHouse(context);
  const server = await makeServer({
    name: "Kenshu institution",
    version: options.version,
    description:
      "Keeps members' accounts, freezes money when a trade is agreed, pays when goods are accepted.",
    access,
    log: options.log,
    ready: async () => (await readClock(database)) instanceof Date,
    secureCookies,
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    renderProblem: problemPage(face),
  });
  running.server = server;
  registerRoutes(server, context);
  const reservations = createReservations({ database, onError, sweepEveryMs });
  await openToPeers(server, context, reservations, options);
  if (options.sandbox) registerSandboxRoutes(server, context, () => reservations.sweeper.sweep());
  trades.sweeper.start();
  rewrapKeys(database, vault).catch(onError);
  reservations.sweeper.start();
  const housekeeping = setInterval(() => {
    eraseStrayGuests(context).catch(onError);
  }, hour);
  return {
    server,
    context,
    close: () => {
      clearInterval(housekeeping);
      return close(server, context, reservations);
    },
  };
}

/** What every trading server serves, and this one's accounts. */
function registerRoutes(server: Server, context: Context): void {
  registerTradeRoutes(server, context);
  registerPeopleRoutes(server, context);
  registerPartyRoutes(server, context);
  registerDisclosureRoutes(server, context);
  registerSessionRoutes(server, context);
  registerLedgerRoutes(server, context);
  registerPages(server, context);
}

/** What other servers are served with: signed requests, and the calls that are for them. */
async function openToPeers(
  server: Server,
  context: Context,
  reservations: Reservations,
  { publicUrl, peers = [] }: InstitutionOptions,
): Promise<void> {
  const { database } = context;
  registerSigning(server, {
    database,
    signer: await openSigner(database, publicUrl),
    peers: openPeers({ database, peers }),
    isOperator: async (request) => void (await callerAmong(context, request, ["operator"])),
  });
  registerReservationRoutes(server, reservations);
  registerConsentRoutes(server, context, peers);
}

async function close(
  server: Server,
  { trades, database }: Context,
  reservations: Reservations,
): Promise<void> {
  await closeGracefully(server, { timeoutMs: 10_000 });
  await trades.close();
  await reservations.close();
  await database.close();
}
