/** Holds the servers at which this shop sells to what they have said: each log is asked, now and then, whether it only grew. */
import { followLog } from "@kenshu/sdk";
import { keepBreak, keepLog, type KeptLog, readKeptLogs } from "./logs-store.ts";
import type { OrderContext, Till } from "./tills.ts";

/** Asks every till once. What could not be asked is asked the next time. */
export async function followLogs(shop: OrderContext): Promise<void> {
  const kept = new Map((await readKeptLogs(shop.database)).map((log) => [log.till, log]));
  for (const till of shop.tills) await follow(shop, till, kept.get(till.id));
}

async function follow(
  { database, log }: OrderContext,
  till: Till,
  known: KeptLog | undefined,
): Promise<void> {
  const answer = await till.patient.log();
  if (answer.outcome !== "done") return;
  // A key in the configuration counts more than the one that was seen first: it may be that of a new epoch.
  const keys = till.logKeys.length > 0 ? till.logKeys : [known?.key ?? answer.state.key];
  const same = known !== undefined && keys.includes(known.key) ? known : undefined;
  const verdict = await followLog({
    client: till.patient,
    keys: { log: keys },
    kept: same?.note,
    seen: answer.state.note,
  });
  if (verdict.verified) {
    const { origin, note } = verdict.checkpoint;
    await keepLog(database, till.id, keys.find((key) => key.startsWith(`${origin}+`)) ?? "", note);
    return;
  }
  if (verdict.reason === "no answer") return;
  log.error({ till: till.id, reason: verdict.reason }, "the log of a server is not what it was");
  await keepBreak(database, till.id, `${verdict.reason}: ${verdict.detail}`, answer.state.note);
}
