/**
 * Reconciliation: what is frozen, settled and refunded at an institution for this server's trades is what this server
 * believes, trade by trade and per currency. What differs while business runs may be on its way, so a difference is
 * looked at again before it is called a break.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "../../storage/database/database.ts";
import { reservationStates, type ReservationView } from "../../core/protocol/schemas.ts";
import { type Peer, type PeerClient, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import { type HeldHere, listFrozen, readHeld, type Sum, sumHeld } from "../../engines/trades/trades.ts";

/** A difference that did not go away. */
export interface Break {
  institution: string;
  /** The number of the trade. */
  trade: string;
  what: string;
  here: string;
  there: string;
}

export interface Reconciliation {
  /** Trades whose money was compared. */
  compared: number;
  breaks: Break[];
  /** Per institution and currency, what both agree on where there is no break. Minor units. */
  sums: (Sum & { institution: string })[];
  /** Institutions that could not be asked: of them nothing is known. */
  unreachable: string[];
}

export interface ReconcileOptions {
  database: Database;
  client: PeerClient;
  institutions: readonly Peer[];
  /** Compares what has ended, too, although the sums agree. */
  whole?: boolean;
  onProgress?: (line: string) => void;
}

const pageSize = 200;
/** How often a difference is looked at again, and with what pause between (milliseconds). */
const looks = 8;
const betweenLooksMs = 500;

export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const result: Reconciliation = { compared: 0, breaks: [], sums: [], unreachable: [] };
  for (const institution of options.institutions) {
    try {
      await reconcileOne(options, institution, result);
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError)) throw error;
      result.unreachable.push(institution.name);
    }
  }
  return result;
}

async function reconcileOne(
  options: ReconcileOptions,
  institution: Peer,
  result: Reconciliation,
): Promise<void> {
  const { database, whole = false, onProgress = () => {} } = options;
  const suspects = new Set<string>();
  const live = new Set<string>();
  const look = async (state: ReservationView["state"]) => {
    let seen = 0;
    for await (const page of reservationsAt(options.client, institution, state)) {
      for (const { id } of state === "held" ? page : []) live.add(id);
      for (const number of await differing(database, institution, page)) suspects.add(number);
      seen += page.length;
      onProgress(`${institution.name}: ${seen} reservations ${state}, ${suspects.size} to look at again`);
    }
    result.compared += seen;
  };
  await look("held");
  for await (const page of frozenHere(database, institution)) {
    for (const { number, reservation } of page) if (!live.has(reservation)) suspects.add(String(number));
  }
  const here = await sumHeld(database, institution.id);
  if (whole || !isSameSum(here, await sumsAt(options.client, institution))) {
    for (const state of reservationStates) if (state !== "held") await look(state);
  }
  result.sums.push(...here.map((sum) => ({ ...sum, institution: institution.name })));
  for (const number of suspects) {
    const found = await lookAgain(options, institution, number);
    result.breaks.push(...found);
    for (const { trade, what } of found) onProgress(`${institution.name}: trade ${trade}, ${what} differs`);
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
    yield (body?.["items"] ?? []) as ReservationView[];
    const next = body?.["next"];
    if (typeof next !== "string") return;
    after = next;
  }
}

async function* frozenHere(database: Database, { id }: Peer): AsyncGenerator<HeldHere[]> {
  let after: string | undefined;
  do {
    const page: HeldHere[] = await listFrozen(database, id, pageSize, after);
    yield page;
    after = page.length < pageSize ? undefined : page.at(-1)?.id;
  } while (after !== undefined);
}

/** The numbers of the trades whose money is not what the reservations say. */
async function differing(
  database: Database,
  { id }: Peer,
  page: readonly ReservationView[],
): Promise<string[]> {
  const held = await readHeld(
    database,
    id,
    page.map(({ tradeNumber }) => tradeNumber),
  );
  const byNumber = new Map(held.map((each) => [String(each.number), each]));
  return page.flatMap((view) =>
    differences(byNumber.get(view.tradeNumber), view).length === 0 ? [] : [view.tradeNumber],
  );
}

type Difference = Pick<Break, "what" | "here" | "there">;

/** How one trade and one of its reservations differ. A reservation that another has replaced need only be over. */
function differences(held: HeldHere | undefined, view: ReservationView | undefined): Difference[] {
  if (view === undefined) {
    return held === undefined || held.frozen + held.settled === 0n
      ? []
      : [{ what: "reservation", here: held.reservation, there: "none" }];
  }
  if (held?.reservation !== view.id) {
    const over = view.state === "released" || view.state === "expired";
    return over
      ? []
      : [{ what: "trade", here: "none with this reservation", there: `${view.id} ${view.state}` }];
  }
  const fields: Fields = [
    ["currency", held.currency, view.currency],
    ...(held.private ? statesOf(held, view) : amountsOf(held, view)),
  ];
  return fields
    .filter(([, here, there]) => String(here) !== String(there))
    .map(([what, here, there]) => ({ what, here: String(here), there: String(there) }));
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

/** Looks until both agree or nothing is on its way and they still do not. */
async function lookAgain(
  { database, client }: ReconcileOptions,
  institution: Peer,
  number: string,
): Promise<Break[]> {
  let found: Difference[] = [];
  for (let look = 0; look < looks; look += 1) {
    const [held] = await readHeld(database, institution.id, [number]);
    const view = await reservationOf(client, institution, number, held);
    found = differences(held, view);
    if (found.length === 0) return [];
    await pause(betweenLooksMs);
  }
  return found.map((difference) => ({ institution: institution.name, trade: number, ...difference }));
}

/** The reservation that the trade names, or, where it names none, the one that is held for the trade. */
async function reservationOf(
  client: PeerClient,
  institution: Peer,
  number: string,
  held: HeldHere | undefined,
): Promise<ReservationView | undefined> {
  if (held !== undefined) {
    const view = await ask(client, institution, `/v1/reservations/${held.reservation}`);
    if (view !== undefined) return view as unknown as ReservationView;
  }
  for (const state of ["held", "settled"] as const) {
    for await (const page of reservationsAt(client, institution, state)) {
      const found = page.find(({ tradeNumber, id }) => tradeNumber === number && id !== held?.reservation);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

async function sumsAt(client: PeerClient, institution: Peer): Promise<Sum[]> {
  const body = await ask(client, institution, "/v1/reservations/totals");
  const items = (body?.["items"] ?? []) as Record<string, unknown>[];
  const amount = (value: unknown) => (typeof value === "number" ? BigInt(value) : -1n);
  return items.map(({ currency, frozen, settled, refunded }) => ({
    currency: String(currency),
    frozen: amount(frozen),
    settled: amount(settled),
    refunded: amount(refunded),
  }));
}

function isSameSum(here: readonly Sum[], there: readonly Sum[]): boolean {
  const told = (sums: readonly Sum[]) =>
    sums
      .filter(({ frozen, settled }) => frozen !== 0n || settled !== 0n)
      .map(({ currency, frozen, settled, refunded }) => `${currency} ${frozen} ${settled} ${refunded}`)
      .toSorted()
      .join();
  return told(here) === told(there);
}
