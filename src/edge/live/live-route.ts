/**
 * News of a trade for a page that is open: a stream of server-sent events (HTML, section 9.2), with one word whenever the
 * trade moves. What has moved the page reads as it reads everything else, and only if its reader still may.
 */
import type { FastifyRequest } from "fastify";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, numberSchema } from "../../core/protocol/schemas.ts";
import type { Database } from "../../storage/database/database.ts";
import { readStandings } from "../../engines/trades/trades.ts";
import type { Server } from "../http/http.ts";
import { standingOf } from "../parts/parts.ts";
import { createWatch } from "./watch.ts";

/** Open streams of a server. Who comes when there are so many reads the page again by hand. */
const streamsMost = 1000;
/** Milliseconds after which a stream ends. The browser opens another, and is asked again who it is. */
const streamLasts = 5 * 60_000;
/** Streams of one trade: each side, on a few devices. */
const readersMost = 20;

interface LiveContext {
  database: Database;
  /** Refuses whoever may not read the page. */
  refuseStrangers: (request: FastifyRequest, number: string) => Promise<void>;
}

export function registerLive(
  server: Server,
  access: readonly string[],
  { database, refuseStrangers }: LiveContext,
): void {
  const watch = createWatch(async (numbers) => {
    const rows = await readStandings(database, numbers);
    return new Map(rows.map((row) => [row.number, standingOf(row)]));
  });
  const ends = new Set<() => void>();
  server.addHook("preClose", async () => {
    watch.close();
    for (const end of ends) end();
  });
  server.get(
    "/trades/:number/live",
    {
      config: { access, page: true, refusals: ["not_authenticated", "not_found", "overloaded"] },
      schema: {
        tags: ["Pages"],
        summary: "Hear when a trade moves",
        description:
          "Server-sent events, `state`, each with a word that is another one whenever the trade has moved.",
        params: closed({ number: numberSchema }),
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      await refuseStrangers(request, number);
      const { raw } = reply;
      // An answer that waits behind another on its connection has no socket, and would never hear that it has closed.
      if (raw.socket === null || raw.destroyed) return refuse("overloaded");
      if (watch.size() >= streamsMost || watch.listening(number) >= readersMost) return refuse("overloaded");
      reply.hijack();
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        "content-type": "text/event-stream; charset=utf-8",
        // nginx keeps an answer back until it is whole, unless it is told.
        "x-accel-buffering": "no",
        "cache-control": "no-store",
      });
      raw.write("retry: 5000\n\n");
      const stop = watch.listen(number, (standing) => raw.write(`event: state\ndata: ${standing}\n\n`));
      const end = (): void => {
        clearTimeout(timer);
        ends.delete(end);
        stop();
        raw.end();
      };
      const timer = setTimeout(end, streamLasts);
      ends.add(end);
      raw.once("close", end);
      raw.on("error", end);
    },
  );
}
