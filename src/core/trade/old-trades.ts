/** Trades that were made before goods under way were counted: they keep their terms, and are read as if they had lots. */
import { after } from "./decision.ts";
import {
  type AgreedPayment,
  freshLine,
  type LineProgress,
  type Lot,
  type OpenDispute,
  type Progress,
  type Terms,
  type Trade,
  valueOf,
} from "./record.ts";
import { usualTerms } from "./terms.ts";
import type { CoolingOff } from "../protocol/protocol.ts";
import { decideWithin } from "./clocks.ts";

type OldTerms = Omit<Terms, "coolingOff"> & { coolingOff: CoolingOff | string | null };
/** A date was that of UTC. */
type OldPayment = AgreedPayment | { on: "date"; date: string };
type OldProgress = Omit<Progress, "lines" | "disputed"> & {
  lines: Partial<LineProgress>[];
  closed?: boolean;
  disputed: Pick<OpenDispute, "at" | "from"> | null;
};

/**
 * A trade as it was stored, with what has been added since. The same object where nothing is missing. Terms and progress are
 * looked at each for itself: a step writes how far the goods have come, and leaves what was agreed as it is.
 */
export function upgraded<T extends Trade>(stored: T): T {
  const terms = upgradedTerms(stored.terms);
  const progress = upgradedProgress(stored, terms);
  return terms === stored.terms && progress === stored.progress ? stored : { ...stored, terms, progress };
}

function upgradedProgress(stored: Trade, terms: Terms): Progress {
  const { revisionAsked } = stored.progress;
  if (revisionAsked !== undefined) {
    const payment = upgradedPayment(revisionAsked.payment);
    if (payment !== revisionAsked.payment)
      return { ...stored.progress, revisionAsked: { ...revisionAsked, payment } };
  }
  if (Array.isArray((stored.progress as Partial<Progress>).lots)) return stored.progress;
  const { settled, coolingOffUntil, reservedUntil } = stored;
  const { closed = false, ...progress } = stored.progress as OldProgress;
  const lines = progress.lines.map((line, index): LineProgress => {
    const whole = { ...freshLine(), ...line };
    const quantity = terms.lines[index]?.quantity ?? 0;
    const ended = closed ? quantity - whole.accepted - whole.rejected : 0;
    return { ...whole, ended, shipped: whole.delivered };
  });
  // Only an operator's division paid more than what was accepted.
  const divided = settled - valueOf(terms, (index) => lines[index]?.accepted ?? 0);
  return {
    ...progress,
    ...(coolingOffUntil === null ? {} : { coolingOff: coolingOffUntil.toISOString() }),
    lines,
    lots: lotsOf(stored, lines),
    clocks: {},
    divided: divided > 0n ? Number(divided) : 0,
    disputed: progress.disputed && disputeOf(progress.disputed, reservedUntil),
  };
}

/** Nobody was asked in a dispute of that time, so nobody's silence counts in it: an operator decides. */
function disputeOf({ at, from }: Pick<OpenDispute, "at" | "from">, reservedUntil: Date | null): OpenDispute {
  const opened = new Date(at);
  const over = reservedUntil !== null && reservedUntil <= opened;
  const decideBy = after(opened, decideWithin).toISOString();
  return { at, from, by: over ? "clock" : "operator", asked: [], answerBy: null, decideBy };
}

function upgradedTerms(stored: Terms): Terms {
  const payment = upgradedPayment(stored.payment);
  return grown(payment === stored.payment ? stored : { ...stored, payment });
}

function upgradedPayment(stored: OldPayment): AgreedPayment {
  if (stored.on !== "date" || "at" in stored) return stored;
  return { ...stored, at: `${stored.date}T00:00:00.000Z` };
}

function grown(stored: Terms): Terms {
  if (Array.isArray((stored as Partial<Terms>).independent)) return stored;
  const { coolingOff, ...terms } = stored as OldTerms;
  return {
    ...terms,
    approveWithin: terms.approveWithin ?? usualTerms.approveWithin,
    extendableTo: terms.extendableTo ?? null,
    independent: [],
    coolingOff: typeof coolingOff === "string" ? { for: coolingOff, goods: "return" } : coolingOff,
    acceptance: { ...terms.acceptance, ...missing(terms.acceptance) },
  };
}

const added = ["deliverWithin", "returnWithin", "inspectWithin"] as const;

function missing(acceptance: Partial<Terms["acceptance"]>): Partial<Terms["acceptance"]> {
  return Object.fromEntries(added.map((term) => [term, acceptance[term] ?? usualTerms[term]]));
}

/** What was delivered and is undecided, and what was rejected and is not back. */
function lotsOf(stored: Trade, lines: readonly LineProgress[]): Lot[] {
  if (stored.frozen === 0n) return [];
  return lines.flatMap((line, index): Lot[] => {
    const delivered = line.delivered - line.accepted - line.rejected - line.ended;
    const rejected = line.rejected - line.returned;
    return [
      ...(delivered > 0 ? [{ line: index + 1, quantity: delivered, at: "delivered" as const }] : []),
      ...(rejected > 0
        ? [{ line: index + 1, quantity: rejected, at: "rejected" as const, kind: "wrong" as const }]
        : []),
    ];
  });
}
