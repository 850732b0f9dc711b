/**
 * The parts of a row of events. What everybody who has to do with a trade may read is in its leaf; what is for some only
 * is in parts of its own, of which the leaf holds salted hashes: a carrier's receipt tells no price, and proves all the same.
 */

/**
 * `payer`: who the buyer is. `amounts`: money. `terms`: what tells of the payer's purse or of an offer, and what is said and shown between the sides. `advance`: what is
 * between a shop and who pays it early. `desk`: which operators acted, and how a caller proved who it is.
 */
export type EventPart = "payer" | "amounts" | "terms" | "advance" | "desk";

/** The part in which a field of an event stands; all others are for everybody. */
export const fieldParts: ReadonlyMap<string, EventPart> = new Map([
  ["amount", "amounts"],
  ["fee", "amounts"],
  ["cash", "amounts"],
  ["released", "amounts"],
  ["settled", "amounts"],
  ["code", "terms"],
  ["words", "terms"],
  ["photos", "terms"],
  ["release", "terms"],
  ["pay", "terms"],
  ["refund", "terms"],
  ["recovered", "advance"],
  ["covered", "advance"],
]);

/** Events of which the buyer learns no more than that they were. */
const ofAdvances: ReadonlySet<string> = new Set(["trade.advanced", "trade.recourse"]);

/** The parts that a role may read. In a private trade this server does not know the amounts: what stands there are pieces. */
export function partsFor(role: string, isPrivate: boolean): EventPart[] {
  const amounts: EventPart[] = isPrivate ? [] : ["amounts"];
  const advance: EventPart[] = isPrivate ? [] : ["advance"];
  switch (role) {
    case "operator":
      return ["payer", ...amounts, "terms", ...advance, "desk"];
    case "shop":
      return ["payer", ...amounts, "terms", ...advance];
    case "buyer":
      return ["payer", ...amounts, "terms"];
    default:
      return [];
  }
}

type Data = Record<string, unknown>;

/** A part: `actor` where who acted is for some only, and of each event, by its place in the row, the fields of this part. */
interface HiddenPart {
  actor?: string;
  data?: Record<number, Data>;
}

/** Splits a row of events: what everybody reads of it, and its other parts, of which there are only those with something in them. */
export function hiddenEvents(row: {
  types: readonly string[];
  role: string;
  actor: string | null;
  data: readonly Data[] | null;
}): { actor: string | null; events: { type: string; data: Data }[]; hidden: Map<EventPart, HiddenPart> } {
  const hidden = new Map<EventPart, HiddenPart>();
  const partOf = (name: EventPart): HiddenPart => {
    const known = hidden.get(name);
    if (known !== undefined) return known;
    const part: HiddenPart = {};
    hidden.set(name, part);
    return part;
  };
  const hide = (name: EventPart, index: number, field: string, value: unknown): void => {
    const data = (partOf(name).data ??= {});
    (data[index] ??= {})[field] = value;
  };
  const events = row.types.map((type, index) => {
    const open: Data = {};
    const data = row.data?.[index] ?? {};
    // Every event of every trade passes here: a list of its fields would cost as much as the rest.
    for (const field in data) {
      const value = data[field];
      if (value === undefined) continue;
      const part = ofAdvances.has(type) ? "advance" : fieldParts.get(field);
      if (part !== undefined) hide(part, index, field, value);
      else if (field === "operator")
        open[field] = atTheDesk(value as Data, (kept) => hide("desk", index, field, kept));
      else open[field] = value;
    }
    return { type, data: open };
  });
  const whose = row.role === "operator" ? "desk" : row.role === "buyer" ? "payer" : undefined;
  if (whose === undefined || row.actor === null) return { actor: row.actor, events, hidden };
  partOf(whose).actor = row.actor;
  return { actor: null, events, hidden };
}

/** What everybody reads of an operator's act; how a caller was known and who the second operator was is kept apart. */
function atTheDesk({ proof, confirmedBy, ...open }: Data, keep: (kept: Data) => void): Data {
  const kept = Object.entries({ proof, confirmedBy }).filter(([, value]) => value !== undefined);
  if (kept.length > 0) keep(Object.fromEntries(kept));
  return open;
}
