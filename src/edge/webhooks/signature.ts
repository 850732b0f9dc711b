/** Signing after Standard Webhooks 1.0.0: HMAC-SHA256 over id, time and body, one signature for each secret. */
import { createHmac } from "node:crypto";
import { type Database, randomToken } from "../../storage/database/database.ts";
import { type Box, type Keyring, openBox } from "../../storage/keyring/keyring.ts";
import { sealClearSecrets } from "../../engines/outbox/outbox.ts";

const secretBytes = 32;
const secretPrefix = "whsec_";

export function makeSecret(): Buffer {
  return Buffer.from(randomToken(secretBytes), "base64url");
}

/** Seals and opens the secrets of endpoints, each in the place of its endpoint's id. Those still in clear are sealed now. */
export async function openWebhookBox(database: Database, keyring: Keyring): Promise<Box> {
  const box = await openBox(database, keyring, "secrets of webhooks");
  await database.transaction((client) => sealClearSecrets(client, box.seal));
  return box;
}

/** A secret as its owner is given it. */
export function secretText(secret: Buffer): string {
  return secretPrefix + secret.toString("base64");
}

/** The headers that let a receiver know a message: the same id at every attempt, a new time and signature. */
export function signedHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: readonly Buffer[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
    return `v1,${mac}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
