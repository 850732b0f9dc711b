import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

/** When a proxy breaks a connection: with what the client sends, or after what the server answers to it. */
export type Cut = "before it arrives" | "after it is answered" | "while it is worked on";

export interface Proxy {
  port: number;
  /** Breaks the next connection on which the client sends these bytes; resolves when that has happened. */
  cut(bytes: string, when: Cut): Promise<void>;
  /** Lets nothing through in either direction, and says nothing; `flow` undoes it. */
  stop(): void;
  flow(): void;
  /** Breaks everything and takes no more connections; `open` undoes it. */
  close(): Promise<void>;
  open(): Promise<void>;
}

interface Order {
  bytes: string;
  when: Cut;
  done: () => void;
}

/** A TCP proxy to a port on this machine that can be told when to break. It ends when `t` ends. */
export async function startProxy(
  t: { after(release: () => Promise<void>): unknown },
  target: number,
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const orders: Order[] = [];
  let stopped = false;
  const server = createServer((client) => {
    const onward = createConnection(target, "127.0.0.1");
    relay(client, onward, orders, sockets);
    if (!stopped) return;
    client.pause();
    onward.pause();
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  t.after(close);
  return {
    port,
    cut: (bytes, when) => new Promise<void>((done) => orders.push({ bytes, when, done })),
    stop: () => {
      stopped = true;
      for (const socket of sockets) socket.pause();
    },
    flow: () => {
      stopped = false;
      for (const socket of sockets) socket.resume();
    },
    close,
    open: () => listen(port),
  };
}

function relay(client: Socket, server: Socket, orders: Order[], sockets: Set<Socket>): void {
  let mute = false;
  let answered: (() => void) | undefined;
  for (const [socket, other] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      if (!mute) other.destroy();
    });
  }
  client.on("data", (data) => {
    const order = orders[0];
    if (order === undefined || !data.includes(order.bytes)) {
      server.write(data);
      return;
    }
    orders.shift();
    mute = true;
    const end = () => {
      client.destroy();
      if (order.when !== "while it is worked on") server.destroy();
      order.done();
    };
    if (order.when === "before it arrives") return end();
    if (order.when === "after it is answered") answered = end;
    server.write(data);
    if (order.when === "while it is worked on") end();
  });
  server.on("data", (data) => {
    if (!mute) client.write(data);
    else if (data.includes("COMMIT")) answered?.();
  });
}
