/** Whose accounts are paid out, as callers name them; for anybody else they do not exist. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import { type Owner, ownerOfAccount, type PayoutGround } from "../../engines/payouts/payouts.ts";
import type { Client } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { callerAmong, type Context } from "../api/api.ts";
import type { PageContext } from "../pages/pages.ts";
import type { Profiles } from "../profiles/profiles.ts";

/** What the calls of this room need beside what all calls share. */
export type Room = Context & { profiles: Profiles; ground: PayoutGround };
export type PageRoom = PageContext & Room;

export const ofOwner = ["member", "shop", "operator"] as const;

/** The owner of an account, where the caller is that owner or an operator. */
export async function ownerFor(
  context: Context,
  request: FastifyRequest,
  account: string,
): Promise<{ caller: Caller; owner: Owner }> {
  const caller = await callerAmong(context, request, ofOwner);
  return { caller, owner: await ownerOr404(context.database, caller, account) };
}

export async function ownerOr404(client: Client, caller: Caller, account: string): Promise<Owner> {
  const owner = await ownerOfAccount(client, account);
  if (owner === undefined || (caller.kind !== "operator" && caller.id !== owner.id))
    return refuse("not_found");
  return owner;
}
