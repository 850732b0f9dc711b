/** Where money or a sign-in goes by an act. It is kept sealed, and the act names it by an id: whoever confirms reads it here. */
import { refuse } from "../../core/protocol/protocol.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Client } from "../../storage/database/database.ts";
import {
  findMember,
  readBankAccounts,
  readEmailChange,
  readPersonOfAccount,
} from "../../storage/members/members.ts";
import { type KeptAct, noteActLook, noteLook, type Sealed, sealedIn } from "../operators/operators.ts";
import type { Context } from "../api/api.ts";
import type { Place } from "../queue-views/queue-views.ts";

async function placeOf({ vault }: Context, client: Client, sealed: Sealed): Promise<Place> {
  const over = () =>
    refuse("not_found", "What was asked for is over, or something else was asked for since.");
  if ("email" in sealed) {
    const change = await readEmailChange(client, vault, sealed.email);
    return change?.state === "asked" ? { email: change.email } : over();
  }
  const { bankAccount: id, of } = sealed;
  const row = (await readBankAccounts(client, vault, [id])).get(id);
  if (row === undefined || (of !== undefined && row.account !== of)) return over();
  const { bank, bankLabel, branch, branchLabel, kind, number, holder } = row.details;
  return { bank: `${bankLabel} ${bank}`, branch: `${branchLabel} ${branch}`, kind, number, holder };
}

/** Whose data it is; null where it is nobody's here, as of whoever has sent money that goes back. */
async function personOf(client: Client, sealed: Sealed): Promise<string | null> {
  if ("email" in sealed) return (await findMember(client, sealed.member))?.id ?? null;
  return sealed.of === undefined ? null : ((await readPersonOfAccount(client, sealed.of)) ?? null);
}

/** Shows it to an operator who says why. Refuses as other looks are refused, and what is not what would be done any more. */
export function lookAtPlace(
  context: Context,
  operator: string,
  act: KeptAct,
  reason: string | undefined,
): Promise<Place> {
  const sealed = sealedIn(act) ?? refuse("not_found");
  return inTransaction(context.database, async (client) => {
    await noteLook(client, context.settings, { person: await personOf(client, sealed), operator, reason });
    await noteActLook(client, act.id, operator);
    return placeOf(context, client, sealed);
  });
}
