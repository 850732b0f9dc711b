/** Seconds from the failure of each attempt to the next: ten attempts within about three days and a half. */
const pauses = [30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** How long to wait after an attempt, the first being 1, before the next; null where there is none. */
export function pauseAfter(attempt: number): number | null {
  return pauses[attempt - 1] ?? null;
}
