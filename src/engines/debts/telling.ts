/** What an institution is told of a bill: what is due under its number, what was booked, and what goes back. */
import type { CollectionInstruction } from "../../core/protocol/schemas.ts";
import { idFrom } from "../../storage/database/database.ts";
import { type Bill, payByOf } from "./bill.ts";

export function dueWord(bill: Bill, payee: string, id: string): CollectionInstruction {
  const { number, currency, toldVersion: version, toldAmount } = bill;
  const what = { version, payee, currency, amount: Number(toldAmount), bill: true } as const;
  return {
    do: "due",
    id,
    tradeNumber: String(number),
    ...what,
    payBy: payByOf(bill).toISOString(),
  };
}

export const heardWord = ({ number, collected }: Bill, id: string): CollectionInstruction => ({
  do: "heard",
  id,
  tradeNumber: String(number),
  paid: Number(collected),
});

/** The same instruction however often it is said, so that it is done once. */
export function backWord({ id, number, returned }: Bill, payee: string, back: bigint): CollectionInstruction {
  const total = Number(returned);
  const sources = [{ account: payee, amount: Number(returned - back) }];
  const once = idFrom(`back ${back} to ${returned} of bill ${id} from ${payee}`);
  return { do: "reimburse", id: once, tradeNumber: String(number), total, sources };
}
