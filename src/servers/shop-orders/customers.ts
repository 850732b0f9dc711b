/**
 * What the shop knows of its customers, and what it tells institutions about them: sealed under a key for each order, which
 * a key of the configuration wraps. A copy of the database names nobody.
 */
import { beyondAll, type Client, type Database, randomToken } from "../../storage/database/database.ts";
import { decrypt, encrypt, keyBytes, type Keyring, type WrappedKey } from "../../storage/keyring/keyring.ts";
import * as store from "./sealing-store.ts";
import { clockOf, type Customer, type Order, type OrderKey } from "./orders-store.ts";
import { findable, fits, markOf, marksOf, needleOf, placeOf } from "../shop-finding/shop-finding.ts";
import * as lists from "./queues-store.ts";

const placeOfKey = (order: string): string => `key of order ${order}`;
const placeOfCustomer = (order: string): string => `customer of order ${order}`;
const placeOfCall = (order: string, seq: number): string => `call ${seq} of order ${order}`;

/** A key for an order that is about to be written. */
export function newOrderKey(keyring: Keyring, order: string): WrappedKey {
  return keyring.wrap(placeOfKey(order), Buffer.from(randomToken(keyBytes), "base64url"));
}

const keyOf = (keyring: Keyring, { id, kek, wrapped }: OrderKey): Buffer =>
  keyring.unwrap(placeOfKey(id), { kek, wrapped });

export function sealCustomer(keyring: Keyring, order: OrderKey, customer: Customer): Buffer {
  const { name, kana, address, email, phone, recipient } = customer;
  const clear = Buffer.from(JSON.stringify({ name, kana, address, email, phone, recipient }));
  return encrypt(keyOf(keyring, order), clear, placeOfCustomer(order.id));
}

/** Whose order it is; undefined where that has been erased. */
export function customerOf(
  keyring: Keyring,
  order: OrderKey & { customer: Buffer | null },
): Customer | undefined {
  if (order.customer === null) return undefined;
  const clear = decrypt(keyOf(keyring, order), order.customer, placeOfCustomer(order.id));
  return JSON.parse(clear.toString()) as Customer;
}

/** What the institution is to be told, as it is kept. */
export function sealBody(keyring: Keyring, order: OrderKey, seq: number, body: string): Buffer {
  return encrypt(keyOf(keyring, order), Buffer.from(body), placeOfCall(order.id, seq));
}

/** The same as it is sent. Throws where it has been erased: what has had its answer is not sent again. */
export function openBody(keyring: Keyring, order: OrderKey, seq: number, sealed: Buffer | null): string {
  if (sealed === null) throw new Error(`Call ${seq} of order ${order.id} has been erased.`);
  return decrypt(keyOf(keyring, order), sealed, placeOfCall(order.id, seq)).toString();
}

const batch = 200;

/** Seals what was kept in clear before, and wraps anew what a former key of the configuration has wrapped. */
export async function sealOrders(database: Database, keyring: Keyring): Promise<void> {
  while (await database.transaction((client) => sealSome(client, keyring)));
  while (await database.transaction((client) => rewrapSome(client, keyring)));
  const secret = await namesSecret(database, keyring);
  while (await database.transaction((client) => markSome(client, keyring, secret)));
  while (await database.transaction(sortSome));
}

async function sealSome(client: Client, keyring: Keyring): Promise<boolean> {
  const rows = await store.lockClear(client, batch);
  for (const { id, ...customer } of rows) {
    const order = { id, ...newOrderKey(keyring, id) };
    await store.keepSealed(client, order, sealCustomer(keyring, order, customer));
    for (const { seq, body } of await store.readClearBodies(client, id))
      await store.keepBody(client, id, seq, sealBody(keyring, order, seq, body));
  }
  return rows.length > 0;
}

async function rewrapSome(client: Client, keyring: Keyring): Promise<boolean> {
  const rows = await store.lockWrappedOtherwise(client, keyring.current, batch);
  for (const row of rows)
    await store.keepKey(client, { id: row.id, ...keyring.wrap(placeOfKey(row.id), keyOf(keyring, row)) });
  return rows.length > 0;
}

const secretName = "names";
const placeOfSecret = "secret of names";

/** The key under which names leave their marks, the same for all processes of the shop; wrapped by the current key from now on. */
async function namesSecret(database: Client, keyring: Keyring): Promise<Buffer> {
  const fresh = Buffer.from(randomToken(keyBytes), "base64url");
  const kept = await lists.keptSecret(database, secretName, keyring.wrap(placeOfSecret, fresh));
  const secret = keyring.unwrap(placeOfSecret, kept);
  if (!kept.kek.equals(keyring.current))
    await lists.replaceSecret(database, secretName, keyring.wrap(placeOfSecret, secret));
  return secret;
}

/** Has an order found by the names of its customer. */
export async function markOrder(
  client: Client,
  keyring: Keyring,
  order: string,
  customer: Customer,
): Promise<void> {
  const secret = await namesSecret(client, keyring);
  await lists.keepMarks(client, order, marksOf(secret, findable(customer)));
}

async function markSome(client: Client, keyring: Keyring, secret: Buffer): Promise<boolean> {
  const rows = await lists.lockUnmarked(client, batch);
  for (const row of rows) {
    const customer = customerOf(keyring, row);
    await lists.keepMarks(client, row.id, customer === undefined ? [] : marksOf(secret, findable(customer)));
  }
  return rows.length > 0;
}

async function sortSome(client: Client): Promise<boolean> {
  const rows = await lists.lockUnsorted(client, batch);
  if (rows.length === 0) return false;
  const now = await clockOf(client);
  for (const { id, view } of rows) await lists.keepPlace(client, id, placeOf(view, now));
  return true;
}

/** Orders that were found, and from before which one the search goes on; null where it is at its end. */
export interface Found {
  orders: Order[];
  next: string | null;
}

/** How many candidates one page of a search opens at most: the marks of other names among them are few. */
const candidates = 200;

/**
 * Orders whose customer or recipient has names that begin so, newest first; undefined where that is too little to look for.
 * Nothing that was typed is a pattern: `%` is no letter, and finds nobody.
 */
export async function findByName(
  { database, keyring }: { database: Database; keyring: Keyring },
  typed: string,
  before: string | undefined,
  length: number,
): Promise<Found | undefined> {
  const needle = needleOf(typed);
  if (needle === undefined) return undefined;
  const mark = markOf(await namesSecret(database, keyring), needle.by);
  const rows = await lists.findByMark(database, mark, before ?? beyondAll, candidates);
  const orders: Order[] = [];
  let last: string | null = null;
  for (const row of rows) {
    if (orders.length === length) return { orders, next: last };
    const customer = customerOf(keyring, row);
    if (customer !== undefined && fits(needle, findable(customer))) orders.push(row);
    last = row.id;
  }
  return { orders, next: rows.length === candidates ? last : null };
}

/** How long a customer is known after nothing more can happen to the order. */
export const knownForDays = 30;

/** Forgets customers whose orders ended so long ago; the order itself stays. */
export async function forgetCustomers(database: Database): Promise<void> {
  while ((await store.eraseEnded(database, knownForDays, batch)) > 0);
}
