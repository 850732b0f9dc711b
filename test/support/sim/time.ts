/** Virtual time: what happens is put in a queue, and the next of it happens at once. Nothing waits for a real clock. */
import type { Chance } from "./chance.ts";

interface Due {
  at: number;
  order: number;
  run: () => void;
}

export class Time {
  /** Milliseconds since the beginning. */
  now = 0;
  /** How many things have happened. */
  steps = 0;
  readonly chance: Chance;
  private readonly heap: Due[] = [];
  private order = 0;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  /** Lets something happen after so many milliseconds. */
  after(milliseconds: number, run: () => void): void {
    const due = { at: this.now + milliseconds, order: (this.order += 1), run };
    const { heap } = this;
    let place = heap.length;
    heap.push(due);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Due;
      if (!isBefore(due, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = due;
  }

  /** Lets everything happen that is due until then. */
  runUntil(end: number): void {
    for (let next = this.heap[0]; next !== undefined && next.at <= end; next = this.heap[0]) {
      this.takeFirst();
      this.now = next.at;
      this.steps += 1;
      next.run();
    }
    this.now = end;
  }

  private takeFirst(): void {
    const { heap } = this;
    const last = heap.pop() as Due;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Due, heap[below] as Due)) below += 1;
      if (!isBefore(heap[below] as Due, last)) break;
      heap[place] = heap[below] as Due;
      place = below;
    }
    heap[place] = last;
  }
}

const isBefore = (left: Due, right: Due): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);
