/** What `kenshu serve` reads: one file for one party's server, refused where a field is missing or unknown. */
import { type BoundedTerm, boundedTerms } from "../../core/trade/trade.ts";
import { readFileSync } from "node:fs";
import Type, { type Static } from "typebox";
import type { HostOptions } from "../../edge/host/host.ts";
import { billsTrouble, claimBillsSchema, monthlyBillsSchema } from "../../edge/debts/debts.ts";
import { makeCheck } from "../../edge/http/http.ts";
import { type IncomingForm, incomingForms } from "../../core/bankfiles/bankfiles.ts";
import { isCurrency } from "../../core/money/money.ts";
import { addressTrouble, isTimeZone, parseDuration } from "../../core/protocol/protocol.ts";
import { closed, durationSchema, idSchema, instantSchema, text } from "../../core/protocol/schemas.ts";
import { addressForms, isAddress } from "../../storage/database/database.ts";
import type { ExportPlace } from "../export/export.ts";
import { UsageError } from "./help.ts";
import { applicationRole, readKey, readSigningKey } from "./paths.ts";

const logLevels = ["silent", "error", "warn", "info", "debug"] as const;

const common = {
  /** PostgreSQL 15 or newer; without it `kenshu start` runs its own. */
  databaseUrl: Type.String({ minLength: 1 }),
  schema: Type.String({ pattern: "^[a-z_][a-z0-9_]{0,62}$" }),
  host: Type.String({ minLength: 1 }),
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  publicUrl: Type.String({ pattern: "^https?://[^/]+$" }),
  /** Where metrics are read, apart from the public address; without it they are not. */
  metrics: Type.Optional(
    closed({ host: Type.String({ minLength: 1 }), port: Type.Integer({ minimum: 0, maximum: 65_535 }) }),
  ),
  log: Type.Unsafe<(typeof logLevels)[number]>({ type: "string", enum: [...logLevels] }),
  /** For how many seconds, told to stop, it goes on as before after it has said that it is not ready; 0 if not given. */
  drainSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 300 })),
};

const keySource = Type.String({ minLength: 1 });

/** Another server: where it is reached, and whose keys are therefore believed. */
const peer = closed({
  id: idSchema,
  name: text(1, 100),
  url: Type.String({ pattern: "^https?://[^/]+$" }),
});
/** One that takes part for a time: from then on nothing new is tied or reserved there, and what there is goes on to its end. */
const institution = closed({ ...peer.properties, until: Type.Optional(instantSchema) });

/** What a duration of a trade is by default, and within what bounds a proposal may set it. */
const bounded = closed({
  least: Type.Optional(durationSchema),
  usual: Type.Optional(durationSchema),
  most: Type.Optional(durationSchema),
});
const terms = closed(
  Object.fromEntries(boundedTerms.map((term) => [term, Type.Optional(bounded)])) as Record<
    BoundedTerm,
    ReturnType<typeof Type.Optional<typeof bounded>>
  >,
);

/** What the servers that carry trades have in common. */
const trading = {
  ...common,
  /** A test clock, and what only a sandbox may; never in production, and left out there. */
  sandbox: Type.Optional(Type.Boolean()),
  approval: Type.Unsafe<"none" | "operator">({ type: "string", enum: ["none", "operator"] }),
  /** IANA name of the zone whose days dates are, and in which times are told; UTC if not given. */
  timeZone: Type.Optional(Type.String()),
  currencies: Type.Array(Type.String({ pattern: "^[A-Z]{3}$" }), { minItems: 1 }),
  fee: closed({
    fixed: Type.Integer({ minimum: 0 }),
    basisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
    roundTo: Type.Unsafe<"shop" | "fee">({ type: "string", enum: ["shop", "fee"] }),
  }),
  /** 32 bytes in base64, or the path of a file that holds them so. */
  personalDataKey: keySource,
  formerPersonalDataKeys: Type.Optional(Type.Array(keySource)),
  /** Keys by which the server signs, where it does not make its own: files in PEM, the first of which signs, or a program. */
  signBy: Type.Optional(
    Type.Union([
      closed({ files: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 16 }) }),
      closed({
        url: Type.String({ pattern: "^https?://[^?#]*[^?#/]$" }),
        token: Type.Optional(Type.String({ minLength: 1 })),
      }),
    ]),
  ),
  /** By currency the amount, in minor units, up to which one operator moves money in a day; 0 for others. Sandboxes: false. */
  fourEyes: Type.Optional(
    Type.Union([
      Type.Record(Type.String({ pattern: "^[A-Z]{3}$" }), Type.Integer({ minimum: 0 })),
      Type.Literal(false),
    ]),
  ),
  /** By currency the amount, in minor units, above which people prove that it is them, now; nobody does if left out. */
  stepUpAbove: Type.Optional(
    Type.Record(Type.String({ pattern: "^[A-Z]{3}$" }), Type.Integer({ minimum: 0 })),
  ),
  /** Operators say how a person proved who they are; false in sandboxes only. */
  requireProof: Type.Optional(Type.Boolean()),
  /** How often an operator may look at people's data within a day. */
  lookupsPerDay: Type.Optional(Type.Integer({ minimum: 0 })),
  /** The mail server by which people are told; in a sandbox without it mails are kept and shown. */
  smtp: Type.Optional(
    closed({
      /** With user and password where the server asks for them. */
      url: Type.String({ pattern: "^smtps?://[^\\s]+$" }),
      from: Type.String({ pattern: "^([^<>\\r\\n]{1,100} <[^\\s<>@]+@[^\\s<>@]+>|[^\\s<>@]+@[^\\s<>@]+)$" }),
      /** The language of those who have said none. */
      language: Type.Optional(Type.Unsafe<"en" | "ja">({ type: "string", enum: ["en", "ja"] })),
      unencrypted: Type.Optional(Type.Boolean()),
    }),
  ),
  /** Durations of trades, where they are other than usual (docs/running.md). */
  terms: Type.Optional(terms),
  /** How long before a deadline it is told of; nothing is where the list is empty. */
  tellAhead: Type.Optional(Type.Array(durationSchema, { maxItems: 5, uniqueItems: true })),
  trustedProxies: Type.Optional(Type.Array(Type.String())),
  /** Sites whose scripts may call with a key, each as browsers write it: `https://shop.example`. */
  browserOrigins: Type.Optional(
    Type.Array(Type.String({ pattern: "^https?://[a-z0-9.:\\[\\]-]+$" }), { maxItems: 100 }),
  ),
  /** Origins of which pages show pictures of goods, each as browsers write it: `https://pictures.shop.example`. */
  imagesFrom: Type.Optional(
    Type.Array(Type.String({ pattern: "^https?://[a-z0-9.:\\[\\]-]+$" }), { maxItems: 100 }),
  ),
  /** Receivers of webhooks inside the network, each as `host:port`. */
  webhooksMayReach: Type.Optional(
    Type.Array(Type.String({ pattern: "^([a-z0-9.-]+|\\[[0-9a-f:]+\\]):[1-9][0-9]{0,4}$" })),
  ),
};

const institutionSchema = closed({
  party: Type.Literal("institution"),
  ...trading,
  peers: Type.Optional(Type.Array(peer)),
  /** The institution's own account at a bank, from which it pays out by files; without it, it does not. */
  payouts: Type.Optional(
    closed({
      /** What the bank knows it by (委託者コード). */
      code: Type.String({ pattern: "^[0-9]{10}$" }),
      bank: Type.String({ pattern: "^[0-9]{4}$" }),
      branch: Type.String({ pattern: "^[0-9]{3}$" }),
      kind: Type.Unsafe<"ordinary" | "current">({ type: "string", enum: ["ordinary", "current"] }),
      number: Type.String({ pattern: "^[0-9]{7}$" }),
      /** In kana: as files name the bank and the branch, and as the account's name stands there. */
      bankName: text(1, 40),
      branchName: text(1, 40),
      holder: text(1, 60),
      /** The least that is paid out, in yen; 1 if not given. */
      least: Type.Optional(Type.Integer({ minimum: 1 })),
    }),
  ),
  /** Its own accounts at banks, to which people transfer what is due; without them nobody does. */
  bankAccounts: Type.Optional(
    Type.Array(
      closed({
        bank: Type.String({ pattern: "^[0-9]{4}$" }),
        branch: Type.String({ pattern: "^[0-9]{3}$" }),
        kind: Type.Unsafe<"ordinary" | "current">({ type: "string", enum: ["ordinary", "current"] }),
        number: Type.String({ pattern: "^[0-9]{7}$" }),
        /** In kana, as for payouts. */
        bankName: text(1, 40),
        branchName: text(1, 40),
        holder: text(1, 60),
        /** JPY if not given; files in the forms of banks in Japan are of nothing else. */
        currency: Type.Optional(Type.String({ pattern: "^[A-Z]{3}$" })),
        /** The one form in which the bank's statements of it come. */
        form: Type.Unsafe<IncomingForm>({ type: "string", enum: [...incomingForms] }),
        /** Accounts that the bank makes up (振込専用口座), one for each due. */
        virtual: Type.Optional(
          closed({
            branch: Type.String({ pattern: "^[0-9]{3}$" }),
            first: Type.Integer({ minimum: 0, maximum: 9_999_999 }),
            last: Type.Integer({ minimum: 0, maximum: 9_999_999 }),
          }),
        ),
      }),
      { maxItems: 20 },
    ),
  ),
  /** How members are sent bills for what they use of credit lines; without it, they are sent none. */
  bills: Type.Optional(monthlyBillsSchema),
});
export type InstitutionConfig = Static<typeof institutionSchema>;

const facilitatorSchema = closed({
  party: Type.Literal("facilitator"),
  ...trading,
  /** This server's id, as the institutions know it. */
  id: idSchema,
  institutions: Type.Array(institution, { minItems: 1 }),
  /** At what price shops are paid early, and how much one may have so; without it none is. */
  advance: Type.Optional(
    closed({
      acceptedBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
      reservedBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
      limitPerShop: Type.Record(Type.String({ pattern: "^[A-Z]{3}$" }), Type.Integer({ minimum: 0 })),
    }),
  ),
});
export type FacilitatorConfig = Static<typeof facilitatorSchema>;

const sums = Type.Record(Type.String({ pattern: "^[A-Z]{3}$" }), Type.Integer({ minimum: 0 }));
const guarantorSchema = closed({
  party: Type.Literal("guarantor"),
  ...trading,
  /** This server's id, as the institutions know it. */
  id: idSchema,
  /** Where members pay, once they have accepted. */
  institutions: Type.Array(institution, { minItems: 1 }),
  /** By currency, in minor units, how much it stands for at most: of one member at a time, and for one shop anew on a day. */
  limits: Type.Optional(closed({ member: Type.Optional(sums), shopDay: Type.Optional(sums) })),
  /** How members are sent bills for what was paid for them; as is usual without it, and with `false` not at all. */
  bills: Type.Optional(Type.Union([claimBillsSchema, Type.Literal(false)])),
});
export type GuarantorConfig = Static<typeof guarantorSchema>;
/** A server that carries trades. */
export type TradingConfig = InstitutionConfig | FacilitatorConfig | GuarantorConfig;

/** A trading server at which a shop sells. */
const till = closed({
  id: Type.String({ pattern: "^[a-z0-9-]{1,40}$" }),
  label: Type.Union([text(1, 100), closed({ en: text(1, 100), ja: text(1, 100) })]),
  url: Type.String({ pattern: "^https?://" }),
  key: Type.String({ minLength: 20 }),
  publicUrl: Type.Optional(Type.String({ pattern: "^https?://" })),
  carrier: Type.Optional(Type.String({ minLength: 1 })),
  logKeys: Type.Optional(
    Type.Array(Type.String({ pattern: "^[^\\s+]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]{44}$" }), {
      minItems: 1,
      maxItems: 16,
    }),
  ),
});

const shopSchema = closed({
  party: Type.Literal("shop"),
  ...common,
  shopName: Type.String({ minLength: 1, maxLength: 100 }),
  staffPassword: Type.String({ minLength: 12 }),
  /** Seals what the shop knows of its customers; as those of trading servers. */
  personalDataKey: keySource,
  formerPersonalDataKeys: Type.Optional(Type.Array(keySource)),
  tills: Type.Array(till, { minItems: 1, maxItems: 20 }),
});
export type ShopConfig = Static<typeof shopSchema>;
export type Config = TradingConfig | ShopConfig;

const checks = {
  institution: makeCheck(institutionSchema, "config"),
  facilitator: makeCheck(facilitatorSchema, "config"),
  guarantor: makeCheck(guarantorSchema, "config"),
  shop: makeCheck(shopSchema, "config"),
} as const;
const servedParties = ["institution", "facilitator", "guarantor", "shop"] as const;

type SignBy = NonNullable<HostOptions["signBy"]>;

/** The keys for personal data that a configuration names, the current one first. Throws UsageError. */
export function personalDataKeys({
  personalDataKey,
  formerPersonalDataKeys = [],
}: Pick<InstitutionConfig, "personalDataKey" | "formerPersonalDataKeys">): Buffer[] {
  return [personalDataKey, ...formerPersonalDataKeys].map(readKey);
}

/** Where the keys are by which a server signs; undefined where it makes its own. Throws UsageError. */
export function signBy({ signBy: given }: Pick<InstitutionConfig, "signBy">): SignBy | undefined {
  if (given === undefined) return undefined;
  if ("url" in given) return { kind: "asked", ...given };
  return { kind: "given", keys: given.files.map(readSigningKey) };
}

/** The configuration of whichever server that carries trades this is. Throws UsageError. */
export function readTradingConfig(file: string): TradingConfig {
  const party = readParty(file);
  if (party !== "institution" && party !== "facilitator" && party !== "guarantor")
    throw new UsageError(`${file} is of no institution, facilitator or guarantor.`);
  return readConfig(party, file) as TradingConfig;
}

/** The database from which the lines of such a server are exported, and whose days they are of. Throws UsageError. */
export function exportPlace(file: string): ExportPlace {
  const { databaseUrl: url, schema, timeZone = "UTC" } = readTradingConfig(file);
  return { url, schema, role: applicationRole, timeZone };
}

function readParty(file: string): unknown {
  const content = readJson(file);
  return typeof content === "object" && content !== null && "party" in content ? content.party : undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Reads a configuration file. Throws UsageError with what is wrong in it. */
export function readConfig(party: string, file: string): Config {
  const served = servedParties.find((known) => known === party);
  if (served === undefined) {
    throw new UsageError(
      `There is no party ${JSON.stringify(party)}; there are ${servedParties.join(", ")}.`,
    );
  }
  const content = readJson(file);
  const refused = checks[served](content);
  if (refused !== undefined) {
    const where =
      refused.errors?.map(({ pointer, message }) => `${pointer}: ${message}`).join("; ") ?? refused.detail;
    throw new UsageError(`${file} is not a configuration for the ${party}: ${where}`);
  }
  const config = content as Config;
  if (config.party !== party) throw new UsageError(`${file} is for the ${config.party}.`);
  const trouble = troubleIn(config);
  if (trouble !== undefined) throw new UsageError(`${file}: ${trouble}`);
  if (
    config.party !== "shop" &&
    config.sandbox !== true &&
    (config.fourEyes === false || config.requireProof === false)
  )
    throw new UsageError(`${file} trusts one operator alone: only a sandbox may.`);
  return config;
}

/** What a configuration holds that could never work: a currency that is none, an address to which nothing can be sent. */
function troubleIn(config: Config): string | undefined {
  if (!isAddress(config.databaseUrl)) return `/databaseUrl is no address of a database: ${addressForms}.`;
  const unknown = config.party === "shop" ? -1 : config.currencies.findIndex((each) => !isCurrency(each));
  if (unknown >= 0)
    return `/currencies/${unknown} is no currency of ISO 4217 in whose minor units amounts are written.`;
  if (config.party !== "shop" && config.timeZone !== undefined && !isTimeZone(config.timeZone))
    return `/timeZone is no time zone by its IANA name, such as Asia/Tokyo or Europe/Paris: ${JSON.stringify(config.timeZone)}.`;
  const far = config.party === "shop" ? -1 : (config.tellAhead ?? []).findIndex((each) => !isDistance(each));
  if (far >= 0) return `/tellAhead/${far} is not between an hour and 30 days, in days or hours.`;
  const bills = "bills" in config ? billsTrouble(config.bills, config.currencies) : undefined;
  if (bills !== undefined) return bills;
  const others = addressesIn(config);
  for (const name of ["browserOrigins", "imagesFrom"] as const)
    for (const [index, origin] of (config.party === "shop" ? [] : (config[name] ?? [])).entries())
      if (!URL.canParse(origin) || new URL(origin).origin !== origin)
        return `/${name}/${index} is not as browsers write it, such as https://shop.example, without a usual port.`;
  for (const [where, address, bare] of [["/publicUrl", config.publicUrl, true] as const, ...others]) {
    const trouble = address === undefined ? undefined : addressTrouble(address, bare);
    if (trouble !== undefined) return `${where} ${trouble}`;
  }
  return undefined;
}

const hour = 3_600_000;

/** Months would make it another distance with each deadline. */
function isDistance(duration: string): boolean {
  const { months, milliseconds } = parseDuration(duration) ?? { months: 0, milliseconds: 0 };
  return months === 0 && milliseconds >= hour && milliseconds <= 30 * 24 * hour;
}

type Addressed = readonly [where: string, address: string | undefined, bare: boolean];

function addressesIn(config: Config): Addressed[] {
  if (config.party === "shop")
    return config.tills.flatMap(({ url, publicUrl }, index): Addressed[] => [
      [`/tills/${index}/url`, url, false],
      [`/tills/${index}/publicUrl`, publicUrl, false],
    ]);
  const { signBy: by } = config;
  const [name, servers] =
    config.party === "institution" ? ["peers", config.peers ?? []] : ["institutions", config.institutions];
  return [
    ...servers.map(({ url }, index): Addressed => [`/${name}/${index}/url`, url, true]),
    ["/signBy/url", by !== undefined && "url" in by ? by.url : undefined, false],
  ];
}
