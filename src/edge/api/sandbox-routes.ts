/** The sandbox's clock: every deadline of the server hangs on it, so a fortnight can be tried in a second. */
import { idempotencyKey, type Server, sendJson } from "../http/http.ts";
import { readClock, advanceClock } from "../../storage/database/database.ts";
import { addDuration, parseDuration, refuse } from "../../core/protocol/protocol.ts";
import { closed, durationSchema } from "../../core/protocol/schemas.ts";
import { type Context, callerAmong } from "./context.ts";
import { once, requestHash } from "../../engines/engine/engine.ts";
import { eraseStrayGuests } from "./guests.ts";

const tags = ["Sandbox"];
const bodySchema = closed({ by: durationSchema });
const longestStep = 10 * 366 * 86_400_000;

/** `sweepMore`: what becomes due on this server beside trades. */
export function registerSandboxRoutes(
  server: Server,
  context: Context,
  sweepMore?: () => Promise<unknown>,
): void {
  server.get(
    "/v1/test-clock",
    { config: { access: ["anyone"] }, schema: { tags, summary: "What time it is on this server" } },
    async () => ({ now: (await readClock(context.database)).toISOString() }),
  );
  server.post(
    "/v1/test-clock/advance",
    {
      config: { access: ["admin"], refusals: ["date_out_of_range"] },
      schema: {
        tags,
        summary: "Move the clock forward; what has become due is done before the answer",
        body: bodySchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const duration = parseDuration(request.body.by);
      if (duration === undefined) refuse("date_out_of_range");
      const hash = requestHash(request.method, request.url, request.body);
      const key = idempotencyKey(request);
      const answer = await once(context.database, caller.id, key, hash, async (client) => {
        const now = await readClock(client);
        const milliseconds = addDuration(now, duration).getTime() - now.getTime();
        if (milliseconds > longestStep)
          refuse("date_out_of_range", "The clock moves by ten years at the most.");
        await advanceClock(client, milliseconds);
        return { status: 200, body: { now: (await readClock(client)).toISOString() } };
      });
      // Also when the answer is given again: whoever asks may not have lived to see the first sweep's end.
      await context.trades.sweeper.sweep();
      await sweepMore?.();
      await eraseStrayGuests(context);
      const replayed = answer.replayed ? { "idempotent-replayed": "true" } : {};
      return sendJson(reply, answer.status, answer.body, replayed);
    },
  );
}
