/** The account of a shop or a member on pages: looked at, with each act as the call that a program makes, asked once more where money moves. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import type { Server } from "../http/http.ts";
import { callOwn } from "../own-calls/own-calls.ts";
import { askProof, type Fields, orProblem, seeOther } from "../pages/pages.ts";
import { proofOf } from "../moments/moments.ts";
import { type AccountAct, accountActs } from "../shop-account-views/shop-account-views.ts";
import { accountCallOf, accountForms, amountOf } from "./account-acts.ts";
import {
  type Asking,
  memberOwners,
  type Owners,
  readAccount,
  type Room,
  sendAccount,
  shopOwners,
} from "./account-shown.ts";
import { registerEntries, registerStatement } from "./account-files.ts";
import { wrongIn } from "./mistakes.ts";
import { askedOnce } from "./sure.ts";

const params = closed({ id: idSchema });
const tags = ["Pages"];

/** What these calls may be refused with, and has no field to stand at. */
const ofCalls = [
  ...(["not_found", "command_id_reused", "currency_mismatch", "bank_account_required"] as const),
  ...(["bank_account_named_lately", "sign_in_changed_lately", "proof_required", "shop_suspended"] as const),
  ...(["account_closed", "insufficient_funds", "not_payable_yet", "payout_not_open"] as const),
  ...(["too_many_requests", "card_number_refused", "password_wrong", "passkey_refused"] as const),
] as const satisfies ProblemCode[];

/** Registers them, where the server keeps accounts of shops and members. */
export function registerShopAccounts(server: Server, room: Room): void {
  registerEntries(server, room);
  for (const owners of [shopOwners, memberOwners]) {
    registerPage(server, room, owners);
    registerStatement(server, room, owners);
    for (const act of accountActs) registerAct(server, room, owners, act);
  }
}

function registerPage(server: Server, room: Room, owners: Owners): void {
  server.get(
    owners.place(":id").page,
    {
      config: { ...owners.page, refusals: [...owners.page.refusals, "not_found"] },
      schema: {
        tags,
        summary: "An account, and what is paid out of it",
        params,
        querystring: closed({ after: Type.Optional(idSchema), done: Type.Optional(Type.Literal("yes")) }),
      },
    },
    async (request, reply) => {
      const caller = await owners.enter(room, request, reply);
      if (caller === undefined) return reply;
      const { after, done } = request.query;
      const account = await readAccount(server, request, request.params.id, owners);
      const asking = { owners, caller, account };
      return sendAccount(server, room, request, reply, { ...asking, after, done: done === "yes" });
    },
  );
}

function registerAct(server: Server, room: Room, owners: Owners, act: AccountAct): void {
  server.post(
    `${owners.place(":id").forms}/${act}`,
    {
      config: { ...owners.form, refusals: [...owners.page.refusals, ...ofCalls] },
      schema: { tags, summary: `The form about an account: ${act}`, params, body: accountForms[act] },
    },
    async (request, reply) => {
      const caller = await owners.enter(room, request, reply);
      if (caller === undefined) return reply;
      const account = await readAccount(server, request, request.params.id, owners);
      return perform(server, room, request, reply, { owners, caller, account, act, fields: request.body });
    },
  );
}

interface Pressed extends Asking {
  act: AccountAct;
  fields: Fields;
}

async function perform(
  server: Server,
  room: Room,
  request: FastifyRequest,
  reply: FastifyReply,
  { act, fields, ...asking }: Pressed,
): Promise<FastifyReply> {
  const { id, currency } = asking.account;
  const again = (more: Parameters<typeof sendAccount>[4]) => sendAccount(server, room, request, reply, more);
  const made = accountCallOf(act, { account: id, currency, fields });
  if ("errors" in made) return again({ ...asking, attempt: wrongIn(act, fields, made) });
  const sure = fields["sure"] === "yes" ? undefined : await askedOnce(room, asking.account, { act, fields });
  if (sure !== undefined && "errors" in sure)
    return again({ ...asking, attempt: wrongIn(act, fields, sure) });
  if (sure !== undefined) return again({ ...asking, sure });
  const proof = act === "payout" ? await proven(room, request, reply, { ...asking, act, fields }) : {};
  if (proof === undefined) return reply;
  const answer = await callOwn(server, request, { ...made.call, ...proof });
  const back = `${asking.owners.place(id).page}?done=yes`;
  if (answer.problem === undefined) return seeOther(reply, back);
  // What the press before it has ended is ended.
  if (made.call.method === "DELETE" && answer.problem.code === "not_found") return seeOther(reply, back);
  return again({ ...asking, attempt: wrongIn(act, fields, { problem: answer.problem }) });
}

/**
 * What the call is shown as a proof where the amount takes one; undefined where it is asked for now, and the reply was sent.
 */
async function proven(
  room: Room,
  request: FastifyRequest,
  reply: FastifyReply,
  { owners, caller, account: { id, currency }, fields }: Pressed,
): Promise<{ proof?: string } | undefined> {
  const amount = amountOf(fields["amount"], currency) ?? 0n;
  const act = { act: "payout.ask", of: id, amount, currency } as const;
  if (await askProof(room, request, reply, { caller, act, back: owners.place(id).page })) return undefined;
  const { proof, proofPassword } = fields;
  const shown = proofOf(request, { proof, proofPassword });
  if (shown.response === undefined && shown.password === undefined) return {};
  const made = await orProblem(() => room.moments.tokenFor(caller, act, shown));
  return "value" in made ? { proof: made.value.token } : {};
}
