/** A process that does nothing but deliver webhooks, for tests that kill it. */
import { openDatabase } from "../../../src/storage/database/database.ts";
import { createWebhooks } from "../../../src/edge/webhooks/webhooks.ts";
import { webhookBox } from "./vault.ts";

const [url = "", schema = "", place = ""] = process.argv.slice(2);
const database = openDatabase({ url, schema, keyed: true });
createWebhooks({
  database,
  box: await webhookBox(database),
  mayReach: [place],
  loopback: false,
  onError: () => {},
  pollEveryMs: 10,
  // Longer than the receiver ever takes, and short enough to wait for.
  leaseMs: 1000,
});
process.once("disconnect", () => process.exit());
process.send?.("ready");
