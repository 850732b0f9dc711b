/** The sandbox's clock: every deadline of the server hangs on it, so a fortnight can be tried in a second. */
import { clockSchema } from "../../core/answers/answers.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { advanceClock, readClock } from "../../storage/database/database.ts";
import { addDuration, parseDuration, refuse } from "../../core/protocol/protocol.ts";
import { closed, durationSchema } from "../../core/protocol/schemas.ts";
import { callerAmong, type Context, sendOutcome } from "./context.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import { eraseStrayGuests } from "./guests.ts";

const tags = ["Sandbox"];
const bodySchema = closed({ by: durationSchema });
const longestStep = 10 * 366 * 86_400_000;

/** `sweep`: does what has become due on this server. */
export function registerSandboxRoutes(server: Server, context: Context, sweep: () => Promise<unknown>): void {
  server.get(
    "/v1/test-clock",
    {
      config: { access: ["anyone"] },
      schema: { tags, summary: "What time it is on this server", answers: { 200: clockSchema } },
    },
    async () => ({ now: (await readClock(context.database)).toISOString() }),
  );
  server.post(
    "/v1/test-clock/advance",
    {
      config: { access: ["admin"], acts: ["clock.advance"], refusals: ["date_out_of_range"] },
      schema: {
        tags,
        summary: "Move the clock forward; what has become due is done before the answer",
        answers: { 200: clockSchema },
        body: bodySchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const duration = parseDuration(request.body.by);
      if (duration === undefined) refuse("date_out_of_range");
      const digest = digestOf(request.method, request.url, request.body);
      const asked = { caller: caller.id, key: idempotencyKey(request), digest };
      const outcome = await once(context.database, asked, async (client) => {
        const now = await readClock(client);
        const milliseconds = addDuration(now, duration).getTime() - now.getTime();
        if (milliseconds > longestStep)
          refuse("date_out_of_range", "The clock moves by ten years at the most.");
        await advanceClock(client, milliseconds);
        return { status: 200, body: { now: (await readClock(client)).toISOString() } };
      });
      // Also when the answer is given again: the caller may not have lived to see the first sweep's end.
      await sweep();
      await eraseStrayGuests(context);
      return sendOutcome(reply, outcome);
    },
  );
}
