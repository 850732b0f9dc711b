/** Whether money can stay frozen for ever, and if not, for how long: circles and longest ways in what the search has met. */

/** From each state to the next ones; states are numbered from zero, in the order of the search. */
export class Edges {
  readonly starts: number[] = [];
  readonly targets: number[] = [];
  readonly steps: number[] = [];

  private readonly labels: number[] = [];
  private readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** What happens on an edge. */
  labelOf(edge: number): string {
    return this.texts[this.labels[edge] ?? 0] ?? "";
  }

  /** The edges that are added now begin at this state. */
  begin(from: number): void {
    this.starts[from] = this.targets.length;
  }

  add(to: number, steps: number, label: string): void {
    let number = this.numbers.get(label);
    if (number === undefined) {
      number = this.texts.push(label) - 1;
      this.numbers.set(label, number);
    }
    this.labels.push(number);
    this.targets.push(to);
    this.steps.push(steps);
  }
}

export interface Endless {
  /** A state in a circle in which the clock moves and money is frozen. */
  endless: { at: number; circle: number[] } | undefined;
  /** Steps that money can be frozen from the beginning, and the last state of that. */
  longest: number;
  longestEnd: number;
}

/**
 * Tarjan's strongly connected components of the states in which money is held, without recursion. They come in an order in
 * which all that follows a component is known before it, so that the longest time from each is a sum.
 */
export function endlessIn(edges: Edges, held: readonly boolean[]): Endless {
  const count = held.length;
  const walk = new Walk(edges, held);
  const far = new Float64Array(count);
  const next = new Int32Array(count).fill(-1);
  let endless: Endless["endless"];
  for (let root = 0; root < count; root++) {
    if (held[root] !== true) continue;
    for (const component of walk.from(root)) {
      const inside = new Set(component);
      let best = 0;
      let onward = -1;
      for (const at of component)
        for (const edge of walk.edgesOf(at)) {
          const to = edges.targets[edge] ?? 0;
          const steps = edges.steps[edge] ?? 0;
          if (inside.has(to)) {
            if (steps > 0 && held[to] === true && (endless === undefined || at < endless.at))
              endless = { at, circle: [edge, ...walk.wayBack(to, at, inside)] };
            continue;
          }
          const length = steps + (held[to] === true ? (far[to] ?? 0) : 0);
          if (length > best) {
            best = length;
            onward = to;
          }
        }
      for (const at of component) {
        far[at] = best;
        next[at] = onward;
      }
    }
  }
  let last = 0;
  while ((next[last] ?? -1) >= 0) last = next[last] ?? 0;
  return { endless, longest: far[0] ?? 0, longestEnd: last };
}

class Walk {
  private readonly order: Int32Array;
  private readonly low: Int32Array;
  private readonly onStack: Uint8Array;
  private readonly stack: number[] = [];
  private counter = 0;
  private readonly edges: Edges;
  private readonly held: readonly boolean[];

  constructor(edges: Edges, held: readonly boolean[]) {
    this.edges = edges;
    this.held = held;
    this.order = new Int32Array(held.length).fill(-1);
    this.low = new Int32Array(held.length);
    this.onStack = new Uint8Array(held.length);
  }

  *edgesOf(at: number): Generator<number> {
    const { starts, targets } = this.edges;
    const start = starts[at];
    if (start === undefined) return;
    const end = starts[at + 1] ?? targets.length;
    for (let edge = start; edge < end; edge++) yield edge;
  }

  /** The edges of a shortest way from one state to another inside a component. */
  wayBack(from: number, to: number, inside: ReadonlySet<number>): number[] {
    const came = new Map<number, { edge: number; before: number } | undefined>([[from, undefined]]);
    for (const at of came.keys()) {
      if (at === to) break;
      for (const edge of this.edgesOf(at)) {
        const next = this.edges.targets[edge] ?? 0;
        if (inside.has(next) && !came.has(next)) came.set(next, { edge, before: at });
      }
    }
    const way: number[] = [];
    for (let step = came.get(to); step !== undefined; step = came.get(step.before)) way.push(step.edge);
    return way.reverse();
  }

  /** The components that are met first from a state. */
  *from(root: number): Generator<number[]> {
    if (this.order[root] !== -1) return;
    const path: { at: number; edges: Generator<number> }[] = [this.enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.edges.next();
      if (step.done !== true) {
        const to = this.edges.targets[step.value] ?? 0;
        if (this.held[to] !== true) continue;
        if (this.order[to] === -1) path.push(this.enter(to));
        else if (this.onStack[to] === 1) this.lower(top.at, this.order[to] ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) this.lower(above.at, this.low[top.at] ?? 0);
      if (this.low[top.at] === this.order[top.at]) yield this.take(top.at);
    }
  }

  private enter(at: number): { at: number; edges: Generator<number> } {
    this.order[at] = this.counter;
    this.low[at] = this.counter++;
    this.stack.push(at);
    this.onStack[at] = 1;
    return { at, edges: this.edgesOf(at) };
  }

  private lower(at: number, to: number): void {
    if ((this.low[at] ?? 0) > to) this.low[at] = to;
  }

  private take(root: number): number[] {
    const component: number[] = [];
    for (let at = this.stack.pop(); at !== undefined; at = this.stack.pop()) {
      this.onStack[at] = 0;
      component.push(at);
      if (at === root) break;
    }
    return component;
  }
}
