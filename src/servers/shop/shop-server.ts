/**
 * A shop: the patent's electronic-commerce server 10, with its means of trading (10a: goods, cart, orders) and of
 * confirming acceptance (10b: the watcher). It knows trading servers as any outsider does, over the SDK.
 */
import type { Database } from "../../storage/database/database.ts";
import {
  type LogLevel,
  makeCookies,
  makeServer,
  pagePolicy,
  type Server,
  type ServerOptions,
} from "../../edge/http/http.ts";
import { kenshu } from "../../../packages/sdk/src/sdk.ts";
import { assets, renderPage } from "../../edge/parts/parts.ts";
import { type Pace, type Shop, sha256, type Till, usualPace } from "./context.ts";
import { addCustomerRoutes } from "./customer-routes.ts";
import { firstGoods, shopFiles } from "./goods.ts";
import { ShopProblemPage } from "./order-pages.tsx";
import { addStaffRoutes } from "./staff-routes.ts";
import { isReady, saveProduct } from "./store.ts";
import { makeWatcher, type Watcher } from "./watcher.ts";

/** A trading server at which this shop sells. */
export interface TillOptions {
  /** Kept with each order, so it stays what it is: `direct` for orders from before there was a choice. */
  id: string;
  /** What customers are asked with. */
  label: string;
  url: string;
  /** This shop's key there. */
  key: string;
  /** Where browsers reach it, if that is not `url`. */
  publicUrl?: string;
  /** Its id of the carrier that brings the goods, if one takes part. */
  carrier?: string;
}

export interface ShopOptions {
  database: Database;
  /** Where customers can pay. With one, they are not asked. */
  tills: TillOptions[];
  shopName: string;
  /** Where browsers reach this shop; with `https:` its cookies are bound to that. */
  publicUrl: string;
  staffPassword: string;
  log: LogLevel;
  logTo?: NonNullable<ServerOptions["logTo"]>;
  version?: string;
  /** IANA name of the zone in which times are told; Asia/Tokyo unless told. */
  timeZone?: string;
  trustedProxies?: string[];
  pace?: Partial<Pace>;
}

const accessWords = { staff: "The shop's staff, signed in" };

const reachOf = ({ publicUrl, url }: TillOptions): string => (publicUrl ?? url).replace(/\/+$/, "");

function makeTill(options: TillOptions): Till {
  const { id, label, url, key, carrier } = options;
  const seen = reachOf(options);
  return {
    id,
    label,
    patient: kenshu({ url, key, timeoutMs: 5_000, retry: { attempts: 3, budgetMs: 10_000 } }),
    // A page with two calls has to be done before the lease on them ends.
    hurried: kenshu({
      url,
      key,
      timeoutMs: 4_000,
      retry: { attempts: 3, budgetMs: 5_000, firstPauseMs: 100 },
    }),
    tradeUrl: (number) => `${seen}/trades/${number}`,
    origins: [...new Set([new URL(url).origin, new URL(seen).origin])],
    carrier,
  };
}

function makeShop(options: ShopOptions, log: Server["log"]): Shop {
  return {
    name: options.shopName,
    timeZone: options.timeZone ?? "Asia/Tokyo",
    database: options.database,
    tills: options.tills.map(makeTill),
    pace: { ...usualPace, ...options.pace },
    log,
    cookies: makeCookies(options.publicUrl.startsWith("https:")),
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
    log: options.log,
    ready: () => isReady(database),
    secureCookies: publicUrl.startsWith("https:"),
    // The order form leads on to a till.
    pagePolicy: pagePolicy(options.tills.flatMap((till) => [till.url, reachOf(till)])),
    renderProblem: (problem) =>
      renderPage(
        ShopProblemPage({
          frame: { shop: shopName, timeZone: options.timeZone ?? "Asia/Tokyo", pieces: 0 },
          problem,
        }),
      ),
    ...(options.logTo === undefined ? {} : { logTo: options.logTo }),
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
  addCustomerRoutes(server, shop);
  addStaffRoutes(server, shop);
  return { server, watcher: makeWatcher(shop) };
}

/** Puts the first goods on sale. Run again, it brings them up to date and changes nothing else. */
export async function seedShop(database: Database): Promise<void> {
  await database.transaction(async (client) => {
    for (const [position, product] of firstGoods.entries()) await saveProduct(client, product, position);
  });
}
