/** An institution's reservations on a real database: accounts, consents for peers, and what came of it. */
import assert from "node:assert/strict";
import { textOf } from "../../../src/engines/engine/engine.ts";
import {
  type Database,
  idFrom,
  openDatabase,
  rawSql,
  sql,
  uuidv7,
} from "../../../src/storage/database/database.ts";
import { audit, openAccounts, postOne, readAccounts } from "../../../src/storage/ledger/ledger.ts";
import type { Instruction } from "../../../src/core/protocol/schemas.ts";
import { auditTrades } from "../../../src/engines/trades/trades.ts";
import {
  auditReservations,
  createReservations,
  insertConsents,
  type InstructionOutcome,
  type NewConsent,
  type Reservations,
} from "../../../src/engines/reservations/reservations.ts";
import { type FreshDatabase, freshDatabase } from "./cluster.ts";

type Ending = { after(release: () => Promise<void>): unknown };

/** What leaves its sender's hands: each kind of instruction without its id, which is drawn. */
type Wish<I> = I extends Instruction ? Omit<I, "id"> & { id?: string } : never;
export type Asked = Wish<Instruction>;

export interface AccountChange {
  kind?: "deposit" | "credit" | "shop" | "fee";
  currency?: string;
}

export interface Bank extends Pick<FreshDatabase, "url" | "schema" | "database"> {
  reservations: Reservations;
  errors: unknown[];
  /** A peer, by a new id. */
  newPeer(): string;
  /** An account with so much on it. */
  account(
    funds?: bigint,
    change?: { kind?: "deposit" | "credit" | "shop" | "fee"; currency?: string },
  ): Promise<string>;
  consent(peer: string, account: string, change?: Partial<NewConsent>): Promise<string>;
  receive(peer: string, account: string, change?: Partial<NewConsent>): Promise<string>;
  own(peer: string, account: string, purpose: "pay" | "receive"): Promise<string>;
  ask: (peer: string, instruction: Asked) => Promise<InstructionOutcome>;
  /** `posted held` of accounts. */
  balances(...accounts: string[]): Promise<string[]>;
  /** What was spent of a limit for a month, and when that month ends. */
  spent(consent: string): Promise<string>;
  /** Moves the clock of the database. */
  advance(interval: string): Promise<void>;
  now(): Promise<Date>;
  /** What the books, the trades and the reservations say that the journal does not. */
  audit(): Promise<string[]>;
  /** Another process on the same database. */
  process(timeZone?: string): Reservations;
}

export const inDays = (days: number, from = new Date()): string =>
  new Date(from.getTime() + days * 86_400_000).toISOString();

const unlimited = {
  limitPerTrade: null,
  limitPerMonth: null,
  feeFixed: null,
  feeBasisPoints: null,
  until: null,
} as const;

export async function openBank(t: Ending): Promise<Bank> {
  const { url, schema, database } = await freshDatabase(t, "trading");
  const admin = openDatabase({ url, schema });
  t.after(() => admin.close());
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const start = (on: Database, timeZone = "UTC"): Reservations => {
    const options = { onError, sweepEveryMs: 3_600_000, mails: "kept", timeZone } as const;
    const made = createReservations({ database: on, ...options });
    t.after(() => made.close());
    return made;
  };
  const reservations = start(database);
  const consent = async (peer: string, account: string, change: Partial<NewConsent> = {}) => {
    const id = uuidv7();
    const plain = {
      purpose: "pay",
      own: false,
      ownerKind: "member",
      owner: uuidv7(),
      currency: "JPY",
    } as const;
    await insertConsents(database, [{ id, peer, account, ...plain, ...unlimited, ...change }]);
    return id;
  };
  return {
    url,
    schema,
    database,
    reservations,
    errors,
    newPeer: uuidv7,
    consent,
    account: (funds = 0n, change = {}) => openAccount(database, funds, change),
    receive: (peer, account, change = {}) =>
      consent(peer, account, { purpose: "receive", ownerKind: "shop", ...change }),
    own: (peer, account, purpose) =>
      consent(peer, account, { purpose, own: true, ownerKind: "peer", owner: peer }),
    ask: (peer, instruction) => reservations.submit(peer, { id: uuidv7(), ...instruction }),
    async balances(...accounts) {
      const rows = new Map((await readAccounts(database, accounts)).map((row) => [row.id, row]));
      return accounts.map((id) => `${rows.get(id)?.posted} ${rows.get(id)?.held}`);
    },
    async spent(id) {
      const [row] = await database.query<{ spent: bigint; until: Date | null }>(
        sql`select spent, month_until as until from consents where id = ${id}`,
      );
      return `${row?.spent} until ${row?.until?.toISOString() ?? "never"}`;
    },
    async advance(interval) {
      await admin.execute(rawSql("update test_clock set ahead = ahead + $1::interval", [interval]));
    },
    async now() {
      const [row] = await database.query<{ now: Date }>(sql`select kenshu_now() as now`);
      assert.ok(row);
      return row.now;
    },
    audit: () => auditAll(database),
    process(timeZone) {
      const own = openDatabase({ url, schema, role: "kenshu_app", keyed: true });
      t.after(() => own.close());
      return start(own, timeZone);
    },
  };
}

async function openAccount(database: Database, funds: bigint, change: AccountChange): Promise<string> {
  const { kind = "deposit", currency = "JPY" } = change;
  const id = uuidv7();
  const outside = idFrom(`outside ${currency}`);
  await openAccounts(database, [
    { id: outside, kind: "outside", currency, floor: -(10n ** 15n) },
    { id, kind, currency, floor: kind === "credit" ? -funds : 0n },
  ]);
  const given = { do: "transfer", id: uuidv7(), from: outside, to: id, currency, amount: funds } as const;
  if (kind !== "credit" && funds > 0n)
    await database.transaction(async (client) => void (await postOne(client, given)));
  return id;
}

async function auditAll(database: Database): Promise<string[]> {
  const found = [await audit(database), await auditTrades(database), await auditReservations(database)];
  return found.flatMap(({ differences }) =>
    differences.map(({ what, field, id }) => `${what} ${field} ${id}`),
  );
}

/** `held 1000/0/0`, with what was paid back behind it; or the code of the refusal. */
export function told(outcome: InstructionOutcome): string {
  const body = JSON.parse(textOf(outcome)) as Record<string, unknown>;
  if (outcome.how === "refused") return String(body["code"]);
  if (body["state"] === undefined) return `moved ${String(body["amount"])}`;
  const { amount, settled, released, refunded, state } = body as Record<string, number>;
  const frozen = (amount ?? 0) - (settled ?? 0) - (released ?? 0);
  return `${state} ${frozen}/${settled}/${released}${(refunded ?? 0) > 0 ? ` back ${refunded}` : ""}`;
}
