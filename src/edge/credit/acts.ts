/** What operators do about credit: calls for programs and pages ask for the same acts. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { callerAmong, sendOutcome } from "../api/api.ts";
import { idempotencyKey } from "../http/http.ts";
import { type PageContext, seeOther } from "../pages/pages.ts";
import { type Grant, grant, refuseRequest } from "./requests.ts";

export const operators = ["operator"] as const;

export function creditActs(context: PageContext) {
  const { confirming } = context;
  return {
    give: confirming.act<Grant>("credit-request.grant", (client, args, names) =>
      grant(context, client, args, names),
    ),
    decline: confirming.act<{ id: string; reason: string }>("credit-request.refuse", (client, args, names) =>
      refuseRequest(context, client, args, names),
    ),
  };
}

export type CreditActs = ReturnType<typeof creditActs>;
type Asking = Parameters<CreditActs["give"]>[0];
type Ask<Args> = (asking: Asking, args: Args) => ReturnType<CreditActs["give"]>;

/** Asks for an act as a program does, and answers what it came to. */
export async function answerAct<Args>(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: Ask<Args>,
  { subject, args }: { subject: string; args: Args },
): Promise<FastifyReply> {
  const { id: operator } = await callerAmong(context, request, operators);
  const [path = ""] = request.url.split("?");
  const digest = digestOf(request.method, path, request.body);
  return sendOutcome(reply, await ask({ operator, key: idempotencyKey(request), digest, subject }, args));
}

/** Does what a form asks for, and leads back to the list. */
export async function fromForm<Args>(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: Ask<Args>,
  { subject, args, key, back }: { subject: string; args: Args; key: string | undefined; back: string },
): Promise<FastifyReply> {
  const { id: operator } = await callerAmong(context, request, operators);
  const outcome = await ask({ operator, key, digest: digestOf("POST", request.url, args), subject }, args);
  if (outcome.how === "done") return seeOther(reply, back);
  const { code, detail, act } = outcome.problem.value;
  return code === "four_eyes_required" && act !== undefined
    ? seeOther(reply, `${back}?asked=yes`)
    : refuse(code, detail);
}
