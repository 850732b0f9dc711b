/**
 * An institution for tests of the engine, in the same database: it obeys instructions on the books, each once, and
 * answers a repetition from its record. Consents are the accounts themselves. The line to it may be bad.
 */
import { createHash } from "node:crypto";
import { type Database, readClock, sql, uuidv7 } from "../../../src/storage/database/database.ts";
import { type Books, type Command, openBooks, writeBooks } from "../../../src/storage/ledger/ledger.ts";
import { problemOfLedger } from "../../../src/engines/engine/engine.ts";
import {
  createDispatcher,
  type Dispatcher,
  type InstructionAnswer,
} from "../../../src/engines/outbox/outbox.ts";
import { problem } from "../../../src/core/protocol/protocol.ts";
import type { Instruction } from "../../../src/core/protocol/schemas.ts";
import type { Trades } from "../../../src/engines/trades/trades.ts";
import { ofReservation } from "../tables/instructions.ts";

/** The id under which the institution of these tests is known. */
export const institution = "00000000-0000-4000-8000-000000000001";

export type Line = "good" | "bad";

/** What sends the instructions of these trades to the institution, over a line of this kind. */
export function dispatcherOf(
  database: Database,
  line: Line,
  trades: Trades,
  onError: (error: unknown) => void,
): Dispatcher {
  const faults = faultsOf(line);
  const dispatcher = createDispatcher({
    awaited: ({ id, trade }) => trades.awaited(trade, id),
    database,
    onError,
    everyMs: 20,
    send: async (_to, batch) => {
      const fault = faults();
      if (fault === "request lost") return batch.map(() => ({ how: "unknown" }));
      const answers: InstructionAnswer[] = [];
      for (const { body } of batch) {
        if (fault === "sent twice") await obey(database, ofReservation(body));
        answers.push(await obey(database, ofReservation(body)));
      }
      return fault === "reply lost" ? batch.map(() => ({ how: "unknown" })) : answers;
    },
    settle: ({ id, trade }, answer) =>
      trades.answered(trade, id, answer.how === "refused" ? answer.problem.code : undefined),
  });
  trades.onAsked((instructions) => dispatcher.take(instructions));
  return dispatcher;
}

type Fault = "none" | "request lost" | "reply lost" | "sent twice";

/** Every fault in turn, so that each run has all of them. */
function faultsOf(line: Line): () => Fault {
  const turns: Fault[] = ["none", "reply lost", "none", "sent twice", "request lost"];
  let calls = 0;
  return () => {
    calls += 1;
    return line === "good" ? "none" : (turns[calls % turns.length] ?? "none");
  };
}

/** Does an instruction once for its id, as an institution does. */
function obey(database: Database, instruction: Instruction): Promise<InstructionAnswer> {
  return database.transaction(async (client) => {
    const digest = createHash("sha256").update(JSON.stringify(instruction)).digest();
    const [before] = await client.query<{ body: string }>(sql`
      select body from answers where caller = ${institution} and key = ${instruction.id}`);
    if (before !== undefined) return JSON.parse(before.body) as InstructionAnswer;
    const holds = [
      ...("reservation" in instruction ? [instruction.reservation] : []),
      ...(instruction.do === "reserve" && instruction.replaces !== undefined ? [instruction.replaces] : []),
    ];
    const books = await openBooks(client, {
      holds,
      accounts: accountsIn(instruction),
      accountsOfHolds: true,
    });
    const answer = post(books, instruction, await readClock(client));
    await Promise.all(writeBooks(client, books));
    await client.execute(sql`
      insert into answers (caller, key, request, status, body, at)
      values (${institution}, ${instruction.id}, ${digest}, 200, ${JSON.stringify(answer)}, clock_timestamp())`);
    return answer;
  });
}

function accountsIn(instruction: Instruction): string[] {
  switch (instruction.do) {
    case "reserve":
      return [instruction.account];
    case "settle":
      return instruction.splits?.map(({ account }) => account) ?? [];
    case "refund":
      return instruction.sources?.map(({ account }) => account) ?? [];
    case "transfer":
      return [instruction.from, instruction.to];
    default:
      return [];
  }
}

function post(books: Books, instruction: Instruction, now: Date): InstructionAnswer {
  const mark = books.mark();
  for (const command of commandsOf(books, instruction)) {
    const posted = books.post(command, now);
    if (!("refused" in posted)) continue;
    books.rollback(mark);
    return { how: "refused", problem: problem(problemOfLedger[posted.refused]) };
  }
  return { how: "done", reservation: null };
}

const shares = (wire: readonly { account: string; amount: number }[] = []) =>
  wire.map(({ account, amount }) => ({ account, amount: BigInt(amount) }));

function commandsOf(books: Books, instruction: Instruction): Command[] {
  const id = uuidv7();
  switch (instruction.do) {
    case "reserve": {
      const { account, currency, amount = 0, until, replaces } = instruction;
      const old = books.holds.get(replaces ?? "");
      const left = old === undefined ? 0n : old.amount - old.settled - old.released;
      return [
        ...(left > 0n && old !== undefined
          ? [{ do: "release" as const, id, hold: old.id, amount: left }]
          : []),
        { do: "hold", id: instruction.id, account, currency, amount: BigInt(amount), until: new Date(until) },
      ];
    }
    case "settle": {
      const { reservation: hold, amount = 0, release = 0, until, splits } = instruction;
      return [
        ...(until === undefined
          ? []
          : [{ do: "extend" as const, id: uuidv7(), hold, until: new Date(until) }]),
        { do: "settle", id, hold, amount: BigInt(amount), splits: shares(splits) },
        ...(release === 0 ? [] : [{ do: "release" as const, id: uuidv7(), hold, amount: BigInt(release) }]),
      ];
    }
    case "release": {
      const { reservation: hold, amount = 0, until } = instruction;
      return [
        { do: "release", id, hold, amount: BigInt(amount) },
        ...(until === undefined
          ? []
          : [{ do: "extend" as const, id: uuidv7(), hold, until: new Date(until) }]),
      ];
    }
    case "assign":
      return [];
    case "extend": {
      const { reservation: hold, until } = instruction;
      return until === undefined ? [] : [{ do: "extend", id, hold, until: new Date(until) }];
    }
    case "refund": {
      const { reservation: hold, amount = 0, sources } = instruction;
      return [{ do: "refund", id, hold, amount: BigInt(amount), sources: shares(sources) }];
    }
    case "transfer": {
      const { from, to, currency, amount } = instruction;
      return [{ do: "transfer", id, from, to, currency, amount: BigInt(amount) }];
    }
  }
}
