/** The lines of the table of access about how a server runs, and of the guides, which anybody reads. */
import { type Line, line, unknown } from "./access-lines.ts";

const operators = line(403, { yes: ["operator", "admin"], signin: [...unknown, "guest"] });

export const ofRunning: Readonly<Record<string, Line>> = {
  "GET /running": operators,
  "GET /running/trades": operators,
  "GET /docs/guides": line("yes", { yes: unknown }),
  "GET /docs/guides/{name}": line("yes", { yes: unknown }),
};
