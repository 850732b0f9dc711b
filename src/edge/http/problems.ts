import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { CommitUnknownError, isTransient } from "../../storage/database/database.ts";
import { type Problem, problem, type ProblemCode, Refusal } from "../../core/protocol/protocol.ts";

const problemType = "application/problem+json; charset=utf-8";

/** Statuses that Fastify and its plugins give to errors of the caller's making. */
const codeOfStatus: Readonly<Record<number, ProblemCode>> = {
  400: "malformed_request",
  404: "not_found",
  405: "method_not_allowed",
  408: "request_timeout",
  413: "body_too_large",
  // A part of the address longer than any name or number that there is.
  414: "not_found",
  415: "unsupported_media_type",
  429: "too_many_requests",
  503: "overloaded",
};

const reading: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** The problem that an error stands for in a request by this method, or undefined where it is a failure of the server. */
export function problemOf(error: unknown, method: string): Problem | undefined {
  if (error instanceof Refusal) return error.problem;
  // Who only reads has done nothing whose outcome they would have to find out.
  if (error instanceof CommitUnknownError)
    return problem(reading.has(method) ? "unavailable" : "outcome_unknown");
  if (isTransient(error)) return problem("unavailable");
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") {
    return undefined;
  }
  const code = codeOfStatus[error.statusCode];
  return code === undefined ? undefined : problem(code);
}

/** The problem for a failure: it holds only the number under which the log says more. */
export function internalProblem(requestId: string): Problem {
  return problem("internal_error", `The server failed. The log knows more under the request ${requestId}.`);
}

const refusals = new WeakMap<FastifyRequest, string>();

/** Notes with which code a request is refused, for metrics. */
export function noteRefusal({ request }: FastifyReply, code: string): void {
  refusals.set(request, code);
}

/** The code with which a request was refused; undefined where it was not. */
export function refusalOf(request: FastifyRequest): string | undefined {
  return refusals.get(request);
}

/** Answers with a problem in its wire form. */
export function sendProblem(reply: FastifyReply, refused: Problem): FastifyReply {
  sayMore(reply, refused);
  return reply.code(refused.status).header("content-type", problemType).send(JSON.stringify(refused));
}

/**
 * Sets what belongs to a status: when to ask again, where a retry may help and it does not say so yet; and by what a caller
 * makes themselves known (RFC 9110, section 11.6.1), which is no scheme for which browsers ask people.
 */
export function sayMore(reply: FastifyReply, refused: Problem): void {
  noteRefusal(reply, refused.code);
  if ((refused.status === 429 || refused.status === 503) && !reply.hasHeader("retry-after")) {
    reply.header("retry-after", "1");
  }
  if (refused.status === 401) reply.header("www-authenticate", challenge(reply, refused));
}

function challenge({ request }: FastifyReply, { code }: Problem): string {
  if (code === "signature_invalid") return 'Signature realm="kenshu"';
  // A key or sign-in that was given and is none (RFC 6750, section 3.1).
  const wrong = code === "not_authenticated" && request.headers.authorization !== undefined;
  return `Bearer realm="kenshu"${wrong ? ', error="invalid_token"' : ""}`;
}

/** How long a caller whose request was broken may take to read why, in milliseconds. */
const lastWords = 1000;

const codeOfSocketError: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

/**
 * Answers what could not even be read as a request, and closes the connection. Nothing of it is logged:
 * it may hold anything, and a sender could fill the disk with it.
 */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const refused = problem(codeOfSocketError[error.code ?? ""] ?? "malformed_request");
  const body = JSON.stringify(refused);
  // The parser no longer watches this connection, so no other time limit applies to it.
  socket.setTimeout(lastWords, () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${refused.status} ${STATUS_CODES[refused.status] ?? "Refused"}`,
      `Content-Type: ${problemType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Cache-Control: no-store",
      "X-Content-Type-Options: nosniff",
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
