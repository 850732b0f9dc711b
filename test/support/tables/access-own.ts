/** The lines of the table of access about what people are known by, and what recipients do with a present. */
import { type Line, line, unknown } from "./access-lines.ts";

const signedIn = ["buyer", "member2", "carrier", "operator"] as const;
const members = ["buyer", "member2"] as const;
const strangers = [...unknown, "guest"] as const;
const anyone = line("yes", { yes: unknown });

export const ofOwn: Readonly<Record<string, Line>> = {
  "GET /v1/sessions/open": line(403, { yes: signedIn }),
  "DELETE /v1/sessions/open/{id}": line(403, { 404: signedIn }),
  "DELETE /v1/sessions/open": line(403, { yes: signedIn }),
  "PUT /v1/sessions/password": line(403, { yes: ["buyer", "member2", "operator"] }),
  "GET /v1/passkeys": line(403, { yes: signedIn }),
  // What takes a proof shows none, or one that is none.
  "POST /v1/passkeys/options": line(403, { yes: ["operator"] }), // they are asked for their address first
  "POST /v1/passkeys": line(403),
  "PUT /v1/passkeys/{id}": line(403, { 404: signedIn }),
  "POST /v1/passkeys/{id}/remove": line(403, { 404: signedIn }),
  "POST /v1/sessions/passkey/options": anyone,
  "POST /v1/sessions/passkey": line(403, { 403: unknown }),
  "POST /v1/proofs/options": line(403, { yes: signedIn }),
  "POST /v1/proofs": line(403),
  "GET /passkeys": line(403, { yes: signedIn, signin: strangers }),
  "POST /passkeys": line(403, { yes: signedIn }),
  "POST /passkeys/begin": line(403, { yes: ["operator"] }), // they are asked for their address first
  "POST /passkeys/{id}/name": line(403, { 404: signedIn }),
  "POST /passkeys/{id}/remove": line(403, { idle: signedIn }),
  "POST /signin/passkey": line(403, { 403: unknown }),
  "GET /you": line(403, { yes: members, signin: strangers }),
  "POST /you/profile": line(403, { yes: members, 401: ["guest"] }),
  "POST /you/email": line(403, { yes: members, 401: ["guest"] }),
  "POST /you/email/code": line(403, { 401: ["guest"] }), // nobody has asked for a code
  "POST /you/erase": line(403, { yes: members, 401: ["guest"] }),
  "GET /sessions": line("yes", { signin: strangers }),
  "POST /sessions/{id}/end": line("yes", { 403: ["guest"] }),
  "POST /sessions/end-others": line("yes", { 403: ["guest"] }),
  "GET /round/key": line(403, { yes: ["carrier", "buyer", "member2"], 401: strangers }),
  "GET /trades/{number}/device-key": line(403, { 401: strangers }),
  "GET /gifts/{number}/device-key": line(401, {}),
  "GET /round.js": anyone,
  "GET /scan": line(403, { yes: ["carrier"], signin: strangers }),
  "GET /no-line": anyone,
  "GET /gift/{token}": line(404, { 404: unknown }),
  "GET /gift": anyone,
  "POST /gift": anyone,
  "GET /gifts/{number}": anyone,
  "GET /gifts/{number}/label": anyone,
  "POST /gifts/{number}/code": line("idle", { idle: unknown }),
  "POST /gifts/{number}/deliver": line("idle", { idle: unknown }),
  "POST /gifts/{number}/send-back": line("idle", { idle: unknown }),
  "POST /gifts/{number}/accept": line("idle", { idle: unknown }),
  "POST /gifts/{number}/reject": line("idle", { idle: unknown }),
  "POST /gifts/{number}/door-code": line("idle", { idle: unknown }),
};
