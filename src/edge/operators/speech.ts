/** How a person reached the operator who acts in their name, and how they proved who they are. */
import Type, { type Static } from "typebox";
import { operatorChannels, type Problem, problem, refuse } from "../../core/protocol/protocol.ts";
import { closed, oneOf, type operatorActSchema, proofKinds, text } from "../../core/protocol/schemas.ts";
import { type ActName, isSpoken } from "./acts.ts";
import type { OperatorRules } from "./rules.ts";

export type Speech = Static<typeof operatorActSchema>;

/** The same in the query of a call without a body: `channel=phone&reference=call%207&proof=callback&proofReference=tape%209`. */
export const speechQuery = closed({
  channel: Type.Optional(oneOf(operatorChannels)),
  reference: Type.Optional(text(1, 200)),
  reason: Type.Optional(text(1, 500)),
  proof: Type.Optional(oneOf(proofKinds)),
  proofReference: Type.Optional(text(1, 200)),
});

/** What such a query says; undefined where it says nothing. Refuses what is not whole. */
export function speechFrom(query: Static<typeof speechQuery>): Speech | undefined {
  const { channel, reference, reason, proof, proofReference } = query;
  if (Object.keys(query).length === 0) return undefined;
  if (
    channel === undefined ||
    reference === undefined ||
    (proof === undefined) !== (proofReference === undefined)
  )
    return refuse(
      "invalid_field",
      "`channel` and `reference` stand together, and so do `proof` and `proofReference`.",
    );
  return {
    channel,
    reference,
    ...(reason === undefined ? {} : { reason }),
    ...(proof === undefined || proofReference === undefined
      ? {}
      : { proof: { kind: proof, reference: proofReference } }),
  };
}

/** Why an act in somebody's name cannot be done as it stands: nothing says who asked for it, or how they proved it. */
export function unspoken(
  { requireProof }: Pick<OperatorRules, "requireProof">,
  name: ActName,
  speech: Speech | undefined,
  pointer = "/operator",
): Problem | undefined {
  if (!requireProof || !isSpoken(name) || speech?.proof !== undefined) return undefined;
  return problem("invalid_field", "An operator says how the person reached them and proved who they are.", {
    errors: [{ pointer: speech === undefined ? pointer : `${pointer}/proof`, message: "is missing" }],
  });
}
