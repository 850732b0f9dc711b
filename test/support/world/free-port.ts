/**
 * A port that nobody listens on, below those that the system gives to outgoing connections, which come and go. It is
 * listened on later, so each process looks in a place of its own: two files that start at once never choose the same.
 */
import { createServer } from "node:net";

const lowest = 15_000;
const count = 15_000;
const each = 50;

let turn = process.pid * each;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + (turn % count);
    turn += 1;
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
