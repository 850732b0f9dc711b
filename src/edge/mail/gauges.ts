/** How the queue of mails stands, for /metrics. */
import { countMails } from "../../engines/outbox/outbox.ts";
import type { Gauges } from "../http/http.ts";
import type { Database } from "../../storage/database/database.ts";

/** Counted in the database, so that every process of a server says the same. */
export function mailGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_mails_waiting: "Mails that are queued and that no mail server has taken yet.",
      kenshu_mails_behind_seconds: "For how long the mail that is due the longest has been due.",
      kenshu_mails_failed_last_day:
        "Mails of the last day that were given up: their readers were not told by mail.",
    },
    read: async () => {
      const { waiting, behind, failed } = await countMails(database);
      return {
        kenshu_mails_waiting: waiting,
        kenshu_mails_behind_seconds: behind,
        kenshu_mails_failed_last_day: failed,
      };
    },
  };
}
