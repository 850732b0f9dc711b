import { type DestinationStream, type LevelWithSilent, type Logger, pino } from "pino";

export type LogLevel = LevelWithSilent;

/** Parts of addresses that a secret follows. A reader of the log who knew it could act as its holder. */
const secretPlaces = /\/(approve|gift|guest|mail|l|orders)\/[^/]+/gi;

/** The path without its query, and without the tokens of links. */
export function loggedPath(url: string): string {
  const end = url.search(/[?#;]/);
  const path = end === -1 ? url : url.slice(0, end);
  return path.replace(secretPlaces, "/$1/-");
}

/**
 * What is kept of an error. The messages of Fastify's own errors quote the address of the request, so
 * of those only the code and the place are kept.
 */
function loggedError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code?.startsWith("FST_") === true) {
    const frames = error.stack?.split("\n").filter((line) => line.trimStart().startsWith("at "));
    return { type: error.name, code, stack: frames?.join("\n") };
  }
  return { type: error.name, code, message: error.message, stack: error.stack };
}

function loggedRequest(request: unknown): Record<string, unknown> {
  if (typeof request !== "object" || request === null) return {};
  const { method, url, id } = request as Record<string, unknown>;
  return { method, id, path: typeof url === "string" ? loggedPath(url) : undefined };
}

function loggedReply(reply: unknown): Record<string, unknown> {
  if (typeof reply !== "object" || reply === null) return {};
  return { status: (reply as Record<string, unknown>)["statusCode"] };
}

/**
 * Makes the log of a server: one JSON object a line. Errors, requests and replies are written by allow
 * lists, so that bodies, headers, cookies and query strings cannot get in.
 */
export function makeLog(name: string, level: LogLevel, to?: DestinationStream): Logger {
  const options = {
    name,
    level,
    base: { name },
    serializers: {
      err: loggedError,
      error: loggedError,
      req: loggedRequest,
      request: loggedRequest,
      res: loggedReply,
      reply: loggedReply,
    },
  };
  return to === undefined ? pino(options) : pino(options, to);
}
