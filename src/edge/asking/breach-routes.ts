/** What operators see of institutions that answered what cannot be, and how such an institution is asked again. */
import { breachSchema, resumedSchema } from "../../core/answers/answers.ts";
import { callerAmong, type Context, operatorAct, pageWish } from "../api/api.ts";
import type { Gauges, Server } from "../http/http.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, pageSchema } from "../../core/protocol/schemas.ts";
import type { Peer } from "../signing/signing.ts";
import { type Database, pageOf } from "../../storage/database/database.ts";
import { type BreachRow, countStopped, listBreaches, noteLooked } from "./breach-store.ts";

const tags = ["Servers"];
const config = { access: ["operator"] } as const;
const params = closed({ id: idSchema });

export function registerBreachRoutes(server: Server, context: Context, peers: readonly Peer[]): void {
  const { database } = context;
  const known = (id: string) => (peers.some((peer) => peer.id === id) ? id : refuse("not_found"));
  server.get(
    "/v1/peers/:id/breaches",
    {
      config,
      schema: {
        tags,
        summary: "What an institution answered that cannot be the answer to what it was asked, newest first",
        answers: { 200: listOf(breachSchema) },
        description:
          "`signed` is the whole reply in base64 with the fields of its signature and the Signature field of the request: who " +
          "has the institution's key can verify it.",
        params,
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      const { limit, after } = pageWish(request.query);
      return pageOf(await listBreaches(database, known(request.params.id), limit + 1, after), limit, viewOf);
    },
  );
  const resume = operatorAct<{ peer: string }>(
    context,
    "peer.resume",
    async (client, { peer }, { operator }) => ({
      status: 200,
      body: { peer, looked: await noteLooked(client, peer, operator) },
    }),
  );
  server.post(
    "/v1/peers/:id/resume",
    {
      config: { ...config, acts: ["peer.resume"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "You have looked at an institution's breaches: it is asked again",
        answers: { 200: resumedSchema },
        description: "What waited is sent with the same ids. `looked` is how many breaches were open.",
        params,
        body: closed({}),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const peer = known(request.params.id);
      return resume(request, reply, caller, { subject: peer, args: { peer } });
    },
  );
}

function viewOf({ requestSignature, fields, reply, trade, ...breach }: BreachRow) {
  return {
    ...breach,
    trade: String(trade),
    signed: { requestSignature, fields, reply: reply.toString("base64") },
  };
}

export function breachGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_peers_stopped:
        "Institutions that answered what cannot be, and are asked nothing until an operator has looked.",
    },
    read: async () => ({ kenshu_peers_stopped: await countStopped(database) }),
  };
}
