/** Metrics on a listener of their own: how busy a business is, and what waits in it, is not for whoever reaches its pages. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Server } from "./routes.ts";
import { metricsOf } from "./server.ts";

export interface MetricsListener {
  port: number;
  close(): Promise<void>;
}

/** Answers `GET /metrics` of a server at another address, and nothing else. */
export async function listenForMetrics(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<MetricsListener> {
  const listener = createServer({ requestTimeout: 10_000 }, (request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    metricsOf(server)
      .page()
      .then(
        (page) =>
          response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(page),
        () => response.writeHead(500).end(),
      );
  });
  await new Promise<void>((listening, failed) => {
    listener.once("error", failed);
    listener.listen(port, host, () => listening());
  });
  return {
    port: (listener.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        listener.close(() => closed());
        listener.closeAllConnections();
      }),
  };
}
