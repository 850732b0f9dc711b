/** The key under which tests seal personal data: a new one for each run, whose files copy one seeded database. */
import { createHash, randomBytes } from "node:crypto";
import { openWebhookBox } from "../../../src/edge/webhooks/webhooks.ts";
import type { Database } from "../../../src/storage/database/database.ts";
import { type Box, keyBytes, openKeyring } from "../../../src/storage/keyring/keyring.ts";
import { openVault } from "../../../src/storage/members/members.ts";

/** The cluster of a run has a drawn password in its address. A file that is run by hand has a cluster, and a key, of its own. */
const ofRun = process.env["KENSHU_TEST_DATABASE"] ?? randomBytes(keyBytes);
export const testKey = createHash("sha256").update(ofRun).digest();
/** What seals the secrets of webhooks, in whichever process of a test. */
export const webhookBox = (database: Database): Promise<Box> =>
  openWebhookBox(database, openKeyring([Buffer.alloc(keyBytes, 7)]));

export const testKeyring = openKeyring([testKey]);
export const testVault = openVault(testKeyring);
