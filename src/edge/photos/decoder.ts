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

export interface Decoder {
  /**
   * The photo in these bytes as a JPEG with nothing but its picture. `refused`: there is none, or it asks for more than a photo may;
   * `busy`: too many wait. Of several who wait, whoever was served longest ago comes first.
   */
  decode(owner: string, bytes: Uint8Array): Promise<Buffer | "refused" | "busy">;
  close(): void;
}

/** In bytes: what is kept of one photo, with what its seal adds below the bound of the table. */
const mostMade = 500 * 1024;
const waitingMost = 40;
const waitingOfOne = 10;
const jobMs = 10_000;
const idleMs = 30_000;

/** Whether the first bytes are those of a JPEG, a PNG or a WebP; what is something else is not read at all. */
export function looksLikePhoto(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return (
    head.startsWith("\xff\xd8\xff") ||
    head.startsWith("\x89PNG\r\n\x1a\n") ||
    (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP")
  );
}

interface Waiting {
  owner: string;
  bytes: Uint8Array;
  done: (outcome: Buffer | "refused" | "busy") => void;
}

/** `program`: what the process runs; another one in tests. */
export function openDecoder(
  program = fileURLToPath(import.meta.url).replace(/decoder(\.[jt]s)$/, "decoding$1"),
): Decoder {
  const waiting: Waiting[] = [];
  /** When each was served last, in the order of turns. */
  const served = new Map<string, number>();
  let turn = 0;
  let child: ChildProcess | undefined;
  let running: { id: number; job: Waiting; timer: NodeJS.Timeout } | undefined;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  const end = (outcome: Buffer | "refused" | "busy"): void => {
    if (running === undefined) return;
    clearTimeout(running.timer);
    const { job } = running;
    running = undefined;
    job.done(outcome);
    next();
  };
  const start = (): ChildProcess => {
    // It is told nothing of this process: neither its environment nor the options that it was started with.
    const started = fork(program, [], {
      env: { MALLOC_ARENA_MAX: "2" },
      execArgv: ["--max-old-space-size=64"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    started.unref();
    started.channel?.unref();
    started.on("message", (answer: DecodedJob) => {
      if (running === undefined || answer.id !== running.id) return;
      const made = answer.made === undefined ? undefined : Buffer.from(answer.made);
      // What was read there may have taken that process over, so its answer is looked at as well.
      const good = made !== undefined && made.length <= mostMade && isBareJpeg(made);
      end(good ? made : "refused");
    });
    const over = () => {
      if (child !== started) return;
      child = undefined;
      end("refused");
    };
    started.on("exit", over);
    started.on("error", over);
    return started;
  };
  const next = (): void => {
    if (running !== undefined) return;
    clearTimeout(idle);
    const [first] = waiting.toSorted(
      (one, other) => (served.get(one.owner) ?? 0) - (served.get(other.owner) ?? 0),
    );
    if (first === undefined) {
      served.clear();
      idle = setTimeout(() => stop(), idleMs).unref();
      return;
    }
    waiting.splice(waiting.indexOf(first), 1);
    turn += 1;
    served.set(first.owner, turn);
    child ??= start();
    const timer = setTimeout(() => stop(), jobMs);
    running = { id: turn, job: first, timer };
    child.send({ id: turn, bytes: first.bytes, most: mostMade } satisfies DecodingJob, (error) => {
      if (error !== null) stop();
    });
  };
  const stop = (): void => {
    child?.kill("SIGKILL");
    child = undefined;
    end("refused");
  };
  return {
    decode: (owner, bytes) => {
      if (!looksLikePhoto(bytes)) return Promise.resolve("refused");
      const ofOne = waiting.filter((each) => each.owner === owner).length;
      if (closed || waiting.length >= waitingMost || ofOne >= waitingOfOne) return Promise.resolve("busy");
      return new Promise((done) => {
        waiting.push({ owner, bytes, done });
        next();
      });
    },
    close: () => {
      closed = true;
      for (const { done } of waiting.splice(0)) done("busy");
      clearTimeout(idle);
      stop();
      clearTimeout(idle);
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
