/** What every server answers about itself: whether it lives and works, and its documents. */
import { problem } from "../../core/protocol/protocol.ts";
import {
  type DeclaredRoute,
  describe,
  type Described,
  docsPage,
  docsPolicy,
  problemsPage,
  readerFiles,
} from "../documents/documents.ts";
import { sendJson } from "./body.ts";
import { sendProblem } from "./problems.ts";
import type { Server } from "./routes.ts";

const ownAccess = { access: ["anyone"] } as const;
const ownPage = { ...ownAccess, page: true } as const;

export interface OwnRoutes {
  described: Described;
  routes: readonly DeclaredRoute[];
  ready: () => Promise<boolean>;
}

export function addOwnRoutes(server: Server, { described, routes, ready }: OwnRoutes): void {
  server.get("/healthz", { config: ownAccess, schema: { summary: "The process lives" } }, (_request, reply) =>
    sendJson(reply, 200, '{"status":"ok"}'),
  );
  const able = { summary: "The server can do its work" };
  server.get("/readyz", { config: ownAccess, schema: able }, async (_request, reply) =>
    (await ready())
      ? sendJson(reply, 200, '{"status":"ready"}')
      : sendProblem(reply, problem("unavailable", "Not ready.")),
  );
  // Made when first asked for, when all routes are known, and kept.
  let description: string | undefined;
  server.get(
    "/openapi.json",
    { config: ownAccess, schema: { summary: "This description, for programs" } },
    (_request, reply) => sendJson(reply, 200, (description ??= JSON.stringify(describe(routes, described)))),
  );
  let page: string | undefined;
  addPage(server, "/docs", "This description, for people", () => (page ??= docsPage(routes, described)));
  let problems: string | undefined;
  const about = "Every way in which this server says no";
  addPage(server, "/docs/problems", about, () => (problems ??= problemsPage(described.name)));
  for (const { name, type, read } of readerFiles) {
    server.get(
      `/docs/reader/${name}`,
      { config: ownAccess, schema: { summary: "A file of the reader" } },
      (_request, reply) => {
        const text = read();
        if (text === undefined) return sendProblem(reply, problem("not_found"));
        return reply.header("cache-control", "public, max-age=86400").type(type).send(text);
      },
    );
  }
}

function addPage(server: Server, url: string, summary: string, page: () => string): void {
  server.get(url, { config: ownPage, schema: { summary } }, (_request, reply) =>
    reply.header("content-security-policy", docsPolicy).type("text/html; charset=utf-8").send(page()),
  );
}
