import { collectDefaultMetrics, Registry } from "prom-client";

/** Upper bounds of the buckets of durations, in seconds. */
export const durationBounds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;
const classes = ["gone", "1xx", "2xx", "3xx", "4xx", "5xx"] as const;

/**
 * Counts of one route. They are plain numbers, because prom-client hashes its labels at every
 * observation, which costs more than the rest of the bookkeeping of a request together.
 */
export class RouteMetrics {
  readonly labels: string;
  readonly answers = new Float64Array(classes.length);
  readonly buckets = new Float64Array(durationBounds.length + 1);
  seconds = 0;

  constructor(method: string, route: string) {
    this.labels = `method="${method}",route="${route.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  }

  /** Counts one answer; status 0 means that the client left before the answer. */
  note(status: number, seconds: number): void {
    const group = Math.floor(status / 100);
    this.answers[group] = (this.answers[group] ?? 0) + 1;
    let index = 0;
    while (index < durationBounds.length && seconds > (durationBounds[index] ?? 0)) index += 1;
    this.buckets[index] = (this.buckets[index] ?? 0) + 1;
    this.seconds += seconds;
  }
}

/**
 * What a server counts elsewhere than in its routes: each name with its sentence, and all their values at once, each under
 * its name with its labels. A name that ends in `_total` only grows, while the process lives; the others are gauges.
 */
export interface Gauges {
  help: Readonly<Record<string, string>>;
  read: () => Promise<Readonly<Record<string, number>>> | Readonly<Record<string, number>>;
}

/** The counts of a server, and the page that Prometheus reads. */
export class Metrics {
  inFlight = 0;
  readonly registry = new Registry();
  readonly #routes: RouteMetrics[] = [];
  readonly #gauges: Gauges[] = [];
  readonly #problems = new Map<string, number>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  route(method: string, route: string): RouteMetrics {
    const counts = new RouteMetrics(method, route);
    this.#routes.push(counts);
    return counts;
  }

  /** Tells more, beside the counts of requests. */
  add(gauges: Gauges): void {
    this.#gauges.push(gauges);
  }

  /** Counts a refusal by its code. */
  refused(code: string): void {
    this.#problems.set(code, (this.#problems.get(code) ?? 0) + 1);
  }

  /** How many requests took how long, by the bounds above and beyond the last, since the process began; streams are no answers. */
  durations(): number[] {
    const answered = this.#routes.filter(({ labels }) => !labels.endsWith('/live"'));
    return [...durationBounds, Infinity].map((_, index) =>
      answered.reduce((sum, { buckets }) => sum + (buckets[index] ?? 0), 0),
    );
  }

  /** What the server counts elsewhere than in its routes, and its process, by name with labels; what cannot be read is left out. */
  async values(): Promise<Readonly<Record<string, number>>> {
    const read = await Promise.all(this.#gauges.map(valuesOf));
    const own = (await this.registry.getMetricsAsJSON()).flatMap(({ name, values }) => {
      const [only] = values;
      return values.length === 1 && only !== undefined ? [[name, only.value] as const] : [];
    });
    return Object.assign({}, Object.fromEntries(own), ...read);
  }

  /** Everything in Prometheus' text form 0.0.4. */
  async page(): Promise<string> {
    const lines = [
      "# HELP http_requests_in_flight Requests that have arrived and are not answered yet.",
      "# TYPE http_requests_in_flight gauge",
      `http_requests_in_flight ${this.inFlight}`,
      "# HELP http_requests_total Requests answered, by route and class of status; gone is a client that left.",
      "# TYPE http_requests_total counter",
    ];
    const used = this.#routes.filter((route) => route.answers.some((count) => count > 0));
    for (const route of used) {
      for (const [index, count] of route.answers.entries()) {
        if (count > 0) lines.push(`http_requests_total{${route.labels},status="${classes[index]}"} ${count}`);
      }
    }
    lines.push(
      "# HELP http_request_duration_seconds Time from the headers of a request to the end of its answer.",
      "# TYPE http_request_duration_seconds histogram",
    );
    for (const route of used) lines.push(...histogram(route));
    if (this.#problems.size > 0)
      lines.push(
        "# HELP http_problems_total Requests refused, by the code of the problem.",
        "# TYPE http_problems_total counter",
        ...[...this.#problems].map(([code, count]) => `http_problems_total{code="${code}"} ${count}`),
      );
    for (const gauges of this.#gauges) lines.push(...(await readings(gauges)));
    return `${lines.join("\n")}\n${await this.registry.metrics()}`;
  }
}

/** Gauges that cannot be read are left out: the rest of the page is needed most when something is broken. */
function valuesOf({ read }: Gauges): Promise<Readonly<Record<string, number>>> {
  return Promise.resolve()
    .then(read)
    .catch((): Record<string, number> => ({}));
}

async function readings(gauges: Gauges): Promise<string[]> {
  const { help } = gauges;
  const values = await valuesOf(gauges);
  const said = new Set<string>();
  return Object.entries(values).flatMap(([sample, value]) => {
    const [name = sample] = sample.split("{");
    const head = [
      `# HELP ${name} ${help[name] ?? ""}`,
      `# TYPE ${name} ${name.endsWith("_total") ? "counter" : "gauge"}`,
    ];
    const lines = [...(said.has(name) ? [] : head), `${sample} ${value}`];
    said.add(name);
    return lines;
  });
}

function histogram(route: RouteMetrics): string[] {
  const lines: string[] = [];
  let sum = 0;
  for (const [index, count] of route.buckets.entries()) {
    sum += count;
    const bound = durationBounds[index] ?? "+Inf";
    lines.push(`http_request_duration_seconds_bucket{${route.labels},le="${bound}"} ${sum}`);
  }
  lines.push(
    `http_request_duration_seconds_sum{${route.labels}} ${route.seconds}`,
    `http_request_duration_seconds_count{${route.labels}} ${sum}`,
  );
  return lines;
}
