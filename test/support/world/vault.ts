/** The key under which tests seal personal data: a new one for each run. */
import { randomBytes } from "node:crypto";
import { keyBytes, openVault } from "../../../src/storage/members/members.ts";

export const testKey = randomBytes(keyBytes);
export const testVault = openVault([testKey]);
