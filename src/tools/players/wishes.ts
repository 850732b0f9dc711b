/** Other terms than what is reserved: a shop that would like them, and a buyer who agrees, keeps what was agreed, or says nothing. */
import { standingRevision } from "../../core/machine/machine.ts";
import { endOfReservation, type TermLine, type Trade } from "../../core/trade/trade.ts";
import { reserveOf } from "./state.ts";
import { add, type Said, type Turn } from "./turn.ts";
import { termsOf } from "./setting.ts";
import type { World } from "./world.ts";

/** Minor units by which each piece would be dearer. */
const dearer = 10;

function wished({ setting, state }: Turn): TermLine[] {
  const { lines } = termsOf(setting, new Date(state.now));
  return lines.map((line) => ({ ...line, unitAmount: (line.unitAmount ?? 0) + dearer }));
}

/** True once the buyer has agreed to it: more than that nobody wishes for. */
const isAgreed = ({ terms }: Trade, lines: readonly TermLine[]): boolean =>
  terms.lines[0]?.unitAmount === lines[0]?.unitAmount;

/** The shop would like a higher price, again and again, or takes its wish back: then what was agreed is reserved as it was. */
export function wish(
  turn: Turn,
  who: "THE SHOP" | "The shop",
  note: (world: World) => void = () => {},
): void {
  const { trade } = turn.state;
  const lines = wished(turn);
  if (trade.state !== "reserved" || isAgreed(trade, lines)) return;
  add(turn, `${who} would like a higher price.`, (world) => {
    note(world);
    return [{ role: "shop", command: { do: "revise", lines, asks: true } }];
  });
  if (standingRevision(trade) === undefined) return;
  const notAfter = endOfReservation(trade) ?? undefined;
  add(turn, `${who} keeps to what was agreed.`, (world) => {
    note(world);
    return [
      { role: "shop", command: { do: "revise" } },
      { role: "shop", command: reserveOf(turn.setting, notAfter) },
    ];
  });
}

/** The buyer agrees while the wish stands, which freezes the money anew, or says that nothing changes. */
export function answerWish(
  turn: Turn,
  who: "THE BUYER" | "The buyer",
  note: (world: World) => void = () => {},
): void {
  const { trade, now } = turn.state;
  const asked = standingRevision(trade);
  if (asked === undefined) return;
  const said = (label: string, commands: Said[]) =>
    add(turn, `${who} ${label}.`, (world) => {
      note(world);
      return commands;
    });
  if (Date.parse(asked.until) > now) {
    const { lines, payment } = asked;
    said("agrees to the higher price", [
      { role: "buyer", command: { do: "revise", lines, payment } },
      { role: "buyer", command: reserveOf(turn.setting) },
    ]);
  }
  said("keeps to what was agreed", [{ role: "buyer", command: { do: "revise", decline: true } }]);
}

/** The shop puts its order under the number of an earmark, once: the buyer is not asked anew, and the rest is free. */
export function putOrder(
  turn: Turn,
  who: "THE SHOP" | "The shop",
  note: (world: World) => void = () => {},
): boolean {
  const { trade, now } = turn.state;
  if (trade.terms.earmark !== true || trade.state !== "reserved") return false;
  const { lines } = termsOf(turn.setting, new Date(now));
  const notAfter = endOfReservation(trade) ?? undefined;
  const order = { carrier: "carrier", independent: true as const };
  return add(turn, `${who} puts its order under the number.`, (world) => {
    note(world);
    return [
      { role: "shop", command: { do: "revise", lines, order } },
      { role: "shop", command: reserveOf(turn.setting, notAfter) },
    ];
  });
}
