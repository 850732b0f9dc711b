/** The lines of the table of access about how a server runs. */
import { type Line, line, unknown } from "./access-lines.ts";

const operators = line(403, { yes: ["operator", "admin"], signin: [...unknown, "guest"] });

export const ofRunning: Readonly<Record<string, Line>> = {
  "GET /running": operators,
  "GET /running/trades": operators,
};
