/**
 * Ports that nobody listens on, below those that the system gives to outgoing connections, which come and go. They are
 * listened on later, so each process looks in a place of its own: two files that start at once never choose the same.
 */
import { createServer } from "node:net";

const lowest = 15_000;
const count = 15_000;
const each = 50;
/** Where a demo listens, from its base on. */
const ofDemo = [10, 20, 30, 40];

let turn = process.pid * each;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + (turn % count);
    turn += 1;
    if (await isFree(port)) return port;
  }
}

/** A base of which the ports that a demo uses are free. */
export async function freeBase(): Promise<number> {
  for (;;) {
    const base = lowest + (turn % count);
    turn += each;
    const free = await Promise.all(ofDemo.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const server = createServer();
    server.once("error", () => found(false));
    server.listen(port, "127.0.0.1", () => server.close(() => found(true)));
  });
}
