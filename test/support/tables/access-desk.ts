/** The lines of the table of access about the desk of operators. */
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const shown = line(403, { yes: staff, signin: [...unknown, "guest"] });

export const ofDesk: Readonly<Record<string, Line>> = {
  "GET /desk": shown,
};
