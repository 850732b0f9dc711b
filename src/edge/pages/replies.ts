/** How the pages answer: with HTML, with a redirect, and in whose frame. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ComponentType } from "preact";
import Type from "typebox";
import { closed } from "../../core/protocol/schemas.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { type Problem, Refusal, refuse } from "../../core/protocol/protocol.ts";
import { type Frame, render } from "../parts/parts.ts";
import { readerOf } from "../words/words.ts";
import { callerOf, isUnknown } from "../api/api.ts";
export { isProven } from "../api/api.ts";
import { deviceOf } from "../devices/devices.ts";
import { mayCall } from "../roles/roles.ts";
import type { PageContext } from "./page-context.ts";

export const tags = ["Pages"];
/** The configuration of a page for members only. */
export const toMember = { access: ["member"], page: true, refusals: ["not_authenticated"] } as const;

const visitors = ["member", "collector", "shop", "provider", "operator"] as const;

/** The frame with the name of the person who is signed in, if there is one. */
export function frameOf(context: PageContext, caller: Caller): Frame {
  const { face } = context;
  const { kind, name, credential } = caller;
  if (kind === "guest") return { face, round: deviceOf(context, caller) };
  if (credential.kind !== "session" || kind === "nobody" || name === null) return { face };
  const as = visitors.find((each) => each === kind) ?? "other";
  const may = caller.person === undefined ? {} : { may: (call: string) => mayCall(caller, call) };
  return { face, signedIn: { name, as, ...may }, round: deviceOf(context, caller) };
}

/** The member who is signed in. Refuses everybody else. */
export async function memberOf(context: PageContext, request: FastifyRequest): Promise<Caller> {
  const caller = await callerOf(context, request);
  if (caller.kind === "member") return caller;
  return refuse(isSignedOut(caller) ? "not_authenticated" : "not_allowed");
}

/**
 * Answers with a page, in the language and on the clock of who reads it. `back` is its address, where that is not the one
 * above the address of its form.
 */
export function sendPage<Props extends object>(
  reply: FastifyReply,
  page: ComponentType<Props>,
  props: NoInfer<Props>,
  status = 200,
  back?: string,
): FastifyReply {
  const reader = readerOf(reply.request);
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .send(render(page, props, { ...reader, back: back ?? reader.back }));
}

export const nextQuery = closed({ next: Type.Optional(Type.String({ maxLength: 800 })) });

/** A path on this server, for going on after what somebody does on the way; `otherwise` where it is none. */
export function pathOf(next: string | undefined, otherwise = "/trades"): string {
  return next !== undefined && /^\/(?!\/)[A-Za-z0-9/?=&_.:%-]{0,790}$/.test(next) ? next : otherwise;
}

/** The answer to a form that was taken: look there, with a GET. */
export function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.code(303).header("location", path).send();
}

/** True for those who would do better to sign in than to be refused. */
export function isSignedOut(caller: Caller): boolean {
  return isUnknown(caller) || caller.kind === "guest";
}

/** What some work came to, or the problem with which it was refused. */
export type OrProblem<Value> = { value: Value } | { problem: Problem };

/** Does the work; a refusal in it is answered as a value too, and any other error goes on. */
export async function orProblem<Value>(work: () => Promise<Value>): Promise<OrProblem<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem };
    throw error;
  }
}
