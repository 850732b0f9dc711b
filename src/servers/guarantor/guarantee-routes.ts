/**
 * Guarantees over HTTP: is a number guaranteed, to whom, how much and until when (step 4 of figure 8), and how a guarantee
 * ends: the shop has been paid (step 8), or was not and is paid by this server (paragraphs 0081-0085).
 */
import { createHash } from "node:crypto";
import Type from "typebox";
import { guaranteeSchema } from "../../core/answers/answers.ts";
import { dammValid, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed, guaranteeMoveSchemas, type MoveBody, tradeSchema } from "../../core/protocol/schemas.ts";
import { actorAmong, type Context, refusalsOfMove, sendOutcome } from "../../edge/api/api.ts";
import { idempotencyKey, type Server } from "../../edge/http/http.ts";
import type { Signer } from "../../edge/signing/signing.ts";
import { wordFor } from "../../engines/vouching/vouching.ts";
import { readClock } from "../../storage/database/database.ts";
import { placeIn, type Said as SaidNow } from "./ended-list.ts";

const tags = ["Guarantees"];
const params = closed({ number: Type.String({ pattern: "^[0-9]{1,20}$" }) });
const access = ["shop", "operator"] as const;

const moves = {
  release: {
    summary: "You have been paid: the guarantee ends for what was collected, and the buyer's line is free",
    description: "Where you say nothing, the clock does it three days after the collector's notice.",
  },
  claim: {
    summary: "Nobody has paid in time: the guarantor pays you, and the buyer owes it",
    description:
      "From `claimFrom` on. The collecting institution is asked first, and takes no more for this number; where the buyer has " +
      "paid meanwhile, that counts, and nothing is claimed.",
  },
} as const;

export function registerGuaranteeRoutes(server: Server, context: Context, signer: Signer): void {
  server.get(
    "/v1/guarantees/:number",
    {
      config: { access, refusals: ["not_found", "wrong_check_digit"] },
      schema: {
        tags,
        summary: "Whether a number is guaranteed, to whom, how much and until when",
        answers: { 200: guaranteeSchema },
        description: "For its own shop; to any other there is no such guarantee.",
        params,
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, access);
      const { number } = request.params;
      if (!dammValid(number)) refuse("wrong_check_digit");
      const trade = await context.trades.read(actor, number);
      const said = trade && saidOf(trade);
      if (said === undefined) return refuse("not_found");
      const token = said.state === "open" ? await tokenOf(signer, context, said) : null;
      return { ...said, token };
    },
  );
  for (const name of ["release", "claim"] as const) registerMove(server, context, name);
}

function registerMove(server: Server, context: Context, name: keyof typeof moves): void {
  server.post(
    `/v1/guarantees/:number/${name}`,
    {
      config: { access, acts: [`trade.${name}`], refusals: refusalsOfMove(name) },
      schema: {
        tags,
        ...moves[name],
        params,
        body: guaranteeMoveSchemas[name],
        answers: { 200: tradeSchema, 202: tradeSchema },
      },
    },
    async (request, reply) => {
      const actor = await actorAmong(context, request, access);
      const body = { ...(request.body as object), do: name } as MoveBody;
      const { number } = request.params;
      return sendOutcome(reply, await context.trades.move(actor, number, body, idempotencyKey(request)));
    },
  );
}

type Said = ReturnType<typeof saidOf> & object;

/** What this server says of a trade now, as whoever makes the lists of what has ended asks. */
export function saying({ trades }: Pick<Context, "trades">): SaidNow {
  return async (number) => {
    const trade = await trades.read({ kind: "operator", id: "" }, String(number));
    const said = trade && saidOf(trade);
    return said?.state === "open" ? { order: said.order, amount: BigInt(said.amount) } : undefined;
  };
}

/** What this server stands for in a trade; undefined where it does not, or not yet. */
function saidOf(trade: TradeView) {
  const { number, guarantee, shop, currency, frozen, deadlines } = trade;
  if (guarantee === undefined || shop == null || currency === undefined || frozen == null) return undefined;
  return {
    number,
    state: guarantee.state,
    shop,
    currency,
    amount: frozen,
    order: digestOf(trade),
    ...(trade.earmark?.state === "open" ? { earmark: true as const } : {}),
    until: deadlines.reservedUntil,
    payBy: guarantee.payBy,
    claimFrom: guarantee.claimFrom,
  };
}

/** The SHA-256 of an order, as the client computes it (`orderDigest`). */
function digestOf({ currency, amount, reference, lines }: TradeView): string {
  const parts = lines.map((line) => [
    line.name,
    line.quantity,
    line.amount ?? (line.unitAmount ?? 0) * line.quantity,
  ]);
  const order = JSON.stringify([currency, amount, reference ?? null, parts]);
  return createHash("sha256").update(order).digest("base64url");
}

/** The name of a guarantee, by which nobody finds out the number. */
function guaranteeName({ links }: Pick<Context, "links">, number: string): string {
  return createHash("sha256")
    .update(`guarantee ${links.tokenFor(number)}`)
    .digest("base64url")
    .slice(0, 22);
}

async function tokenOf(signer: Signer, context: Context, said: Said): Promise<string | null> {
  const { number, shop, amount, currency, order, until } = said;
  const { database } = context;
  const now = await readClock(database);
  const end = until === null ? now : new Date(until);
  const place = await database.transaction((client) =>
    wordFor(client, { number: BigInt(number), order, amount: BigInt(amount), until: end }),
  );
  // Somebody else has just said something else of it.
  if (place === undefined) return null;
  const seconds = (at: Date) => Math.floor(at.getTime() / 1000);
  const claims = {
    iss: signer.url,
    sub: number,
    aud: shop,
    jti: guaranteeName(context, number),
    iat: seconds(now),
    exp: seconds(end),
    amount,
    currency,
    order,
    ...(said.earmark === undefined ? {} : { earmark: true }),
    status: { status_list: placeIn(signer.url, place) },
  };
  return signer.signToken("kenshu-guarantee+jwt", claims, end);
}
