/** Tells each server at which the shop sells where it is told what happens, and where customers come back to. */
import { randomToken, type Database } from "../../storage/database/database.ts";
import { decrypt, encrypt, keyBytes, type Keyring } from "../../storage/keyring/keyring.ts";
import type { OrderContext, Till } from "../shop-orders/shop-orders.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import {
  dropOldMessages,
  holdTill,
  type KeptSecret,
  keepReturn,
  keepSecret,
  readHeard,
  releaseTill,
} from "./news-store.ts";

/** Where customers come back to after they have answered at the server at which they pay. */
export const backPath = "/orders/back";
/** Where a server carries members on to who come from its page of shops. */
export const welcomePath = "/welcome";

/** By what this shop's endpoint is known at each server, so that every start says the same one. */
const endpointName = "shop-orders";

/** As many as a server sends: one transaction takes them in as well as a single message. */
const messagesAtOnce = 100;

const placeOf = (till: string): string => `webhook secret of till ${till}`;

function sealed(keyring: Keyring, till: string, secret: string): KeptSecret {
  const key = Buffer.from(randomToken(keyBytes), "base64url");
  return { ...keyring.wrap(placeOf(till), key), secret: encrypt(key, Buffer.from(secret), placeOf(till)) };
}

function opened(keyring: Keyring, till: string, kept: KeptSecret): string {
  return decrypt(keyring.unwrap(placeOf(till), kept), kept.secret, placeOf(till)).toString();
}

/** The secret by which messages of a server are known, and the time it is; undefined while there is none, or no key opens it. */
export async function secretOf(
  { database, keyring }: Pick<OrderContext, "database" | "keyring">,
  till: string,
): Promise<{ secret: string; now: Date } | undefined> {
  const heard = await readHeard(database, till);
  if (heard === undefined || heard.kept === null) return undefined;
  try {
    return { secret: opened(keyring, till, heard.kept), now: heard.now };
  } catch {
    // The configuration does not have the key any more: the endpoint's secret is replaced at the next start.
    return undefined;
  }
}

/** Where a server sends customers back to; undefined while it has not been told. */
export async function returnUrlOf(database: Database, till: string): Promise<string | undefined> {
  return (await readHeard(database, till))?.returnUrl ?? undefined;
}

export const forgetMessages = (database: Database): Promise<void> => dropOldMessages(database);

/** More than all the calls take that are made under it. */
const holdMs = 60_000;

/**
 * Says to a server where this shop is, `publicUrl`. Said again at the next start it is the same endpoint. Answers whether
 * the server tells by webhooks from now on; undefined where it could not be asked, or another process is asking.
 */
export async function tellTill(
  shop: OrderContext,
  till: Till,
  publicUrl: string,
  secrets: KnownSecrets,
): Promise<boolean | undefined> {
  const { database, log } = shop;
  if (!(await holdTill(database, till.id, holdMs))) return undefined;
  try {
    const caller = await till.hurried.whoami();
    if (caller.outcome !== "done" || caller.caller.id === undefined) return undefined;
    await tellReturn(shop, till, caller.caller.id, publicUrl);
    const url = `${publicUrl}/webhooks/${till.id}`;
    const put = await till.hurried.endpoints.put(endpointName, {
      url,
      types: ["trade.changed"],
      perRequest: messagesAtOnce,
    });
    if (put.outcome === "unknown") return undefined;
    if (put.outcome === "refused") {
      log.warn(
        { till: till.id, why: put.problem.code },
        "a server sends no webhooks here; it is asked instead",
      );
      return false;
    }
    const isKept = await haveSecret(shop, till, put.endpoint);
    secrets.forget(till.id);
    return isKept;
  } finally {
    await releaseTill(database, till.id);
  }
}

/** Keeps the secret of a new endpoint. One that was lost, or that no key here opens, is replaced by another. */
async function haveSecret(
  { database, keyring }: OrderContext,
  till: Till,
  endpoint: { id: string; secret?: string },
): Promise<boolean | undefined> {
  const known = endpoint.secret ?? (await secretOf({ database, keyring }, till.id))?.secret;
  if (known !== undefined) {
    await keepSecret(database, till.id, sealed(keyring, till.id, known));
    return true;
  }
  const rotated = await till.hurried.endpoints.rotate(endpoint.id);
  if (rotated.outcome !== "done" || rotated.endpoint.secret === undefined) return undefined;
  await keepSecret(database, till.id, sealed(keyring, till.id, rotated.endpoint.secret));
  return true;
}

/** Adds the address to those that the server knows of this shop. Where it takes it not, customers are not sent back. */
async function tellReturn(
  { database, log }: OrderContext,
  till: Till,
  id: string,
  publicUrl: string,
): Promise<void> {
  const url = `${publicUrl}${backPath}`;
  const known = await till.hurried.shops.get(id);
  if (known.outcome !== "done") return;
  const { returnUrls = [] } = known.party;
  const missing = [url, `${publicUrl}${welcomePath}`].filter((each) => !returnUrls.includes(each));
  if (missing.length > 0) {
    const set = await till.hurried.shops.setReturnUrls(id, [...returnUrls, ...missing]);
    if (set.outcome === "refused")
      log.warn({ till: till.id, why: set.problem.code }, "a server sends no customers back here");
    if (set.outcome !== "done") return keepReturn(database, till.id, null);
    await tellListing(log, till, id, `${publicUrl}${welcomePath}?till=${till.id}`);
  }
  return keepReturn(database, till.id, url);
}

/** This shop is found on the server's page of shops; one whose staff take it out there are not entered again. */
async function tellListing(log: OrderContext["log"], till: Till, id: string, url: string): Promise<void> {
  // One sentence stands there for readers of either language.
  const sentence =
    "京都の作り手によるお茶・鉄瓶・包丁・和紙・傘。Tea, kettles, knives, paper and umbrellas from makers in Kyoto.";
  const listed = await till.hurried.shops.setListing(id, { url, sentence });
  if (listed.outcome === "refused")
    log.warn({ till: till.id, why: listed.problem.code }, "a server does not list this shop");
}
