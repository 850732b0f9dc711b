import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Server } from "../http/http.ts";
import { addressAt } from "./lookup.ts";

const daySeconds = 24 * 3600;

/** Registers what the script of the pages asks: the beginning of an address, by its postcode. */
export function registerPostcodes(server: Server): void {
  server.get(
    "/postcodes/:postcode",
    {
      config: { access: ["anyone"], refusals: ["not_found"] },
      schema: {
        tags: ["Pages"],
        summary: "The beginning of a Japanese address by its postcode",
        params: closed({ postcode: Type.String({ pattern: "^[0-9]{7}$" }) }),
      },
    },
    async (request, reply) => {
      const address = addressAt(request.params.postcode) ?? refuse("not_found");
      reply.header("cache-control", `public, max-age=${daySeconds}`);
      return { address };
    },
  );
}
