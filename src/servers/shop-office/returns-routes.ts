/** Where goods come back to, told to every server at which the shop sells. */
import Type from "typebox";
import { closed } from "../../core/protocol/schemas.ts";
import type { Server } from "../../edge/http/http.ts";
import { fillAddress, postcodeFields } from "../../edge/postcodes/postcodes.ts";
import { say, type Sentence } from "../../edge/words/words.ts";
import { frameOf, ownMistake, staffOnly, whoOf } from "../shop-desk/shop-desk.ts";
import { sendPage, type Shop, tidyForm } from "../shop-frame/shop-frame.ts";
import { shopSay } from "../shop-words/shop-words.ts";
import { record } from "../shop-staff/shop-staff.ts";
import { StaffReturnsPage } from "./returns-page.tsx";

/** Where goods go back to, as the first server that answers has it: each was told the same. */
async function returnsNow({ tills }: Shop): Promise<{ name: string; address: string; phone: string }> {
  for (const { hurried } of tills) {
    const who = await hurried.whoami();
    const id = who.outcome === "done" ? who.caller.id : undefined;
    const known = id === undefined ? undefined : await hurried.shops.get(id);
    const place = known?.outcome === "done" ? known.party.returnAddress : undefined;
    if (place != null) return { name: place.name, address: place.address, phone: place.phone ?? "" };
  }
  return { name: "", address: "", phone: "" };
}

/** Tells one server; answers whether it has taken it. */
async function tellReturns(
  { hurried }: Shop["tills"][number],
  place: { name: string; address: string; phone?: string },
): Promise<boolean> {
  const who = await hurried.whoami();
  const id = who.outcome === "done" ? who.caller.id : undefined;
  return id !== undefined && (await hurried.shops.setReturnAddress(id, place)).outcome === "done";
}

const returnsForm = closed({
  name: Type.Optional(Type.String({ maxLength: 120 })),
  address: Type.Optional(Type.String({ maxLength: 500 })),
  ...postcodeFields,
  phone: Type.Optional(Type.String({ maxLength: 60 })),
  ownPassword: Type.Optional(Type.String({ maxLength: 200 })),
});

const missingIn = (typed: { name: string; address: string }): Record<string, Sentence> =>
  Object.fromEntries(
    (["name", "address"] as const).flatMap((field) =>
      typed[field] === "" ? [[field, shopSay("mistake.returns")]] : [],
    ),
  );

export function addReturns(server: Server, shop: Shop): void {
  const onRequest = staffOnly(shop, "manager");
  server.get(
    "/staff/returns",
    {
      config: { access: ["manager"], page: true },
      schema: { summary: "Where goods are sent back to" },
      onRequest,
    },
    async (request, reply) => {
      const [frame, typed] = [await frameOf(shop, whoOf(request)), await returnsNow(shop)];
      return sendPage(reply, StaffReturnsPage, { frame, typed, mistaken: {}, told: [] });
    },
  );
  server.post(
    "/staff/returns",
    {
      config: { access: ["manager"], page: true, form: true },
      schema: { summary: "Have goods sent back to another address", body: returnsForm },
      onRequest,
      preValidation: tidyForm,
    },
    async (request, reply) => {
      const {
        name = "",
        address = "",
        phone = "",
        ownPassword = "",
      } = request.body as Record<string, string | undefined>;
      const typed = { name, address, phone };
      const mistaken = missingIn(typed);
      const frame = await frameOf(shop, whoOf(request));
      const asked = fillAddress(request.body);
      if (asked !== undefined) {
        const unknown: Record<string, Sentence> = asked.unknown ? { postcode: say("postcode.unknown") } : {};
        const filled = { ...typed, address: asked.fields["address"] ?? "" };
        const shown = { frame, typed: filled, mistaken: unknown, told: [] };
        return sendPage(reply, StaffReturnsPage, shown, asked.unknown ? 422 : 200);
      }
      if (Object.keys(mistaken).length > 0)
        return sendPage(reply, StaffReturnsPage, { frame, typed, mistaken, told: [] }, 422);
      const wrong = await ownMistake(shop, whoOf(request), ownPassword);
      if (wrong !== undefined) {
        const shown = { frame, typed, mistaken: { ownPassword: wrong }, told: [] };
        return sendPage(reply, StaffReturnsPage, shown, 422);
      }
      const said = [name, address, phone].filter((each) => each !== "").join(", ");
      await record(shop.database, whoOf(request).by, "returns", null, said);
      const place = { name, address, ...(phone === "" ? {} : { phone }) };
      const told = await Promise.all(
        shop.tills.map(async (till) => ({ till: till.label, taken: await tellReturns(till, place) })),
      );
      return sendPage(reply, StaffReturnsPage, { frame, typed, mistaken, told });
    },
  );
}
