import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerPasskeyPages } from "./passkey-pages.ts";
import { registerCalls } from "./passkey-routes.ts";
import { registerProofs } from "./proof-routes.ts";

/** Registers the calls and pages of this room. */
export function registerPasskeys(server: Server, context: PageContext): void {
  const { profiles, moments, face } = context;
  const room = { profiles, moments, name: face.name };
  registerCalls(server, context, room);
  registerProofs(server, context);
  registerPasskeyPages(server, context, room);
}
