/**
 * A shop: the patent's electronic-commerce server 10, with its means of trading (10a: goods, cart, orders) and of
 * confirming acceptance (10b: the watcher). It knows trading servers as any outsider does, over the SDK.
 */
import { registerPostcodes } from "../../edge/postcodes/postcodes.ts";
import {
  failureLog,
  type LogLevel,
  makeCookies,
  makeLog,
  makeServer,
  pagePolicy,
  type Server,
} from "../../edge/http/http.ts";
import { assets, render } from "../../edge/parts/parts.ts";
import { addLanguageRoute, readerOf } from "../../edge/words/words.ts";
import {
  dropOldCarts,
  followLogs,
  forgetCustomers,
  isReady,
  makeTill,
  makeWatcher,
  type Pace,
  reachOf,
  sealOrders,
  sha256,
  type TillOptions,
  usualPace,
  type Watcher,
} from "../shop-orders/shop-orders.ts";
import type { Database } from "../../storage/database/database.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import { addNewsRoutes, forgetMessages, KnownSecrets, makeEar, secretOf } from "../shop-news/shop-news.ts";
import { addCartRoutes, addGoodsRoutes } from "./goods-routes.ts";
import { addOrderingRoutes, addOrderRoutes } from "./order-routes.ts";
import { addStores } from "../shop-chain/shop-chain.ts";
import { addMoney, addReturns, addServers, addTeam } from "../shop-office/shop-office.ts";
import { dropOldSessions, dropOldTries } from "../shop-staff/shop-staff.ts";
import { type Shop, ShopProblemPage, shopFiles, zoneOf } from "../shop-frame/shop-frame.ts";
import { addStaffRoutes } from "../shop-desk/shop-desk.ts";

export interface ShopOptions {
  database: Database;
  /** Where customers can pay. With one, they are not asked. */
  tills: TillOptions[];
  shopName: string;
  /** Where browsers reach this shop; with `https:` its cookies are bound to that. */
  publicUrl: string;
  staffPassword: string;
  /** Keys that seal what is known of customers: the first seals, the others only open. */
  personalDataKeys: readonly Buffer[];
  log: LogLevel;
  /** Where the log goes; standard output if left out. */
  logTo?: Parameters<typeof makeLog>[2];
  version?: string;
  trustedProxies?: string[];
  pace?: Partial<Pace>;
}

const accessWords = {
  staff: "The shop's staff, signed in",
  manager: "Those of the staff who have to do with money, signed in",
  owner: "The shop's owner, signed in",
  till: "A server at which the shop sells, by the signature of its message",
};

function makeShop(options: ShopOptions, log: Server["log"]): Shop {
  return {
    name: options.shopName,
    publicUrl: options.publicUrl.replace(/\/+$/, ""),
    database: options.database,
    keyring: openKeyring(options.personalDataKeys),
    tills: options.tills.map(makeTill),
    pace: { ...usualPace, ...options.pace },
    log,
    onError: failureLog(log, () => isReady(options.database)),
    cookies: makeCookies(options.publicUrl),
    staffPassword: sha256(options.staffPassword),
  };
}

function checkOptions({ staffPassword, tills }: ShopOptions): void {
  if (staffPassword.length < 8) throw new RangeError("The staff's password has 8 characters at least.");
  if (tills.length === 0) throw new RangeError("A shop has one till at least.");
  if (new Set(tills.map(({ id }) => id)).size < tills.length) throw new RangeError("Two tills have one id.");
}

/**
 * Makes a shop on a migrated database. The caller listens with `server`, starts the watcher, and at the end stops the
 * watcher, closes the server and then the database. Throws where `staffPassword` is shorter than 8 characters, where there
 * is no till, or where two have the same id.
 */
export async function createShop(options: ShopOptions): Promise<{ server: Server; watcher: Watcher }> {
  checkOptions(options);
  const { database, shopName, publicUrl } = options;
  const server = await makeServer({
    name: "shop",
    version: options.version ?? "0.0.0",
    description: `Pages of the shop ${shopName}.`,
    access: accessWords,
    log: makeLog("shop", options.log, options.logTo),
    ready: () => isReady(database),
    secureCookies: publicUrl.startsWith("https:"),
    // The order form leads on to a till.
    pagePolicy: pagePolicy(options.tills.flatMap((till) => [till.url, reachOf(till)])),
    renderProblem: async (problem, request) => {
      const timeZone = await zoneOf(shop).catch(() => "UTC");
      const frame = { shop: shopName, timeZone, pieces: 0 };
      return render(ShopProblemPage, { frame, problem }, readerOf(request));
    },
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
  });
  const shop = makeShop(options, server.log);
  for (const { path, type, body } of [...assets, ...shopFiles]) {
    server.get(
      path,
      { config: { access: ["anyone"] }, schema: { summary: "A file of the pages" } },
      (_, reply) =>
        reply.header("cache-control", "public, max-age=31536000, immutable").type(type).send(body),
    );
  }
  addLanguageRoute(server, shop.cookies);
  registerPostcodes(server);
  addGoodsRoutes(server, shop);
  addCartRoutes(server, shop);
  addOrderingRoutes(server, shop);
  addOrderRoutes(server, shop);
  addStaffRoutes(server, shop);
  addMoney(server, shop);
  addReturns(server, shop);
  addServers(server, shop);
  addStores(server, shop);
  addTeam(server, shop);
  const chores = async (): Promise<void> => {
    await dropOldSessions(database);
    await dropOldTries(database);
    await dropOldCarts(database);
    await forgetCustomers(database);
    await forgetMessages(database);
    await followLogs(shop);
  };
  await sealOrders(database, shop.keyring);
  const secrets = new KnownSecrets((till) => secretOf(shop, till));
  const ear = makeEar(shop, shop.publicUrl, secrets);
  const watcher = makeWatcher(shop, () => ear.listen(), chores);
  addNewsRoutes(server, shop, secrets, () => watcher.wake());
  return { server, watcher };
}
