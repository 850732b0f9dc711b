/** Proofs for programs that act in somebody's session: each for one act, five minutes, once. */
import Type from "typebox";
import { fromWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, currencySchema, oneOf } from "../../core/protocol/schemas.ts";
import { callerAmong, type Context } from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { assertionSchema, type ProvenAct, provenActs } from "../moments/moments.ts";
import { whoSignsIn } from "../profiles/profiles.ts";
import { proofSchema, proofWantedSchema } from "./answers.ts";

const tags = ["Sign-in"];
const who = whoSignsIn.filter((kind) => kind !== "operator");
const access = ["member", "party"] as const;

const act = {
  act: oneOf(provenActs, "What is done"),
  of: Type.String({
    pattern: "^[A-Za-z0-9-]{1,60}$",
    description: "The number or id of what it is done to, as in the address of its call or in its body",
  }),
  amount: Type.Optional(
    Type.Union([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()], {
      description: "In minor units; null where there is no limit, or the amount is not known here",
    }),
  ),
  currency: Type.Optional(currencySchema),
  version: Type.Optional(Type.Integer({ minimum: 1, description: "Of the trade, as it was seen" })),
};

interface Wish {
  act: ProvenAct["act"];
  of: string;
  amount?: number | null;
  currency?: string;
  version?: number;
}

const actOf = ({ amount, ...rest }: Wish): ProvenAct =>
  amount === undefined ? rest : { ...rest, amount: amount === null ? null : fromWire(amount) };

export function registerProofs(server: Server, context: Context): void {
  const { moments } = context;
  server.post(
    "/v1/proofs/options",
    {
      config: { access: [...access, "operator"], acts: ["passkey.change"], refusals: ["not_allowed"] },
      schema: {
        tags,
        summary: "How the person who is signed in proves an act: by a passkey, the password, or not yet",
        answers: { 200: proofWantedSchema },
        body: closed(act),
      },
    },
    async (request) => {
      idempotencyKey(request);
      const caller = await callerAmong(context, request, whoSignsIn);
      if (caller.credential.kind !== "session") refuse("not_allowed", "A key proves nothing of a person.");
      const wanted = await moments.wanted(caller, actOf(request.body));
      return wanted.by === "passkey" ? { by: wanted.by, publicKey: wanted.options } : { by: wanted.by };
    },
  );
  server.post(
    "/v1/proofs",
    {
      config: {
        access,
        refusals: [
          ...(["password_wrong", "passkey_refused", "proof_required"] as const),
          ...(["sign_in_changed_lately", "too_many_requests"] as const),
        ],
      },
      schema: {
        tags,
        summary: "Prove an act, now: the proof is shown with it, as `Kenshu-Proof`",
        description:
          "With the `password`, or the `response` of the passkey to the options above. It holds for exactly this act, for five " +
          "minutes and once; with an Idempotency-Key it goes on holding for the same call.",
        answers: { 201: proofSchema },
        body: closed({
          ...act,
          password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          response: Type.Optional(assertionSchema),
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, who);
      const { password, response, ...wish } = request.body;
      const proven = actOf(wish);
      await moments.prove(caller, proven, { password, response }, { key: idempotencyKey(request) });
      const { token, until } = await moments.tokenFor(caller, proven, { response });
      return reply.code(201).send({ proof: token, until: until.toISOString() });
    },
  );
}
