/** The sandbox's clock: every deadline of the server hangs on it, so a fortnight can be tried in a second. */
import Type from "typebox";
import type { Server } from "../http/http.ts";
import { readClock } from "../ledger/ledger.ts";
import { addDuration, parseDuration, refuse } from "../protocol/protocol.ts";
import { durationSchema } from "../protocol/schemas.ts";
import { type Context, callerAmong } from "./context.ts";
import { advanceClock } from "./store.ts";

const tags = ["Sandbox"];
const bodySchema = Type.Object({ by: durationSchema }, { additionalProperties: false });
const longestStep = 10 * 366 * 86_400_000;

export function registerSandboxRoutes(server: Server, context: Context): void {
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
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const duration = parseDuration(request.body.by);
      if (duration === undefined) refuse("date_out_of_range");
      const now = await readClock(context.database);
      const milliseconds = addDuration(now, duration).getTime() - now.getTime();
      if (milliseconds > longestStep)
        refuse("date_out_of_range", "The clock moves by ten years at the most.");
      await advanceClock(context.database, milliseconds);
      const looked = await context.trades.sweeper.sweep();
      return { now: (await readClock(context.database)).toISOString(), looked };
    },
  );
}
