/** `/docs/guides`: for whoever writes a shop; anybody may read. */
import { closed, oneOf } from "../../core/protocol/schemas.ts";
import { callerOf } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { frameOf, type PageContext, sendPage } from "../pages/pages.ts";
import { GuidePage, GuidesPage } from "./guide-page.tsx";
import { guideNames, guideOf } from "./rendering.ts";

const page = { access: ["anyone"], page: true } as const;
const tags = ["Documents"];

export function registerGuides(server: Server, context: PageContext): void {
  server.get(
    "/docs/guides",
    { config: page, schema: { tags, summary: "Guides for whoever writes a shop" } },
    async (request, reply) =>
      sendPage(reply, GuidesPage, { frame: frameOf(context, await callerOf(context, request)) }),
  );
  server.get(
    "/docs/guides/:name",
    {
      config: page,
      schema: { tags, summary: "One of them", params: closed({ name: oneOf(guideNames) }) },
    },
    async (request, reply) => {
      const frame = frameOf(context, await callerOf(context, request));
      return sendPage(reply, GuidePage, { frame, guide: guideOf(request.params.name) });
    },
  );
}
