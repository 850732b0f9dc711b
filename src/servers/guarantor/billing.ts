/** Bills of the guarantor's, paid at institutions that collect for it: told and answered as what is due on trades. */
import { isStopped } from "../../edge/asking/asking.ts";
import { type Peer, type PeerClient, saysNothing, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import type { Counter, CounterWord } from "../../engines/debts/debts.ts";
import { readRemoteAccounts } from "../../engines/rails/rails.ts";
import type { CollectionInstruction } from "../../core/protocol/schemas.ts";
import type { Client, Database } from "../../storage/database/database.ts";
import { feeAccountOf } from "../../storage/ledger/ledger.ts";
import { readCollectionAnswer } from "./answers.ts";

export interface BillingOptions {
  database: Database;
  client: PeerClient;
  institutions: readonly Peer[];
  onError: (error: unknown) => void;
}

const timeoutMs = 8_000;

/** The institutions as counters: a member pays at one where this server has an account of its own tied. */
export function billCounter({ database, client, institutions, onError }: BillingOptions): Counter {
  return {
    placeFor: (from, currency, collector) => {
      const among = institutions.filter(({ id }) => collector === undefined || id === collector);
      return placeFor(from, among, currency);
    },
    tell: async (collector, instruction) => {
      if (await isStopped(database, collector)) return { how: "unknown" };
      try {
        const path = "/v1/collections/batch";
        const body = { instructions: [instruction] };
        const answer = await client.call(collector, "POST", path, body, { timeoutMs });
        return read(instruction, answer.status, answer.body, onError);
      } catch (error) {
        // Whoever could not be reached stands in the log already, once.
        if (!(error instanceof UnknownOutcomeError)) onError(error);
        return { how: "unknown" };
      }
    },
  };
}

async function placeFor(
  client: Client,
  institutions: readonly Peer[],
  currency: string,
): Promise<{ collector: string; payee: string } | undefined> {
  const ties = await readRemoteAccounts(client, new Set([feeAccountOf(currency)]));
  const [tie] = ties
    .filter(({ institution }) => institutions.some(({ id }) => id === institution))
    .toSorted((one, other) => one.institution.localeCompare(other.institution));
  return tie === undefined ? undefined : { collector: tie.institution, payee: tie.consent };
}

/** What is said is held against what was asked, as with trades; what cannot be is not believed. */
function read(
  instruction: CollectionInstruction,
  status: number,
  body: object | undefined,
  onError: (error: unknown) => void,
): CounterWord {
  if (saysNothing(status)) return { how: "unknown" };
  const { outcomes } = (body ?? {}) as { outcomes?: unknown };
  const outcome =
    status >= 400 ? { status, problem: body } : Array.isArray(outcomes) ? outcomes[0] : undefined;
  const reading = readCollectionAnswer({ body: instruction }, outcome);
  if (reading.how === "done" && reading.collection !== undefined)
    return { how: "done", collection: reading.collection };
  if (reading.how === "refused") return { how: "refused", code: reading.word ?? reading.problem.code };
  if (reading.how === "impossible")
    onError(new Error(`What was answered about bill ${instruction.tradeNumber} cannot be.`));
  return { how: "unknown" };
}
