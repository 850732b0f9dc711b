/** The payment slip of a bill: what its member takes to a counter that collects. */
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, numberSchema, oneOf } from "../../core/protocol/schemas.ts";
import { askedOf, payByOf } from "../../engines/debts/debts.ts";
import { readClock } from "../../storage/database/database.ts";
import { callerAmong } from "../api/api.ts";
import { languageAsked, type Server } from "../http/http.ts";
import { paymentSlip } from "../papers/papers.ts";
import { billFor, type BillRoom } from "./bill-acts.ts";

const languages = ["en", "ja"] as const;

export function registerBillSlip(server: Server, room: BillRoom): void {
  const { database, settings, face } = room;
  server.get(
    "/v1/bills/:number/slip",
    {
      config: { access: ["member", "operator"], refusals: ["not_found", "wrong_check_digit", "nothing_due"] },
      schema: {
        tags: ["Bills"],
        summary: "The payment slip for what is to be paid next of a bill, as PDF",
        answers: { 200: Type.String({ contentMediaType: "application/pdf" }) },
        params: closed({ number: numberSchema }),
        querystring: closed({ language: Type.Optional(oneOf(languages)) }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(room, request, ["member", "operator"]);
      const bill = await billFor(room, caller, request.params.number);
      const amount = askedOf(bill);
      if (amount === 0n) return refuse("nothing_due");
      const { language: lang = languageAsked(request.headers["accept-language"], languages) ?? "en" } =
        request.query;
      const number = String(bill.number);
      const { pdf } = await paymentSlip({
        paidFor: "bill",
        number,
        payee: face.name,
        reference: null,
        currency: bill.currency,
        amount,
        payBy: payByOf(bill),
        lang,
        server: face.name,
        at: await readClock(database),
        timeZone: settings.timeZone,
      });
      return reply
        .type("application/pdf")
        .header("content-disposition", `inline; filename="${number}.pdf"`)
        .send(Buffer.from(pdf));
    },
  );
}
