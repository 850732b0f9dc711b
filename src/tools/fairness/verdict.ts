/** Who has lost what when a story is over, and whether somebody who cheats alone has won by it. */
import { upTo } from "../../core/trade/trade.ts";
import { isHeld, type Machine, type Party, type Setting, type State } from "../players/players.ts";

/** `hard`: a cheat has won. Else why it is not defended: only a human could judge, or nobody was there. */
export interface Loss {
  what: string;
  why: string;
}

/** True when nothing more can come of it: no money is frozen or to come back, nothing is on its way. */
export function isOver(state: State): boolean {
  if (isHeld(state) || state.trade.state === "proposed") return false;
  if (state.world.parcels.some(({ arrived }) => !arrived)) return false;
  const { coolingOffUntil } = state.trade;
  return coolingOffUntil === null || coolingOffUntil.getTime() <= state.now;
}

/** Goods in a dispute of which silence would have said whose they are, and that are left to an operator all the same. */
export function overlookedIn({ trade, now }: State, { untold }: Setting, waits: Machine["waits"]): boolean {
  const { disputed, lots } = trade.progress;
  if (disputed === null || disputed.answerBy !== null) return false;
  const isSilent = (side: Party) => disputed.asked.includes(side) && untold !== side;
  const [buyer, shop] = [isSilent("buyer"), isSilent("shop")];
  return lots.some((lot) => {
    if (waits(trade, lot, new Date(now))) return false;
    const [come, goes] = [lot.seen === "delivered", lot.home === "picked_up" || lot.home === "back"];
    if (buyer && come && lot.at === "delivered") return true;
    if (shop && lot.contested === undefined && (goes || !come)) return true;
    return buyer && shop && come && !goes;
  });
}

/** Minor units that the buyer has paid and not got back, whatever was promised. */
const paidBy = ({ trade }: State): number => Number(trade.settled - trade.refunded);

function worth({ trade }: State, count: (line: number) => number): number {
  return trade.terms.lines.reduce((sum, line, index) => sum + Number(upTo(line, count(index))), 0);
}

export function lossOf(state: State, setting: Setting): Loss | undefined {
  const side = setting.cheat === "buyer" ? shopsLoss(state, setting) : buyersLoss(state, setting);
  return side ?? serversLoss(state, setting) ?? guarantorsLoss(state);
}

/**
 * Money of those who trade nothing, at any time: an account that is below zero is what its institution has paid, and what the
 * server has paid early beyond its limit is not what its terms say.
 */
export function beyondTerms({ world, trade }: State, { advance = 0, debt = 0 }: Setting): Loss | undefined {
  const { server = 0, line = 0, bills = 0, losses = 0, ...others } = world.books.accounts;
  if (losses - line > Number(trade.amount))
    return { what: `the guarantor stands for ${trade.amount}, and has paid ${losses - line}`, why: "hard" };
  if (line > bills)
    return { what: `the buyer has ${line} on the line, and has paid ${bills} there`, why: "hard" };
  for (const [name, balance] of Object.entries(others))
    if (balance < 0) return { what: `the institution has paid ${-balance} for the ${name}`, why: "hard" };
  const limit = Math.max(advance, debt);
  if (-server <= limit) return undefined;
  return { what: `the server has paid ${-server} early, and lets the shop have ${limit}`, why: "hard" };
}

/**
 * What the server has paid early has come back, or the shop owes it: a loan within its limit, as its terms say. Nothing is owed of
 * a claim to what was accepted for good.
 */
function serversLoss({ world: { books, bought } }: State, { debt = 0 }: Setting): Loss | undefined {
  const { early, accounts } = books;
  const missing = -(accounts["server"] ?? 0);
  if (early.outstanding > 0n || missing > Number(early.owed))
    return { what: `the server has paid ${missing} early, and ${early.owed} of it is owed`, why: "hard" };
  if (early.owed === 0n || bought === undefined) return undefined;
  if (bought === "unseen")
    return {
      what: `the shop owes the server ${early.owed}, paid when nobody had seen goods leave`,
      why: "hard",
    };
  const why = bought === "firm" && debt === 0 ? "hard" : "an advance is a loan";
  return { what: `the shop owes the server ${early.owed}`, why };
}

/** Who accepts and never pays owes the guarantor, which stands for it by its terms: whom it trusts is its own to say. */
function guarantorsLoss({ world: { books } }: State): Loss | undefined {
  const { line = 0, losses = 0 } = books.accounts;
  const missing = losses - Math.min(0, line);
  return missing > 0 ? { what: `the guarantor bears ${missing}`, why: "credit is a risk" } : undefined;
}

function buyersLoss(state: State, setting: Setting): Loss | undefined {
  const { world } = state;
  const paid = paidBy(state);
  const has = worth(state, (line) => world.shelves[line]?.buyer ?? 0);
  if (paid <= has) return undefined;
  const due = state.trade.progress.refundDue === undefined ? "" : ", the shop's account is empty";
  const what = `the buyer has paid ${paid} and has goods for ${has}${due}`;
  const judged = worth(state, (line) => world.shelves[line]?.toShop ?? 0);
  if (paid - judged <= has && judged > 0) return { what, why: world.judged.join(" and ") };
  // Whom nothing has reached is not silent.
  const absent = (setting.manner === "absent" && setting.untold === undefined) || world.silent;
  const parcels = worth(state, (line) => {
    const shelf = world.shelves[line];
    return shelf === undefined ? 0 : shelf.seen;
  });
  if (absent && paid <= parcels) return { what, why: "a brick, and the buyer says nothing" };
  if (absent && setting.shopWord !== undefined)
    return { what, why: "the buyer trusted the shop's word, and says nothing" };
  if (setting.collusion !== undefined) return { what, why: `the ${setting.collusion} is with the shop` };
  if (!setting.trackedBack) return { what, why: "sent back without a carrier who reports" };
  if (setting.acceptance?.by.includes("shop") === true && setting.acceptance.need === 1)
    return { what, why: "the buyer let the shop accept" };
  return { what, why: "hard" };
}

function shopsLoss(state: State, setting: Setting): Loss | undefined {
  const { world, trade } = state;
  const paid = paidBy(state);
  const gone = worth(state, (line) => world.shelves[line]?.buyer ?? 0);
  const given =
    setting.coolingOff === "keep" ? worth(state, (line) => trade.progress.lines[line]?.withdrawn ?? 0) : 0;
  if (paid + given >= gone) return undefined;
  const what = `the buyer has goods for ${gone} and has paid ${paid}`;
  const judged = worth(state, (line) => world.shelves[line]?.toBuyer ?? 0);
  if (paid + given + judged >= gone) return { what, why: world.judged.join(" and ") };
  if (!setting.trackedOut) return { what, why: "sent without a carrier who reports" };
  if (setting.manner === "absent" || world.silent) return { what, why: "the shop says nothing" };
  if (setting.collusion !== undefined) return { what, why: `the ${setting.collusion} is with the buyer` };
  return { what, why: "hard" };
}
