/**
 * A shop: the patent's electronic-commerce server 10, with its means of trading (10a: goods, cart, orders) and of
 * confirming acceptance (10b: the watcher). It knows the institution as any outsider does, over the SDK.
 */
import type { Database } from "../database/database.ts";
import { type LogLevel, makeCookies, makeServer, type Server, type ServerOptions } from "../http/http.ts";
import { kenshu } from "../sdk/sdk.ts";
import { assets, renderPage } from "../terminals/terminals.ts";
import { type Pace, type Shop, sha256, usualPace } from "./context.ts";
import { addCustomerRoutes } from "./customer-routes.ts";
import { firstGoods, shopFiles } from "./goods.ts";
import { ShopProblemPage } from "./order-pages.tsx";
import { addStaffRoutes } from "./staff-routes.ts";
import { isReady, saveProduct } from "./store.ts";
import { makeWatcher, type Watcher } from "./watcher.ts";

export type { Pace } from "./context.ts";
export type { Watcher } from "./watcher.ts";

export interface ShopOptions {
  database: Database;
  /** `publicUrl` is where browsers reach the institution, if that is not `url`. */
  institution: { url: string; key: string; publicUrl?: string };
  shopName: string;
  /** Where browsers reach this shop; with `https:` its cookies are bound to that. */
  publicUrl: string;
  staffPassword: string;
  log: LogLevel;
  logTo?: NonNullable<ServerOptions["logTo"]>;
  version?: string;
  /** IANA name of the zone in which times are told; Asia/Tokyo unless told. */
  timeZone?: string;
  /** The institution's id of the carrier that brings the goods, if it takes part. */
  carrier?: string;
  trustedProxies?: string[];
  pace?: Partial<Pace>;
}

const accessWords = { staff: "The shop's staff, signed in" };

function makeShop(options: ShopOptions, log: Server["log"]): Shop {
  const { institution, publicUrl } = options;
  const { url, key } = institution;
  const seen = (institution.publicUrl ?? url).replace(/\/+$/, "");
  return {
    name: options.shopName,
    timeZone: options.timeZone ?? "Asia/Tokyo",
    database: options.database,
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
    carrier: options.carrier,
    pace: { ...usualPace, ...options.pace },
    log,
    cookies: makeCookies(publicUrl.startsWith("https:")),
    staffPassword: sha256(options.staffPassword),
  };
}

function pagePolicy(institution: ShopOptions["institution"]): string {
  const origins = [institution.url, institution.publicUrl ?? institution.url].map(
    (url) => new URL(url).origin,
  );
  // The order form leads on to the institution, and browsers hold a form to this list on redirects too.
  const forms = ["'self'", ...new Set(origins)].join(" ");
  return `default-src 'none'; style-src 'self'; img-src 'self'; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`;
}

/**
 * Makes a shop on a migrated database. The caller listens with `server`, starts the watcher, and at the end stops the
 * watcher, closes the server and then the database. Throws where `staffPassword` is shorter than 8 characters.
 */
export async function createShop(options: ShopOptions): Promise<{ server: Server; watcher: Watcher }> {
  if (options.staffPassword.length < 8)
    throw new RangeError("The staff's password has 8 characters at least.");
  const { database, shopName, publicUrl } = options;
  const server = await makeServer({
    name: "shop",
    version: options.version ?? "0.0.0",
    description: `Pages of the shop ${shopName}.`,
    access: accessWords,
    log: options.log,
    ready: () => isReady(database),
    secureCookies: publicUrl.startsWith("https:"),
    pagePolicy: pagePolicy(options.institution),
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
