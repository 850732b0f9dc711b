/** A server that loses, cuts, delays and garbles its answers, for tests of callers that must live with such. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { kenshu, type KenshuOptions } from "@kenshu/sdk";
import { problem } from "../../../src/core/protocol/protocol.ts";

export type Reply = (response: ServerResponse, request: IncomingMessage, body: string) => void;
export interface Seen {
  method: string;
  path: string;
  key: string | undefined;
  authorization: string | undefined;
  body: string;
}

export const trade = (more: object = {}): object => ({
  number: "48210733951146",
  state: "reserved",
  version: 1,
  ...more,
});

export function json(status: number, body: object, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}
export function refusal(code: Parameters<typeof problem>[0], headers: Record<string, string> = {}): Reply {
  return (response) => {
    const body = problem(code);
    response.writeHead(body.status, {
      "content-type": "application/problem+json; charset=utf-8",
      ...headers,
    });
    response.end(JSON.stringify(body));
  };
}
/** The server did its work, and the reply is lost. */
export const lost: Reply = (response) => response.destroy();
export const cut: Reply = (response) => {
  const whole = JSON.stringify(trade());
  response.writeHead(201, { "content-type": "application/json", "content-length": String(whole.length) });
  response.write(whole.slice(0, whole.length / 2), () => response.destroy());
};
/** Cut at the end of a body that had no announced length: only the JSON shows it. */
export const cutUnannounced: Reply = (response) => {
  response.writeHead(201, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify(trade()).slice(0, 20));
};
export const html =
  (status: number): Reply =>
  (response) => {
    response.writeHead(status, { "content-type": "text/html" });
    response.end("<h1>It works</h1>");
  };
export const silence: Reply = () => {};

/** A server that answers the n-th request with the n-th reply, and the rest with the last one. */
export async function hostile(t: TestContext, ...replies: Reply[]) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const key = request.headers["idempotency-key"];
      seen.push({
        method: request.method ?? "",
        path: request.url ?? "",
        key: typeof key === "string" ? key : undefined,
        authorization: request.headers.authorization,
        body,
      });
      (replies[seen.length - 1] ?? replies.at(-1))?.(response, request, body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const pauses: number[] = [];
  const client = (more: Partial<KenshuOptions> = {}) =>
    kenshu({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      key: "ks_test",
      random: () => 0.5,
      pause: async (ms) => {
        pauses.push(ms);
      },
      ...more,
    });
  return { seen, pauses, client };
}

/** The requests all carried one and the same key, content and signature. */
export function oneCommand(seen: readonly Seen[], times: number): void {
  assert.equal(seen.length, times);
  assert.equal(new Set(seen.map(({ key }) => key)).size, 1);
  assert.match(seen[0]?.key ?? "", /^[0-9a-f]{32}$/);
  assert.equal(new Set(seen.map(({ body }) => body)).size, 1);
  assert.ok(seen.every(({ authorization }) => authorization === "Bearer ks_test"));
}

export const replayed = json(201, trade(), { "idempotent-replayed": "true" });
