/** How a server ends. */
import type { Server } from "./routes.ts";
import { sayClosing } from "./server.ts";

/** How long an ending may take, in milliseconds. */
export interface Closing {
  /** After that, what still runs is cut. */
  timeoutMs: number;
  /** How long the server goes on as before after it has said that it is not ready: for a balancer to hear of it. */
  noticeMs?: number;
}

/**
 * Closes a server without cutting anybody off: it says that it is not ready, takes no new connection,
 * finishes what runs, and closes each connection when it falls idle. Answers false where something had to be cut.
 */
export async function closeGracefully(
  server: Server,
  { timeoutMs, noticeMs = 0 }: Closing,
): Promise<boolean> {
  sayClosing(server);
  if (noticeMs > 0) await new Promise((resolve) => setTimeout(resolve, noticeMs));
  let whole = true;
  const cut = setTimeout(() => {
    whole = false;
    server.server.closeAllConnections();
  }, timeoutMs);
  const sweep = setInterval(() => server.server.closeIdleConnections(), 50);
  try {
    await server.close();
  } finally {
    clearTimeout(cut);
    clearInterval(sweep);
  }
  return whole;
}
