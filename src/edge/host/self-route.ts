/** What a trading server says of itself to whoever asks: shops and other servers read here by whose calendar its dates are. */
import { serverSchema } from "../../core/answers/answers.ts";
import type { Server } from "../http/http.ts";
import type { Context } from "../api/api.ts";

const tags = ["Servers"];

export function registerSelf(server: Server, name: string, { settings }: Pick<Context, "settings">): void {
  const { timeZone, currencies } = settings;
  server.get(
    "/v1/server",
    {
      config: { access: ["anyone"] },
      schema: {
        tags,
        summary: "What this server is called, the time zone of its dates, and the currencies of its accounts",
        answers: { 200: serverSchema },
        description:
          "A date in a call, such as the day of a payment, begins with its first instant in `timeZone`, an IANA name. " +
          "Instants are UTC everywhere.",
      },
    },
    () => ({ name, timeZone, currencies }),
  );
}
