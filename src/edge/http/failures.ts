/** Failures that no caller is told of: those of what a server does by itself. */
import { errorCode, isTransient } from "../../storage/database/database.ts";

/** Milliseconds between two looks whether a database that was away is back. */
const lookAgainMs = 1000;

interface FailureLog {
  error(facts: object, message: string): void;
  info(message: string): void;
}

/**
 * Writes failures into the log. Of a database that cannot be used it says so once, and once that it can be again: `isBack`
 * resolves where it can. Everything that runs by itself meets the same outage many times a second.
 */
export function failureLog(log: FailureLog, isBack: () => Promise<unknown>): (error: unknown) => void {
  let away = false;

  async function lookAgain(): Promise<void> {
    try {
      await isBack();
    } catch {
      setTimeout(() => void lookAgain(), lookAgainMs).unref();
      return;
    }
    away = false;
    log.info("the database can be used again");
  }

  return (error) => {
    const outage = [error, error instanceof Error ? error.cause : undefined].find(isTransient);
    if (outage === undefined) {
      log.error({ err: error }, "failed");
      return;
    }
    if (away) return;
    away = true;
    const message = outage instanceof Error ? outage.message : "";
    log.error({ code: errorCode(outage), message }, "the database cannot be used");
    setTimeout(() => void lookAgain(), lookAgainMs).unref();
  };
}
