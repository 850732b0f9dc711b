/** The page on which somebody sees where they are signed in, and ends what they do not know. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import {
  type Caller,
  endOtherSessions,
  endSession,
  listSessions,
  secretHash,
  sessionCookie,
} from "../../storage/identity/identity.ts";
import { callerAmong, callerOf } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { frameOf, isSignedOut, type PageContext, seeOther, sendPage, tags } from "../pages/pages.ts";
import { whoSignsIn } from "../profiles/profiles.ts";
import { form } from "./forms.ts";
import { SessionsPage } from "./sessions-view.tsx";

const access = ["member", "party", "operator"] as const;
const config = {
  access,
  page: true,
  form: true,
  acts: ["session.end"],
  refusals: ["not_authenticated"],
} as const;

/** Registers `/sessions`. */
export function registerSessionPages(server: Server, context: PageContext): void {
  const { database, cookies } = context;
  const who = async (request: FastifyRequest): Promise<{ caller: Caller; hash: string | undefined }> => {
    const caller = await callerAmong(context, request, whoSignsIn);
    const token = cookies.read(request, sessionCookie);
    return { caller, hash: token === undefined ? undefined : secretHash(token) };
  };
  server.get(
    "/sessions",
    {
      config: { access, page: true, refusals: ["not_authenticated"] },
      schema: { tags, summary: "Where somebody is signed in" },
    },
    async (request, reply): Promise<FastifyReply> => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/sessions");
      const { caller, hash } = await who(request);
      const found = await listSessions(database, caller.credential.id, hash);
      const sessions = found.map(({ createdAt, seenAt, ...session }) => ({
        ...session,
        since: createdAt.toISOString(),
        seen: seenAt.toISOString(),
      }));
      return sendPage(reply, SessionsPage, { frame: frameOf(context, caller), sessions });
    },
  );
  server.post(
    "/sessions/:id/end",
    {
      config,
      schema: { tags, summary: "End one of them", params: closed({ id: idSchema }), body: form({}) },
    },
    async (request, reply) => {
      const { caller } = await who(request);
      // One that has ended already stays so: a second press is no mistake.
      await endSession(database, caller.credential.id, request.params.id);
      return seeOther(reply, "/sessions");
    },
  );
  server.post(
    "/sessions/end-others",
    { config, schema: { tags, summary: "End all but this one", body: form({}) } },
    async (request, reply) => {
      const { caller, hash } = await who(request);
      await endOtherSessions(database, caller.credential.id, hash);
      return seeOther(reply, "/sessions");
    },
  );
}
