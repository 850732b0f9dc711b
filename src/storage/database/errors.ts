/**
 * The connection broke while the server was committing, so nobody on this side knows whether the work was kept. Look it
 * up by its id before doing it again.
 */
export class CommitUnknownError extends Error {
  override readonly name = "CommitUnknownError";
  constructor(cause: unknown) {
    super("The connection was lost during commit; whether the transaction was kept is unknown.", { cause });
  }
}

/** The server answered a commit with a rollback, because a statement before it had failed without being noticed. */
export class RolledBackError extends Error {
  override readonly name = "RolledBackError";
  constructor(cause: unknown) {
    super("The transaction was rolled back: one of its statements had failed.", { cause });
  }
}

/** No connection could be had: the server is away, or all connections of the pool are busy. Nothing was done. */
export class NoConnectionError extends Error {
  override readonly name = "NoConnectionError";
  constructor(cause: unknown) {
    super(`No database connection: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

// 08: connection; 57P01-03: shutdown, crash, starting up; 25P03/04: the server ended an idle or overlong transaction.
const lossCodes = new Set(["57P01", "57P02", "57P03", "25P03", "25P04", "57P05"]);
const socketCodes = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
]);
// The driver marks these by their text only.
const lossMessages =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout)/;

/** What a server says that is no longer, or not yet, the one that may be written to: 25006 in each switchover. */
const readOnlyCode = "25006";
// Serialization failure, deadlock, lock and statement time-out, out of memory or connections, read-only: the same work may
// well pass a moment later.
const transientCodes = new Set(["40001", "40P01", "55P03", "57014", "53200", "53300", readOnlyCode]);

/** The SQLSTATE (or the operating system's code) of an error, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * Has the server forgotten a prepared statement, or changed the tables under it? After a migration a statement prepared
 * before it can fail on its old connection for ever; on a new one it works.
 */
function isStalePlan(error: unknown): boolean {
  const code = errorCode(error);
  if (code === "26000") return true;
  return (
    code === "0A000" &&
    error instanceof Error &&
    error.message.includes("cached plan must not change result type")
  );
}

/** Is the connection gone, or of no further use? Also true of `CommitUnknownError` and `NoConnectionError`. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof CommitUnknownError || error instanceof NoConnectionError || isStalePlan(error))
    return true;
  if (!(error instanceof Error)) return false;
  const code = errorCode(error);
  if (code !== undefined) return code.startsWith("08") || lossCodes.has(code) || socketCodes.has(code);
  return lossMessages.test(error.message);
}

/** The database is there, and takes nothing. */
export class ReadOnlyError extends Error {
  override readonly name = "ReadOnlyError";
  readonly code = readOnlyCode;
  constructor() {
    super("The database is read-only.");
  }
}

/** Should the connection leave its pool? A server that was demoted answers on its old connections, and takes nothing. */
export function isSpent(error: unknown): boolean {
  return isConnectionLoss(error) || errorCode(error) === readOnlyCode;
}

/** Has another process written a row with the same key a moment ago? Who decides anew sees it. */
export function isKeyTaken(error: unknown): boolean {
  return errorCode(error instanceof RolledBackError ? error.cause : error) === "23505";
}

/**
 * May the same transaction be tried again as it is? True when it certainly left nothing behind and its failure came from
 * the moment (a deadlock, a lock timeout, a lost connection before the commit), false when the commit's outcome is unknown.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof CommitUnknownError) return false;
  if (error instanceof RolledBackError) return isTransient(error.cause);
  const code = errorCode(error);
  return (code !== undefined && transientCodes.has(code)) || isConnectionLoss(error);
}

/** Must a transaction simply be run again from its start (serialization failure, deadlock, statement to be prepared anew)? */
export function isConflict(error: unknown): boolean {
  const reason = error instanceof RolledBackError ? error.cause : error;
  const code = errorCode(reason);
  return code === "40001" || code === "40P01" || isStalePlan(reason);
}

/** The error of a batch that has read what does not hold any more, and is to be run again. */
export function conflict(message: string): Error {
  return Object.assign(new Error(message), { code: "40001" });
}
