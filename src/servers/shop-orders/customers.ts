/**
 * What the shop knows of its customers, and what it tells institutions about them: sealed under a key for each order, which
 * a key of the configuration wraps. A copy of the database names nobody.
 */
import { type Client, type Database, randomToken } from "../../storage/database/database.ts";
import { decrypt, encrypt, keyBytes, type Keyring, type WrappedKey } from "../../storage/keyring/keyring.ts";
import * as store from "./orders-store.ts";
import type { Customer, OrderKey } from "./orders-store.ts";

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

/** How long a customer is known after nothing more can happen to the order. */
export const knownForDays = 30;

/** Forgets customers whose orders ended so long ago; the order itself stays. */
export async function forgetCustomers(database: Database): Promise<void> {
  while ((await store.eraseEnded(database, knownForDays, batch)) > 0);
}
