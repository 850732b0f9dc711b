/** The log of a server: its keys, who orders what was committed into it, and the servers that witness each other's. */
import {
  createSealer,
  makeLogSigner,
  originOf,
  type Sealer,
  verifierKey,
  witnessName,
} from "../../engines/sealer/sealer.ts";
import type { Database } from "../../storage/database/database.ts";
import type { Keyring } from "../../storage/keyring/keyring.ts";
import type { Context } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { openNoteKey, type Peers } from "../signing/signing.ts";
import {
  createWitnesses,
  registerLogRoutes,
  registerWitnessRoutes,
  type Witnesses,
} from "../witness/witness.ts";

interface LogOptions {
  database: Database;
  keyring: Keyring;
  peers: Peers;
  onError: (error: unknown) => void;
}

/** How often what was committed is put into the log, and how often it is shown to witnesses, in milliseconds. */
const sealEveryMs = 1000;
const showEveryMs = 3000;

/** Registers what belongs to the log. */
export async function openLog(
  { database, keyring, peers, onError }: LogOptions,
  publicUrl: string,
  server: Server,
  context: Context,
): Promise<{ sealer: Sealer; witnesses: Witnesses }> {
  const signer = makeLogSigner(publicUrl, await openNoteKey(database, keyring, "log"));
  const key = await openNoteKey(database, keyring, "witness");
  const named = (epoch: number): string => originOf(publicUrl, epoch);
  const witnessKey = verifierKey({ name: witnessName(publicUrl), key, kind: "witness" });
  registerLogRoutes(server, { ...context, signer, originOf: named, witnessKey });
  registerWitnessRoutes(server, { database, peers, publicUrl, key });
  return {
    sealer: createSealer({ database, signer, everyMs: sealEveryMs, onError }),
    witnesses: createWitnesses({ database, peers, signer, originOf: named, everyMs: showEveryMs, onError }),
  };
}
