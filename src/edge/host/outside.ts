/** A server's database and the servers that it talks to, for commands beside the server itself. */
import { type Database, openDatabase } from "../../storage/database/database.ts";
import type { Peer, PeerClient } from "../signing/signing.ts";
import type { HostOptions } from "./host-options.ts";
import { keySource } from "./keys.ts";
import { openLines } from "./trading-server.ts";

type Place = "url" | "schema" | "role" | "publicUrl" | "personalDataKeys" | "signBy";

export interface Outside extends Pick<HostOptions, Place> {
  institutions: readonly Peer[];
}

/** Works with the database and the institutions from outside of the server. */
export async function fromOutside<T>(
  { url, schema, role, publicUrl, institutions, personalDataKeys, signBy }: Outside,
  work: (lines: { database: Database; client: PeerClient; institutions: readonly Peer[] }) => Promise<T>,
): Promise<T> {
  const database = openDatabase({ url, schema, role });
  try {
    const source = keySource(personalDataKeys, signBy);
    const { client } = await openLines({ database, publicUrl, source, peers: institutions });
    return await work({ database, client, institutions });
  } finally {
    await database.close();
  }
}
