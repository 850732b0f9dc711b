import type { IncomingMessage, Server as NodeServer, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from "fastify";
import type { Answers, DeclaredRefusal, DeclaredRoute } from "../documents/documents.ts";
import type { RouteMetrics } from "./metrics.ts";
import type { Upload } from "./upload.ts";

export type Server = FastifyInstance<
  NodeServer,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the server keeps beside each route, so that a request finds it without a search. */
export interface RouteState {
  unsafe: boolean;
  form: boolean;
  page: boolean;
  headers: Readonly<Record<string, string>>;
  metrics: RouteMetrics;
  /** By which field of what a call makes that is found again, under the call's own address; undefined where it is not. */
  madeBy: () => string | undefined;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call it: words of the server's list. The server publishes them; the handler enforces them. */
    access: readonly string[];
    /** The answer is HTML for a person, and so are its refusals. */
    page?: boolean;
    /** The body comes from an HTML form. */
    form?: boolean;
    /** The form may bring a file, or photos of those who are known. */
    upload?: Upload;
    /** Which acts of operators it is, of the server's list; one that operators may call to change something names them. */
    acts?: readonly string[];
    /** The refusals that this call adds to those which any call may give. */
    refusals?: readonly DeclaredRefusal[];
    /** It sets a cookie, or takes it away. */
    cookie?: boolean;
    /** Its body is plain text. */
    text?: boolean;
    /** Set by the server. */
    state?: RouteState;
  }

  interface FastifySchema {
    /** What it answers when it is done. Each call for programs says so. */
    answers?: Answers;
    summary?: string;
    description?: string;
    tags?: readonly string[];
  }
}

/** Refuses a call by which operators change something and that does not say which act it is. */
export function checkActs(
  known: Readonly<Record<string, string>> | undefined,
  name: string,
  access: readonly string[],
  changes: boolean,
  acts: readonly string[],
): void {
  if (known === undefined) return;
  const byOperators = access.includes("operator") || access.includes("admin");
  if (byOperators && changes && acts.length === 0)
    throw new Error(`The route ${name} does not say which act of an operator it is.`);
  const unknown = acts.find((act) => !Object.hasOwn(known, act));
  if (unknown !== undefined) throw new Error(`The route ${name} names ${unknown}, which is no act.`);
}

/** Says where what was made is read again (RFC 9110, section 10.2.2), where it is. */
export function sayWhere(reply: FastifyReply, made: unknown): void {
  const field = reply.request.routeOptions.config.state?.madeBy();
  if (field === undefined || typeof made !== "object" || made === null) return;
  const id = (made as Record<string, unknown>)[field];
  if (typeof id !== "string") return;
  const [path = ""] = reply.request.url.split("?");
  reply.header("location", `${path.replace(/\/$/, "")}/${encodeURIComponent(id)}`);
}

function segments(path: string): string[] {
  return path.split("/").slice(1);
}

/** The methods that an address takes, for saying which, when it does not take the one used. */
export function methodsOf(routes: readonly DeclaredRoute[], path: string): string[] {
  const wanted = segments(path);
  const methods = new Set<string>();
  for (const route of routes) {
    const parts = segments(route.url);
    const open = parts.at(-1) === "*";
    if (open ? wanted.length < parts.length : wanted.length !== parts.length) continue;
    const fits = parts.every(
      (part, index) => part === "*" || (part.startsWith(":") ? wanted[index] !== "" : part === wanted[index]),
    );
    if (fits) for (const method of route.methods) methods.add(method);
  }
  return [...methods].sort();
}
