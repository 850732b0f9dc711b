/** The lines of the table of access about the desk of operators. */
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const shown = line(403, { yes: staff, signin: [...unknown, "guest"] });
const operators = line(403, { yes: staff });

export const ofDesk: Readonly<Record<string, Line>> = {
  "GET /desk": shown,
  "GET /desk/find": shown,
  "POST /desk/find": operators,
  "GET /desk/looks": shown,
  "GET /desk/members/{number}": shown,
  "POST /desk/members/{number}/data": operators,
  "GET /desk/shops/{id}": shown,
  "GET /desk/trades/{number}": shown,
  "POST /desk/trades/{number}/recipient": operators,
  "GET /desk/trades/{number}/acts/{act}": shown,
  // Without who has called, nothing is done.
  "POST /desk/trades/{number}/acts/{act}": operators,
};
