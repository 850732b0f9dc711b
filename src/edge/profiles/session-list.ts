/** Where somebody is signed in, over HTTP: each session by an id that opens nothing, and its end. */
import type { FastifyRequest } from "fastify";
import { openSessionSchema } from "../../core/answers/answers.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf } from "../../core/protocol/schemas.ts";
import {
  endOtherSessions,
  endSession,
  listSessions,
  secretHash,
  sessionCookie,
} from "../../storage/identity/identity.ts";
import { callerAmong, type Context } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { whoSignsIn } from "./routes.ts";

const tags = ["Sign-in"];
const access = ["member", "party", "operator"] as const;

export function registerSessionList(server: Server, context: Context): void {
  const { database, cookies } = context;
  const who = async (request: FastifyRequest) => {
    const caller = await callerAmong(context, request, whoSignsIn);
    if (caller.credential.kind !== "session") refuse("not_allowed", "A key has no sessions.");
    const token = cookies.read(request, sessionCookie);
    return { login: caller.credential.id, hash: token === undefined ? undefined : secretHash(token) };
  };
  server.get(
    "/v1/sessions/open",
    {
      config: { access },
      schema: { tags, summary: "Where one is signed in", answers: { 200: listOf(openSessionSchema) } },
    },
    async (request) => {
      const { login, hash } = await who(request);
      const found = await listSessions(database, login, hash);
      const items = found.map(({ createdAt, seenAt, ...session }) => ({
        ...session,
        createdAt: createdAt.toISOString(),
        seenAt: seenAt.toISOString(),
      }));
      return { items, next: null };
    },
  );
  server.delete(
    "/v1/sessions/open/:id",
    {
      config: { access, acts: ["session.end"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "End one of one's own sessions",
        answers: { 204: null },
        params: closed({ id: idSchema }),
      },
    },
    async (request, reply) => {
      const { login } = await who(request);
      if (!(await endSession(database, login, request.params.id))) refuse("not_found");
      return reply.code(204).send();
    },
  );
  server.delete(
    "/v1/sessions/open",
    {
      config: { access, acts: ["session.end"] },
      schema: { tags, summary: "End all one's sessions but this one", answers: { 204: null } },
    },
    async (request, reply) => {
      const { login, hash } = await who(request);
      await endOtherSessions(database, login, hash);
      return reply.code(204).send();
    },
  );
}
