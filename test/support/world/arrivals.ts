/** Processes of an institution on one database, with dues that are paid by transfers to its bank. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  type ArrivalGround,
  arrivalSweeper,
  bookStatement,
  lookAtStatement,
} from "../../../src/engines/arrivals/arrivals.ts";
import { type Collections, createCollections } from "../../../src/engines/collections/collections.ts";
import { type Database, openDatabase, uuidv7 } from "../../../src/storage/database/database.ts";
import { openAccounts } from "../../../src/storage/ledger/ledger.ts";
import { zengin, type Said } from "../wire/incoming.ts";
import { openBank } from "./consents.ts";
import { newNumber } from "./counters.ts";
import { testVault } from "./vault.ts";
import { ownAccounts } from "./world.ts";

type Ending = { after(release: () => Promise<void>): unknown };

const today = new Date().toISOString().slice(0, 10);
/** A statement of today. */
export const statementOf = (entries: readonly Said[]): Buffer =>
  zengin("statement", { account: "7000001", day: today, entries });

export async function openArrivals(t: Ending) {
  const bank = await openBank(t);
  const ids = { arrivals: uuidv7(), outside: uuidv7(), payouts: uuidv7(), kept: uuidv7() };
  await openAccounts(bank.database, [
    { id: ids.outside, kind: "outside", currency: "JPY", floor: -(10n ** 12n) },
    ...[ids.arrivals, ids.payouts, ids.kept].map((id) => ({
      id,
      kind: "suspense" as const,
      currency: "JPY",
      floor: 0n,
    })),
  ]);
  const peer = bank.newPeer();
  const shop = await bank.account(0n, { kind: "shop" });
  const payee = await bank.receive(peer, shop);
  const fees = await bank.own(peer, await bank.account(0n, { kind: "fee" }), "receive");
  const errors: unknown[] = [];
  const house: ArrivalGround["house"] = (kind) => ids[kind];

  /** A process with a connection of its own. */
  function open() {
    const database = openDatabase({ url: bank.url, schema: bank.schema, role: "kenshu_app", keyed: true });
    const onError = (error: unknown) => void errors.push(error);
    const collections = createCollections({
      database,
      house: { kept: () => ids.kept, costs: () => ids.kept, bills: () => "", today: () => "2031-01-01" },
      onError,
    });
    const names = { bankName: "ｹﾝｼﾕｳ", branchName: "ﾎﾝﾃﾝ", holder: "ｹﾝｼﾕｳ", currency: "JPY" };
    const accounts = ownAccounts.map((own) => ({ ...own, ...names }));
    const ground: ArrivalGround = { vault: testVault, collections, house, accounts };
    const sweeper = arrivalSweeper(ground, { database, everyMs: 3_600_000, onError });
    t.after(async () => {
      await sweeper.stop();
      await collections.close();
      await database.close();
    });
    return { database, collections, ground, sweep: () => sweeper.sweep() };
  }
  const processes = [open(), open()] as const;
  return {
    bank,
    ids,
    shop,
    errors,
    processes,
    house,
    due: (tradeNumber: string, amount: number) =>
      dueOf(processes[0].collections, { peer, payee, fees }, tradeNumber, amount),
  };
}

async function dueOf(
  collections: Collections,
  { peer, payee, fees }: { peer: string; payee: string; fees: string },
  tradeNumber: string,
  amount: number,
): Promise<string> {
  const of = { tradeNumber, version: 1, payee, currency: "JPY", amount, payBy: "2031-01-01T00:00:00Z" };
  const fee = { account: fees, amount: Math.min(10, amount) };
  const outcome = await collections.submit(peer, { do: "due", id: uuidv7(), ...of, fee });
  assert.equal(outcome.status, 200);
  return tradeNumber;
}

type Process = { database: Database; ground: ArrivalGround };

/** Reads a file, and books it as two operators would: `booked`, or the code of the refusal. */
export async function book({ database, ground }: Process, bytes: Buffer): Promise<string> {
  try {
    const wish = await database.transaction((client) =>
      lookAtStatement(ground, client, { bytes, operator: uuidv7() }, () => Promise.resolve(false)),
    );
    assert.equal(wish.digest, createHash("sha256").update(bytes).digest("hex"));
    const row = await database.transaction((client) =>
      bookStatement(ground, client, wish, { operator: uuidv7(), confirmedBy: uuidv7() }),
    );
    return `booked ${row.count - row.known} of ${row.count}`;
  } catch (error) {
    return (error as { problem?: { code: string } }).problem?.code ?? String(error);
  }
}

export { newNumber };
