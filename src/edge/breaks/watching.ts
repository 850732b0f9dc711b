/** A server compares its books with others' by itself: soon after the start, and once a day. */
import { metricsOf, type Gauges, type Server } from "../http/http.ts";

/** What a comparison came to. */
export interface Compared {
  compared: number;
  breaks: readonly object[];
  /** Of these nothing is known. */
  unreachable: readonly object[];
}

const day = 86_400_000;
/** Long enough for what waited for this process to have been sent. */
const firstMs = 10 * 60_000;

/** When this process compared last, and what came of it; nothing before the first time. */
interface Last {
  result?: { at: number; compared: number; breaks: number; unreachable: number };
}

function gaugesOf(last: Last): Gauges {
  return {
    help: {
      kenshu_reconciliation_age_seconds: "Since when this process compared with institutions.",
      kenshu_reconciliation_compared: "What was compared then: reservations, or what is collected.",
      kenshu_reconciliation_breaks: "Differences that were found then.",
      kenshu_reconciliation_unreachable: "Institutions that could not be asked then.",
    },
    read: (): Record<string, number> => {
      if (last.result === undefined) return {};
      const { at, compared, breaks, unreachable } = last.result;
      return {
        kenshu_reconciliation_age_seconds: (performance.now() - at) / 1000,
        kenshu_reconciliation_compared: compared,
        kenshu_reconciliation_breaks: breaks,
        kenshu_reconciliation_unreachable: unreachable,
      };
    },
  };
}

/** Begins to do so. Each break is an error in the log, too. */
export function watchBooks(
  server: Server,
  compare: () => Promise<Compared>,
  onError: (error: unknown) => void,
): { stop(): void } {
  const { log } = server;
  const last: Last = {};
  const once = async (): Promise<void> => {
    try {
      const { compared, breaks, unreachable } = await compare();
      for (const found of breaks)
        log.error({ break: found }, "the books of another server differ from these");
      const sums = { compared, breaks: breaks.length, unreachable: unreachable.length };
      last.result = { at: performance.now(), ...sums };
      log.info({ compared, breaks: breaks.length, unreachable }, "reconciled");
    } catch (error) {
      onError(error);
    }
  };
  const soon = setTimeout(() => void once(), firstMs);
  const daily = setInterval(() => void once(), day);
  metricsOf(server).add(gaugesOf(last));
  return {
    stop: () => {
      clearTimeout(soon);
      clearInterval(daily);
    },
  };
}
