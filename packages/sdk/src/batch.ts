/** Up to 1,000 commands in one request. Each has a key of its own, and only those without an answer are sent again. */
import {
  attempt,
  endsDoubt,
  isProblem,
  isRecord,
  type Patience,
  persevere,
  type Result,
  type Surroundings,
  type Verdict,
  verdictOnProblem,
} from "./calls.ts";
import type { MoveBody, Propose } from "./wire-moves.ts";
import type { Problem } from "./wire-problems.ts";
import type { TradeView } from "./wire-trades.ts";

export const longestBatch = 1000;

/** One command of a batch. Where `key` is left out, a new one is made. */
export type BatchCommand = { key?: string } & (
  | { do: "propose"; trade: Propose }
  | ({ number: string } & MoveBody)
);

type Keyed = BatchCommand & { key: string };

/** What is known of one command while the batch goes on. */
interface Line {
  command: Keyed;
  answer?: Verdict<TradeView>;
  doubt?: string;
  lastRefusal?: Problem;
}

/** One of the outcomes in the reply, read like a reply of its own. */
function verdictOnOutcome(outcome: unknown, readTrade: (reply: unknown) => TradeView | undefined) {
  const unreadable: Verdict<TradeView> = {
    verdict: "doubt",
    reason: "the outcome cannot be read",
    again: true,
    waitMs: 0,
  };
  if (!isRecord(outcome) || typeof outcome["status"] !== "number") return unreadable;
  const problem = outcome["problem"];
  if (isProblem(problem)) return verdictOnProblem(problem, 0);
  const trade = readTrade(outcome["trade"]);
  if (trade === undefined || outcome["status"] >= 300) return unreadable;
  const replayed = outcome["replayed"] === true;
  return { verdict: "done", status: outcome["status"], replayed, value: trade } satisfies Verdict<TradeView>;
}

function note(line: Line, shown: Verdict<TradeView>): void {
  if (shown.verdict === "doubt") line.doubt = shown.reason;
  else if (shown.verdict === "done" || endsDoubt(shown.problem)) line.answer = shown;
  else line.lastRefusal = shown.problem;
}

function resultOf(line: Line): Result<TradeView> {
  if (line.answer !== undefined && line.answer.verdict !== "doubt") return line.answer;
  if (line.doubt === undefined && line.lastRefusal !== undefined) {
    return { verdict: "refused", problem: line.lastRefusal };
  }
  return { verdict: "unknown", reason: line.doubt ?? "the batch was not answered" };
}

/** Sends the commands, in order, until each is answered or patience ends; answers one result per command. */
export async function sendBatch(
  around: Surroundings,
  commands: readonly Keyed[],
  { signal, doubt }: Patience,
  readTrade: (reply: unknown) => TradeView | undefined,
): Promise<Result<TradeView>[]> {
  const lines: Line[] = commands.map((command) => ({
    command,
    ...(doubt === undefined ? {} : { doubt }),
  }));
  const readOutcomes = (reply: unknown): unknown[] | undefined =>
    isRecord(reply) && Array.isArray(reply["outcomes"]) ? (reply["outcomes"] as unknown[]) : undefined;
  const once = async (timeoutMs: number): Promise<Verdict<true>> => {
    const open = lines.filter((line) => line.answer === undefined);
    const body = JSON.stringify({ commands: open.map((line) => line.command) });
    const request = { method: "POST", path: "/v1/trades/batch", body, signal, read: readOutcomes } as const;
    const shown = await attempt<unknown[]>(around, request, timeoutMs);
    if (shown.verdict !== "done") {
      for (const line of open) note(line, shown);
      return shown;
    }
    open.forEach((line, index) => {
      note(line, verdictOnOutcome(shown.value[index], readTrade));
    });
    if (lines.every((line) => line.answer !== undefined)) return { ...shown, value: true };
    return { verdict: "doubt", reason: "some commands have no answer yet", again: true, waitMs: 0 };
  };
  await persevere(around, { signal }, once);
  return lines.map(resultOf);
}
