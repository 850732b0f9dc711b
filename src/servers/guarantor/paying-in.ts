/** Where what is due on a trade is paid by a bank transfer: the institution that collects for it says so (paragraph 0070). */
import { dammValid, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import Type from "typebox";
import { actorAmong, actorOf } from "../../edge/api/api.ts";
import { payingInSchema, type PayingInView } from "../../edge/arrivals/arrivals.ts";
import { makeCheck, type Server } from "../../edge/http/http.ts";
import { frameOf, memberOf, type PageContext, sendPage } from "../../edge/pages/pages.ts";

import { type Peer, type PeerClient, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import { readCollected } from "../../engines/trades/trades.ts";
import type { Database } from "../../storage/database/database.ts";
import { TransferPage } from "./transfer-page.tsx";

const params = closed({ number: Type.String({ pattern: "^[0-9]{1,20}$" }) });
const access = ["member", "operator"] as const;
const refusals = ["not_found", "wrong_check_digit", "nothing_due", "unavailable"] as const;
const timeoutMs = 5_000;
const wrongIn = makeCheck(payingInSchema);

/**
 * Asks the institution that collects under this number, and no other: one that does not could name an account of its own. Undefined
 * where it takes no transfers.
 */
async function ask(
  database: Database,
  { client, institutions }: PayingInOptions,
  number: string,
): Promise<PayingInView | undefined> {
  for (const { id } of institutions) {
    if ((await readCollected(database, id, [number])).length === 0) continue;
    const answer = await client
      .call(id, "POST", `/v1/collections/${number}/paying-in`, {}, { timeoutMs })
      .catch((error: unknown) => {
        if (error instanceof UnknownOutcomeError) return refuse("unavailable");
        throw error;
      });
    if (answer.status === 200 && wrongIn(answer.body) === undefined) return answer.body as PayingInView;
  }
  return undefined;
}

interface PayingInOptions {
  client: PeerClient;
  institutions: readonly Peer[];
}

export function registerPayingIn(server: Server, context: PageContext, options: PayingInOptions): void {
  server.get(
    "/v1/guarantees/:number/paying-in",
    {
      config: { access, refusals },
      schema: {
        tags: ["Guarantees"],
        summary: "Where what is due on a trade is paid by a bank transfer",
        answers: { 200: payingInSchema },
        description: "For its buyer, and for operators who tell one. The institution that collects is asked.",
        params,
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, access);
      const { number } = request.params;
      if (!dammValid(number)) refuse("wrong_check_digit");
      dueOn((await context.trades.read(actor, number)) ?? refuse("not_found"));
      return (
        (await ask(context.database, options, number)) ?? refuse("not_found", "It takes no bank transfers.")
      );
    },
  );
  server.get(
    "/trades/:number/transfer",
    {
      config: { access: ["member"], page: true, refusals: [...refusals, "not_authenticated"] },
      schema: { tags: ["Pages"], summary: "How a member pays what is due by a bank transfer", params },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const actor = actorOf(context, request, caller);
      const { number } = request.params;
      const trade = (await context.trades.read(actor, number)) ?? refuse("not_found");
      const due = dueOn(trade);
      const payingIn = await ask(context.database, options, number);
      const frame = frameOf(context, caller);
      return sendPage(reply, TransferPage, { frame, number, due, payingIn });
    },
  );
}

/** What of a trade is to be paid now. Refuses where nothing is. */
function dueOn({ currency, guarantee }: TradeView): {
  currency: string;
  amount: number;
  payBy: string | null;
} {
  if (guarantee === undefined) return refuse("not_found", "Nobody stands for this trade.");
  const { due: amount, payBy } = guarantee;
  return currency === undefined || amount === 0 ? refuse("nothing_due") : { currency, amount, payBy };
}
