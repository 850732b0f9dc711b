import type { Wanted } from "../moments/moments.ts";
import { type Attempt, Field, Notice, Say, useWords } from "../parts/parts.ts";
import { PasskeyScript } from "./passkey-script.tsx";

interface ProofProps {
  wanted: Wanted;
  attempt: Attempt;
  /** The password does it, too, where there is a passkey. */
  either?: boolean;
  /** Before the ids of its controls, where there are several on a page. */
  id?: string;
}

interface PasswordProps {
  attempt: Attempt;
  id: string;
  optional: boolean;
  hint: "proof.orPassword" | "proof.password" | "own.passwordHint";
}

function PasswordProof({ attempt, id, optional, hint }: PasswordProps) {
  const say = useWords();
  return (
    <Field
      name="proofPassword"
      id={`${id}proof-password`}
      label={say("own.password")}
      hint={say(hint)}
      type="password"
      required={!optional}
      own={optional}
      autocomplete="current-password"
      maxLength={200}
      error={attempt.errors["proofPassword"]}
    />
  );
}

/** What a form asks for beside what it does, in it. */
export function ProofPart({ wanted, attempt, either = false, id = "" }: ProofProps) {
  const say = useWords();
  if ((wanted.by === "later" || wanted.by === "nowhere") && !either)
    return (
      <Notice tone="care" id={`${id}proof-${wanted.by}`}>
        <p>{say(`proof.${wanted.by}`)}</p>
      </Notice>
    );
  const typed = { attempt, id };
  if (wanted.by !== "passkey")
    return (
      <PasswordProof {...typed} optional={false} hint={either ? "own.passwordHint" : "proof.password"} />
    );
  return (
    <div id={`${id}proof`} class="stack">
      <input
        type="hidden"
        name="proof"
        value=""
        data-passkey={JSON.stringify(wanted.options)}
        data-host={wanted.options.rpId}
      />
      <p class="error" data-passkey-said hidden>
        {say("proof.notShown")}
      </p>
      {either ? null : (
        <>
          <p class="soft small scripted with-passkey">{say("proof.passkey")}</p>
          <p class="error unscripted">{say("proof.noScripts")}</p>
          <p class="error without-passkey">
            <Say k="proof.elsewhere" host={<code>{wanted.options.rpId}</code>} />
          </p>
        </>
      )}
      {either ? <PasswordProof {...typed} optional hint="proof.orPassword" /> : null}
      <PasskeyScript />
    </div>
  );
}
