/** `kenshu reconcile`: closes facilitator against institutions, and shop against the servers at which it sells. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openDatabase } from "../../storage/database/database.ts";
import { reconcileFacilitator } from "../../servers/facilitator/facilitator.ts";
import { reconcileShop } from "../../servers/shop-orders/shop-orders.ts";
import { type FacilitatorConfig, personalDataKeys, readConfig, type ShopConfig, signBy } from "./config.ts";
import { applicationRole } from "./paths.ts";
import { UsageError } from "./help.ts";

type Say = (line: string) => void;

export async function reconcileCommand(args: string[], say: Say): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string", default: ".kenshu" },
      config: { type: "string", multiple: true },
      whole: { type: "boolean", default: false },
    },
  });
  const files =
    values.config ?? ["facilitator.json", "shop.json"].map((name) => join(resolve(values.dir), name));
  let clean = true;
  for (const file of files) {
    if (!existsSync(file))
      throw new UsageError(`There is no ${file}; say --dir of a demo that runs, or --config.`);
    const config = readAny(file);
    const found =
      config.party === "shop" ? await shop(config, say) : await facilitator(config, values.whole, say);
    clean &&= found;
  }
  say(clean ? "All parties agree." : "Not all parties agree.");
  if (!clean) process.exitCode = 1;
}

/** The configuration of whichever of the two this is. */
function readAny(file: string): FacilitatorConfig | ShopConfig {
  for (const party of ["facilitator", "shop"] as const) {
    try {
      const config = readConfig(party, file);
      if (config.party === "facilitator" || config.party === "shop") return config;
    } catch (error) {
      if (party === "shop") throw error;
    }
  }
  throw new UsageError(`${file} is of neither a facilitator nor a shop.`);
}

interface Amounts {
  frozen: bigint;
  settled: bigint;
  refunded: bigint;
}

/** Both sides, also where they are the same: who reads it sees that both were asked. */
function saySides(where: string, currency: string, sides: Record<"here" | "there", Amounts>, say: Say): void {
  for (const [side, { frozen, settled, refunded }] of Object.entries(sides))
    say(`${where}: ${currency} ${side} frozen ${frozen}, settled ${settled}, refunded ${refunded}`);
}

async function facilitator(config: FacilitatorConfig, whole: boolean, say: Say): Promise<boolean> {
  const { databaseUrl: url, schema, publicUrl, institutions } = config;
  const keys = { personalDataKeys: personalDataKeys(config), signBy: signBy(config) };
  const where = { url, schema, role: applicationRole, publicUrl, institutions, ...keys };
  const { sums, breaks, unreachable } = await reconcileFacilitator(where, { whole, onProgress: say });
  for (const { institution, currency, here, there } of sums)
    saySides(institution, currency, { here, there }, say);
  for (const { institution, trade, what, here, there } of breaks) {
    const of = trade === null ? "" : ` trade ${trade}`;
    say(`BREAK${of} at ${institution}: ${what} is ${here} here and ${there} there`);
  }
  for (const { institution, why } of unreachable) say(`UNKNOWN ${institution} could not be asked: ${why}`);
  return breaks.length + unreachable.length === 0;
}

async function shop({ databaseUrl: url, schema, tills }: ShopConfig, say: Say): Promise<boolean> {
  const database = openDatabase({ url, schema, role: applicationRole });
  try {
    const options = tills.map(({ id, label, url: address, key }) => ({ id, label, url: address, key }));
    const { sums, breaks, unreachable } = await reconcileShop({ database, tills: options, onProgress: say });
    for (const { till, currency, here, there } of sums)
      saySides(`till ${till}`, currency, { here, there }, say);
    for (const { order, trade, what, here, there } of breaks)
      say(
        `BREAK trade ${trade} of order ${order ?? "none"}: ${what} is ${here} here and ${there} at the till`,
      );
    for (const { till, why } of unreachable) say(`UNKNOWN till ${till} could not be asked: ${why}`);
    return breaks.length + unreachable.length === 0;
  } finally {
    await database.close();
  }
}
