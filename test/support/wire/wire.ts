/** Bytes on a connection, for requests that no HTTP client would send. */
import { createConnection } from "node:net";

export interface Exchange {
  /** The status of the first answer; 0 where the connection was closed without one. */
  status: number;
  text: string;
}

/** Sends bytes, and answers what came back until the other side closed or `enough` says that it has come. */
export async function exchange(
  url: string,
  bytes: readonly (string | Uint8Array)[],
  enough: (text: string) => boolean = isWhole,
): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = createConnection(Number(port), hostname);
    let text = "";
    const end = (): void => {
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.[01] ([0-9]{3})/.exec(text)?.[1] ?? 0), text });
    };
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => {
      text += part;
      if (enough(text)) end();
    });
    // A server that refuses early closes while we still write; what it has said has arrived before.
    socket.on("error", end).on("close", end);
    socket.setTimeout(30_000, end);
    socket.on("connect", () => {
      for (const each of bytes) socket.write(each);
    });
  });
}

function isWhole(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return false;
  const length = /\r\ncontent-length: *([0-9]+)/i.exec(text.slice(0, head))?.[1];
  return length !== undefined && text.length >= head + 4 + Number(length);
}
