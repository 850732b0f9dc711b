/** What is asked once more before it is done: how much leaves the account, or comes back to it. */
import { formatMoney, fromWire, toWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { comesBackWithout, readPayout } from "../../engines/payouts/payouts.ts";
import type { Fields } from "../pages/pages.ts";
import type { AccountAct, SureShown } from "../shop-account-views/shop-account-views.ts";
import { say, type Sentence } from "../words/words.ts";
import { amountOf } from "./account-acts.ts";
import type { Kept, Room } from "./account-shown.ts";

type Asked = Pick<SureShown, "act" | "fields" | "amount">;

/** What is asked; undefined where nothing is. More than can be paid out is said at its field, before anything is asked. */
export async function askedOnce(
  { database, ground }: Room,
  { id, currency, payable }: Kept,
  { act, fields }: { act: AccountAct; fields: Fields },
): Promise<Asked | { errors: Record<string, Sentence> } | undefined> {
  const kept = Object.entries(fields).filter(
    (each): each is [string, string] =>
      each[1] !== undefined && each[0] !== "sure" && !each[0].startsWith("proof"),
  );
  if (act === "payout") {
    const amount = amountOf(fields["amount"], currency) ?? 0n;
    if (payable !== null && amount > fromWire(payable)) {
      const most = (lang: "en" | "ja") => formatMoney(fromWire(payable), currency, lang);
      return { errors: { amount: (lang) => say("shopAccount.tooMuch", { most: most(lang) })(lang) } };
    }
    return { act, fields: kept, amount: toWire(amount) };
  }
  if (act === "end-bank")
    return { act, fields: kept, amount: toWire(await comesBackWithout(ground, database, id)) };
  if (act === "cancel") {
    const payout = await readPayout(database, fields["of"] ?? "");
    if (payout?.account !== id) return refuse("not_found");
    return { act, fields: kept, amount: toWire(payout.amount) };
  }
  return undefined;
}
