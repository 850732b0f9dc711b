/** The entries of a shop's account as a list, and statements as files. */
import Type from "typebox";
import { isDay, type Problem, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, oneOf } from "../../core/protocol/schemas.ts";
import type { Server } from "../http/http.ts";
import { callOwn, fileOwn } from "../own-calls/own-calls.ts";
import { attemptOf, frameOf, sendPage } from "../pages/pages.ts";
import { EntriesPage, type EntryShown } from "../shop-account-views/shop-account-views.ts";
import { shopOf, shopPage } from "../shop-desk/shop-desk.ts";
import { say, type Sentence } from "../words/words.ts";
import { type Owners, readAccount, type Room, sendAccount } from "./account-shown.ts";

const params = closed({ id: idSchema });
const tags = ["Pages"];
const entriesOnPage = 50;
const day = Type.Optional(Type.String({ maxLength: 10 }));

export function registerEntries(server: Server, room: Room): void {
  server.get(
    "/shop/accounts/:id/entries",
    {
      config: { ...shopPage, refusals: [...shopPage.refusals, "not_found"] },
      schema: {
        tags,
        summary: "The entries of a shop's account, newest first",
        params,
        querystring: closed({ after: Type.Optional(Type.String({ maxLength: 100 })) }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(room, request, reply);
      if (caller === undefined) return reply;
      const { id, currency } = await readAccount(server, request, request.params.id);
      const { after } = request.query;
      const behind = after === undefined ? "" : `&after=${encodeURIComponent(after)}`;
      const url = `/v1/accounts/${id}/entries?limit=${entriesOnPage}${behind}`;
      const { json, problem } = await callOwn(server, request, { method: "GET", url });
      if (problem !== undefined) return refuse(problem.code, problem.detail);
      const { items, next } = json as { items: EntryShown[]; next: string | null };
      const shown = { frame: frameOf(room, caller), id, currency, entries: items, next };
      return sendPage(reply, EntriesPage, shown);
    },
  );
}

export function registerStatement(server: Server, room: Room, owners: Owners): void {
  server.get(
    `${owners.place(":id").forms}/statement`,
    {
      config: { ...owners.page, refusals: [...owners.page.refusals, "not_found"] },
      schema: {
        tags,
        summary: "A statement of whole days, as a file",
        params,
        querystring: closed({ from: day, to: day, form: Type.Optional(oneOf(["csv", "camt053"] as const)) }),
      },
    },
    async (request, reply) => {
      const caller = await owners.enter(room, request, reply);
      if (caller === undefined) return reply;
      const account = await readAccount(server, request, request.params.id, owners);
      const { from = "", to = "", form = "csv" } = request.query;
      const again = (from: Sentence) =>
        sendAccount(server, room, request, reply, {
          owners,
          caller,
          account,
          attempt: attemptOf(request.query, { errors: { from } }),
        });
      if (!isDay(from) || !isDay(to)) return again(say("shopAccount.wrongDays"));
      const url = `/v1/accounts/${account.id}/statement?from=${from}&to=${to}&form=${form}`;
      const file = await fileOwn(server, request, url);
      if ("problem" in file) return again(wordsOf(file.problem));
      return reply
        .type("application/octet-stream")
        .header("content-disposition", file.disposition)
        .send(file.bytes);
    },
  );
}

function wordsOf({ code, detail }: Problem): Sentence {
  if (code !== "date_out_of_range") return refuse(code, detail);
  return say(/entries/.test(detail) ? "shopAccount.manyEntries" : "shopAccount.wrongDays");
}
