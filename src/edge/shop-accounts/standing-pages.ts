/** How far operators let a shop go and what they did for it, by the calls that programs read it with. */
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import type { Server } from "../http/http.ts";
import { actNames } from "../operators/operators.ts";
import { callOwn } from "../own-calls/own-calls.ts";
import { frameOf, type PageContext, sendPage } from "../pages/pages.ts";
import {
  type NoticeShown,
  StandingPage,
  type StandingShown,
} from "../shop-account-views/shop-account-views.ts";
import { shopOf, shopPage } from "../shop-desk/shop-desk.ts";

const noticesOnPage = 25;

type Standing = Omit<StandingShown, "frame" | "state" | "until" | "notices" | "next">;
interface Notices {
  items: (Omit<NoticeShown, "act"> & { act: string | null })[];
  next: string | null;
}

/** Registers `/shop/standing`. */
export function registerShopStanding(server: Server, context: PageContext): void {
  server.get(
    "/shop/standing",
    {
      config: shopPage,
      schema: {
        tags: ["Pages"],
        summary: "How far a shop may go, and what operators did for it",
        querystring: closed({ after: Type.Optional(idSchema) }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const { after } = request.query;
      const behind = after === undefined ? "" : `&after=${after}`;
      const read = async (part: string) => {
        const url = `/v1/shops/${caller.id}${part}`;
        const { json, problem } = await callOwn(server, request, { method: "GET", url });
        return problem === undefined ? json : refuse(problem.code, problem.detail);
      };
      const shop = (await read("")) as unknown as Pick<StandingShown, "state"> & { until?: string };
      const standing = (await read("/standing")) as unknown as Standing;
      const list = (await read(`/notices?limit=${noticesOnPage}${behind}`)) as unknown as Notices;
      const notices = list.items.map(({ act, ...notice }) => ({
        ...notice,
        act: actNames.find((name) => name === act),
      }));
      const { state, until = null } = shop;
      const shown = { ...standing, state, until, notices, next: list.next, frame: frameOf(context, caller) };
      return sendPage(reply, StandingPage, shown);
    },
  );
}
