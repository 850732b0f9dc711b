/** A batch of instructions: each is decided in memory, and all that they come to is written at once. */
import { type LeafRow, rowOf } from "../../core/log/log.ts";
import type { ReservationView, TransferView } from "../../core/protocol/schemas.ts";
import { isRefused } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { writeBooks, writePayoutLocks } from "../../storage/ledger/ledger.ts";
import { commandRows, newBatch, seal } from "../../storage/seals/seals.ts";
import { type Decided, done, type Outcome, refusal, writeFirstAnswers } from "../engine/engine.ts";
import type { MailUse } from "../outbox/outbox.ts";
import { writeSettlements } from "../settlements/settlements.ts";
import {
  insertPeerTransfers,
  insertReservations,
  updateReservations,
  writePeerAdvances,
  writeSpending,
} from "./store.ts";
import { catchUp, find, obey } from "./instructions.ts";
import { isReused } from "./rights.ts";
import { openWorld, type Request, type World } from "./world.ts";

export type InstructionOutcome = Outcome<ReservationView | TransferView>;

/** What a request came to; undefined for the clock's look, which nobody is told of. */
export type Answer = InstructionOutcome | undefined;

/** Decides a batch of instructions in memory and hands back the statements that write it down (docs/decisions/0010-group-commit.md). */
export async function decideBatch(
  client: Client,
  requests: readonly Request[],
  { mails, timeZone }: { mails: MailUse; timeZone: string },
): Promise<Decided<Answer>> {
  const world = await openWorld(client, requests, timeZone);
  return { answers: answerAll(world, requests), write: (writer) => write(writer, world, mails) };
}

/** Decides requests one after another in what is locked and read. Pure but for the world, which remembers it all. */
export function answerAll(world: World, requests: readonly Request[]): Answer[] {
  return requests.map((request) => {
    if (request.do === "obey") return answer(world, request);
    const found = find(world, request.reservation);
    if (found !== undefined) catchUp(world, found);
    return undefined;
  });
}

/** A refusal is kept as well: who sends an instruction again must not get another answer than was acted upon. */
function answer(world: World, { peer, instruction, digest }: Request & { do: "obey" }): InstructionOutcome {
  const of = { caller: peer, key: instruction.id };
  const before = world.answers.find<ReservationView | TransferView>(of, digest);
  if (before !== undefined) return before;
  if (isReused(world, peer, instruction.id, digest.bytes)) return refusal({ refused: "command_id_reused" });
  const result = obey(world, peer, instruction, digest);
  const outcome = isRefused(result) ? refusal(result) : done(result.status, result.body);
  // It says no more than that there is an answer to come, so it is none.
  if (isRefused(result) && result.refused === "confirmation_awaited") return outcome;
  world.answers.keep(of, digest, outcome);
  return outcome;
}

function write(client: Client, world: World, mails: MailUse): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  const of = (ids: ReadonlySet<string>) =>
    [...ids].map((id) => world.reservations.get(id)).filter((each) => each !== undefined);
  const updated = of(world.updated).filter(({ id }) => !world.inserted.has(id));
  const spent = [...world.spent].map((id) => world.spending.get(id)).filter((each) => each !== undefined);
  const advanced = [...world.paidInto].flatMap((key) => world.advanced.get(key) ?? []);
  if (world.inserted.size > 0) sent.push(insertReservations(client, of(world.inserted)));
  if (updated.length > 0) sent.push(updateReservations(client, updated));
  if (spent.length > 0) sent.push(writeSpending(client, spent));
  if (advanced.length > 0) sent.push(writePeerAdvances(client, advanced));
  if (world.transfers.length > 0) sent.push(insertPeerTransfers(client, world.transfers, world.now));
  sent.push(...writeSettlements(client, world.settlements, mails, world.now));
  if (world.relocked.size > 0) sent.push(...writeLocks(client, world));
  sent.push(...writeBooks(client, world.books), ...writeFirstAnswers(client, world.answers, world.now));
  sent.push(...seal(client, newBatch(world.now), sealedRows(world)));
  return sent;
}

/** The rows of this batch that nobody may change afterwards. */
function sealedRows({ books, transfers, settlements, now }: World): LeafRow[] {
  return [
    ...commandRows(books.entries),
    ...settlements.silences.map(({ id, settlement }) =>
      rowOf("settlement_answers", id, 0, [settlement, "silent", "clock", null, null, now]),
    ),
    ...transfers.map(({ id, peer, tradeNumber, payer, payee, currency, amount }) =>
      rowOf("peer_transfers", id, 0, [peer, tradeNumber, payer, payee, currency, amount, now]),
    ),
  ];
}

function writeLocks(client: Client, { locks, relocked }: World): Promise<unknown>[] {
  const changed = [...relocked].flatMap((id) => locks.get(id) ?? []);
  const over = [...relocked].filter((id) => !locks.has(id));
  return writePayoutLocks(client, changed, over);
}
