/** Sends what waits in the outbox to institutions, brings their answers to the trades, and looks for those that are lost. */
import { createDispatcher } from "../../engines/outbox/outbox.ts";
import type { Host } from "../host/host.ts";
import { type Peer, UnknownOutcomeError } from "../signing/signing.ts";
import { makeSender, type SenderOptions } from "./sender.ts";

/** How often instructions without an answer are looked for, in milliseconds. */
const dispatchEveryMs = 500;
/** How often institutions that are lost are looked for, in milliseconds. */
const lookAgainMs = 5_000;

export interface AskingOptions extends Pick<SenderOptions, "path" | "read"> {
  institutions: readonly Peer[];
  /** The address of what nobody has made: whoever says so, signed, has understood the question. */
  nobodys: string;
}

export interface Asking {
  start(): void;
  /** Ends what is on its way. */
  stop(): Promise<void>;
}

/** Makes the line to the institutions; it takes what is written from now on. */
export function openAsking(host: Host, { institutions, path, read, nobodys }: AskingOptions): Asking {
  const { database, client, onError, trades } = host;
  const dispatcher = createDispatcher({
    database,
    send: makeSender({ database, client, onError, path, read }),
    settle: ({ id, trade }, answer) =>
      answer.how === "refused"
        ? trades.answered(trade, id, answer.problem.code)
        : trades.answered(trade, id, undefined, answer.collection),
    awaited: ({ id, trade }) => trades.awaited(trade, id),
    onError,
    everyMs: dispatchEveryMs,
  });
  trades.onAsked((instructions) => dispatcher.take(instructions));
  const stopLooking = lookAfter(host, institutions, nobodys);
  return {
    start: () => dispatcher.start(),
    stop: async () => {
      await dispatcher.stop();
      await stopLooking();
    },
  };
}

/**
 * Asks each institution as soon as this server can be reached itself, so that a wrong address stands in the log before
 * the first trade, and those that are lost now and then, so that they are found where nothing waits for them.
 */
function lookAfter(
  { server, client, contacts, onError }: Pick<Host, "server" | "client" | "contacts" | "onError">,
  institutions: readonly Peer[],
  nobodys: string,
): () => Promise<unknown> {
  const looks = new Set<Promise<unknown>>();
  const look = (those: readonly Peer[]): void => {
    for (const { id } of those) {
      const looking = client.call(id, "GET", nobodys).catch((error: unknown) => {
        // That it does not answer stands in the log already.
        if (!(error instanceof UnknownOutcomeError)) onError(error);
      });
      looks.add(looking);
      void looking.finally(() => looks.delete(looking));
    }
  };
  server.addHook("onListen", async () => look(institutions));
  const again = setInterval(() => look(institutions.filter((each) => contacts.isLost(each))), lookAgainMs);
  return () => {
    clearInterval(again);
    return Promise.all(looks);
  };
}
