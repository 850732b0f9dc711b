/** The little server at which the institution under test finds the keys of the server that is played. */
import { createServer } from "node:http";
import { type PublishedKey } from "../../edge/signing/signing.ts";

export interface KeyServer {
  /** What is published from now on. */
  publish(keys: readonly PublishedKey[]): void;
  close(): Promise<void>;
}

/** Publishes key sets at `host:port`. Throws where that is taken. */
export async function openKeyServer(listen: string): Promise<KeyServer> {
  let published: readonly PublishedKey[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const found = request.method === "GET" && request.url === "/.well-known/jwks.json";
    const text = JSON.stringify(found ? { keys: published } : {});
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(text);
  });
  const at = listen.lastIndexOf(":");
  const place = { host: listen.slice(0, at).replace(/^\[(.*)\]$/, "$1"), port: Number(listen.slice(at + 1)) };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(place, resolve);
  });
  return {
    publish: (keys) => {
      published = keys;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
