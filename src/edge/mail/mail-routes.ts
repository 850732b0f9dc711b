/** What was written about a trade, for operators: whether it has arrived, and once more where it has not. */
import { mailAgainSchema, tradeMailSchema } from "../../core/answers/answers.ts";
import { dammValid, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, numberSchema } from "../../core/protocol/schemas.ts";
import { listTradeMails, sendMailAgain, type TradeMail } from "../../engines/outbox/outbox.ts";
import { callerAmong, type Context, operatorAct } from "../api/api.ts";
import type { Server } from "../http/http.ts";

const tags = ["Trades"];
const operators = ["operator"] as const;
const mailsMost = 200;

const viewOf = ({ lastError, takenAt, at, ...mail }: TradeMail) => ({
  ...mail,
  at: at.toISOString(),
  error: lastError,
  takenAt: takenAt?.toISOString() ?? null,
});

/** `isSent`: whether this server has a mail server. */
export function registerMailCalls(server: Server, context: Context, isSent: boolean): void {
  const { database } = context;
  server.get(
    "/v1/trades/:number/mails",
    {
      config: { access: operators, refusals: ["wrong_check_digit"] },
      schema: {
        tags,
        summary:
          "Mails about a trade, the newest first: to whom of its parties, and whether a mail server has each",
        answers: { 200: listOf(tradeMailSchema) },
        description: "No address stands here. `error` says why one is waiting again or was given up.",
        params: closed({ number: numberSchema }),
      },
    },
    async (request) => {
      await callerAmong(context, request, operators);
      const mails = await listTradeMails(database, numberIn(request.params.number), mailsMost);
      return { items: mails.map(viewOf), next: null };
    },
  );
  const again = operatorAct<{ id: string; number: string }>(
    context,
    "mail.send",
    async (client, { id, number }) => {
      if (!isSent) return refuse("not_found", "This server has no mail server.");
      if (!(await sendMailAgain(client, BigInt(number), id)))
        return refuse("not_found", "There is no such mail that was given up.");
      return { status: 200, body: { id, state: "waiting" } };
    },
  );
  server.post(
    "/v1/trades/:number/mails/:id/send",
    {
      config: { access: operators, acts: ["mail.send"], refusals: ["not_found", "wrong_check_digit"] },
      schema: {
        tags,
        summary: "Send a mail again that was given up",
        description:
          "It goes to where its reader is reached by now. One that a mail server has taken is not sent again.",
        answers: { 200: mailAgainSchema },
        params: closed({ number: numberSchema, id: idSchema }),
        body: closed({}),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { id, number } = request.params;
      numberIn(number);
      return again(request, reply, caller, { subject: number, args: { id, number } });
    },
  );
}

function numberIn(text: string): bigint {
  if (!dammValid(text) || text.length > 18) refuse("wrong_check_digit");
  return BigInt(text);
}
