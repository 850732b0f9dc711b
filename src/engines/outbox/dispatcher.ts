import type { Database } from "../../storage/database/database.ts";
import type { CollectionView, ReservationView } from "../../core/protocol/schemas.ts";
import type { Problem } from "../../core/protocol/protocol.ts";
import {
  claimInstructions,
  deleteInstructions,
  postponeInstructions,
  type WaitingInstruction,
} from "./instruction-store.ts";

/** What an institution has answered to one instruction. */
export type InstructionAnswer =
  | { how: "done"; reservation: ReservationView | null; collection?: CollectionView }
  /** `word`: the code with which it said no, where that is none that this server knows. */
  | { how: "refused"; problem: Problem; word?: string }
  /** The owner of the account is asked first: it is asked again, and meanwhile everybody may know. */
  | { how: "awaited" }
  /** No answer, or one that cannot be right: whether it was done is not known, so it is asked again. */
  | { how: "unknown" };

type FinalAnswer = Exclude<InstructionAnswer, { how: "unknown" | "awaited" }>;

export interface DispatcherOptions {
  database: Database;
  /** Sends instructions to one institution; answers in their order. Never throws for what a network does. */
  send: (institution: string, instructions: readonly WaitingInstruction[]) => Promise<InstructionAnswer[]>;
  /** Makes an answer true here. Rejects where that could not be done now. */
  settle: (instruction: WaitingInstruction, answer: FinalAnswer) => Promise<void>;
  /** Notes that an instruction waits for the owner of the account. */
  awaited: (instruction: WaitingInstruction) => Promise<void>;
  onError: (error: unknown) => void;
  /** Milliseconds between two looks at what waits for another try. */
  everyMs: number;
}

export interface Dispatcher {
  start(): void;
  /** Something was committed: sends it as soon as the line to its institution is free. */
  take(instructions: readonly WaitingInstruction[]): void;
  /** Sends all whose turn it is; resolves when there are answers, or none came. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

const sendMost = 500;
const firstPauseMs = 200;
const longestPauseMs = 15_000;

/**
 * Sends instructions until each is answered (docs/decisions/0013-pending-steps.md): right after the commit that wrote
 * them, and again when no answer came. One call at a time runs to an institution; instructions that come meanwhile go
 * into the next call. So a slow line makes large batches, and an institution that is silent delays no other.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const lines = new Map<string, { queue: WaitingInstruction[]; running: Promise<void> | undefined }>();
  const later = new Set<NodeJS.Timeout>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function take(instructions: readonly WaitingInstruction[]): void {
    for (const instruction of instructions) {
      const line = lines.get(instruction.institution) ?? { queue: [], running: undefined };
      lines.set(instruction.institution, line);
      line.queue.push(instruction);
      line.running ??= drain(line).finally(() => {
        line.running = undefined;
      });
    }
  }

  async function drain(line: { queue: WaitingInstruction[] }): Promise<void> {
    // What the same commit asked of one institution goes in one call.
    await new Promise(setImmediate);
    while (line.queue.length > 0 && !stopped) {
      const batch = line.queue.splice(0, sendMost);
      const again = await deliver(options, batch).catch((error: unknown) => {
        options.onError(error);
        return [];
      });
      for (const { milliseconds, ...instruction } of again) takeLater(instruction, milliseconds);
    }
  }

  // The process in which a caller may be waiting tries again. If it ends, another takes over after the lease.
  function takeLater(instruction: WaitingInstruction, milliseconds: number): void {
    const pause = setTimeout(() => {
      later.delete(pause);
      if (!stopped) take([instruction]);
    }, milliseconds);
    later.add(pause);
  }

  async function round(): Promise<void> {
    const claimed = await claimInstructions(options.database, sendMost);
    take(claimed);
    await idle();
  }

  async function idle(): Promise<void> {
    await Promise.all([...lines.values()].map(({ running }) => running ?? Promise.resolve()));
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      round().catch(options.onError).finally(next);
    }, options.everyMs);
  }

  return {
    start: next,
    take,
    round,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      for (const pause of later) clearTimeout(pause);
      await idle();
    },
  };
}

/** Sends a batch and settles what was answered; answers what has to be asked again, and after how long. */
async function deliver(
  options: DispatcherOptions,
  batch: readonly WaitingInstruction[],
): Promise<(WaitingInstruction & { milliseconds: number })[]> {
  const [first] = batch;
  if (first === undefined) return [];
  const answers = await options.send(first.institution, batch);
  const again: WaitingInstruction[] = [];
  const isOver = (instruction: WaitingInstruction, answer = unanswered) =>
    answer.how === "done" && saysNothingNew(instruction, answer.collection);
  const over = new Set(batch.filter((instruction, index) => isOver(instruction, answers[index])));
  if (over.size > 0 && !(await areForgotten(options, [...over]))) again.push(...over);
  await Promise.all(
    batch.map(async (instruction, index) => {
      if (over.has(instruction)) return;
      const answer = answers[index] ?? unanswered;
      if (answer.how === "unknown") again.push(instruction);
      else if (answer.how === "awaited") {
        again.push(instruction);
        await options.awaited(instruction).catch(options.onError);
      } else if (!(await isSettled(options, instruction, answer))) again.push(instruction);
    }),
  );
  if (again.length === 0) return [];
  const waits = again.map(({ attempts, ...instruction }) => ({
    ...instruction,
    attempts: attempts + 1,
    milliseconds: pauseAfter(attempts),
  }));
  await postponeInstructions(options.database, waits);
  return waits;
}

const unanswered: InstructionAnswer = { how: "unknown" };

/**
 * Whether an answer changes nothing here but that its instruction is over: no trade has to be looked at for it. Without what
 * a trade knows, and without a collection, it may.
 */
export function saysNothingNew(
  { knows }: Pick<WaitingInstruction, "knows">,
  collection: Pick<CollectionView, "version" | "paid"> | undefined,
): boolean {
  if (knows === undefined || collection === undefined) return false;
  return collection.version <= knows.version && collection.paid <= knows.paid;
}

/** Whether these could be forgotten. If not, the institution is asked again and answers from its record. */
async function areForgotten(
  { database, onError }: DispatcherOptions,
  over: readonly WaitingInstruction[],
): Promise<boolean> {
  try {
    await deleteInstructions(
      database,
      over.map(({ id }) => id),
    );
    return true;
  } catch (error) {
    onError(error);
    return false;
  }
}

/** Whether the answer was applied here. If not, the institution is asked again and answers from its record. */
async function isSettled(
  { settle, onError }: DispatcherOptions,
  instruction: WaitingInstruction,
  answer: FinalAnswer,
): Promise<boolean> {
  try {
    await settle(instruction, answer);
    return true;
  } catch (error) {
    onError(error);
    return false;
  }
}

/** Grows with every try, and differs between two servers that began together. */
function pauseAfter(attempts: number): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts, 10));
  return Math.round(full / 2 + (full / 2) * unevenness(attempts));
}

/** Between 0 and 1, from the clock that only grows: spreads tries without drawing numbers. */
function unevenness(attempts: number): number {
  const fraction = performance.now() * (attempts + 1);
  return fraction - Math.floor(fraction);
}
