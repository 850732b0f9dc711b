/** A server made for one test, and bytes sent to it as they are. */
import { connect, type Socket } from "node:net";
import { makeLog, makeServer, type Server, type ServerOptions } from "../../../src/edge/http/http.ts";

/** A server for tests on a free port, with a log that is kept. */
export interface Listening {
  server: Server;
  url: string;
  port: number;
  lines: string[];
}

/** Makes a server, lets the caller declare routes, and listens. */
export async function listening(
  declare: (server: Server) => void,
  options: Partial<ServerOptions> = {},
): Promise<Listening> {
  const lines: string[] = [];
  const server = await makeServer({
    name: "tested",
    version: "0.0.0",
    access: { shop: "A shop", member: "The member" },
    log: makeLog("tested", "debug", { write: (line) => void lines.push(line) }),
    ready: async () => true,
    secureCookies: false,
    ...options,
  });
  declare(server);
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  return { server, url, port: Number(new URL(url).port), lines };
}

/** Opens a connection and keeps what comes back. */
export async function raw(
  port: number,
): Promise<{ socket: Socket; heard: () => string; closed: Promise<void> }> {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  socket.setEncoding("latin1");
  socket.on("data", (part: string) => {
    heard += part;
  });
  // A server that has refused may close before it has read all; that is no failure of the test.
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  return { socket, heard: () => heard, closed };
}

/** Sends bytes as they are and answers all that came back until the server closed the connection. */
export async function exchange(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  const { socket, heard, closed } = await raw(port);
  for (const part of parts) socket.write(part);
  await closed;
  return heard();
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
