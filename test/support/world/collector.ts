/** An institution that collects for a guarantor, as a test has it say: what it is told and paid stands here, and nowhere else. */
import assert from "node:assert/strict";
import type { Database } from "../../../src/storage/database/database.ts";
import type { CollectionInstruction, CollectionView } from "../../../src/core/protocol/schemas.ts";
import { problem } from "../../../src/core/protocol/protocol.ts";
import {
  type AnyInstruction,
  createDispatcher,
  type Dispatcher,
  type InstructionAnswer,
  isOfCollection,
} from "../../../src/engines/outbox/outbox.ts";
import type { Trades } from "../../../src/engines/trades/trades.ts";

export const collectingInstitution = "00000000-0000-7000-8000-0000000000c0";

export class Collector {
  readonly collections = new Map<string, CollectionView>();
  /** What it was told, in its order. */
  readonly told: CollectionInstruction[] = [];
  /** Comes before each instruction is done: somebody pays at that moment, or the process that asks is gone. */
  first: (body: CollectionInstruction) => unknown = () => undefined;
  /** With which code it refuses, if it does. */
  refuses: (body: CollectionInstruction) => "payee_insufficient_funds" | "consent_not_valid" | undefined =
    () => undefined;
  /** With which code it books nothing of what was taken at the door, beside what it finds itself. */
  keepsOut: (body: CollectionInstruction) => string | undefined = () => undefined;
  private readonly answers = new Map<string, InstructionAnswer>();

  /** Pays what is due on a number now, and answers how much that was. */
  pay(number: string): number {
    const found = this.collections.get(number);
    if (found === undefined || found.due === 0) return 0;
    const { due } = found;
    this.collections.set(number, shown({ ...found, paid: found.paid + due }));
    return due;
  }

  dueOf(number: string): number {
    return this.collections.get(number)?.due ?? 0;
  }

  /** Does an instruction once for its id. */
  async obey(instruction: AnyInstruction): Promise<InstructionAnswer> {
    assert.ok(isOfCollection(instruction));
    const before = this.answers.get(instruction.id);
    if (before !== undefined) return before;
    await this.first(instruction);
    const meanwhile = this.answers.get(instruction.id);
    if (meanwhile !== undefined) return meanwhile;
    this.told.push(instruction);
    const code = this.refuses(instruction);
    const answer: InstructionAnswer =
      code === undefined
        ? { how: "done", reservation: null, collection: this.done(instruction) }
        : { how: "refused", problem: problem(code) };
    this.answers.set(instruction.id, answer);
    return answer;
  }

  private done(instruction: CollectionInstruction): CollectionView {
    const { tradeNumber } = instruction;
    const found = this.collections.get(tradeNumber);
    if (instruction.do === "due" && instruction.version > (found?.version ?? 0)) {
      const { amount, version, currency, payBy, payableFrom = null, shopName = null } = instruction;
      const { paid, refunded, payments } = found ?? { paid: 0, refunded: 0, payments: [] };
      const due = Math.max(amount, paid);
      const kept = { tradeNumber, currency, version, payBy, payableFrom, shopName, paid, refunded, payments };
      this.collections.set(tradeNumber, shown({ ...kept, state: "open", amount: due, due: 0 }));
    }
    const collection = this.collections.get(tradeNumber);
    assert.ok(collection !== undefined);
    if (instruction.do === "due" && instruction.taken !== undefined)
      return this.taken(instruction, collection, instruction.taken.amount);
    if (instruction.do !== "reimburse") return collection;
    const parts = instruction.sources.reduce((sum, { amount }) => sum + amount, 0);
    assert.equal(parts, instruction.total - collection.refunded);
    assert.ok(instruction.total <= collection.paid);
    this.collections.set(tradeNumber, { ...collection, refunded: instruction.total });
    return { ...collection, refunded: instruction.total };
  }

  /** What was taken at the door is paid where it is what is due. */
  private taken(instruction: CollectionInstruction, found: CollectionView, amount: number): CollectionView {
    const code =
      this.keepsOut(instruction) ??
      (found.due === 0 ? "nothing_due" : found.due === amount ? undefined : "amount_mismatch");
    if (code !== undefined) return { ...found, taken: { state: "refused", code } };
    const paid = shown({ ...found, paid: found.paid + amount });
    this.collections.set(instruction.tradeNumber, paid);
    return { ...paid, taken: { state: "taken" } };
  }
}

function shown(view: CollectionView): CollectionView {
  const due = view.amount - view.paid;
  return { ...view, due, state: due > 0 ? "open" : view.paid > 0 ? "paid" : "withdrawn" };
}

/** Carries instructions of a process to a collector, and its answers back. */
export function collectingFor(
  database: Database,
  collector: Collector,
  trades: Trades,
  onError: (error: unknown) => void,
): Dispatcher {
  const dispatcher = createDispatcher({
    database,
    onError,
    everyMs: 20,
    awaited: () => Promise.reject(new Error("Nobody is asked at a collector.")),
    send: async (_to, batch) => {
      const answers: InstructionAnswer[] = [];
      for (const { body } of batch) answers.push(await collector.obey(body));
      return answers;
    },
    settle: ({ id, trade }, answer) =>
      answer.how === "refused"
        ? trades.answered(trade, id, answer.problem.code)
        : trades.answered(trade, id, undefined, answer.collection),
  });
  trades.onAsked((instructions) => dispatcher.take(instructions));
  return dispatcher;
}
