/**
 * Reconciliation: what is due, paid and given back at a collecting institution under the numbers of this server's trades and
 * bills is what this server believes, one by one and per currency. What differs while business runs may be on its way, so a
 * difference is looked at again before it is called a break.
 */
import { setTimeout as pause } from "node:timers/promises";
import { reasonOf } from "../../edge/http/http.ts";
import { type Peer, type PeerClient, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import { keepCompared, listKnown } from "../../engines/breaks/breaks.ts";
import { listBillsThere, readBillsThere } from "../../engines/debts/debts.ts";
import { type CollectedHere, listCollected, readCollected } from "../../engines/trades/trades.ts";
import type { CollectionView } from "../../core/protocol/schemas.ts";
import type { Database } from "../../storage/database/database.ts";
import { readCollection } from "./answers.ts";

/** A difference that did not go away. */
export interface Break {
  institution: string;
  trade: string;
  what: string;
  here: string;
  there: string;
  currency?: string;
  /** There less here, in minor units. */
  difference?: bigint;
}

interface Amounts {
  due: bigint;
  paid: bigint;
  refunded: bigint;
}

export interface Reconciliation {
  /** Trades that were compared. */
  compared: number;
  breaks: Break[];
  /** Per institution and currency, what this server believes and what the institution lists. Minor units. */
  sums: { institution: string; currency: string; here: Amounts; there: Amounts }[];
  /** Institutions that could not be asked, and why: of them nothing is known. */
  unreachable: { institution: string; why: string }[];
}

export interface ReconcileOptions {
  database: Database;
  client: PeerClient;
  institutions: readonly Peer[];
  onProgress?: (line: string) => void;
}

/** So many breaks that are known are looked at each time, the oldest first. */
const knownMost = 5000;
const pageSize = 100;
/** How often a difference is looked at again, and with what pause between (milliseconds). */
const looks = 8;
const betweenLooksMs = 500;

export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const result: Reconciliation = { compared: 0, breaks: [], sums: [], unreachable: [] };
  const failures: unknown[] = [];
  for (const institution of options.institutions) {
    try {
      await reconcileOne(options, institution, result);
    } catch (error) {
      // What one institution says keeps nobody else from being compared.
      if (!(error instanceof UnknownOutcomeError)) failures.push(error);
      result.unreachable.push({ institution: institution.name, why: reasonOf(error) });
    }
  }
  if (failures.length > 0) throw failures[0];
  return result;
}

/** Walks both sides: what has been lost on one is in no list of its. */
async function reconcileOne(
  options: ReconcileOptions,
  institution: Peer,
  result: Reconciliation,
): Promise<void> {
  const { database, client, onProgress = () => {} } = options;
  const sums = new Map<string, { here: Amounts; there: Amounts }>();
  const known = await listKnown(database, institution.id, knownMost);
  const suspects = new Set(known.map(({ subject }) => subject));
  const listed = new Set<string>();
  for await (const page of collectionsAt(client, institution)) {
    const here = await believed(
      database,
      institution,
      page.map(({ tradeNumber }) => tradeNumber),
    );
    for (const view of page) {
      listed.add(view.tradeNumber);
      count(sums, view.currency, "there", { due: view.due, paid: view.paid, refunded: view.refunded });
      if (differences(here.get(view.tradeNumber), view).length > 0) suspects.add(view.tradeNumber);
    }
    result.compared += page.length;
    onProgress(`${institution.name}: ${result.compared} compared, ${suspects.size} to look at again`);
  }
  for await (const page of collectedHere(database, institution)) {
    for (const each of page) {
      const { number, currency, amount, paid, refunded } = each;
      count(sums, currency, "here", { due: amount - paid, paid, refunded });
      if (!listed.has(String(number)) && amount > 0n) suspects.add(String(number));
    }
  }
  for (const [currency, sides] of [...sums].toSorted(([left], [right]) => left.localeCompare(right)))
    result.sums.push({ institution: institution.name, currency, ...sides });
  const found = await lookAgain(options, institution, suspects);
  for (const { trade, what } of found) onProgress(`${institution.name}: trade ${trade}, ${what} differs`);
  result.breaks.push(...found);
  await keepCompared(database, {
    party: institution.id,
    found: found.map(({ trade, ...each }) => ({ ...each, subject: trade, reference: trade })),
    looked: known.map(({ id }) => id),
  });
}

function count(
  sums: Map<string, { here: Amounts; there: Amounts }>,
  currency: string,
  side: "here" | "there",
  amounts: { [name in keyof Amounts]: bigint | number },
): void {
  const none = { due: 0n, paid: 0n, refunded: 0n };
  const sum = sums.get(currency) ?? { here: { ...none }, there: { ...none } };
  for (const name of ["due", "paid", "refunded"] as const) sum[side][name] += BigInt(amounts[name]);
  sums.set(currency, sum);
}

async function believed(
  database: Database,
  { id }: Peer,
  numbers: readonly string[],
): Promise<Map<string, CollectedHere>> {
  const [trades, bills] = await Promise.all([
    readCollected(database, id, numbers),
    readBillsThere(database, id, numbers),
  ]);
  return new Map([...trades, ...bills].map((each) => [String(each.number), each]));
}

async function* collectedHere(database: Database, { id }: Peer): AsyncGenerator<CollectedHere[]> {
  for (const list of [listCollected, listBillsThere]) {
    let after: string | undefined;
    do {
      const page: CollectedHere[] = await list(database, id, pageSize, after);
      yield page;
      after = page.length < pageSize ? undefined : page.at(-1)?.id;
    } while (after !== undefined);
  }
}

async function ask(
  client: PeerClient,
  { id, name }: Peer,
  path: string,
): Promise<Record<string, unknown> | undefined> {
  const { status, body } = await client.call(id, "GET", path);
  if (status === 404) return undefined;
  if (status !== 200 || body === undefined)
    throw new UnknownOutcomeError(`${name} answered ${status} to ${path}.`);
  return body;
}

async function* collectionsAt(client: PeerClient, institution: Peer): AsyncGenerator<CollectionView[]> {
  let after = "";
  for (;;) {
    const path = `/v1/collections?limit=${pageSize}${after === "" ? "" : `&after=${after}`}`;
    const body = await ask(client, institution, path);
    yield ((body?.["items"] ?? []) as unknown[]).map((item) => viewIn(institution, item));
    const next = body?.["next"];
    if (typeof next !== "string") return;
    after = next;
  }
}

function viewIn({ name }: Peer, item: unknown): CollectionView {
  const view = readCollection(item);
  if (view === undefined) throw new UnknownOutcomeError(`${name} tells of a collection that cannot be.`);
  return view;
}

type Difference = Pick<Break, "what" | "here" | "there" | "currency" | "difference">;

function differences(here: CollectedHere | undefined, there: CollectionView | undefined): Difference[] {
  if (here === undefined || there === undefined) {
    const open = here === undefined ? (there?.due ?? 0) + (there?.paid ?? 0) > 0 : here.amount > 0n;
    if (!open) return [];
    return [
      {
        what: "collection",
        here: here === undefined ? "none" : `${here.amount} due in all`,
        there: there === undefined ? "none" : `${there.amount} due in all`,
        ...(there === undefined
          ? here && { currency: here.currency, difference: -here.amount }
          : { currency: there.currency, difference: BigInt(there.amount) }),
      },
    ];
  }
  const fields: [string, string | bigint, string | number][] = [
    ["currency", here.currency, there.currency],
    ["amount", here.amount, there.amount],
    ["paid", here.paid, there.paid],
    ["refunded", here.refunded, there.refunded],
  ];
  return fields
    .filter(([, mine, theirs]) => String(mine) !== String(theirs))
    .map(([what, mine, theirs]) => ({
      what,
      here: String(mine),
      there: String(theirs),
      ...(typeof mine === "bigint" && typeof theirs === "number"
        ? { currency: here.currency, difference: BigInt(theirs) - mine }
        : {}),
    }));
}

/** Looks at all that may differ until it does not, or has gone on to do so for long enough. */
async function lookAgain(
  { database, client }: ReconcileOptions,
  institution: Peer,
  suspects: ReadonlySet<string>,
): Promise<Break[]> {
  let found = new Map([...suspects].map((number) => [number, [] as Difference[]]));
  for (let look = 0; look < looks && found.size > 0; look += 1) {
    if (look > 0) await pause(betweenLooksMs);
    const still = new Map<string, Difference[]>();
    for (const number of found.keys()) {
      const here = await believed(database, institution, [number]);
      const body = await ask(client, institution, `/v1/collections/${number}`);
      const there = body === undefined ? undefined : viewIn(institution, body);
      const differing = differences(here.get(number), there);
      if (differing.length > 0) still.set(number, differing);
    }
    found = still;
  }
  return [...found].flatMap(([trade, differing]) =>
    differing.map((difference) => ({ institution: institution.name, trade, ...difference })),
  );
}
