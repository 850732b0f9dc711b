/** `kenshu serve`: one party's server, until it is told to stop. */
import { boundedTerms, type Defaults, usualTerms } from "../../core/trade/trade.ts";
import { nameInFile } from "../../core/bankfiles/bankfiles.ts";
import type { OwnAccount } from "../../engines/arrivals/arrivals.ts";
import type { PayoutRules } from "../../engines/payouts/payouts.ts";
import { checkLogin, openDatabase } from "../../storage/database/database.ts";
import { closeGracefully, listenForMetrics, type Server } from "../../edge/http/http.ts";
import type { HostOptions } from "../../edge/host/host.ts";
import { billRulesOf } from "../../edge/debts/debts.ts";
import { createFacilitator } from "../../servers/facilitator/facilitator.ts";
import { createGuarantor } from "../../servers/guarantor/guarantor.ts";
import { createInstitution } from "../../servers/institution/institution.ts";
import { seedShop } from "../../servers/shop-orders/shop-orders.ts";
import { createShop } from "../../servers/shop/shop.ts";
import type { Settings } from "../../edge/api/api.ts";
import {
  type Config,
  type InstitutionConfig,
  personalDataKeys,
  signBy,
  type TradingConfig,
} from "./config.ts";
import { usualLookupsPerDay } from "../../edge/operators/operators.ts";
import { UsageError } from "./help.ts";
import { applicationRole, version } from "./paths.ts";

interface Running {
  /** Where it listens. */
  url: string;
  close(): Promise<void>;
}

/** Starts the server of a configuration. It is ready when this resolves. */
async function serve(config: Config): Promise<Running> {
  await checkUser(config);
  const { server, close } = await create(config);
  if (config.party !== "shop" && config.trustedProxies === undefined && config.publicUrl.startsWith("https:"))
    server.log.warn(
      "publicUrl is https, so a proxy stands before this server, and trustedProxies names none: all callers seem to come from its address, and share the limits of one.",
    );
  const metrics = config.metrics && (await listenForMetrics(server, config.metrics));
  await server.listen({ host: config.host, port: config.port });
  return {
    url: config.publicUrl,
    close: async () => {
      await close();
      await metrics?.close();
    },
  };
}

/** Whoever takes a server over is not to have more than the server: it does not start as the owner of its database. */
async function checkUser({ databaseUrl: url, schema }: Config): Promise<void> {
  const database = openDatabase({ url, schema, max: 1 });
  try {
    await checkLogin(database);
  } finally {
    await database.close();
  }
}

/** How long a server that is told to stop goes on as before, once it has said that it is not ready. */
const noticeMs = ({ drainSeconds = 0 }: Config): number => drainSeconds * 1000;

function create(config: Config): Promise<Pick<Running, "close"> & { server: Server }> {
  switch (config.party) {
    case "institution":
      return createInstitution({
        ...hostOptions(config),
        peers: config.peers ?? [],
        payouts: payoutRules(config),
        bankAccounts: ownAccounts(config),
        bills: config.bills === undefined ? undefined : billRulesOf(config.bills),
      });
    case "facilitator": {
      const { advance, id, institutions } = config;
      return createFacilitator({ ...hostOptions(config), advance, id, institutions });
    }
    case "guarantor": {
      const { id, institutions, bills, limits: { member = {}, shopDay = {} } = {} } = config;
      const limits = { member: amountsIn(member), shopDay: amountsIn(shopDay) };
      const rules = bills === false ? undefined : billRulesOf(bills);
      return createGuarantor({ ...hostOptions(config), id, institutions, limits, bills: rules });
    }
    case "shop":
      return shop(config);
  }
}

/** What every server that carries trades is told. */
function hostOptions(config: TradingConfig): HostOptions {
  const { databaseUrl, schema, publicUrl, sandbox = false, log } = config;
  const { trustedProxies, webhooksMayReach, terms, tellAhead, smtp } = config;
  return {
    url: databaseUrl,
    schema,
    role: applicationRole,
    publicUrl,
    version,
    sandbox,
    log,
    personalDataKeys: personalDataKeys(config),
    signBy: signBy(config),
    noticeMs: noticeMs(config),
    browserOrigins: config.browserOrigins ?? [],
    imagesFrom: config.imagesFrom ?? [],
    settings: settingsOf(config),
    smtp,
    terms: termsFrom(terms, tellAhead),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(webhooksMayReach === undefined ? {} : { webhooksMayReach }),
  };
}

/** The terms of a server: what its configuration says, and what is usual for the rest. */
function termsFrom(wishes: InstitutionConfig["terms"] = {}, tellAhead = usualTerms.tellAhead): Defaults {
  const terms = { ...structuredClone(usualTerms), tellAhead };
  for (const term of boundedTerms) {
    const { least, usual, most } = wishes[term] ?? {};
    terms[term] = usual ?? terms[term] ?? "P7D";
    terms.bounds[term] = { least: least ?? terms.bounds[term].least, most: most ?? terms.bounds[term].most };
  }
  return terms;
}

/** From which account the institution pays out, as files have it. Throws UsageError where they cannot hold a name. */
function payoutRules({ payouts }: InstitutionConfig): PayoutRules | undefined {
  if (payouts === undefined) return undefined;
  const { least = 1, ...account } = payouts;
  return { payer: { ...account, ...namesInFile("payouts", payouts) }, least: BigInt(least) };
}

const names = ["holder", "bankName", "branchName"] as const;

/** Names as files have them. Throws UsageError where they cannot hold one. */
function namesInFile(
  field: string,
  account: Record<(typeof names)[number], string>,
): Record<(typeof names)[number], string> {
  const written = (name: (typeof names)[number]): string => {
    const found = nameInFile(account[name]);
    if ("text" in found) return found.text;
    throw new UsageError(`${field}.${name} holds ${found.unknown.join(" ")}: files for banks hold katakana.`);
  };
  return { holder: written("holder"), bankName: written("bankName"), branchName: written("branchName") };
}

/** The accounts at banks to which people transfer. Throws UsageError where they cannot be told from each other. */
function ownAccounts({ bankAccounts = [], currencies }: InstitutionConfig): OwnAccount[] {
  const known = new Set<string>();
  return bankAccounts.map((account) => {
    const { bank, branch, number, currency = "JPY", form, virtual } = account;
    for (const key of [`${bank} ${branch} ${number}`, ...(virtual ? [`${bank} ${virtual.branch}`] : [])]) {
      if (known.has(key)) throw new UsageError(`bankAccounts names ${key} twice.`);
      known.add(key);
    }
    if (!currencies.includes(currency) || (form !== "camt.053" && currency !== "JPY"))
      throw new UsageError(`bankAccounts: an account in ${currency} has no statements as ${form} here.`);
    if (virtual !== undefined && virtual.last < virtual.first)
      throw new UsageError(`bankAccounts: of ${virtual.branch} no number is left between the two.`);
    return { ...account, ...namesInFile("bankAccounts", account), currency };
  });
}

/** The settings of a server that carries trades, as its configuration says them. */
export function settingsOf(config: TradingConfig): Settings {
  const { approval, currencies, fee, fourEyes = {}, requireProof = true } = config;
  const { lookupsPerDay = usualLookupsPerDay, timeZone = "UTC", stepUpAbove = {} } = config;
  return {
    approval,
    currencies,
    requireProof,
    lookupsPerDay,
    timeZone,
    fee: { ...fee, fixed: BigInt(fee.fixed) },
    fourEyes: fourEyes === false ? "off" : amountsIn(fourEyes),
    stepUpAbove: amountsIn(stepUpAbove),
  };
}

/** Amounts by currency, as they are counted inside. */
function amountsIn(written: Readonly<Record<string, number>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(written).map(([currency, amount]) => [currency, BigInt(amount)]));
}

async function shop(config: Config & { party: "shop" }) {
  const { databaseUrl, schema, publicUrl, shopName, staffPassword, tills, log } = config;
  const database = openDatabase({ url: databaseUrl, schema, role: applicationRole });
  await seedShop(database);
  const { server, watcher } = await createShop({
    database,
    publicUrl,
    version,
    shopName,
    staffPassword,
    tills,
    log,
    personalDataKeys: personalDataKeys(config),
  });
  watcher.start();
  return {
    server,
    close: async () => {
      await watcher.stop();
      await closeGracefully(server, { timeoutMs: 10_000, noticeMs: noticeMs(config) });
      await database.close();
    },
  };
}

/** Serves until SIGTERM or SIGINT, then finishes what runs. */
export async function serveUntilStopped(config: Config): Promise<void> {
  const running = await serve(config);
  process.send?.({ ready: running.url });
  await untilStopped();
  await running.close();
}

/** Resolves at the word of the parent process; if that goes away before, nothing keeps this process alive. */
export function untilTold(): Promise<unknown> {
  return new Promise((told) => process.once("message", told));
}

/** Resolves at the first signal to stop, or when the parent process has gone away. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
    process.once("disconnect", () => resolve());
  });
}
