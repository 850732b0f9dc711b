/** Numbers that look random and can be had again: a test that fails names the seed with which it fails. */
export interface Chance {
  readonly seed: number;
  /** From `least` to `most`, both included. */
  int(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** True so often in a hundred. */
  percent(often: number): boolean;
  shuffled<T>(list: readonly T[]): T[];
}

/** The seed in KENSHU_TEST_SEED, or a new one. */
export function newSeed(): number {
  const given = Number(process.env["KENSHU_TEST_SEED"]);
  return Number.isInteger(given) && given > 0 ? given : Math.floor(Math.random() * 2 ** 31) + 1;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  // Mulberry32 (Tommy Ettinger, 2017): small, and good enough to choose by.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    seed,
    int,
    percent: (often) => next() * 100 < often,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new RangeError("There is nothing to pick from.");
      return list[int(0, list.length - 1)] as T;
    },
    shuffled: (list) => {
      const mixed = [...list];
      for (let at = mixed.length - 1; at > 0; at -= 1) {
        const other = int(0, at);
        [mixed[at], mixed[other]] = [mixed[other] as never, mixed[at] as never];
      }
      return mixed;
    },
  };
}
