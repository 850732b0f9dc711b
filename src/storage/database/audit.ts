import type { Client, Database } from "./client.ts";
import { sql } from "./sql.ts";

/** A recorded value that differs from the computed one. */
export interface Finding {
  id: string;
  field: string;
  recorded: string | null;
  computed: string | null;
}

/** A finding with the kind of thing that it is about. */
export interface Difference<What extends string = string> extends Finding {
  what: What;
}

export interface Audit<What extends string = string> {
  /** Empty where everything agrees. */
  differences: Difference<What>[];
  /** True where there are more differences of a kind than were asked for. */
  more: boolean;
  counts: Record<string, bigint>;
}

export interface AuditProgress {
  stage: string;
  done: number;
  total: number;
}

export interface AuditOptions {
  /** Is given the progress: rows done of all rows of a stage. The audit waits for it. */
  onProgress?: (progress: AuditProgress) => void | Promise<void>;
  /** How many differences of a kind are named; 1,000 if not given. */
  differencesMax?: number;
}

/** One thing that an audit proves. */
export interface AuditStage<What extends string = string> {
  stage: string;
  what: What;
  /** Rows that will be looked at. */
  total: bigint;
  /** Answers up to `limit` findings. A stage that takes long reports how many rows are done. */
  check: (client: Client, limit: number, report: (done: number) => Promise<void>) => Promise<Finding[]>;
}

/**
 * Proves one stage after another on one snapshot while the servers run, and writes nothing. `count` counts the rows, for
 * the answer and for the stages.
 */
export function auditStages<Counts extends Record<string, bigint>, What extends string>(
  database: Database,
  options: AuditOptions,
  count: (client: Client) => Promise<Counts>,
  stagesOf: (counts: Counts) => readonly AuditStage<What>[],
): Promise<Audit<What>> {
  const { onProgress, differencesMax: max = 1000 } = options;
  return snapshot(database, async (client) => {
    const counts = await count(client);
    const differences: Difference<What>[] = [];
    let more = false;
    for (const { stage, what, total: rows, check } of stagesOf(counts)) {
      const total = Number(rows);
      let last: number | undefined;
      const report = async (done: number) => {
        if (done !== last) await onProgress?.({ stage, done, total });
        last = done;
      };
      await report(0);
      const findings = await check(client, max + 1, report);
      for (const finding of findings.slice(0, max)) differences.push({ what, ...finding });
      more ||= findings.length > max;
      await report(total);
    }
    return { differences, more, counts };
  });
}

/**
 * Runs `work` on one unchanging view of the whole database, however long it takes: writers are not kept
 * waiting by it and cannot be seen by it.
 */
export function snapshot<T>(database: Database, work: (client: Client) => Promise<T>): Promise<T> {
  return database.transaction(async (client) => {
    await client.execute(sql`set transaction isolation level repeatable read, read only`);
    await client.execute(sql`set local statement_timeout = 0`);
    await client.execute(sql`set local idle_in_transaction_session_timeout = 0`);
    // A server's pool may forbid whole scans; here they are what is wanted, and so is memory for sums.
    await client.execute(sql`set local enable_seqscan = on`);
    await client.execute(sql`set local work_mem = '64MB'`);
    return work(client);
  });
}
