/**
 * The wiring that every trading server has: its database, who is calling, trades with the server's means of payment, the
 * calls and pages of members, parties and trades, signed messages, the sandbox's clock, and an orderly end. A party adds
 * what only it has.
 */
import { houseOf } from "./host-options.ts";
import { usualTerms } from "../../core/trade/trade.ts";
import { performance } from "node:perf_hooks";
import type { AdvanceRules } from "../../engines/advances/advances.ts";
import type { StandLimits } from "../../engines/credit/credit.ts";
import { createMarks, type Marks } from "../../engines/marks/marks.ts";
import { checkWritable, type Database, openDatabase, readClock } from "../../storage/database/database.ts";
import { openDesk } from "../desk/desk.ts";
import { type Mailer, mailGauges } from "../mail/mail.ts";
import { descriptionOf } from "./description.ts";
import { registerCommon } from "./common-routes.ts";
import { describedActs, openConfirming } from "../operators/operators.ts";
import { createChains, registerChainRoutes } from "../chains/chains.ts";
import { applicantNoted, openProfiles, tellOf } from "../profiles/profiles.ts";
import { openGuests } from "../guests/guests.ts";
import { openPhotos } from "../photos/photos.ts";
import { openDoorstep } from "../doorstep/doorstep.ts";
import { businessGauges, engineGauges, processGauges } from "./gauges.ts";
import {
  metricsOf,
  closeGracefully,
  contactLog,
  type Contacts,
  failureLog,
  makeCookies,
  makeLog,
  makeServer,
  pagePolicy,
  type Gauges,
  type Server,
} from "../http/http.ts";
import {
  makePresence,
  openIdentity,
  openServerSecret,
  type Presence,
  tradeLinks,
} from "../../storage/identity/identity.ts";
import type { Sealer } from "../../engines/sealer/sealer.ts";
import type { Rail } from "../../engines/rails/rails.ts";
import { type Keyring, openKeyring } from "../../storage/keyring/keyring.ts";
import { openVault } from "../../storage/members/members.ts";
import { keepLooks, type PartyKind } from "../../storage/parties/parties.ts";
import { checkCurrencies } from "./currencies.ts";
import { checkKeys, keySource, rewrapAll } from "./keys.ts";
import type { Topology } from "../../core/protocol/protocol.ts";
import {
  type KeySource,
  makePeerClient,
  openPeers,
  openSigner,
  type Peer,
  type PeerClient,
  type Peers,
  type Signer,
} from "../signing/signing.ts";
import { type PageContext, problemPage } from "../pages/pages.ts";
import type { Face } from "../parts/parts.ts";
import {
  access,
  type Elsewhere,
  eraseStrayGuests,
  openMissingAccounts,
  registerSandboxRoutes,
} from "../api/api.ts";
import { countLateDisputes, createTrades, type Trades } from "../../engines/trades/trades.ts";
import { createWebhooks, openWebhookBox, registerWebhookRoutes } from "../webhooks/webhooks.ts";
import { logGauges, type Witnesses } from "../witness/witness.ts";
import type { HostOptions } from "./host-options.ts";
import { openLog } from "./log.ts";
import { momentsOf } from "./proofs.ts";
import { registerSelf } from "./self-route.ts";
import { mailUseOf, startMails } from "./mails.ts";

/** What a server has before it is one: for making its rail. */
export interface Footing {
  database: Database;
  signer: Signer;
  peers: Peers;
  client: PeerClient;
  contacts: Contacts;
  onError: (error: unknown) => void;
}

/** What makes one trading server differ from another. */
export interface Character {
  name: string;
  description: string;
  face: Face;
  topology: Topology;
  /** The other servers that it talks to. */
  peers: readonly Peer[];
  /** Where shops' fees go, by currency. */
  feeAccount: (currency: string) => string;
  equip: (footing: Footing) => Equipment;
  /** Kinds of parties that it makes for itself, and to which nobody applies. */
  makes?: readonly PartyKind[];
  /** What it tells of itself beside what all do. */
  gauges?: (database: Database) => Gauges;
}

export interface Equipment extends Pick<PageContext, "ties" | "availableOf" | "creditFor"> {
  rail: Rail;
  limits?: StandLimits;
  advances?: AdvanceRules | undefined;
  elsewhere?: Elsewhere;
}

export interface Host extends Footing {
  server: Server;
  trades: Trades;
  context: PageContext;
  /** Opens the sandbox's clock, if this is one, and begins to look for deadlines. `sweepMore`: what else becomes due. */
  start(sweepMore?: () => Promise<unknown>): void;
  /** Takes no more requests, finishes what runs, ends `more`, closes the database. */
  close(more?: () => Promise<void>): Promise<void>;
}

const hour = 3_600_000;
/** How often deadlines are looked for, in milliseconds. They hold to the instant all the same. */
export const sweepEveryMs = 1000;

/** Makes a trading server with everything that all of them have. Add routes, then `start` it, then listen. */
export async function openHost(options: HostOptions, character: Character): Promise<Host> {
  const { publicUrl, settings, sandbox } = options;
  const logger = makeLog(character.name, options.log);
  const onError = failureLog(logger, () => checkWritable(database));
  const keyring = openKeyring(options.personalDataKeys);
  const contacts = contactLog(logger);
  const footing = await openFooting(options, keyring, character, { onError, contacts });
  const { database } = footing;
  const vault = openVault(keyring);
  const secret = await openServerSecret(database, keyring);
  const links = tradeLinks(secret);
  const { rail, advances, limits, ...equipment } = character.equip(footing);
  const doorstep = openDoorstep({ database, secret, publicUrl });
  const mails = mailUseOf(options);
  const trades = createTrades({
    rail,
    advances,
    limits,
    database,
    topology: character.topology,
    vault,
    defaults: options.terms ?? usualTerms,
    timeZone: settings.timeZone,
    feeAccount: character.feeAccount,
    mails,
    approveUrl: (number) => `${publicUrl}/approve/${links.tokenFor(number)}`,
    sweepEveryMs,
    onError,
  });
  const presence = makePresence({ database, clock: () => performance.now(), onError });
  const identity = openIdentity({ database, secret, presence });
  const cookies = makeCookies(publicUrl);
  const guests = openGuests({ database, secret, vault, trades, mails, publicUrl });
  const house = houseOf(options, character.face.name, equipment.elsewhere !== undefined);
  const profiles = openProfiles({ database, vault, identity, mails, publicUrl, secret, house });
  const moments = momentsOf(options, character.face.name, { database, identity, secret, vault });
  const confirming = openConfirming(database, settings);
  const photos = openPhotos({ database, vault, onError });
  const desk = openDesk({ database, trades: doorstep.guard(photos.guard(trades)), confirming });
  const face = { ...character.face, images: options.imagesFrom ?? [], timeZone: settings.timeZone };
  const problems = { log: logger, renderProblem: problemPage(face, () => context) };
  const server = await openServer(options, character, footing, problems);
  const shared = { database, identity, vault, cookies, links, guests, settings, confirming, mails };
  const context: PageContext = {
    ...shared,
    serverNames: namesOf(character),
    moments,
    sandbox,
    trades: desk.trades,
    ...equipment,
    doorstep,
    photos,
    profiles,
    noted: (application) => applicantNoted(profiles, application),
    tell: (client, what, whom) => tellOf(profiles, client, what, whom),
    face,
  };
  await openMissingAccounts(context);
  const marks = createMarks({ database, vault, secret, onError });
  registerCommon(server, context, { ...character, ...footing, marks, advances, lists: trades.lists });
  registerSelf(server, character.face.name, context);
  const chains = startChains(server, context, { database, trades, onError });
  const webhooks = await openWebhooks(options, { ...footing, keyring, server, context });
  trades.onTold(webhooks.wake);
  tellOfBusiness(server, database, trades);
  const mailer = startMails(options, character.peers, server, context, secret, onError);
  const log = await openLog({ ...footing, keyring }, publicUrl, server, context);
  const parts = { trades, marks, chains, webhooks, mailer, presence, keyring, ...log };
  return { ...footing, server, trades, context, ...running(options, server, context, parts, onError) };
}

/** What sends webhooks, and the calls by which owners of endpoints say where they are told. */
async function openWebhooks(
  { webhooksMayReach: mayReach = [], sandbox: loopback }: HostOptions,
  ground: Footing & { keyring: Keyring; server: Server; context: PageContext },
): Promise<ReturnType<typeof createWebhooks>> {
  const { database, keyring, server, context, onError } = ground;
  const box = await openWebhookBox(database, keyring);
  const webhooks = createWebhooks({ database, box, mayReach, loopback, onError });
  registerWebhookRoutes(server, context, webhooks);
  return webhooks;
}

/** This server, and those that it knows. */
const namesOf = ({ face, peers }: Character): string[] => [face.name, ...peers.map(({ name }) => name)];

/** What asks the stores of chains, and the calls by which they answer. */
function startChains(
  server: Server,
  context: PageContext,
  ground: Omit<Parameters<typeof createChains>[0], "sweepEveryMs">,
): ReturnType<typeof createChains> {
  const chains = createChains({ ...ground, sweepEveryMs });
  registerChainRoutes(server, context, chains);
  return chains;
}

/** Refuses a currency that was left out while there is money in it, and leaves no connection behind. */
async function checkedCurrencies(database: Database, currencies: readonly string[]): Promise<void> {
  await checkCurrencies(database, currencies).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
}

function tellOfBusiness(server: Server, database: Database, trades: Trades): void {
  const metrics = metricsOf(server);
  metrics.add(businessGauges(database));
  metrics.add(processGauges(database, trades));
  metrics.add(engineGauges("trades", trades));
}

interface Parts {
  trades: Trades;
  marks: Marks;
  chains: ReturnType<typeof createChains>;
  webhooks: ReturnType<typeof createWebhooks>;
  mailer: Mailer;
  presence: Presence;
  keyring: Keyring;
  sealer: Sealer;
  witnesses: Witnesses;
}

/** How a server begins to look for what is due, and how it ends. */
function running(
  options: HostOptions,
  server: Server,
  context: PageContext,
  { trades, marks, chains, webhooks, mailer, presence, keyring, sealer, witnesses }: Parts,
  onError: (error: unknown) => void,
): Pick<Host, "start" | "close"> {
  const { database, photos } = context;
  let housekeeping: NodeJS.Timeout | undefined;
  return {
    start: (sweepMore) => {
      const sweep = async () => {
        await trades.sweeper.sweep();
        await chains.sweeper.sweep();
        await photos.sweep(trades);
        await sweepMore?.();
        // The clock was moved: what is due to be sent is, and who was there was so long ago.
        presence.forget();
        await mailer.round();
      };
      if (options.sandbox) registerSandboxRoutes(server, context, sweep);
      trades.sweeper.start();
      trades.lists.start();
      marks.start();
      chains.sweeper.start();
      sealer.start();
      witnesses.start();
      rewrapAll(database, keyring).catch(onError);
      const keepHouse = () => Promise.all([eraseStrayGuests(context), photos.sweep(trades)]);
      housekeeping = setInterval(() => void keepHouse().catch(onError), hour);
    },
    close: async (more) => {
      clearInterval(housekeeping);
      await closeGracefully(server, { timeoutMs: 10_000, noticeMs: options.noticeMs ?? 0 });
      await chains.sweeper.stop();
      await marks.stop();
      await trades.close();
      await more?.();
      await sealer.stop();
      await witnesses.stop();
      photos.close();
      await webhooks.close();
      await mailer.close();
      await presence.settled();
      await database.close();
    },
  };
}

/** The database, and what talks to other servers. */
async function openFooting(
  { url, schema, role, publicUrl, settings, personalDataKeys, signBy }: HostOptions,
  keyring: Keyring,
  { peers }: Pick<Character, "peers">,
  told: Pick<Footing, "onError" | "contacts">,
): Promise<Footing> {
  const { onError, contacts } = told;
  const database = openDatabase({ url, schema, role, keyed: true, max: 12, onError });
  await checkKeys(database, keyring);
  await keepLooks(database);
  await checkedCurrencies(database, settings.currencies);
  const source = keySource(personalDataKeys, signBy);
  return { database, ...told, ...(await openLines({ database, publicUrl, source, peers, contacts })) };
}

/** What talks to other servers. */
export async function openLines({
  database,
  publicUrl,
  source,
  peers: others,
  contacts,
}: {
  database: Database;
  publicUrl: string;
  source: KeySource;
  peers: readonly Peer[];
  contacts?: Contacts;
}): Promise<Pick<Footing, "signer" | "peers" | "client">> {
  const signer = await openSigner(database, publicUrl, source);
  const peers = openPeers({ database, peers: others, contacts });
  return { signer, peers, client: makePeerClient({ signer, peers, contacts }) };
}

async function openServer(
  options: HostOptions,
  character: Character,
  { database, contacts }: Pick<Footing, "database" | "contacts">,
  shown: { log: ReturnType<typeof makeLog>; renderProblem: ReturnType<typeof problemPage> },
): Promise<Server> {
  const { name, description, peers, gauges } = character;
  const server = await makeServer({
    name,
    version: options.version,
    description,
    access,
    acts: describedActs,
    documents: descriptionOf(options.publicUrl),
    ...shown,
    ready: async () => {
      await checkWritable(database);
      return (await readClock(database)) instanceof Date;
    },
    secureCookies: options.publicUrl.startsWith("https://"),
    // Forms lead on to the other servers at which people agree to something, and browsers hold them to this list.
    pagePolicy: pagePolicy(
      peers.map(({ url }) => url),
      options.imagesFrom,
    ),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    browserOrigins: options.browserOrigins ?? [],
  });
  const metrics = metricsOf(server);
  for (const told of [mailGauges, disputeGauges, logGauges]) metrics.add(told(database));
  if (peers.length > 0) metrics.add(contacts.gauges(peers));
  if (gauges !== undefined) metrics.add(gauges(database));
  return server;
}

function disputeGauges(database: Database): Gauges {
  return {
    help: { kenshu_disputes_late: "Open disputes that an operator should have decided by now." },
    read: async () => ({ kenshu_disputes_late: await countLateDisputes(database) }),
  };
}
