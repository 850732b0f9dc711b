/** By what the device of somebody who brings goods knows them, and under which key it keeps what they see and press. */
import { makeSeal } from "../../storage/identity/identity.ts";

export interface DeviceKeys {
  /** Says nothing to anybody, and is another one for each. */
  tagOf(party: string): string;
  /** 32 bytes, told to nobody but the party itself, when it is signed in. */
  keyOf(party: string): Buffer;
}

export function openDeviceKeys(secret: Buffer): DeviceKeys {
  const seal = makeSeal(secret, "devices at the door");
  return {
    tagOf: (party) => seal(`tag ${party}`).toString("base64url").slice(0, 22),
    keyOf: (party) => seal(`key ${party}`).subarray(0, 32),
  };
}
