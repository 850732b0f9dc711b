/** A batch of instructions and payments: each is decided in memory, and all that they come to is written at once. */
import { type LeafRow, rowOf } from "../../core/log/log.ts";
import type { CollectionPaidView, CollectionView } from "../../core/protocol/schemas.ts";
import { isRefused } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { writeBooks, writePayoutLocks } from "../../storage/ledger/ledger.ts";
import { commandRows, newBatch, seal } from "../../storage/seals/seals.ts";
import { writeCollecting } from "../reservations/reservations.ts";
import { type Decided, done, type Outcome, refusal, writeFirstAnswers } from "../engine/engine.ts";
import { obey } from "./dues.ts";
import { pay, returnKept } from "./payments.ts";
import { insertDues, insertFees, insertPayments, insertReturns, updateDues, writeNews } from "./store.ts";
import { type CollectionHouse, openWorld, refusedKey, type Request, type World } from "./world.ts";

export type CollectionOutcome = Outcome<CollectionView>;
export type PaymentOutcome = Outcome<CollectionPaidView>;
export type Answer = Outcome<CollectionView | CollectionPaidView>;

/** Decides a batch in memory and hands back the statements that write it down (docs/decisions/0010-group-commit.md). */
export async function decideBatch(
  client: Client,
  requests: readonly Request[],
  house: CollectionHouse,
): Promise<Decided<Answer>> {
  const world = await openWorld(client, requests, house);
  const answers = answerAll(world, requests);
  return { answers, write: (writer) => write(writer, world) };
}

/** Decides requests one after another in what is locked and read. Pure but for the world, which remembers it all. */
export function answerAll(world: World, requests: readonly Request[]): Answer[] {
  return requests.map((request) => answer(world, request));
}

function answer(world: World, request: Request): Answer {
  switch (request.do) {
    case "obey":
      return obeyed(world, request);
    case "pay":
      return paid(world, request);
    case "return": {
      const result = returnKept(world, request.number, request.wish);
      return isRefused(result) ? refusal(result) : done(201, result);
    }
  }
}

/** A refusal is kept as well: who sends an instruction again must not get another answer than was acted upon. */
function obeyed(world: World, { peer, instruction, digest }: Request & { do: "obey" }): Answer {
  // What was heard is heard however often it is said.
  if (instruction.do === "heard") {
    const noted = obey(world, peer, instruction);
    return isRefused(noted) ? refusal(noted) : done(200, noted);
  }
  const of = { caller: peer, key: instruction.id };
  const before = world.answers.find<CollectionView>(of, digest);
  if (before !== undefined) return before;
  const result = obey(world, peer, instruction);
  const outcome = isRefused(result) ? refusal(result) : done(200, result);
  world.answers.keep(of, digest, outcome);
  return outcome;
}

/**
 * Its own id and the key of the call are one to those who send a payment again. A refusal is kept beside them: whoever was told
 * it has handed the money back, so the same is refused for ever, and an older try that comes late is not taken. Sent with other
 * content it is another question, such as whether it is kept where it is in the till after all.
 */
function paid(world: World, request: Request & { do: "pay" }): Answer {
  const { number, taker, payment, key, digest, isHandedBack } = request;
  const { collector: caller } = taker;
  const known = [payment.id, ...(key === undefined ? [] : [key])];
  for (const each of known) {
    const before = world.answers.find<CollectionPaidView>({ caller, key: each }, digest);
    if (before === undefined) continue;
    const isKeyOfCall = isReused(before) && each === key;
    return isKeyOfCall ? refusal({ refused: "idempotency_key_reused" }) : before;
  }
  const no = { caller, key: refusedKey(payment) };
  const told = world.answers.find<CollectionPaidView>(no, digest);
  if (told !== undefined && !isReused(told)) return told;
  const result = pay(world, number, taker, payment);
  if (isRefused(result)) {
    const refused = refusal(result);
    // Of strangers nothing is kept; whoever pays from an account here is none. The word of a number that nobody has named yet may be on its way: that is asked again, by
    // another call.
    const under = world.dues.has(number) ? no : key === undefined ? undefined : { caller, key };
    const isKnown = world.collectors.has(caller) || taker.account !== undefined;
    if (told === undefined && isHandedBack && under !== undefined && isKnown)
      world.answers.keep(under, digest, refused);
    return refused;
  }
  const outcome = done(201, result);
  for (const each of new Set(known)) world.answers.keep({ caller, key: each }, digest, outcome);
  return outcome;
}

/** Whether nothing is said but that the id came with other content. */
const isReused = (outcome: PaymentOutcome): boolean =>
  outcome.how === "refused" && outcome.problem.value.code === "command_id_reused";

function write(client: Client, world: World): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  const of = (numbers: ReadonlySet<string>) =>
    [...numbers].map((number) => world.dues.get(number)).filter((due) => due !== undefined);
  const [inserted, updated] = [of(world.inserted), of(world.updated)];
  if (inserted.length > 0) sent.push(insertDues(client, inserted));
  if (updated.length > 0) sent.push(updateDues(client, updated));
  sent.push(...writeNews(client, inserted, updated));
  if (world.taken.length > 0) sent.push(insertPayments(client, world.taken));
  if (world.returned.length > 0) sent.push(insertReturns(client, world.returned));
  if (world.fees.length > 0) sent.push(insertFees(client, world.fees));
  const used = [...world.taking].flatMap((id) => world.collecting.get(id) ?? []);
  if (used.length > 0) sent.push(writeCollecting(client, used));
  if (world.relocked.size > 0) sent.push(...writeLocks(client, world));
  sent.push(...writeBooks(client, world.books), ...writeFirstAnswers(client, world.answers, world.now));
  sent.push(...seal(client, newBatch(world.now), sealedRows(world)));
  return sent;
}

function writeLocks(client: Client, { locks, relocked }: World): Promise<unknown>[] {
  const changed = [...relocked].flatMap((id) => locks.get(id) ?? []);
  return writePayoutLocks(
    client,
    changed,
    [...relocked].filter((id) => !locks.has(id)),
  );
}

/** The rows of this batch that nobody may change afterwards: their values in the order of their columns. */
function sealedRows({ books, taken, returned, fees }: World): LeafRow[] {
  return [
    ...commandRows(books.entries),
    ...taken.map(({ command, feeCommand, collection, collector, id, currency, amount, fee, ...rest }) => {
      const { channel, reference, state, operator, confirmedBy, reason, consent, at } = rest;
      const head = [feeCommand, collection, collector, id, currency, amount, fee, channel, reference, state];
      const by = consent === null ? [] : [consent];
      return rowOf("collection_payments", command, 0, [...head, operator, confirmedBy, reason, at, ...by]);
    }),
    ...returned.map(({ command, collection, kind, account, currency, amount, ...rest }) => {
      const { reference, operator, confirmedBy, at } = rest;
      const head = [collection, kind, account, currency, amount];
      return rowOf("collection_returns", command, 0, [...head, reference, operator, confirmedBy, at]);
    }),
    ...fees.map(({ command, payment, collection, collector, borneBy, account, currency, amount, at }) => {
      const values = [payment, collection, collector, borneBy, account, currency, amount, at];
      return rowOf("collection_fees", command, 0, values);
    }),
  ];
}
