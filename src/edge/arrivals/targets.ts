/** Where money goes back to: a member's account here, or an account at a bank, which waits sealed for the second operator. */
import Type, { type Static } from "typebox";
import { accountKinds } from "../../core/bankfiles/bankfiles.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, oneOf, text } from "../../core/protocol/schemas.ts";
import { membersAccount } from "../../engines/arrivals/arrivals.ts";
import type { ReturnWish } from "../../engines/arrivals/arrivals.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { detailsOf, keepReturnAccount, rulesOf } from "../../engines/payouts/payouts.ts";
import { idFrom } from "../../storage/database/database.ts";
import type { Room } from "./telling.ts";

const bankAccount = closed({
  bank: Type.String({ pattern: "^[0-9]{4}$", examples: ["0001"] }),
  branch: Type.String({ pattern: "^[0-9]{3}$", examples: ["001"] }),
  kind: oneOf(accountKinds, "普通 or 当座"),
  number: Type.String({ pattern: "^[0-9]{7}$", examples: ["0123456"] }),
  holder: text(1, 60, "In katakana, as it stands at the bank"),
});

/** Of a body: one of the two is given. */
export const targetFields = {
  account: Type.Optional({ ...idSchema, description: "A member's account here" }),
  bankAccount: Type.Optional(bankAccount),
};
type Target = { account?: string; bankAccount?: Static<typeof bankAccount> };

/** What an act names of where money goes. Nothing personal is in it: an account at a bank is kept sealed under the act's id. */
export async function keptTarget(
  room: Pick<Room, "database" | "ground">,
  of: { id: string; from: string; currency: string },
  { account, bankAccount: wish }: Target,
): Promise<ReturnWish["to"]> {
  const { database, ground } = room;
  if ((account === undefined) === (wish === undefined))
    return refuse("invalid_field", "Say either `account` or `bankAccount`.");
  if (account !== undefined) {
    await membersAccount(database, account);
    return { account };
  }
  rulesOf(ground);
  if (of.currency !== "JPY") refuse("currency_mismatch", "Banks are sent JPY only.");
  const id = idFrom(`return account of ${of.id}`);
  const details = detailsOf(wish ?? refuse("invalid_field"));
  await inTransaction(database, (client) =>
    keepReturnAccount(ground, client, { id, account: of.from, details }),
  );
  return { bankAccount: id };
}
