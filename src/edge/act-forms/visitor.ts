/** Who has come to a page of operators. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { callerOf } from "../api/api.ts";
import { isSignedOut, type PageContext, seeOther } from "../pages/pages.ts";

/** The operator who is signed in; undefined where somebody was sent to sign in. Refuses everybody else. */
export async function operatorAt(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller | undefined> {
  const caller = await callerOf(context, request);
  if (caller.kind === "operator") return caller;
  if (!isSignedOut(caller)) return refuse("not_allowed");
  seeOther(reply, `/signin?next=${request.url.split("?")[0]}`);
  return undefined;
}
