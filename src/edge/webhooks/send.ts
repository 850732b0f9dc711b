/** One attempt to bring a message to its receiver. */
import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
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

/**
 * Sends and waits for the answer; never throws. Connections are not kept: each is looked at by the guard, and a
 * receiver that closes idle ones costs no attempt. Redirects are not followed. The status decides, as soon as it is
 * there; what hangs or goes on for ever behind it is cut off when `signal` says so.
 */
export function send(guard: Guard, attempt: Attempt, signal: AbortSignal): Promise<ReceiverAnswer> {
  if (guard.refusal(attempt.url) !== undefined) return Promise.resolve({ error: "url_refused" });
  const url = new URL(attempt.url);
  const start = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    let answer: ReceiverAnswer = { error: "no_connection" };
    const request = start(url, {
      method: "POST",
      agent: false,
      lookup: guard.lookup(url),
      signal,
      headers: {
        ...attempt.headers,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(attempt.body),
        "user-agent": "Kenshu-Webhooks/1",
      },
    });
    request.on("response", (response) => {
      answer = { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] };
      drain(response);
    });
    request.on("error", (error) => {
      if ("status" in answer) return;
      if (error instanceof InnerAddressError) answer = { error: "address_refused" };
      else if (signal.aborted) answer = { error: "timeout" };
    });
    // Comes once whatever happens, also after a switch of protocols that nobody asked for.
    request.on("close", () => resolve(answer));
    request.end(attempt.body);
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
