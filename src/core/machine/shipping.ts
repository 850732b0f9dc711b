/** Goods on their way to the buyer: ship, deliver, at the door (S507; paragraphs 0031, 0087, 0089). */
import {
  type Act,
  decided,
  type Decision,
  draftOf,
  expectDelivery,
  isIndependent,
  settleUp,
  speakerOf,
  startAcceptanceClock,
  arrive,
  isNamed,
  isOver,
  pick,
  type Picked,
  progressOf,
  put,
  quantitiesOf,
  unshippedGoods,
  type LineProgress,
  type LineQuantity,
  type Lot,
  type Trade,
} from "../trade/trade.ts";
import type { ActorRole, Refused, Tracking } from "../protocol/protocol.ts";
import type { AtDoor, Deliver, Ship } from "../protocol/schemas.ts";

/**
 * The goods are on their way. The state stays and no acceptance clock starts: who ships gains by the delivery. A carrier
 * who is independent of the shop can also report a parcel that the shop has spoken of; that gives it its time anew.
 */
export function ship(trade: Trade, command: Ship, act: Act): Refused | Decision {
  const next = draftOf(trade);
  if (hasCome(next, command.tracking)) return cameBefore;
  const independent = isIndependent(trade, speakerOf(act));
  const scanned = independent ? scan(next, command) : undefined;
  if (independent && scanned === undefined && isUnknown(next, command.lines, command.tracking))
    return whichGoods;
  const picked = scanned ?? pick(next, { lines: command.lines, ranks: [], unshipped: true });
  if ("refused" in picked) return picked;
  if (scanned === undefined && picked.unshipped.length === 0)
    return { refused: "already_shipped", detail: "Nothing is left that has not been shipped." };
  const decision = decided(next);
  sendOut(next, picked, { parcel: command.tracking?.number, seen: independent ? "picked_up" : undefined });
  nameParcel(next, command);
  expectDelivery(decision, act.now);
  const lines = quantitiesOf(picked.lots, picked.unshipped);
  decision.events.push({ type: "trade.shipped", data: { by: speakerOf(act), lines, ...saidWith(command) } });
  settleUp(decision, act);
  return decision;
}

/** The parcel, already spoken of, that an independent carrier reports; undefined where the report is of new goods. */
function scan(next: Trade, { lines, tracking }: Ship): Refused | Picked | undefined {
  const isParcel = parcelOf(next, tracking);
  const isMeant = (lot: Lot) => lot.at === "shipped" && isParcel(lot);
  if (!next.progress.lots.some(isMeant)) return undefined;
  const parcels = new Set(next.progress.lots.filter(isMeant).map(({ parcel }) => parcel));
  if (parcels.size > 1 && lines === undefined) return whichParcel;
  return pick(next, { lines, ranks: [isMeant], unshipped: lines !== undefined });
}

/** Whether a lot is in a parcel; one of which nobody has spoken can only be that of goods sent without a name. */
function parcelOf(next: Trade, tracking: Tracking | undefined): (lot: Lot) => boolean {
  if (tracking === undefined) return () => true;
  const isKnown = isNamed(next, tracking);
  return ({ parcel }) => parcel === (isKnown ? tracking.number : undefined);
}

/**
 * A parcel of which nobody has spoken, where some goods have left before: how many of several pieces are in it, a carrier has
 * to say. The first parcel of all is taken for the whole order; what is in a parcel is the shop's word in any case.
 */
function isUnknown(next: Trade, lines: Ship["lines"], tracking: Ship["tracking"]): boolean {
  const pieces = unshippedGoods(next).reduce((sum, { quantity }) => sum + quantity, 0);
  return (
    lines === undefined && tracking !== undefined && pieces > 1 && !next.progress.lines.every(isUntouched)
  );
}

/** A number is that of one parcel. Where its goods have come, a report that is repeated would else be about others. */
function hasCome(next: Trade, tracking: Tracking | undefined): boolean {
  const isInIt = (lot: Lot) => lot.at === "shipped" && lot.parcel === tracking?.number;
  return isNamed(next, tracking) && !next.progress.lots.some(isInIt);
}

const cameBefore: Refused = {
  refused: "already_shipped",
  detail: "A parcel with this number has come already; another one has another number.",
};

const whichGoods: Refused = {
  refused: "invalid_field",
  detail: "Nobody has spoken of this parcel yet: say by `lines` which goods are in it.",
};

const whichParcel: Refused = {
  refused: "invalid_field",
  detail: "Several parcels are under way: say which, by `tracking` or `lines`.",
};

/** Notes goods as shipped. What a lot knew stays known. */
function sendOut(
  next: Trade,
  { lots, unshipped }: Picked,
  said: { parcel?: string | undefined; seen?: "picked_up" | undefined; claimed?: true | undefined },
): void {
  const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  for (const lot of lots)
    put(next, { ...known, ...lot, ...(said.claimed === true ? { claimed: true } : {}) });
  for (const { line, quantity } of unshipped) {
    progressOf(next, line).shipped += quantity;
    put(next, { line, quantity, at: "shipped", ...known });
  }
}

/** Remembers how a parcel is followed. What is left out stays as it was known, unless somebody else carries it now. */
export function nameParcel(next: Trade, { tracking }: Pick<Ship, "tracking">): void {
  if (tracking === undefined) return;
  const parcels = next.progress.parcels ?? [];
  const known = parcels.find(({ number }) => number === tracking.number);
  const others = parcels.filter((parcel) => parcel !== known);
  const isSame = tracking.carrier === undefined || tracking.carrier === known?.carrier;
  next.progress.parcels = [...others, isSame ? Object.assign({ ...known }, tracking) : tracking];
}

function saidWith({ tracking, evidence, claimedAt }: Pick<Ship, "tracking" | "evidence" | "claimedAt">) {
  return { tracking, evidence, claimedAt };
}

/** True where this word of a delivery lets silence count: its speaker gains nothing by it, or the buyer trusts them. */
function wordCounts(trade: Trade, speaker: ActorRole): boolean {
  if (speaker === "buyer" || speaker === "recipient" || isIndependent(trade, speaker)) return true;
  const { by, shopWord } = trade.terms.acceptance;
  return speaker === "shop" && (shopWord === true || by.includes("shop"));
}

/**
 * Takes evidence of a delivery. Where the word counts, the acceptance clock starts; else it is no more than a shipment of
 * which the shop says that it has arrived, and the buyer is asked. What an independent party saw is kept in every state.
 */
export function deliver(trade: Trade, command: Deliver, act: Act): Refused | Decision {
  const speaker = speakerOf(act);
  if (!wordCounts(trade, speaker)) return claimDelivery(trade, command, act);
  const next = draftOf(trade);
  const sees = speaker === "recipient" || isIndependent(trade, speaker);
  const picked = handedOver(next, command, sees);
  if ("refused" in picked) return picked;
  const decision = decided(next);
  const mark = {
    ...(sees ? { seen: "delivered" as const } : {}),
    ...(speaker === "buyer" ? { received: true as const } : {}),
  };
  const parcel = command.tracking === undefined ? {} : { parcel: command.tracking.number };
  let news = false;
  for (const lot of picked.lots) {
    const arrives = lot.at === "shipped" || lot.kind === "never_came";
    if (lot.kind === "never_came") progressOf(next, lot.line).rejected -= lot.quantity;
    if (arrives) arrive(next, [lot]);
    const { kind: _, contested: __, ...known } = lot;
    put(next, arrives ? { ...parcel, ...known, at: "delivered", ...mark } : { ...parcel, ...lot, ...mark });
    news ||= arrives;
  }
  for (const { line, quantity } of picked.unshipped)
    put(next, { line, quantity, at: "delivered", ...parcel, ...mark });
  arrive(next, picked.unshipped);
  nameParcel(next, command);
  if (news || picked.unshipped.length > 0) startAcceptanceClock(decision, act.now);
  const lines = quantitiesOf(picked.lots, picked.unshipped);
  decision.events.push({ type: "trade.delivered", data: { by: speaker, lines, ...saidWith(command) } });
  settleUp(decision, act);
  return decision;
}

/** The goods that a report of a delivery is about: a carrier's report without lines means the parcel, never all that is left. */
function handedOver(next: Trade, { lines, tracking }: Deliver, sees: boolean): Refused | Picked {
  const isParcel = parcelOf(next, tracking);
  const unseen = (lot: Lot) => sees && lot.seen !== "delivered" && isParcel(lot);
  const ranks = [
    // Who names goods and no parcel means first those that are in none.
    (lot: Lot) => lot.at === "shipped" && isParcel(lot) && lot.parcel === tracking?.number,
    (lot: Lot) => lot.at === "shipped" && isParcel(lot),
    (lot: Lot) => lot.at === "delivered" && unseen(lot),
    (lot: Lot) => lot.kind === "never_came" && unseen(lot),
    (lot: Lot) => lot.at === "rejected" && unseen(lot),
  ];
  const meant = next.progress.lots.filter((lot) => ranks.some((isMeant) => isMeant(lot)));
  if (sees && lines === undefined && new Set(meant.map(({ parcel }) => parcel)).size > 1) return whichParcel;
  // What was never shipped can be handed over at once, where nothing else can be meant.
  const fresh = meant.length === 0 && (!sees || next.progress.lines.every(isUntouched));
  const named = lines !== undefined || tracking === undefined || isNamed(next, tracking) || !sees;
  if (meant.length === 0 && !named && (!fresh || isUnknown(next, lines, tracking))) return whichGoods;
  const unshipped = (lines !== undefined || fresh) && !isOver(next, tracking);
  return pick(next, { lines, ranks, unshipped });
}

const isUntouched = ({ shipped, delivered, accepted, rejected }: LineProgress): boolean =>
  shipped + delivered + accepted + rejected === 0;

/** The shop, or somebody who is not independent of it, says that the goods have come. */
function claimDelivery(trade: Trade, command: Deliver, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const { lines, tracking } = command;
  if (hasCome(next, tracking)) return cameBefore;
  const isMeant = (lot: Lot) =>
    lot.at === "shipped" &&
    (tracking === undefined || lot.parcel === undefined || lot.parcel === tracking.number);
  const picked = pick(next, { lines, ranks: [isMeant], unshipped: true });
  if ("refused" in picked) return picked;
  if (picked.lots.length + picked.unshipped.length === 0)
    return { refused: "already_shipped", detail: "Nothing is on its way of which that could be said." };
  const decision = decided(next);
  sendOut(next, picked, { parcel: tracking?.number, claimed: true });
  nameParcel(next, command);
  if (picked.unshipped.length > 0) expectDelivery(decision, act.now);
  const goods = quantitiesOf(picked.lots, picked.unshipped);
  const data = { by: speakerOf(act), lines: goods, claimed: true, ...saidWith(command) };
  decision.events.push({ type: "trade.shipped", data });
  settleUp(decision, act);
  return decision;
}

/**
 * The carrier or provider is at the door with the goods. The state stays; the event is recorded, and from now on buyer or
 * recipient can give a code with which the carrier or provider sends their acceptance (paragraph 0089).
 */
export function atDoor(trade: Trade, command: AtDoor, act: Act): Refused | Decision {
  const { by } = trade.terms.acceptance;
  if (!by.includes("buyer") && !by.includes("recipient")) {
    return { refused: "not_an_acceptor", detail: "Neither buyer nor recipient accepts this trade." };
  }
  const lines = brought(trade, command, act.role === "provider");
  if ("refused" in lines) return lines;
  const next = draftOf(trade);
  next.progress.atDoor = lines;
  const decision = decided(next);
  decision.events.push({ type: "trade.at_door", data: { lines, ...saidWith(command) } });
  return decision;
}

/** The goods with which somebody is at the door: never others that are on their way, or still at the shop. */
function brought(trade: Trade, { lines, tracking }: AtDoor, isService: boolean): Refused | LineQuantity[] {
  const looked = draftOf(trade);
  const isParcel = parcelOf(looked, tracking);
  const isMeant = (lot: Lot) => (lot.at === "shipped" || lot.at === "delivered") && isParcel(lot);
  const meant = looked.progress.lots.filter(isMeant);
  if (lines === undefined && new Set(meant.map(({ parcel }) => parcel)).size > 1) return whichParcel;
  // Where nothing was said to have left, whoever comes brings all that is open; a service is not sent at all.
  const all =
    meant.length === 0 && (isService || looked.progress.lines.every(({ shipped }) => shipped === 0));
  const unshipped = (lines !== undefined || all) && !isOver(looked, tracking);
  const picked = pick(looked, { lines, ranks: [isMeant], unshipped });
  if ("refused" in picked) return picked;
  const found = quantitiesOf(picked.lots, picked.unshipped);
  return found.length > 0 ? found : whichGoods;
}
