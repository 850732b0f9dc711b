/** What the keys of the configuration protect in the database of a trading server. */
import type { Client, Database } from "../../storage/database/database.ts";
import { checkSecrets, type Keyring, openKeyring, rewrapSecrets } from "../../storage/keyring/keyring.ts";
import type { KeySource } from "../signing/signing.ts";
import { checkVault, openVault, rewrapKeys } from "../../storage/members/members.ts";

/** Where the keys are by which a server signs: in its own database unless it is told otherwise. */
export function keySource(personalDataKeys: readonly Buffer[], signBy: KeySource | undefined): KeySource {
  return signBy ?? { kind: "kept", keyring: openKeyring(personalDataKeys) };
}

/** Throws where the database holds what these keys cannot open. */
export async function checkKeys(client: Client, keyring: Keyring): Promise<void> {
  await checkSecrets(client, keyring);
  await checkVault(client, openVault(keyring));
}

/**
 * Wraps by the current key whatever a former one has wrapped, beside running servers that know both. It may be broken off
 * and begun anew. Answers how many keys of people, and how many secrets of the server, it has wrapped.
 */
export async function rewrapAll(
  database: Database,
  keyring: Keyring,
): Promise<{ people: number; secrets: number }> {
  const secrets = await rewrapSecrets(database, keyring);
  return { secrets, people: await rewrapKeys(database, openVault(keyring)) };
}
