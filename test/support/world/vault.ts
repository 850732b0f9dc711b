/** The key under which tests seal personal data: a new one for each run. */
import { randomBytes } from "node:crypto";
import { openWebhookBox } from "../../../src/edge/webhooks/webhooks.ts";
import type { Database } from "../../../src/storage/database/database.ts";
import { type Box, keyBytes, openKeyring } from "../../../src/storage/keyring/keyring.ts";
import { openVault } from "../../../src/storage/members/members.ts";

export const testKey = randomBytes(keyBytes);
/** What seals the secrets of webhooks, in whichever process of a test. */
export const webhookBox = (database: Database): Promise<Box> =>
  openWebhookBox(database, openKeyring([Buffer.alloc(keyBytes, 7)]));

export const testKeyring = openKeyring([testKey]);
export const testVault = openVault(testKeyring);
