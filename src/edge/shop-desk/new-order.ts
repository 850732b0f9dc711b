/** An order that a shop's people make by hand: it is proposed as programs propose, and its buyer approves by the link. */
import type { FastifyReply } from "fastify";
import Type from "typebox";
import { numberTyped } from "../../core/protocol/protocol.ts";
import { type Propose, proposeSchema } from "../../core/protocol/schemas.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { actorOf, ofReserving } from "../api/api.ts";
import { makeInspection, type Server } from "../http/http.ts";
import {
  attemptOf,
  checked,
  field,
  type Fields,
  filled,
  filledNarrow,
  frameOf,
  key,
  type Made,
  type PageContext,
  present,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import type { Attempt } from "../parts/parts.ts";
import { newLines, NewOrderPage } from "../shop-desk-views/shop-desk-views.ts";
import { say } from "../words/words.ts";
import { shopForm, shopOf, shopPage } from "./order-pages.ts";
import { linesTyped } from "./revising.ts";

const form = Type.Unsafe<Fields>({
  type: "object",
  properties: {
    key,
    currency: field(3),
    reference: field(100),
    member: field(40),
    recipient: field(120),
    address: field(300),
    phone: field(40),
    gift: field(3),
  },
  patternProperties: { "^(name|quantity|price)-[1-9]$": Type.String({ maxLength: 400 }) },
  additionalProperties: false,
});

const inspect = makeInspection(proposeSchema);

/** The field that a part of the proposal comes from. */
const names: Readonly<Record<string, string>> = {
  "/reference": "reference",
  "/buyer/member": "member",
  "/recipient/name": "recipient",
  "/recipient/address": "address",
  "/recipient/contact/phone": "phone",
};

/** The proposal that the form makes. */
function proposalOf(fields: Fields, currencies: readonly string[]): Made<Propose> {
  const currency = currencies.find((each) => each === fields["currency"]) ?? currencies[0] ?? "JPY";
  const found = linesTyped(fields, currency, { most: newLines });
  if ("errors" in found) return found;
  const member = filled(fields["member"]);
  const [name, address, phone] = [
    filled(fields["recipient"]),
    filled(fields["address"]),
    filledNarrow(fields["phone"]),
  ];
  const gift = fields["gift"] === "yes";
  if (name === undefined && (gift || address !== undefined || phone !== undefined))
    return { errors: { recipient: say("mistake.missing") } };
  const body = present({
    currency,
    lines: found.lines,
    reference: filled(fields["reference"]),
    buyer: member === undefined ? undefined : { member: numberTyped(member) },
    recipient:
      name === undefined
        ? undefined
        : present({ name, address, contact: phone === undefined ? undefined : { phone } }),
    acceptance: gift ? { by: ["buyer", "recipient"], need: 1 } : undefined,
  });
  return checked<Propose>(inspect, body, (pointer) => names[pointer]);
}

export function registerNewOrder(server: Server, context: PageContext): void {
  const { currencies } = context.settings;
  const show = (reply: FastifyReply, caller: Caller, attempt?: Attempt) =>
    sendPage(
      reply,
      NewOrderPage,
      {
        frame: frameOf(context, caller),
        currencies,
        once: uuidv7(),
        ...(attempt === undefined ? {} : { attempt }),
      },
      attempt === undefined ? 200 : (attempt.problem?.status ?? 422),
    );
  server.get(
    "/shop/new",
    { config: shopPage, schema: { tags, summary: "Make an order by hand" } },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      return caller === undefined ? reply : show(reply, caller);
    },
  );
  const refusals = [...shopPage.refusals, ...ofReserving, "reference_in_use", "wrong_check_digit"] as const;
  server.post(
    "/shop/new",
    {
      config: { ...shopForm, refusals: [...refusals, "amount_mismatch"] },
      schema: { tags, summary: "The order is made, and waits for its buyer", body: form },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const fields = request.body;
      const made = proposalOf(fields, currencies);
      if (!("body" in made)) return show(reply, caller, attemptOf(fields, made));
      const actor = actorOf(context, request, caller);
      const outcome = await context.trades.propose(actor, made.body, fields["key"]);
      return outcome.how === "done"
        ? seeOther(reply, `/shop/orders/${outcome.view.value.number}`)
        : show(reply, caller, attemptOf(fields, { problem: outcome.problem.value }));
    },
  );
}
