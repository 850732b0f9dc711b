/**
 * Trades whose servers do not know what they cost (paragraph 0026): the shop has told it here, and the server says how far
 * the goods have come. What that is in money is worked out here, and the server is not told.
 */
import type { Hold } from "../../storage/ledger/ledger.ts";
import { fromWire, shareOf, toWire } from "../../core/money/money.ts";
import type { Instruction } from "../../core/protocol/schemas.ts";
import type { LocatedReservation } from "./store.ts";
import type { Told, ToldLine } from "./told-amount-store.ts";
import type { Refused } from "../../core/protocol/protocol.ts";

type Asked = Exclude<Instruction, { do: "reserve" | "transfer" | "assign" }>;
type Goods = NonNullable<Extract<Instruction, { do: "settle" }>["goods"]>;

const invalid = (detail: string): Refused => ({ refused: "invalid_field", detail });
export const unknownAmount: Refused = invalid("The amount has to be given.");

/** What the first pieces of a line are worth, in minor units. All of them come to its price, whatever one comes to. */
function upTo({ quantity, unitAmount, amount }: ToldLine, count: number): bigint {
  return amount === undefined
    ? fromWire(unitAmount ?? 0) * BigInt(count)
    : shareOf(BigInt(count), BigInt(quantity), fromWire(amount));
}

/** What so many pieces of each line are worth, in minor units, counted from the first. */
export function worthOf(lines: readonly ToldLine[], quantities: readonly number[]): bigint {
  return lines.reduce((sum, line, index) => sum + upTo(line, quantities[index] ?? 0), 0n);
}

/** The same counted from the last, as goods are that come back: with the accepted ones they come to the whole. */
function lastOf(lines: readonly ToldLine[], quantities: readonly number[]): bigint {
  return lines.reduce(
    (sum, line, index) =>
      sum + upTo(line, line.quantity) - upTo(line, line.quantity - (quantities[index] ?? 0)),
    0n,
  );
}

/** Refuses a line without a price, or with one by which some of its pieces would cost nothing, of which nobody could be told. */
export function checkTold(lines: readonly ToldLine[]): Refused | undefined {
  const wrong = lines.findIndex(
    ({ quantity, unitAmount, amount }) =>
      (unitAmount === undefined) === (amount === undefined) || (amount !== undefined && amount < quantity),
  );
  return wrong < 0
    ? undefined
    : invalid(
        `Line ${wrong + 1} has either a \`unitAmount\` or an \`amount\`, of a minor unit for each piece at least.`,
      );
}

/** What is to be frozen: what the payee told of this trade, where it told it for the same quantities. */
export function amountToFreeze(told: Told | undefined, quantities: readonly number[]): Refused | Told {
  if (told === undefined) return { refused: "amount_not_told" };
  const same =
    told.lines.length === quantities.length &&
    told.lines.every(({ quantity }, index) => quantity === quantities[index]);
  return same
    ? told
    : { refused: "amount_mismatch", detail: "The shop has told the amount for other quantities." };
}

/**
 * An instruction in money: what is asked in goods of a private reservation comes to the amounts that are not done yet. Of
 * such a reservation nothing can be asked by an amount, for the refusals would tell it.
 */
export function inMoney(
  { private: isPrivate, told }: LocatedReservation,
  hold: Hold,
  asked: Asked,
): Refused | Asked {
  if (asked.do === "extend") return asked;
  if (!isPrivate) return asked.goods === undefined ? asked : unknownAmount;
  const named = ["amount", "release", "splits", "sources"].find((name) => name in asked);
  if (named !== undefined)
    return invalid(`\`${named}\` is not for a reservation whose amount you are not told.`);
  if (asked.goods === undefined) return asked;
  const { goods, ...rest } = asked;
  const due = dueOf(told ?? [], goods, hold);
  if ("refused" in due) return due;
  const amount = due[asked.do];
  if (amount === 0n) return invalid("There is nothing to be done for these goods.");
  const release = asked.do === "settle" && due.release > 0n ? { release: toWire(due.release) } : {};
  return { ...rest, amount: toWire(amount), ...release };
}

/** What the goods come to and what has not been done of it. */
export function dueOf(
  lines: readonly ToldLine[],
  { accepted, returned, refunded }: Goods,
  hold: Pick<Hold, "settled" | "released" | "refunded">,
): Refused | Record<"settle" | "release" | "refund", bigint> {
  const fits = lines.every(({ quantity }, index) => {
    const taken = accepted[index] ?? 0;
    return taken + (returned[index] ?? 0) <= quantity && (refunded[index] ?? 0) <= taken;
  });
  const sizes = [accepted, returned, refunded].every(({ length }) => length === lines.length);
  if (!fits || !sizes) return invalid("`goods` are not those of the trade.");
  const due = {
    settle: worthOf(lines, accepted) - hold.settled,
    release: lastOf(lines, returned) - hold.released,
    refund: worthOf(lines, refunded) - hold.refunded,
  };
  const behind = Object.values(due).some((amount) => amount < 0n);
  return behind ? invalid("`goods` are behind what has been done already.") : due;
}
