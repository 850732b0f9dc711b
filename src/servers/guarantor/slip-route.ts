/** The payment slip of a trade: what its buyer takes to a counter that collects (figure 8, step 6). */
import Type from "typebox";
import { dammValid, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed, oneOf } from "../../core/protocol/schemas.ts";
import { actorAmong, type Context } from "../../edge/api/api.ts";
import { languageAsked, type Server } from "../../edge/http/http.ts";
import { type PaymentSlip, paymentSlip } from "../../edge/papers/papers.ts";
import { readClock } from "../../storage/database/database.ts";

const languages = ["en", "ja"] as const;

export function registerSlipRoute(server: Server, context: Context, name: string): void {
  const { database, settings } = context;
  server.get(
    "/v1/guarantees/:number/slip",
    {
      config: {
        access: ["member", "operator"],
        refusals: ["not_found", "wrong_check_digit", "nothing_due"],
      },
      schema: {
        tags: ["Guarantees"],
        summary: "The payment slip for what is due on a trade, as PDF",
        answers: { 200: Type.String({ contentMediaType: "application/pdf" }) },
        description:
          "For its buyer, and for operators who print it for one. The bars are GS1-128 with the trade number under (91). It is in the " +
          "language that is asked for, else in the caller's.",
        params: closed({ number: Type.String({ pattern: "^[0-9]{1,20}$" }) }),
        querystring: closed({ language: Type.Optional(oneOf(languages)) }),
      },
    },
    async (request, reply) => {
      const actor = await actorAmong(context, request, ["member", "operator"]);
      const { number } = request.params;
      if (!dammValid(number)) refuse("wrong_check_digit");
      const trade = (await context.trades.read(actor, number)) ?? refuse("not_found");
      const { language = languageAsked(request.headers["accept-language"], languages) ?? "en" } =
        request.query;
      const due = dueOn(trade) ?? refuse("nothing_due");
      const { pdf } = await paymentSlip({
        ...due,
        lang: language,
        server: name,
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

/** What of a trade is to be paid now; undefined where nothing is. */
function dueOn(
  trade: TradeView,
):
  | Pick<PaymentSlip, "paidFor" | "number" | "payee" | "reference" | "currency" | "amount" | "payBy">
  | undefined {
  const { number, shopName, reference, currency, guarantee } = trade;
  if (guarantee === undefined) return refuse("not_found", "Nobody stands for this trade.");
  const { due, payBy } = guarantee;
  if (currency === undefined || due === 0 || payBy === null) return undefined;
  return {
    paidFor: "order",
    number,
    payee: shopName ?? "",
    reference: reference ?? null,
    currency,
    amount: BigInt(due),
    payBy: new Date(payBy),
  };
}
