/** What a collecting institution says, held against what it was asked, before it is believed. Pure. */
import type { WaitingInstruction } from "../../engines/outbox/outbox.ts";
import { isOfCollection } from "../../engines/outbox/outbox.ts";
import { impossible, type Reading, readRefusal } from "../../edge/asking/asking.ts";
import {
  type CollectionInstruction,
  collectionStates,
  type CollectionView,
} from "../../core/protocol/schemas.ts";

export function readCollectionAnswer({ body }: Pick<WaitingInstruction, "body">, outcome: unknown): Reading {
  if (!isOfCollection(body)) throw new Error(`A collector is not asked to ${body.do}.`);
  if (typeof outcome !== "object" || outcome === null) return impossible;
  const { status, collection, problem } = outcome as Record<string, unknown>;
  if (typeof status !== "number") return impossible;
  if (status >= 500) return { how: "unknown" };
  if (status >= 400) return readRefusal(status, (problem as { code?: unknown } | undefined)?.code);
  if (status < 200 || status >= 300) return impossible;
  const view = readCollection(collection);
  if (view === undefined || !isAsked(body, view)) return impossible;
  return { how: "done", reservation: null, collection: view };
}

/** A collection that agrees with itself: its sums are sums, and its state follows from them. Undefined where it does not. */
export function readCollection(value: unknown): CollectionView | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const view = value as CollectionView;
  const { tradeNumber, currency, amount, paid, due, refunded, version, state, payableFrom } = view;
  if (typeof tradeNumber !== "string" || typeof currency !== "string") return undefined;
  if (!tradeNumberForm.test(tradeNumber)) return undefined;
  if (![amount, paid, due, refunded, version].every(isCount)) return undefined;
  if (due !== amount - paid || refunded > paid || !collectionStates.includes(state)) return undefined;
  if (payableFrom !== null && (typeof payableFrom !== "string" || Number.isNaN(Date.parse(payableFrom))))
    return undefined;
  return (state === "open") === due > 0 ? view : undefined;
}

/** A number that a trade here could have. */
const tradeNumberForm = /^[0-9]{1,18}$/;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether it says what became of what was taken at the door, where that was said, and what was taken is paid. */
function isTold(
  { taken: asked }: { taken?: { amount: number } | undefined },
  { taken, paid }: CollectionView,
): boolean {
  if (asked === undefined) return taken === undefined;
  if (taken?.state === "taken") return paid >= asked.amount;
  return taken?.state === "refused" && typeof taken.code === "string" && /^[a-z_]{1,60}$/.test(taken.code);
}

/** Whether a collection can be like this right after the instruction, or later. */
function isAsked(asked: CollectionInstruction, view: CollectionView): boolean {
  if (view.tradeNumber !== asked.tradeNumber) return false;
  switch (asked.do) {
    case "due": {
      if (view.currency !== asked.currency || view.version < asked.version) return false;
      if (!isTold(asked, view)) return false;
      // Of less than was paid, what was paid is due: nothing more is taken.
      return view.version > asked.version || view.amount === Math.max(asked.amount, view.paid);
    }
    case "reimburse":
      return view.refunded >= asked.total;
    case "heard":
      return view.paid >= asked.paid;
  }
}
