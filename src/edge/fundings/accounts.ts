/** Whose accounts are funded and paid from, as callers name them; for anybody else they do not exist. */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import type { ArrivalGround } from "../../engines/arrivals/arrivals.ts";
import { membersAccount } from "../../engines/arrivals/arrivals.ts";
import type { Collections } from "../../engines/collections/collections.ts";
import type { Account } from "../../storage/ledger/ledger.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { callerAmong, type Context } from "../api/api.ts";
import type { PageContext } from "../pages/pages.ts";

export type Room = Context & {
  /** What the institution calls itself on paper. */
  name: string;
  ground: Pick<ArrivalGround, "accounts">;
  collections: Pick<Collections, "pay" | "read">;
};
export type PageRoom = PageContext & Room;

export const ofMember = ["member", "operator"] as const;

/** An account that money may be brought to, where the caller is its owner or an operator. */
export async function accountFor(
  room: Context,
  request: FastifyRequest,
  id: string,
  kinds: readonly ("member" | "operator")[] = ofMember,
): Promise<{ caller: Caller; account: Account; owner: string }> {
  const caller = await callerAmong(room, request, kinds);
  const found = await membersAccount(room.database, id);
  if (caller.kind !== "operator" && caller.id !== found.owner) return refuse("not_found");
  return { caller, ...found };
}
