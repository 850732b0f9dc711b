/** How the pages answer: with HTML, with a redirect, and in whose frame. */
import type { FastifyReply } from "fastify";
import type { Caller } from "../identity/identity.ts";
import { type Problem, Refusal } from "../protocol/protocol.ts";
import type { Frame } from "../terminals/terminals.ts";

/** How the frame shows whoever is signed in. */
export function frameOf({ kind, name, credential }: Caller): Frame {
  if (credential.kind !== "session" || kind === "nobody" || name === null) return {};
  return { signedIn: { name, member: kind === "member" } };
}

export function sendPage(reply: FastifyReply, html: string, status = 200): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(html);
}

/** The answer to a form that was taken: look there, with a GET. */
export function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.code(303).header("location", path).send();
}

/** True for those who would do better to sign in than to be refused. */
export function isSignedOut({ kind }: Caller): boolean {
  return kind === "nobody" || kind === "guest";
}

/** The refusal that some work ends in, as a value; undefined where it was done. */
export async function refusalOf(work: () => Promise<unknown>): Promise<Problem | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
}
