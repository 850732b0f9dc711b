/** Whose device it is, as far as anything is kept there. */
import type { Caller } from "../../storage/identity/identity.ts";
import type { Doorstep } from "../doorstep/doorstep.ts";
import type { Rounds } from "../parts/parts.ts";

/** What lies on the device of somebody who brings goods or accepts them; undefined for everybody else. */
export function deviceOf({ doorstep }: { doorstep: Doorstep }, caller: Caller): Rounds | undefined {
  const { kind, id, credential } = caller;
  const tag = doorstep.devices.tagOf(id);
  if (kind === "guest") return { tag, of: "guest", key: `/trades/${caller.trade}/device-key` };
  if (credential.kind !== "session") return undefined;
  if (kind === "carrier" || kind === "provider") return { tag, of: "bringer", key: "/round/key" };
  return kind === "member" ? { tag, of: "buyer", key: "/round/key" } : undefined;
}
