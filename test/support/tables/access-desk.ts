/** The lines of the table of access about the desk of operators. */
import { type Line, line, unknown } from "./access-lines.ts";

const staff = ["operator", "admin"] as const;
const shown = line(403, { yes: staff, signin: [...unknown, "guest"] });
/** A form that was filled in is kept for who signs in. */
const operators = line(403, { yes: staff, 401: ["guest"] });
const nothing = line(403, { 404: staff, signin: [...unknown, "guest"] });
const noForm = line(403, { 404: staff });

export const ofDesk: Readonly<Record<string, Line>> = {
  "GET /desk": shown,
  "GET /desk/find": shown,
  "POST /desk/find": operators,
  "GET /desk/looks": shown,
  "GET /desk/members/{number}": shown,
  "POST /desk/members/{number}/data": operators,
  "GET /desk/members/{number}/order": shown,
  "POST /desk/members/{number}/order": operators,
  "GET /desk/shops/{id}": shown,
  "GET /desk/trades/{number}": shown,
  "POST /desk/trades/{number}/recipient": operators,
  "GET /desk/trades/{number}/acts/{act}": nothing,
  "POST /desk/trades/{number}/acts/{act}": line(403, { 404: staff, 401: ["guest"] }),
  // There is no such mail.
  "POST /desk/trades/{number}/mails/{id}": line(403, { 404: staff, 401: ["guest"] }),
  "GET /v1/trades/{number}/mails": line(403, { yes: staff }),
  "POST /v1/trades/{number}/mails/{id}/send": noForm,
  "GET /operator-acts": shown,
  // There is no such act, form, party or server.
  "GET /operator-acts/{id}": nothing,
  "POST /operator-acts/{id}/look": noForm,
  "POST /v1/operator-acts/{id}/look": noForm,
  "POST /operator-acts/{id}/confirm": noForm,
  "POST /operator-acts/{id}/decline": noForm,
  "POST /operator-acts/{id}/collect": noForm,
  "GET /disputes": shown,
  "GET /disputes/{number}": shown,
  "POST /disputes/{number}": line(403, { yes: staff }),
  "GET /desk/acts": shown,
  "GET /desk/acts/{form}": nothing,
  "POST /desk/acts/{form}": noForm,
  "GET /desk/applications": shown,
  "GET /desk/parties/shops": shown,
  "GET /desk/parties/carriers": shown,
  "GET /desk/parties/providers": shown,
  "GET /desk/parties/collectors": shown,
  "GET /desk/parties/{kinds}/{id}": nothing,
  "GET /desk/operators": shown,
  "GET /desk/transfers": shown,
  "GET /desk/payouts": shown,
  "GET /desk/breaks": shown,
  // There is no such break.
  "GET /desk/breaks/{id}": nothing,
  "POST /desk/breaks/{id}/explain": noForm,
  "POST /desk/breaks/{id}/close": noForm,
  "GET /v1/breaks": line(403, { yes: staff }),
  "GET /v1/breaks/{id}": noForm,
  "POST /v1/breaks/{id}/explain": noForm,
  "POST /v1/breaks/{id}/close": noForm,
  "GET /desk/servers": shown,
  "GET /desk/servers/{id}": nothing,
};
