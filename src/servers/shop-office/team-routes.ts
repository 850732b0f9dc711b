/** Who works here, as the owner says. What is done to an account of theirs holds from their next request on. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { idForm, refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Server } from "../../edge/http/http.ts";
import { beyondAll, type Client, randomToken, uuidv7 } from "../../storage/database/database.ts";
import { frameOf, ownMistake, staffOnly, whoOf } from "../shop-desk/shop-desk.ts";
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
  listRecord,
  record,
  type Role,
  roles,
  secretsOf,
  setPassword,
  setRole,
  shortestPassword,
} from "../shop-staff/shop-staff.ts";
import { shopSay, type ShopWordKey } from "../shop-words/shop-words.ts";
import { type MemberAct, TeamPage, type TeamProps } from "./team-page.tsx";

const mostMembers = 200;
const recordLength = 50;

const role = Type.Unsafe<Role>({ type: "string", enum: [...roles] });
const password = Type.String({ minLength: shortestPassword, maxLength: 200 });
/** Of whoever does it. */
const ownPassword = Type.String({ minLength: 1, maxLength: 200 });
const addForm = closed({
  key: formKey,
  name: Type.String({ minLength: 1, maxLength: 80 }),
  signIn: Type.String({ pattern: "^[A-Za-z0-9._-]{1,40}$" }),
  password,
  role,
  ownPassword,
});
const roleForm = closed({ key: formKey, role, ownPassword });
const passwordForm = closed({ key: formKey, password, ownPassword });
const endForm = closed({ key: formKey, ownPassword });

const mistakes: Readonly<Record<string, ShopWordKey>> = {
  name: "mistake.memberName",
  signIn: "mistake.memberSignIn",
  password: "mistake.memberPassword",
  role: "mistake.memberRole",
  ownPassword: "mistake.password",
};

type Shown = Pick<TeamProps, "mistaken" | "typed" | "done" | "tried"> & { before?: string | undefined };
const plain: Shown = { mistaken: {}, typed: {} };

async function sendTeam(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
  { before = beyondAll, ...shown }: Shown,
): Promise<FastifyReply> {
  const who = whoOf(request);
  const rows = await listRecord(shop.database, before, recordLength + 1);
  const past = rows.slice(0, recordLength);
  const props = {
    ...shown,
    frame: await frameOf(shop, who),
    members: await listMembers(shop.database, mostMembers),
    self: who.member,
    once: randomToken(24),
    record: past,
    older: rows.length > recordLength ? (past.at(-1)?.id ?? null) : null,
  };
  return sendPage(reply, TeamPage, props, Object.keys(shown.mistaken).length === 0 ? 200 : 422);
}

const config = { access: ["owner"], page: true, form: true } as const;
const hooks = { preValidation: tidyForm, attachValidation: true } as const;

/** What is wrong with a form; where nothing is, whether whoever sends it shows that they are who is signed in. */
async function wrongIn(shop: Shop, request: FastifyRequest): Promise<Mistaken | undefined> {
  const mistaken = mistakesOf(request, mistakes);
  if (Object.keys(mistaken).length > 0) return mistaken;
  const { ownPassword: typed } = request.body as { ownPassword: string };
  const mistake = await ownMistake(shop, whoOf(request), typed);
  return mistake === undefined ? undefined : { ownPassword: mistake };
}

function addAdding(server: Server, shop: Shop): void {
  const onRequest = staffOnly(shop, "owner");
  server.post(
    "/staff/team",
    { config, schema: { summary: "Somebody works here from now on", body: addForm }, onRequest, ...hooks },
    async (request, reply) => {
      const fields = request.body as Record<string, string | undefined>;
      const typed = { name: fields["name"], signIn: fields["signIn"], role: fields["role"] };
      const again = (wrong: Mistaken) => sendTeam(shop, request, reply, { mistaken: wrong, typed });
      const mistaken = await wrongIn(shop, request);
      if (mistaken !== undefined) return again(mistaken);
      const { name, signIn, role: as, password: secret } = request.body;
      const member = {
        id: uuidv7(),
        name,
        signIn: signIn.toLowerCase(),
        role: as,
        ...(await secretsOf(secret)),
      };
      if (signIn.toLowerCase() === "owner" || !(await adds(shop, whoOf(request).by, member)))
        return again({ signIn: shopSay("mistake.memberTaken") });
      return reply.redirect("/staff/team?done=added", 303);
    },
  );
}

function adds({ database }: Shop, by: string, member: Parameters<typeof insertMember>[1]): Promise<boolean> {
  return database.transaction(async (client) => {
    const added = await insertMember(client, member);
    if (added) await record(client, by, "add", member.id, member.role);
    return added;
  });
}

const doneBy = { role: "changed", password: "password", end: "ended" } as const;

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
    act: MemberAct,
    change: (id: string) => Promise<(client: Client) => Promise<boolean>>,
  ): Promise<FastifyReply> => {
    const id = other(request);
    const mistaken = await wrongIn(shop, request);
    if (mistaken !== undefined)
      return sendTeam(shop, request, reply, { ...plain, mistaken, tried: { id, act } });
    const { role: said = null } = request.body as { role?: Role };
    const make = await change(id);
    const made = await shop.database.transaction(async (client) => {
      const changed = await make(client);
      if (changed) await record(client, whoOf(request).by, act, id, said);
      return changed;
    });
    if (!made) return refuse("not_found");
    return reply.redirect(`/staff/team?done=${doneBy[act]}`, 303);
  };
  server.post<{ Params: { id: string } }>(
    "/staff/team/:id/role",
    { config, schema: { summary: "Give another role", body: roleForm }, onRequest, ...hooks },
    async (request, reply) => {
      const { role: as } = request.body as { role: Role };
      return ends(request, reply, "role", async (id) => (client) => setRole(client, id, as));
    },
  );
  server.post<{ Params: { id: string } }>(
    "/staff/team/:id/password",
    { config, schema: { summary: "Give another password", body: passwordForm }, onRequest, ...hooks },
    async (request, reply) => {
      const { password: secret } = request.body as { password: string };
      return ends(request, reply, "password", async (id) => {
        const secrets = await secretsOf(secret);
        return (client) => setPassword(client, id, secrets);
      });
    },
  );
  server.post<{ Params: { id: string } }>(
    "/staff/team/:id/end",
    { config, schema: { summary: "Somebody works here no more", body: endForm }, onRequest, ...hooks },
    async (request, reply) => ends(request, reply, "end", async (id) => (client) => endMember(client, id)),
  );
}

const teamQuery = closed({
  before: Type.Optional(Type.String({ pattern: `^${idForm}$` })),
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
    async (request, reply) => sendTeam(shop, request, reply, { ...plain, ...request.query }),
  );
  addAdding(server, shop);
  addChanging(server, shop);
}
