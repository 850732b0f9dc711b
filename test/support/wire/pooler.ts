/** A pooler as they stand before databases: it has ways of its own with the settings that a connection is started with. */
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

/** What it does with the startup options of a connection. */
export type Way = "passes them on" | "drops them" | "refuses them";

/** The parameters of a startup message without one of them (PostgreSQL's protocol 3.0, StartupMessage). */
function without(startup: Buffer, name: string): Buffer {
  const words = startup.subarray(8).toString("latin1").split("\0");
  const kept: string[] = [];
  for (let index = 0; index + 1 < words.length && words[index] !== ""; index += 2)
    if (words[index] !== name) kept.push(words[index] ?? "", words[index + 1] ?? "");
  const body = Buffer.from(`${kept.join("\0")}\0\0`, "latin1");
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  startup.copy(head, 4, 4, 8);
  return Buffer.concat([head, body]);
}

function refusal(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C08P01\0M${message}\0\0`, "latin1");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, fields]);
}

/** Starts one before a database's port; answers its own. The way may be changed for connections to come. */
export async function startPooler(
  t: { after(release: () => Promise<void>): unknown },
  target: number,
  way: Way,
): Promise<{ port: number; way: Way }> {
  const pooler = { port: 0, way };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const onward = createConnection(target, "127.0.0.1");
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on("error", () => {
        client.destroy();
        onward.destroy();
      });
    }
    client.once("data", (startup: Buffer) => {
      if (pooler.way === "refuses them") client.end(refusal("unsupported startup parameter: options"));
      else onward.write(pooler.way === "drops them" ? without(startup, "options") : startup);
      client.pipe(onward);
    });
    onward.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  pooler.port = (server.address() as AddressInfo).port;
  return pooler;
}
