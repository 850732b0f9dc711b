/** Counts of durations in buckets that grow with the duration: at most three parts in a hundred wide. */
export interface Histogram {
  /** Notes one duration, in microseconds. */
  note(microseconds: number): void;
  count(): number;
  /** The duration, in microseconds, that this part (0 to 1) of all has not exceeded; 0 where there are none. */
  percentile(part: number): number;
}

const perDoubling = 32;
const doublings = 32;

export function makeHistogram(): Histogram {
  const counts = new Uint32Array(perDoubling * doublings);
  let all = 0;
  return {
    note: (microseconds) => {
      const place = Math.min(
        Math.floor(Math.log2(Math.max(microseconds, 1)) * perDoubling),
        counts.length - 1,
      );
      counts[place] = (counts[place] ?? 0) + 1;
      all += 1;
    },
    count: () => all,
    percentile: (part) => {
      let left = Math.ceil(part * all);
      for (const [place, count] of counts.entries()) {
        left -= count;
        if (count > 0 && left <= 0) return 2 ** ((place + 1) / perDoubling);
      }
      return 0;
    },
  };
}
