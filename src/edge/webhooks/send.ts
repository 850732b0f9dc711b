/** One attempt to bring a message to its receiver. */
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type Guard, InnerAddressError } from "./guard.ts";

export interface Attempt {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** The status of the answer and when to ask again, if it says; or in a word why there was no answer. */
export type ReceiverAnswer =
  | { status: number; retryAfter: string | undefined }
  | { error: "url_refused" | "address_refused" | "timeout" | "no_connection" };

/** So much of a body is read: a connection closed at once would look like a failure to the receiver. */
const answerMost = 64 * 1024;

/** How long a connection without a message is kept: for what comes in one go, not longer. */
const idleMs = 2000;

/** Brings messages to receivers. */
export interface Sender {
  /**
   * Sends and waits for the answer; never throws. Redirects are not followed. The status decides, as soon as it is there;
   * what hangs or goes on for ever behind it is cut off when `signal` says so.
   */
  send: (attempt: Attempt, signal: AbortSignal) => Promise<ReceiverAnswer>;
  /** Closes the connections that are kept. */
  close: () => void;
}

/**
 * Each connection is looked at by the guard when it is made. It takes one message after the other, and is closed soon after
 * the last: making one, and greeting in TLS, costs more than a message does.
 */
export function makeSender(guard: Guard): Sender {
  const kept = { keepAlive: true, timeout: idleMs } as const;
  const agents = { "http:": new HttpAgent(kept), "https:": new HttpsAgent(kept) };
  return {
    send: async (attempt, signal) => {
      if (guard.refusal(attempt.url) !== undefined) return { error: "url_refused" };
      const url = new URL(attempt.url);
      const agent = agents[url.protocol === "https:" ? "https:" : "http:"];
      const first = await tryOnce(guard, url, attempt, signal, agent);
      // A receiver may close a connection in the moment in which the next message leaves: that is no word about the message.
      return first === "closed" ? tryOnce(guard, url, attempt, signal, false).then(answerOf) : first;
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

const answerOf = (answer: ReceiverAnswer | "closed"): ReceiverAnswer =>
  answer === "closed" ? { error: "no_connection" } : answer;

/** "closed" where a connection that had been kept was gone before it said anything. */
function tryOnce(
  guard: Guard,
  url: URL,
  { headers, body }: Attempt,
  signal: AbortSignal,
  agent: HttpAgent | HttpsAgent | false,
): Promise<ReceiverAnswer | "closed"> {
  const start = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    let answer: ReceiverAnswer | "closed" = { error: "no_connection" };
    const request = start(url, {
      method: "POST",
      agent,
      lookup: guard.lookup(url),
      signal,
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "user-agent": "Kenshu-Webhooks/1",
        ...headers,
      },
    });
    request.on("response", (response) => {
      answer = { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] };
      drain(response);
    });
    request.on("error", (error) => {
      if (answer !== "closed" && "status" in answer) return;
      if (error instanceof InnerAddressError) answer = { error: "address_refused" };
      else if (signal.aborted) answer = { error: "timeout" };
      else if (request.reusedSocket) answer = "closed";
    });
    // Comes once whatever happens, also after a switch of protocols that nobody asked for.
    request.on("close", () => resolve(answer));
    request.end(body);
  });
}

function drain(response: IncomingMessage): void {
  let read = 0;
  response.on("error", () => {});
  response.on("data", (chunk: Buffer) => {
    read += chunk.length;
    if (read > answerMost) response.destroy();
  });
}
