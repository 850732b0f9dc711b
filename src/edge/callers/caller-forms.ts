/** What a form says of a caller, as a call would say it; and what is still missing, at its field. */
import { type AcceptorRole, acceptorRoles, operatorChannels } from "../../core/protocol/protocol.ts";
import { proofKinds } from "../../core/protocol/schemas.ts";
import { type ActName, isSpoken, type Speech } from "../operators/operators.ts";
import { field, type Fields, filled, type Made } from "../pages/pages.ts";
import { say, type Sentence } from "../words/words.ts";

/** The fields, for the schema of a form. */
export const callerFields = {
  channel: field(10),
  callReference: field(200),
  proofKind: field(10),
  proofReference: field(200),
  as: field(10),
  why: field(500),
  readBack: field(3),
};

/** How people reach an operator: at their own desk nobody has asked them. */
export const callerChannels = operatorChannels.filter((channel) => channel !== "desk");

export interface CallerNeeds {
  /** Somebody proves who they are: it is done in their name, and the server asks for it. */
  proof: boolean;
  /** Whose word it can be; one alone is not asked for, and none where nobody is named. */
  as?: readonly AcceptorRole[];
}

/** What an act needs to be told of a caller. */
export function spokenOf({ requireProof }: { requireProof: boolean }, act: ActName): CallerNeeds {
  return { proof: requireProof && isSpoken(act) };
}

const among = <Name extends string>(names: readonly Name[], text: string | undefined): Name | undefined =>
  names.find((name) => name === text);

/** The `operator` of the call that a form makes, or what it has not said. */
export function speechSaid(fields: Fields, needs: CallerNeeds): Made<Speech> {
  const errors: Record<string, Sentence> = {};
  const channel = among(callerChannels, fields["channel"]);
  const reference = filled(fields["callReference"]);
  const kind = among(proofKinds, fields["proofKind"]);
  const noted = filled(fields["proofReference"]);
  const { as: roles = [] } = needs;
  const as = roles.length === 1 ? roles[0] : among(acceptorRoles, fields["as"]);
  if (channel === undefined) errors["channel-phone"] = say("caller.mistake.channel");
  if (reference === undefined) errors["callReference"] = say("caller.mistake.reference");
  if (kind === undefined && (needs.proof || noted !== undefined))
    errors["proofKind-callback"] = say("caller.mistake.proof");
  if (noted === undefined && (needs.proof || kind !== undefined))
    errors["proofReference"] = say("caller.mistake.proofReference");
  if (roles.length > 0 && (as === undefined || !roles.includes(as)))
    errors[`as-${roles[0]}`] = say("caller.mistake.as");
  if (channel === undefined || reference === undefined || Object.keys(errors).length > 0) return { errors };
  const reason = filled(fields["why"]);
  return {
    body: {
      channel,
      reference,
      ...(reason === undefined ? {} : { reason }),
      ...(as === undefined || roles.length === 0 ? {} : { as }),
      ...(kind === undefined || noted === undefined ? {} : { proof: { kind, reference: noted } }),
    },
  };
}

/** What stands in the way as long as the act was not read back to whoever asks for it. */
export function readBackMissing(fields: Fields): Record<string, Sentence> | undefined {
  return fields["readBack"] === "yes" ? undefined : { readBack: say("caller.mistake.readBack") };
}
