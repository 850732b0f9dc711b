/** Makes photos anew in a process of its own, one after another, which is started when it is needed and ended when it is not. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What that process is given, and what it answers: nothing where the bytes are no photo. */
export interface DecodingJob {
  id: number;
  bytes: Uint8Array;
  /** How long what is made may be, in bytes. */
  most: number;
}
export interface DecodedJob {
  id: number;
  made: Uint8Array | undefined;
}

/** What it says first. */
export interface Ready {
  ready: true;
}

export interface Decoder {
  /**
   * The photo in these bytes as a JPEG with nothing but its picture. `refused`: there is none, or it asks for more than a photo may;
   * `busy`: too many wait, or the process does not start. Of several who wait, whoever was served longest ago comes first.
   */
  decode(owner: string, bytes: Uint8Array): Promise<Buffer | "refused" | "busy">;
  close(): void;
}

/** In bytes: what is kept of one photo, with what its seal adds below the bound of the table. */
const mostMade = 500 * 1024;
const waitingMost = 40;
const waitingOfOne = 10;
/** In bytes, of all who wait. */
const waitingBytes = 96 * 1024 * 1024;
const jobMs = 10_000;
const idleMs = 30_000;

/** Whether the first bytes are those of a JPEG, a PNG or a WebP; what is something else is not read at all. */
function looksLikePhoto(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return (
    head.startsWith("\xff\xd8\xff") ||
    head.startsWith("\x89PNG\r\n\x1a\n") ||
    (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP")
  );
}

type Outcome = Buffer | "refused" | "busy";

interface Waiting {
  owner: string;
  bytes: Uint8Array;
  done: (outcome: Outcome) => void;
}

/** Those who wait, and whose turn is next. */
function makeQueue() {
  const waiting: Waiting[] = [];
  /** When each was served last, in the order of turns; forgotten when nobody waits. */
  const served = new Map<string, number>();
  let turn = 0;
  const since = ({ owner }: Waiting) => served.get(owner) ?? 0;
  return {
    /** False where too many wait. */
    add: (one: Waiting): boolean => {
      const ofOne = waiting.filter(({ owner }) => owner === one.owner).length;
      const bytes = waiting.reduce((all, other) => all + other.bytes.length, one.bytes.length);
      if (waiting.length >= waitingMost || ofOne >= waitingOfOne || bytes > waitingBytes) return false;
      waiting.push(one);
      return true;
    },
    take: (): (Waiting & { id: number }) | undefined => {
      const [first] = waiting.toSorted((one, other) => since(one) - since(other));
      if (first === undefined) {
        served.clear();
        return undefined;
      }
      waiting.splice(waiting.indexOf(first), 1);
      turn += 1;
      served.set(first.owner, turn);
      return Object.assign(first, { id: turn });
    },
    empty: (): Waiting[] => waiting.splice(0),
  };
}

/** Starts the process. It is told nothing of this one: neither its environment nor the options that it was started with. */
function startReading(program: string): ChildProcess {
  const started = fork(program, [], {
    env: { MALLOC_ARENA_MAX: "2" },
    execArgv: ["--max-old-space-size=64"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  started.unref();
  started.channel?.unref();
  return started;
}

const jobOf = ({ id, bytes }: Waiting & { id: number }): DecodingJob => ({ id, bytes, most: mostMade });

/** What was read there may have taken that process over, so its answer is looked at as well. */
function outcomeOf({ made }: DecodedJob): Outcome {
  if (made === undefined || made.length > mostMade) return "refused";
  const bytes = Buffer.from(made);
  return isBareJpeg(bytes) ? bytes : "refused";
}

/** `program`: what the process runs; another one in tests. */
export function openDecoder(
  onError: (error: unknown) => void,
  program = fileURLToPath(import.meta.url).replace(/decoder(\.[jt]s)$/, "decoding$1"),
): Decoder {
  const queue = makeQueue();
  let child: ChildProcess | undefined;
  /** Whether it has begun: where it has not, nothing is a photo's fault. */
  let ready = false;
  let running: { job: Waiting & { id: number }; timer: NodeJS.Timeout } | undefined;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  const end = (outcome: Outcome): void => {
    if (running === undefined) return;
    clearTimeout(running.timer);
    const { job } = running;
    running = undefined;
    job.done(outcome);
    next();
  };
  const stop = (): void => {
    child?.kill("SIGKILL");
    child = undefined;
    end(ready ? "refused" : "busy");
  };
  const start = (): ChildProcess => {
    const started = startReading(program);
    ready = false;
    started.on("message", (answer: DecodedJob | Ready) => {
      if (child !== started) return;
      ready = true;
      if (!("ready" in answer) && answer.id === running?.job.id) end(outcomeOf(answer));
    });
    const over = () => {
      if (child !== started) return;
      if (!ready) onError(new Error("The process that reads photos does not start: is `sharp` installed?"));
      stop();
    };
    started.on("exit", over);
    started.on("error", over);
    return started;
  };
  const next = (): void => {
    if (running !== undefined) return;
    clearTimeout(idle);
    const job = queue.take();
    if (job === undefined) {
      if (!closed) idle = setTimeout(stop, idleMs).unref();
      return;
    }
    const asked = (child ??= start());
    running = { job, timer: setTimeout(stop, jobMs) };
    asked.send(jobOf(job), (error) => (error !== null && child === asked ? stop() : undefined));
  };
  return {
    decode: (owner, bytes) => {
      if (!looksLikePhoto(bytes)) return Promise.resolve("refused");
      return new Promise((done) => {
        if (closed || !queue.add({ owner, bytes, done })) done("busy");
        else next();
      });
    },
    close: () => {
      closed = true;
      clearTimeout(idle);
      for (const { done } of queue.empty()) done("busy");
      stop();
    },
  };
}

const startOfScan = 0xda;

/**
 * Whether this is a JPEG that holds a picture and nothing beside it: no text, and of what programs write for themselves only the
 * header of JFIF, up to where the picture begins; and it ends where its picture does.
 */
export function isBareJpeg(bytes: Buffer): boolean {
  if (bytes.length < 100 || bytes.readUInt16BE(0) !== 0xffd8) return false;
  if (bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) return false;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1] ?? 0;
    if (marker === startOfScan) return true;
    const isApplications = marker >= 0xe0 && marker <= 0xef;
    const isJfif = marker === 0xe0 && bytes.toString("latin1", at + 4, at + 9) === "JFIF\0";
    if (marker === 0xfe || (isApplications && !isJfif)) return false;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return false;
}
