/** The process that makes load: it takes one job after the other from the process that measures. */
import { createHistogram } from "node:perf_hooks";
import { type Line, openLine } from "./connection.ts";
import { batchSteps, collectedSteps, singleSteps, type Step, type Tally } from "./load-steps.ts";
import type { Job, Loaded } from "./loader.ts";

function stepsOf(job: Job, tally: Tally): Step {
  if (job.counter !== undefined) return collectedSteps(job, job.counter, tally);
  return job.batch === 0 ? singleSteps(job, tally) : batchSteps(job, tally);
}

async function work(job: Job): Promise<Loaded> {
  const latencies = createHistogram();
  const tally: Tally = {
    measuring: false,
    stopping: false,
    trades: 0,
    failed: {},
    firstFailure: "",
    latencies,
  };
  const step = stepsOf(job, tally);
  const lines = await Promise.all(
    Array.from({ length: job.connections }, () => openLine(job.host, job.port)),
  );
  const ended = Promise.all(lines.map((line) => untilStopped(tally, line, step)));
  await pause(job.warmUp * 1000);
  process.send?.({ now: "measuring" });
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  tally.measuring = true;
  await pause(job.seconds * 1000);
  tally.measuring = false;
  const seconds = (performance.now() - began) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  process.send?.({ now: "measured" });
  tally.stopping = true;
  await ended;
  for (const line of lines) line.close();
  return {
    trades: tally.trades,
    seconds,
    requests: latencies.count,
    p50: latencies.percentile(50) / 1000,
    p99: latencies.percentile(99) / 1000,
    failed: tally.failed,
    firstFailure: tally.firstFailure,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
}

/** One step after the other; what has begun when the time is over is brought to its end. */
function untilStopped(tally: Tally, line: Line, step: Step): Promise<void> {
  return new Promise((ended) => {
    const next = () => (tally.stopping || tally.failed["0"] !== undefined ? ended() : step(line, next));
    next();
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((over) => {
    setTimeout(over, milliseconds);
  });
}

process.on("message", (job: Job) => {
  work(job).then(
    (loaded) => process.send?.({ loaded }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
