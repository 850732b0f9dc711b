/** Where lines go: into a file that is there as a whole or not at all, or to whoever reads the program's output. */
import { open, rename, rm } from "node:fs/promises";
import type { Writable } from "node:stream";
import { uuidv7 } from "../../storage/database/database.ts";

export interface Sink {
  /** Resolves when it was taken; false where the reader has gone, and wants no more. */
  write(text: string): Promise<boolean>;
  /** All was written. */
  finish(): Promise<void>;
  /** Nothing is to be left of it. */
  drop(): Promise<void>;
}

/** Written beside the file and given its name at the end, so that nobody takes a part for the whole. Only its owner may read it. */
export async function fileSink(path: string): Promise<Sink> {
  const partial = `${path}.${uuidv7()}.partial`;
  const file = await open(partial, "wx", 0o600);
  return {
    write: async (text) => {
      await file.appendFile(text);
      return true;
    },
    finish: async () => {
      await file.sync();
      await file.close();
      await rename(partial, path);
    },
    drop: async () => {
      await file.close();
      await rm(partial, { force: true });
    },
  };
}

/** A reader that ends early, such as `head`, has what it wanted: that is no failure. */
export function streamSink(stream: Writable): Sink {
  // What a write says to its own callback is said to listeners too, and would end the program without one.
  stream.on("error", () => {});
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error === null || error === undefined) resolve(true);
          else if ("code" in error && error.code === "EPIPE") resolve(false);
          else reject(error);
        });
      }),
    finish: () => Promise.resolve(),
    drop: () => Promise.resolve(),
  };
}
