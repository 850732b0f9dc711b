/** What comes into a batch of trades, and who asks. */
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";
import type { Digest } from "../engine/engine.ts";

/**
 * Who asks, as the server has established it. `opens`: the one trade whose link this person holds, or which the
 * recipient may see.
 */
export interface Actor {
  kind: "shop" | "carrier" | "provider" | "operator" | "person" | "recipient";
  id: string;
  opens?: string;
  /** The operator who has confirmed what this operator asked for. */
  confirmedBy?: string;
  /** The version of the trade that was confirmed; on another one the act is refused. */
  saw?: number;
  /** In whose place somebody who brings the goods accepts, with the code that those have given. */
  standsFor?: "buyer" | "recipient";
}

/**
 * What comes into a batch. `wake` is the clock's look at one trade; `hindered`: a limit keeps somebody from acting, for so
 * long; `answered` is what
 * another server says of a step that waited for it, with the code where it refused; `awaited`: that it has asked the owner of
 * the account first; `assign`: a store takes what the
 * head of its chain has made.
 */
export type Request =
  | {
      do: "propose";
      actor: Actor;
      body: Propose;
      key: string | undefined;
      digest: Digest;
    }
  | { do: "move"; actor: Actor; number: bigint; body: MoveBody; key: string | undefined; digest: Digest }
  | { do: "assign"; actor: Actor; number: bigint; head: string; key: undefined; digest: Digest }
  | { do: "wake"; number: bigint }
  | { do: "hindered"; number: bigint; who: "buyer" | "recipient"; for: string }
  | { do: "awaited"; number: bigint; instruction: string }
  | { do: "answered"; number: bigint; instruction: string; refused: ProblemCode | undefined };
