/** Whom a member lets give them credit: a shop or an intermediary to whom a line is lent (paragraph 0081). */
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema } from "../../core/protocol/schemas.ts";
import {
  giveLeave,
  type LentLine,
  type LentShare,
  listLeaves,
  lockLinesOf,
  readShare,
  shrinkAll,
  takeLeaveBack,
} from "../../engines/lending/lending.ts";
import type { Client } from "../../storage/database/database.ts";
import { findMember } from "../../storage/members/members.ts";
import { readParties } from "../../storage/parties/parties.ts";
import {
  type Context,
  lockKnown,
  memberFor,
  memberNumber,
  operatorAct,
  refuseWhileHeld,
} from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { speechFrom, speechQuery } from "../operators/operators.ts";
import { lenderById } from "./lines.ts";
import { lendersSchema } from "./shown.ts";

export interface LeaveWish {
  number: string;
  lender: string;
}

const tags = ["Credit"];
const who = ["member", "operator"] as const;
const params = closed({ number: numberSchema, lender: idSchema });
const refusals = ["not_found", "wrong_check_digit"] as const;

/** Lets a lender give a member credit. What is given then is the lender's to say, and the member's to use or not. */
export async function allow(client: Client, { number, lender }: LeaveWish) {
  const member = await lockKnown(client, BigInt(number));
  await lenderById(client, lender);
  await giveLeave(client, member.id, lender);
  return { status: 200, body: await lendersOf(client, member.id), tells: member.id };
}

/** Takes it back, or finds it taken back: what is in use goes on, and nothing more comes of it. */
export async function stop(client: Client, { number, lender }: LeaveWish) {
  const member = await lockKnown(client, BigInt(number));
  await takeLeaveBack(client, member.id, lender);
  const parts: { line: LentLine; share: LentShare }[] = [];
  for (const line of await lockLinesOf(client, member.id, lender)) {
    const share = await readShare(client, line.id, member.id);
    if (share !== undefined) parts.push({ line, share });
  }
  await shrinkAll(client, parts);
  return { status: 200, body: await lendersOf(client, member.id), tells: member.id };
}

async function lendersOf(client: Client, person: string) {
  const leaves = await listLeaves(client, person);
  const parties = await readParties(
    client,
    leaves.map(({ lender }) => lender),
  );
  const items = leaves.map(({ lender, givenAt }) => {
    const name = parties.find(({ id }) => id === lender)?.name ?? null;
    return { id: lender, name, since: givenAt.toISOString() };
  });
  return { items };
}

export function registerLeaves(server: Server, context: Context): void {
  const { database } = context;
  server.get(
    "/v1/members/:number/lenders",
    {
      config: { access: who, refusals },
      schema: {
        tags,
        summary: "Whom a member lets give them credit",
        answers: { 200: lendersSchema },
        params: closed({ number: numberSchema }),
      },
    },
    async (request) => {
      const number = memberNumber(request.params.number);
      await memberFor(context, request, number);
      const member = (await findMember(database, number)) ?? refuse("not_found");
      return lendersOf(database, member.id);
    },
  );
  const give = operatorAct<LeaveWish>(context, "lender.allow", (client, wish) => allow(client, wish));
  const end = operatorAct<LeaveWish>(context, "lender.stop", (client, wish) => stop(client, wish));
  server.put(
    "/v1/members/:number/lenders/:lender",
    {
      config: { access: who, acts: ["lender.allow"], refusals: [...refusals, "sign_in_changed_lately"] },
      schema: {
        tags,
        summary: "Let a shop or an intermediary give you credit within a line that is lent to it",
        description: "It sees your number and what you have and owe on its line, and nothing else.",
        answers: { 200: lendersSchema },
        params,
        querystring: speechQuery,
      },
    },
    async (request, reply) => {
      const { number, lender } = request.params;
      const caller = await memberFor(context, request, memberNumber(number));
      if (caller.kind === "member") await refuseWhileHeld(database, caller.id);
      const speech = speechFrom(request.query);
      return give(request, reply, caller, { subject: number, args: { number, lender }, speech });
    },
  );
  server.delete(
    "/v1/members/:number/lenders/:lender",
    {
      config: { access: who, acts: ["lender.stop"], refusals },
      schema: {
        tags,
        summary: "Take that back: what is in use goes on, and nothing more is given",
        answers: { 200: lendersSchema },
        params,
        querystring: speechQuery,
      },
    },
    async (request, reply) => {
      const { number, lender } = request.params;
      const caller = await memberFor(context, request, memberNumber(number));
      const speech = speechFrom(request.query);
      return end(request, reply, caller, { subject: number, args: { number, lender }, speech });
    },
  );
}
