/** `/lenders/{id}`: a shop or an intermediary sends its customers here, so that they let it give them credit. */
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { listLeaves } from "../../engines/lending/lending.ts";
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import { readPeopleById } from "../../storage/members/members.ts";
import { callerOf, refuseWhileHeld } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import {
  frameOf,
  isSignedOut,
  memberOf,
  type PageContext,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../pages/pages.ts";

import { allow, stop } from "./leave-routes.ts";
import { LeavePage } from "./leave-views.tsx";
import { lenderById } from "./lines.ts";

const params = closed({ id: idSchema });
const body = closed({ key: Type.Optional(idSchema) });
const refusals = ["not_authenticated", "not_allowed", "not_found"] as const;

export function registerLeavePages(server: Server, context: PageContext): void {
  const { database } = context;
  server.get(
    "/lenders/:id",
    {
      config: { ...toMember, refusals },
      schema: { tags, summary: "Let a shop or an intermediary give you credit", params },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, `/signin?next=/lenders/${id}`);
      if (caller.kind !== "member") return refuse("not_allowed");
      const { name } = await lenderById(database, id);
      const stands = (await listLeaves(database, caller.id)).some(({ lender }) => lender === id);
      const shown = { frame: frameOf(context, caller), lender: { id, name }, stands, once: uuidv7() };
      return sendPage(reply, LeavePage, shown);
    },
  );
  server.post(
    "/lenders/:id",
    {
      config: { ...toMember, form: true, refusals: [...refusals, "sign_in_changed_lately"] },
      schema: { tags, summary: "Let them", params, body },
    },
    async (request, reply) => {
      const { id: lender } = request.params;
      const { id } = await memberOf(context, request);
      await inTransaction(database, async (client) => {
        await refuseWhileHeld(client, id);
        await allow(client, { number: await numberOf(client, id), lender });
      });
      return seeOther(reply, `/lenders/${lender}`);
    },
  );
  server.post(
    "/lenders/:id/stop",
    {
      config: { ...toMember, form: true, refusals },
      schema: { tags, summary: "Take it back", params, body },
    },
    async (request, reply) => {
      const { id: lender } = request.params;
      const { id } = await memberOf(context, request);
      const stands = (await listLeaves(database, id)).some((each) => each.lender === lender);
      if (stands)
        await inTransaction(database, async (client) =>
          stop(client, { number: await numberOf(client, id), lender }),
        );
      return seeOther(reply, `/lenders/${lender}`);
    },
  );
}

async function numberOf(client: Client, person: string): Promise<string> {
  const [member] = await readPeopleById(client, [person]);
  return member?.number == null ? refuse("not_found") : String(member.number);
}
