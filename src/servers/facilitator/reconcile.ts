/**
 * Reconciliation: what is frozen, settled and refunded at an institution for this server's trades is what this server
 * believes, trade by trade and per currency. What differs while business runs may be on its way, so a difference is
 * looked at again before it is called a break.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "../../storage/database/database.ts";
import { reasonOf } from "../../edge/http/http.ts";
import { reservationStates, type ReservationView } from "../../core/protocol/schemas.ts";
import { type Peer, type PeerClient, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import { keepCompared, listKnown } from "../../engines/breaks/breaks.ts";
import { isId } from "../../core/protocol/protocol.ts";
import { type Explained, explain, isSame, type ReconciledSum, unexplained } from "./reconciled-sums.ts";
import { type HeldHere, listHeld, readHeld, type Sum, sumHeld } from "../../engines/trades/trades.ts";

/** A difference that did not go away. */
export interface Break {
  institution: string;
  /** The number of the trade; null where it is the sums that differ, and no trade explains it. */
  trade: string | null;
  what: string;
  here: string;
  there: string;
  /** The reservation at the institution, where it is one. */
  reference?: string;
  currency?: string;
  /** There less here, in minor units. */
  difference?: bigint;
}

export interface Reconciliation {
  /** Trades whose money was compared. */
  compared: number;
  breaks: Break[];
  /** Per institution and currency, what this server believes and what the institution says. Minor units. */
  sums: ReconciledSum[];
  /** Institutions that could not be asked, and why: of them nothing is known. */
  unreachable: { institution: string; why: string }[];
}

export interface ReconcileOptions {
  database: Database;
  client: PeerClient;
  institutions: readonly Peer[];
  /** Compares what has ended, too, although the sums agree. */
  whole?: boolean;
  onProgress?: (line: string) => void;
}

/** So many breaks that are known are looked at each time, the oldest first. */
const knownMost = 5000;
/** The most that a page of an institution's list has (docs/between-parties.md). */
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

async function reconcileOne(
  options: ReconcileOptions,
  institution: Peer,
  result: Reconciliation,
): Promise<void> {
  const { database, whole = false, onProgress = () => {} } = options;
  const known = await listKnown(database, institution.id, knownMost);
  // Where the sums agree, what has ended is left alone: what is open is compared always.
  const isWhole = whole || !(await compareSums(options, institution)).every(isSame);
  const suspects = await findSuspects(options, institution, isWhole, result);
  // What differed before is looked at whatever the lists say: it is over when both sides agree about it.
  for (const { subject, reference } of known) {
    if (subject === "") continue;
    const reservations = suspects.get(subject) ?? new Set();
    suspects.set(
      subject,
      reference === null || !isId(reference) ? reservations : reservations.add(reference),
    );
  }
  const explained: Explained = new Map();
  const found = await lookAgain(options, institution, suspects, explained);
  const sides = await unexplained(() => compareSums(options, institution), explained, {
    looks,
    betweenMs: betweenLooksMs,
  });
  result.sums.push(...sides.sums);
  found.push(
    ...sides.found.map(({ currency, name, here, there, difference }) => ({
      institution: institution.name,
      trade: null,
      what: `the sum of ${name} ${currency}`,
      here: String(here),
      there: String(there),
      currency,
      difference,
    })),
  );
  result.breaks.push(...found);
  await keepCompared(database, {
    party: institution.id,
    found: found.map(({ trade, ...each }) => ({ ...each, subject: trade ?? "" })),
    looked: known.filter(({ subject }) => subject !== "" || sides.isSure).map(({ id }) => id),
  });
  for (const { trade, what } of found)
    onProgress(`${institution.name}: trade ${trade ?? "none"}, ${what} differs`);
}

/** Numbers of trades, with the reservations that they may differ from. */
type Suspects = Map<string, Set<string>>;

/**
 * Trades that may differ. Both sides are walked: what the institution lists, and what this server believes
 * to be there, for what has been lost is in no list.
 */
async function findSuspects(
  { database, client, onProgress = () => {} }: ReconcileOptions,
  institution: Peer,
  whole: boolean,
  result: Reconciliation,
): Promise<Suspects> {
  const suspects: Suspects = new Map();
  const suspect = (number: string, reservation: string) =>
    suspects.set(number, (suspects.get(number) ?? new Set()).add(reservation));
  const listed = new Set<string>();
  for (const state of whole ? reservationStates : (["held"] as const)) {
    let seen = 0;
    for await (const page of reservationsAt(client, institution, state)) {
      for (const { id } of page) listed.add(id);
      for (const { tradeNumber, id } of await differing(database, institution, page))
        suspect(tradeNumber, id);
      seen += page.length;
      onProgress(`${institution.name}: ${seen} reservations ${state}, ${suspects.size} to look at again`);
    }
    result.compared += seen;
  }
  for await (const page of heldHere(database, institution, whole ? "ever" : "now")) {
    for (const { number, reservation } of page)
      if (!listed.has(reservation)) suspect(String(number), reservation);
  }
  return suspects;
}

async function compareSums(
  { database, client }: ReconcileOptions,
  institution: Peer,
): Promise<ReconciledSum[]> {
  const [here, there] = [await sumHeld(database, institution.id), await sumsAt(client, institution)];
  const currencies = new Set([...here, ...there].map(({ currency }) => currency));
  const of = (sums: readonly Sum[], currency: string): Omit<Sum, "currency"> => {
    const found = sums.find((each) => each.currency === currency);
    return { frozen: found?.frozen ?? 0n, settled: found?.settled ?? 0n, refunded: found?.refunded ?? 0n };
  };
  return [...currencies].toSorted().map((currency) => ({
    institution: institution.name,
    currency,
    here: of(here, currency),
    there: of(there, currency),
  }));
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

async function* reservationsAt(
  client: PeerClient,
  institution: Peer,
  state: ReservationView["state"],
): AsyncGenerator<ReservationView[]> {
  let after = "";
  for (;;) {
    const body = await ask(
      client,
      institution,
      `/v1/reservations?state=${state}&limit=${pageSize}${after === "" ? "" : `&after=${after}`}`,
    );
    yield listIn(body, institution).map((each) => reservationIn(each, institution));
    const next = body?.["next"];
    if (typeof next !== "string") return;
    after = next;
  }
}

async function* heldHere(database: Database, { id }: Peer, when: "now" | "ever"): AsyncGenerator<HeldHere[]> {
  let after: string | undefined;
  do {
    const page: HeldHere[] = await listHeld(database, id, when, pageSize, after);
    yield page;
    after = page.length < pageSize ? undefined : page.at(-1)?.id;
  } while (after !== undefined);
}

/** The reservations that are not what the money of their trades is. */
async function differing(
  database: Database,
  { id }: Peer,
  page: readonly ReservationView[],
): Promise<ReservationView[]> {
  const held = await readHeld(
    database,
    id,
    page.map(({ tradeNumber }) => tradeNumber),
  );
  const byNumber = new Map(held.map((each) => [String(each.number), each]));
  return page.filter((view) => differences(byNumber.get(view.tradeNumber), view).length > 0);
}

type Difference = Pick<Break, "what" | "here" | "there" | "reference" | "currency" | "difference">;

/** How one trade and one of its reservations differ. A reservation that another has replaced need only be over. */
function differences(held: HeldHere | undefined, view: ReservationView | undefined): Difference[] {
  if (view === undefined) {
    if (held === undefined || held.frozen + held.settled === 0n) return [];
    const { reservation, currency, frozen, settled } = held;
    const lost = held.private ? {} : { currency, difference: -(frozen + settled) };
    return [{ what: "reservation", here: reservation, there: "none", reference: reservation, ...lost }];
  }
  const { id: reference, state, amount, currency } = view;
  if (held?.reservation !== view.id) {
    const over = state === "released" || state === "expired";
    if (over) return [];
    const more = amount === null ? {} : { currency, difference: BigInt(amount - (view.released ?? 0)) };
    return [
      {
        // Each stray reservation is a break of its own.
        what: `trade ${reference}`,
        here: "none with this reservation",
        there: `${reference} ${state}`,
        reference,
        ...more,
      },
    ];
  }
  const fields: Fields = [
    ["currency", held.currency, view.currency],
    ...(held.private ? statesOf(held, view) : amountsOf(held, view)),
  ];
  return fields
    .filter(([, here, there]) => String(here) !== String(there))
    .map(([what, here, there]) => ({
      what,
      here: String(here),
      there: String(there),
      reference,
      ...(typeof here === "bigint" && typeof there === "number"
        ? { currency: held.currency, difference: BigInt(there) - here }
        : {}),
    }));
}

type Fields = [string, string | bigint | null, string | number | null][];

function amountsOf(held: HeldHere, { amount, settled, released, refunded }: ReservationView): Fields {
  const frozen = amount === null ? null : amount - (settled ?? 0) - (released ?? 0);
  return [
    ["frozen", held.frozen, frozen],
    ["settled", held.settled, settled],
    ["refunded", held.refunded, refunded],
  ];
}

/** Of a private trade both sides can only say whether it goes on, and whether something was paid. */
function statesOf({ frozen, settled }: HeldHere, { state, amount }: ReservationView): Fields {
  const here = frozen > 0n ? "held" : settled > 0n ? "settled" : "over";
  const there = state === "held" || state === "settled" ? state : "over";
  return [
    ["state", here, there],
    ["amount", null, amount],
  ];
}

/** Looks at all that may differ until it does not, or has gone on to do so for long enough. */
async function lookAgain(
  options: ReconcileOptions,
  institution: Peer,
  suspects: Suspects,
  explained: Explained,
): Promise<Break[]> {
  let found = new Map([...suspects.keys()].map((number) => [number, [] as Difference[]]));
  for (let look = 0; look < looks && found.size > 0; look += 1) {
    if (look > 0) await pause(betweenLooksMs);
    const still = new Map<string, Difference[]>();
    explained.clear();
    for (const number of found.keys()) {
      const reservations = suspects.get(number) ?? new Set();
      const differing = await differencesOf(options, institution, number, reservations, explained);
      if (differing.length > 0) still.set(number, differing);
    }
    found = still;
  }
  return [...found].flatMap(([trade, differing]) =>
    differing.map((difference) => ({ institution: institution.name, trade, ...difference })),
  );
}

/** How a trade differs from the reservation that it names, and from others that are there for it. */
async function differencesOf(
  { database, client }: ReconcileOptions,
  institution: Peer,
  number: string,
  reservations: ReadonlySet<string>,
  explained: Explained,
): Promise<Difference[]> {
  const [held] = await readHeld(database, institution.id, [number]);
  const found: Difference[] = [];
  for (const id of new Set([...(held === undefined ? [] : [held.reservation]), ...reservations])) {
    const answer = await ask(client, institution, `/v1/reservations/${id}`);
    const view = answer === undefined ? undefined : reservationIn(answer, institution);
    // One that is gone is missed only by the trade that names it.
    if (view === undefined && id !== held?.reservation) continue;
    const differing = differences(held, view);
    if (differing.length > 0) explain(explained, held, view);
    found.push(...differing);
  }
  return found;
}

async function sumsAt(client: PeerClient, institution: Peer): Promise<Sum[]> {
  const body = await ask(client, institution, "/v1/reservations/totals");
  const amount = (value: unknown) => (Number.isSafeInteger(value) ? BigInt(value as number) : -1n);
  return listIn(body, institution).map(({ currency, frozen, settled, refunded }) => ({
    currency: isCurrency(currency) ? currency : unreadable(institution),
    frozen: amount(frozen),
    settled: amount(settled),
    refunded: amount(refunded),
  }));
}

/** What an institution says is text from elsewhere: what cannot be read is no answer. */
function unreadable({ name }: Peer): never {
  throw new UnknownOutcomeError(`${name} says something that cannot be read.`);
}

const isCurrency = (value: unknown): value is string => typeof value === "string" && /^[A-Z]{3}$/.test(value);
const isCount = (value: unknown): boolean => value == null || Number.isSafeInteger(value);

function listIn(body: Record<string, unknown> | undefined, institution: Peer): Record<string, unknown>[] {
  const items = body?.["items"] ?? [];
  const isList = Array.isArray(items) && items.every((each) => typeof each === "object" && each !== null);
  return isList ? (items as Record<string, unknown>[]) : unreadable(institution);
}

function reservationIn(value: Record<string, unknown>, institution: Peer): ReservationView {
  const { id, tradeNumber, state, currency, amount, settled, released, refunded } = value;
  const isOne =
    typeof id === "string" &&
    isId(id) &&
    typeof tradeNumber === "string" &&
    /^[0-9]{1,18}$/.test(tradeNumber) &&
    reservationStates.some((each) => each === state) &&
    isCurrency(currency) &&
    [amount, settled, released, refunded].every(isCount);
  return isOne ? (value as unknown as ReservationView) : unreadable(institution);
}
