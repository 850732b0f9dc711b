/** `kenshu reconcile`: closes facilitator and guarantor against institutions, and shop against the servers at which it sells. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openDatabase } from "../../storage/database/database.ts";
import { reconcileFacilitator } from "../../servers/facilitator/facilitator.ts";
import { reconcileGuarantor } from "../../servers/guarantor/guarantor.ts";
import { reconcileShop } from "../../servers/shop-orders/shop-orders.ts";
import {
  type FacilitatorConfig,
  type GuarantorConfig,
  personalDataKeys,
  readConfig,
  type ShopConfig,
  signBy,
} from "./config.ts";
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
    values.config ??
    ["facilitator.json", "guarantor.json", "shop.json"].map((name) => join(resolve(values.dir), name));
  let clean = true;
  for (const file of files) {
    if (!existsSync(file))
      throw new UsageError(`There is no ${file}; say --dir of a demo that runs, or --config.`);
    const config = readAny(file);
    clean = (await reconciled(config, values.whole, say)) && clean;
  }
  say(clean ? "All parties agree." : "Not all parties agree.");
  if (!clean) process.exitCode = 1;
}

type Reconciling = FacilitatorConfig | GuarantorConfig | ShopConfig;

function reconciled(config: Reconciling, whole: boolean, say: Say): Promise<boolean> {
  switch (config.party) {
    case "facilitator":
      return facilitator(config, whole, say);
    case "guarantor":
      return guarantor(config, say);
    case "shop":
      return shop(config, say);
  }
}

/** The configuration of whichever of the three this is. */
function readAny(file: string): Reconciling {
  for (const party of ["facilitator", "guarantor", "shop"] as const) {
    try {
      const config = readConfig(party, file);
      if (config.party !== "institution") return config;
    } catch (error) {
      if (party === "shop") throw error;
    }
  }
  throw new UsageError(`${file} is of no facilitator, guarantor or shop.`);
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

/** Closes a guarantor against the institutions that collect for it. */
async function guarantor(config: GuarantorConfig, say: Say): Promise<boolean> {
  const { databaseUrl: url, schema, publicUrl, institutions } = config;
  const keys = { personalDataKeys: personalDataKeys(config), signBy: signBy(config) };
  const where = { url, schema, role: applicationRole, publicUrl, institutions, ...keys };
  const { sums, breaks, unreachable } = await reconcileGuarantor(where, { onProgress: say });
  for (const { institution, currency, ...sides } of sums)
    for (const side of ["here", "there"] as const) {
      const { due, paid, refunded } = sides[side];
      say(`${institution}: ${currency} ${side} due ${due}, paid ${paid}, refunded ${refunded}`);
    }
  for (const { institution, trade, what, here, there } of breaks)
    say(`BREAK trade ${trade} at ${institution}: ${what} is ${here} here and ${there} there`);
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
