/** How people prove to this server that they are there. */
import type { Database } from "../../storage/database/database.ts";
import type { Identity } from "../../storage/identity/identity.ts";
import type { Vault } from "../../storage/members/members.ts";
import { type Moments, openMoments, relyingParty } from "../moments/moments.ts";
import { knownEmail } from "../profiles/profiles.ts";
import type { HostOptions } from "./host-options.ts";

export function momentsOf(
  { publicUrl, settings }: Pick<HostOptions, "publicUrl" | "settings">,
  name: string,
  { vault, ...ground }: { database: Database; identity: Identity; secret: Buffer; vault: Vault },
): Moments {
  const { stepUpAbove: above = {} } = settings;
  const emailOf: Parameters<typeof openMoments>[0]["emailOf"] = (caller) =>
    knownEmail({ database: ground.database, vault }, caller);
  return openMoments({ ...ground, above, emailOf, party: relyingParty(publicUrl, name) });
}
