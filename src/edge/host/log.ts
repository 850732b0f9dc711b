/** The log of a server: the keys by which it is signed, and who orders what was committed into it. */
import { createSealer, originOf, type Sealer, signCheckpoint } from "../../engines/sealer/sealer.ts";
import type { Database } from "../../storage/database/database.ts";
import { readBacklog } from "../../storage/seals/seals.ts";
import type { Gauges } from "../http/http.ts";
import { openNoteKey } from "../signing/signing.ts";

interface LogOptions {
  database: Database;
  onError: (error: unknown) => void;
}

/** How often what was committed is put into the log, in milliseconds. */
const sealEveryMs = 1000;

export async function openLog({ database, onError }: LogOptions, publicUrl: string): Promise<Sealer> {
  const key = await openNoteKey(database, "log");
  return createSealer({
    database,
    sign: (epoch, size, root) =>
      signCheckpoint({ name: originOf(publicUrl, epoch), key, kind: "log" }, size, root),
    everyMs: sealEveryMs,
    onError,
  });
}

export function logGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_log_waiting: "Committed batches that are not in the log yet.",
      kenshu_log_behind_seconds: "For how long the oldest of them has waited.",
    },
    read: async () => {
      const { waiting, seconds } = await readBacklog(database);
      return { kenshu_log_waiting: waiting, kenshu_log_behind_seconds: seconds };
    },
  };
}
