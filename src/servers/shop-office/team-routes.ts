/** Who works here, as the owner says. What is done to an account of theirs holds from their next request on. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Server } from "../../edge/http/http.ts";
import { randomToken, uuidv7 } from "../../storage/database/database.ts";
import { frameOf, staffOnly, whoOf } from "../shop-desk/shop-desk.ts";
import {
  formKey,
  type Mistaken,
  mistakesOf,
  sendPage,
  type Shop,
  tidyForm,
} from "../shop-frame/shop-frame.ts";
import {
  endMember,
  insertMember,
  listMembers,
  type Role,
  roles,
  secretsOf,
  setPassword,
  setRole,
  shortestPassword,
} from "../shop-staff/shop-staff.ts";
import { shopSay, type ShopWordKey } from "../shop-words/shop-words.ts";
import { TeamPage, type TeamProps } from "./team-page.tsx";

const mostMembers = 200;

const role = Type.Unsafe<Role>({ type: "string", enum: [...roles] });
const password = Type.String({ minLength: shortestPassword, maxLength: 200 });
const addForm = closed({
  key: formKey,
  name: Type.String({ minLength: 1, maxLength: 80 }),
  signIn: Type.String({ pattern: "^[A-Za-z0-9._-]{1,40}$" }),
  password,
  role,
});
const roleForm = closed({ key: formKey, role });
const passwordForm = closed({ key: formKey, password });
const endForm = closed({ key: formKey });

const mistakes: Readonly<Record<string, ShopWordKey>> = {
  name: "mistake.memberName",
  signIn: "mistake.memberSignIn",
  password: "mistake.memberPassword",
  role: "mistake.memberRole",
};

type Shown = Pick<TeamProps, "mistaken" | "typed" | "done">;
const plain: Shown = { mistaken: {}, typed: {} };

async function sendTeam(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
): Promise<FastifyReply> {
  const who = whoOf(request);
  const props = {
    ...shown,
    frame: await frameOf(shop, who),
    members: await listMembers(shop.database, mostMembers),
    self: who.member,
    once: randomToken(24),
  };
  return sendPage(reply, TeamPage, props, Object.keys(shown.mistaken).length === 0 ? 200 : 422);
}

const config = { access: ["owner"], page: true, form: true } as const;
const hooks = { preValidation: tidyForm, attachValidation: true } as const;

function addAdding(server: Server, shop: Shop): void {
  const onRequest = staffOnly(shop, "owner");
  server.post(
    "/staff/team",
    { config, schema: { summary: "Somebody works here from now on", body: addForm }, onRequest, ...hooks },
    async (request, reply) => {
      const { password: secret, ...typed } = request.body as Record<string, string | undefined>;
      const again = (mistaken: Mistaken) => sendTeam(shop, request, reply, { mistaken, typed });
      const mistaken = mistakesOf(request, mistakes);
      if (Object.keys(mistaken).length > 0) return again(mistaken);
      const { name, signIn, role: as } = request.body;
      const member = {
        id: uuidv7(),
        name,
        signIn: signIn.toLowerCase(),
        role: as,
        ...(await secretsOf(secret ?? "")),
      };
      if (signIn.toLowerCase() === "owner" || !(await insertMember(shop.database, member)))
        return again({ signIn: shopSay("mistake.memberTaken") });
      return reply.redirect("/staff/team?done=added", 303);
    },
  );
}

/** What is done to somebody's account; nobody does it to their own. */
function addChanging(server: Server, shop: Shop): void {
  const onRequest = staffOnly(shop, "owner");
  const other = (request: FastifyRequest): string => {
    const { id } = request.params as { id: string };
    if (whoOf(request).member === id) return refuse("not_allowed");
    return /^[0-9a-f-]{36}$/.test(id) ? id : refuse("not_found");
  };
  const ends = async (
    request: FastifyRequest,
    reply: FastifyReply,
    done: NonNullable<TeamProps["done"]>,
    change: (id: string) => Promise<boolean>,
  ): Promise<FastifyReply> => {
    const mistaken = mistakesOf(request, mistakes);
    if (Object.keys(mistaken).length > 0) return sendTeam(shop, request, reply, { ...plain, mistaken });
    if (!(await change(other(request)))) return refuse("not_found");
    return reply.redirect(`/staff/team?done=${done}`, 303);
  };
  server.post<{ Params: { id: string } }>(
    "/staff/team/:id/role",
    { config, schema: { summary: "Give another role", body: roleForm }, onRequest, ...hooks },
    async (request, reply) => {
      const { role: as } = request.body as { role: Role };
      return ends(request, reply, "changed", (id) => setRole(shop.database, id, as));
    },
  );
  server.post<{ Params: { id: string } }>(
    "/staff/team/:id/password",
    { config, schema: { summary: "Give another password", body: passwordForm }, onRequest, ...hooks },
    async (request, reply) => {
      const { password: secret } = request.body as { password: string };
      return ends(request, reply, "password", async (id) => {
        const secrets = await secretsOf(secret);
        return shop.database.transaction((client) => setPassword(client, id, secrets));
      });
    },
  );
  server.post<{ Params: { id: string } }>(
    "/staff/team/:id/end",
    { config, schema: { summary: "Somebody works here no more", body: endForm }, onRequest, ...hooks },
    async (request, reply) =>
      ends(request, reply, "ended", (id) => shop.database.transaction((client) => endMember(client, id))),
  );
}

const teamQuery = closed({
  done: Type.Optional(
    Type.Unsafe<NonNullable<TeamProps["done"]>>({
      type: "string",
      enum: ["added", "changed", "password", "ended"],
    }),
  ),
});

export function addTeam(server: Server, shop: Shop): void {
  server.get(
    "/staff/team",
    {
      config: { access: ["owner"], page: true },
      schema: { summary: "Who works here", querystring: teamQuery },
      onRequest: staffOnly(shop, "owner"),
    },
    async (request, reply) => sendTeam(shop, request, reply, { ...plain, done: request.query.done }),
  );
  addAdding(server, shop);
  addChanging(server, shop);
}
