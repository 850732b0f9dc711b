/** The line between a device and a server, which a test can take down, or break at the worst moment. */
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

export interface Line {
  url: string;
  down(): void;
  up(): void;
  /** Breaks the next connection that sends these bytes when the server has answered, before the answer arrives. */
  cut(bytes: string): Promise<void>;
  end(): Promise<void>;
}

export async function startLine(target: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let isDown = false;
  let order: { bytes: string; done: () => void } | undefined;
  const server = createServer((client) => {
    if (isDown) return client.destroy();
    const onward = createConnection(target, "127.0.0.1");
    let cutting: (() => void) | undefined;
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (data) => {
      if (order !== undefined && data.includes(order.bytes)) {
        cutting = order.done;
        order = undefined;
      }
      onward.write(data);
    });
    onward.on("data", (data) => {
      if (cutting === undefined) return client.write(data);
      client.destroy();
      cutting();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    down: () => {
      isDown = true;
      hangUp();
    },
    up: () => {
      isDown = false;
    },
    cut: (bytes) =>
      new Promise<void>((done) => {
        order = { bytes, done };
      }),
    end: async () => {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
