import { type Client, errorCode } from "../../storage/database/database.ts";
import { type Decided, writeAnswers } from "../engine/engine.ts";
import { writeBooks } from "../../storage/ledger/ledger.ts";
import { problem } from "../../core/protocol/protocol.ts";
import { writeSpending } from "./consent-store.ts";
import { catchUp, find, obey } from "./instructions.ts";
import { insertPeerTransfers, insertReservations, updateReservations } from "./store.ts";
import { answerKey, openWorld, type Refused, type Request, type World } from "./world.ts";

/** An answer as it goes out: a reservation, a transfer or a problem, already as text. */
export interface Outcome {
  status: number;
  text: string;
  replayed: boolean;
}

/**
 * Decides a batch of instructions in memory and hands back the statements that write it down
 * (docs/decisions/0010-group-commit.md).
 */
export async function decideBatch(client: Client, requests: readonly Request[]): Promise<Decided<Outcome>> {
  const world = await openWorld(client, requests);
  return { answers: answerAll(world, requests), write: (writer) => write(writer, world) };
}

/** Decides requests one after another in what is locked and read. Pure but for the world, which remembers it all. */
export function answerAll(world: World, requests: readonly Request[]): Outcome[] {
  return requests.map((request) => answer(world, request));
}

function answer(world: World, request: Request): Outcome {
  if (request.do === "wake") {
    const found = find(world, request.reservation);
    if (found !== undefined) catchUp(world, found);
    return { status: 204, text: "", replayed: false };
  }
  const { peer, instruction, digest } = request;
  const key = answerKey(peer, instruction.id);
  const before = world.answers.get(key);
  if (before !== undefined) {
    if (!before.request.equals(digest)) return refusal({ refused: "command_id_reused" });
    return { status: before.status, text: before.body, replayed: true };
  }
  const result = obey(world, peer, instruction);
  const outcome =
    "refused" in result
      ? refusal(result)
      : { status: result.status, text: JSON.stringify(result.body), replayed: false };
  // A refusal is kept as well: whoever sends an instruction again must not get another answer than was acted upon.
  const given = {
    caller: peer,
    key: instruction.id,
    request: digest,
    status: outcome.status,
    body: outcome.text,
  };
  world.given.push(given);
  world.answers.set(key, given);
  return outcome;
}

export function refusal({ refused, detail }: Refused): Outcome {
  const told = problem(refused, detail);
  return { status: told.status, text: JSON.stringify(told), replayed: false };
}

function write(client: Client, world: World): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  const of = (ids: ReadonlySet<string>) =>
    [...ids].map((id) => world.reservations.get(id)).filter((each) => each !== undefined);
  const updated = of(world.updated).filter(({ id }) => !world.inserted.has(id));
  const spent = [...world.spent].map((id) => world.spending.get(id)).filter((each) => each !== undefined);
  if (world.inserted.size > 0) sent.push(insertReservations(client, of(world.inserted)));
  if (updated.length > 0) sent.push(updateReservations(client, updated));
  if (spent.length > 0) sent.push(writeSpending(client, spent));
  if (world.transfers.length > 0) sent.push(insertPeerTransfers(client, world.transfers, world.now));
  sent.push(...writeBooks(client, world.books));
  if (world.given.length > 0) sent.push(writeAnswers(client, world.given, world.now));
  return sent.map((each) => each.catch(asConflict));
}

/** An id that another process has just used: run again, the batch finds what stands under it. */
function asConflict(error: unknown): never {
  if (errorCode(error) === "23505")
    throw Object.assign(new Error("Another process was first.", { cause: error }), { code: "40001" });
  throw error;
}
