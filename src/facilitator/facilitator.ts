/**
 * The facilitator (取引円滑サーバ 20): keeps members, carries a trade between shop and institution, and holds no money.
 * It has the members and trades of every trading server, and institutions as its means of payment (first embodiment,
 * figures 1, 4 and 5, steps S301 to S308 and S401 to S403).
 */
import { performance } from "node:perf_hooks";
import type { FastifyRequest } from "fastify";
import { type Database, openDatabase } from "../database/database.ts";
import {
  closeGracefully,
  type LogLevel,
  makeCookies,
  makeServer,
  pagePolicy,
  type Server,
} from "../http/http.ts";
import { openIdentity, openTradeLinks } from "../identity/identity.ts";
import { readClock } from "../ledger/ledger.ts";
import { remoteMeans } from "../means/means.ts";
import { checkVault, openVault, rewrapKeys } from "../members/members.ts";
import { createDispatcher, type Dispatcher } from "../outbox/outbox.ts";
import {
  makePeerClient,
  openPeers,
  type PeerClient,
  openSigner,
  registerSigning,
} from "../signing/signing.ts";
import { problemPage, registerSite, type Site } from "../site/site.ts";
import type { Face } from "../terminals/terminals.ts";
import {
  access,
  callerAmong,
  type Context,
  eraseStrayGuests,
  registerPartyRoutes,
  registerPeopleRoutes,
  registerSandboxRoutes,
  registerSessionRoutes,
  registerTradeRoutes,
  type Settings,
} from "../trading/trading.ts";
import { createTrades } from "../trades/trades.ts";
import { reconcile, type ReconcileOptions, type Reconciliation } from "./reconcile.ts";
import { makeSender } from "./sender.ts";
import { feeAccount, guestsElsewhere, type InstitutionPeer, makeTies } from "./ties.ts";

export { type FacilitatorDemo, seedFacilitator } from "./seed.ts";

export interface FacilitatorOptions {
  /** This server's id, as the institutions know it. */
  id: string;
  /** A migrated database and the schema in it. */
  url: string;
  schema: string;
  /** The role that may not change what has been recorded. */
  role: string;
  /** Where people, shops and institutions reach this server, without a slash at the end. */
  publicUrl: string;
  version: string;
  /** Keys under which the keys of people are kept: the first wraps, the others only open. */
  personalDataKeys: readonly Buffer[];
  settings: Settings;
  institutions: readonly InstitutionPeer[];
  sandbox: boolean;
  log: LogLevel;
  trustedProxies?: string[];
}

export interface Facilitator {
  server: Server;
  context: Context;
  dispatcher: Dispatcher;
  /** Takes no more requests, finishes what runs, closes the database. */
  close(): Promise<void>;
}

const face: Face = {
  name: "Kenshu Facilitator",
  lead: "When you order, your bank freezes the money: it stays yours, and the shop can see that it is there. It moves to the shop when you have the goods in your hands and say that they are right. We carry the word between you; the money is never ours.",
  money: "methods",
};

const hour = 3_600_000;
const day = 24 * hour;
/** How often deadlines, and instructions without an answer, are looked for, in milliseconds. */
const sweepEveryMs = 1000;
const dispatchEveryMs = 500;

export async function createFacilitator(options: FacilitatorOptions): Promise<Facilitator> {
  const { url, schema, role, publicUrl, institutions } = options;
  const secureCookies = publicUrl.startsWith("https://");
  // Filled in below: what may fail is made before the server whose log is told.
  const running: { server?: Server } = {};
  const onError = (error: unknown): void => running.server?.log.error({ err: error }, "failed");
  const database = openDatabase({ url, schema, role, keyed: true, max: 12, onError });
  const vault = openVault(options.personalDataKeys);
  await checkVault(database, vault);
  const links = await openTradeLinks(database);
  const { signer, peers, client } = await openLines(database, options);
  const dispatcher = createDispatcher({
    database,
    send: makeSender(client, onError),
    settle: ({ id, trade }, answer) =>
      trades.answered(trade, id, answer.how === "refused" ? answer.problem.code : undefined),
    onError,
    everyMs: dispatchEveryMs,
  });
  const trades = createTrades({
    means: remoteMeans((asked) => dispatcher.take(asked)),
    database,
    topology: "facilitated",
    vault,
    defaults: { reserveFor: "P30D", coolingOff: "P14D", autoAfter: "P7D" },
    feeAccount,
    approveUrl: (number) => `${publicUrl}/approve/${links.tokenFor(number)}`,
    sweepEveryMs,
    onError,
  });
  const cookies = makeCookies(secureCookies);
  const identity = openIdentity({ database, clock: () => performance.now() });
  const tying = { database, id: options.id, institutions, client };
  const elsewhere = guestsElsewhere(tying);
  const context: Context = {
    database,
    identity,
    vault,
    elsewhere,
    cookies,
    links,
    trades,
    settings: options.settings,
  };
  const server = await makeServer({
    name: "Kenshu facilitator",
    version: options.version,
    description: "Keeps members, carries trades between shops and payment institutions, holds no money.",
    access,
    log: options.log,
    ready: async () => (await readClock(database)) instanceof Date,
    secureCookies,
    // The form that ties an account leads on to an institution.
    pagePolicy: pagePolicy(institutions.map((institution) => institution.url)),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    renderProblem: problemPage(face),
  });
  running.server = server;
  const isOperator = async (request: FastifyRequest) => {
    await callerAmong(context, request, ["operator"]);
  };
  registerSigning(server, { signer, peers, database, isOperator });
  registerRoutes(server, { ...context, face, ties: makeTies(tying) }, options.sandbox);
  trades.sweeper.start();
  dispatcher.start();
  rewrapKeys(database, vault).catch(onError);
  const housekeeping = setInterval(() => void eraseStrayGuests(context).catch(onError), hour);
  const nightly = setInterval(
    () => void reconcileNightly(server, database, client, options).catch(onError),
    day,
  );
  return {
    server,
    context,
    dispatcher,
    close: async () => {
      clearInterval(housekeeping);
      clearInterval(nightly);
      await closeGracefully(server, { timeoutMs: 10_000 });
      await trades.close();
      await dispatcher.stop();
      await database.close();
    },
  };
}

/** Compares, once a day, what institutions hold for this server with what it believes; a break is an error in the log. */
async function reconcileNightly(
  server: Server,
  database: Database,
  client: PeerClient,
  options: FacilitatorOptions,
) {
  const { breaks, unreachable, compared } = await reconcile({
    database,
    client,
    institutions: options.institutions,
  });
  for (const found of breaks)
    server.log.error({ break: found }, "an institution's books differ from the trades");
  server.log.info({ compared, breaks: breaks.length, unreachable }, "reconciled");
}

/** Reconciles from outside of the server, for `kenshu reconcile`. */
export async function reconcileFacilitator(
  options: Pick<FacilitatorOptions, "url" | "schema" | "role" | "publicUrl" | "institutions">,
  how: Pick<ReconcileOptions, "whole" | "onProgress">,
): Promise<Reconciliation> {
  const { url, schema, role, institutions } = options;
  const database = openDatabase({ url, schema, role });
  try {
    const { client } = await openLines(database, options);
    return await reconcile({ database, client, institutions, ...how });
  } finally {
    await database.close();
  }
}

/** What talks to the institutions. */
async function openLines(
  database: Database,
  { publicUrl, institutions }: Pick<FacilitatorOptions, "publicUrl" | "institutions">,
) {
  const signer = await openSigner(database, publicUrl);
  const peers = openPeers({ database, peers: institutions });
  return { signer, peers, client: makePeerClient({ signer, peers }) };
}

function registerRoutes(server: Server, site: Site, sandbox: boolean): void {
  registerTradeRoutes(server, site);
  registerPeopleRoutes(server, site);
  registerPartyRoutes(server, site);
  registerSessionRoutes(server, site);
  registerSite(server, site);
  if (sandbox) registerSandboxRoutes(server, site);
}
