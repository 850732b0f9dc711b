/** The fields of a form that say for whom an operator acts. Data in, marks out. */
import type { ComponentChildren } from "preact";
import { proofKinds } from "../../core/protocol/schemas.ts";
import { type Attempt, Choice, Field, useLanguage, useWords } from "../parts/parts.ts";
import { callerChannels, type CallerNeeds } from "./caller-forms.ts";

function Radios(props: {
  name: string;
  legend: string;
  values: readonly { value: string; text: string }[];
  attempt: Attempt;
  /** Each is a word or two: they stand beside each other. */
  brief?: boolean;
}) {
  const { name, legend, values, attempt, brief = false } = props;
  const lang = useLanguage();
  const error = attempt.errors[`${name}-${values[0]?.value}`];
  return (
    <fieldset>
      <legend>{legend}</legend>
      {error === undefined ? null : <p class="error">{error(lang)}</p>}
      <div class={brief ? "choices brief" : "choices"}>
        {values.map(({ value, text }) => (
          <Choice
            key={value}
            name={name}
            value={value}
            id={`${name}-${value}`}
            checked={attempt.values[name] === value}
          >
            {text}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

/** Who asks for it, how they proved that, and whose word it is. Answered by `speechSaid`. */
export function CallerFields({ needs, attempt }: { needs: CallerNeeds; attempt: Attempt }) {
  const say = useWords();
  const { as: roles = [], proof } = needs;
  const { values, errors } = attempt;
  const channels = callerChannels.map((value) => ({ value, text: say(`caller.channel.${value}`) }));
  const proofs = proofKinds.map((value) => ({ value, text: say(`caller.proof.${value}`) }));
  const whose = roles.map((value) => ({ value, text: say(`caller.as.${value}`) }));
  return (
    <section class="stack" aria-labelledby="caller">
      <h2 id="caller">{say("caller.title")}</h2>
      {roles.length < 2 ? null : (
        <Radios name="as" legend={say("caller.as")} values={whose} attempt={attempt} brief />
      )}
      <Radios name="channel" legend={say("caller.channel")} values={channels} attempt={attempt} brief />
      <Field
        name="callReference"
        label={say("caller.reference")}
        hint={say("caller.referenceHint")}
        error={errors["callReference"]}
        value={values["callReference"]}
        required
        maxLength={200}
      />
      <Radios name="proofKind" legend={say("caller.proof")} values={proofs} attempt={attempt} />
      <Field
        name="proofReference"
        label={say("caller.proofReference")}
        hint={say("caller.proofReferenceHint")}
        error={errors["proofReference"]}
        value={values["proofReference"]}
        required={proof}
        maxLength={200}
      />
      <Field
        name="why"
        label={say("caller.why")}
        error={errors["why"]}
        value={values["why"]}
        maxLength={500}
      />
    </section>
  );
}

/** The very act, as it is read to whoever asks for it, and their yes. Answered by `readBackMissing`. */
export function ReadBack({ attempt, children }: { attempt: Attempt; children: ComponentChildren }) {
  const say = useWords();
  const lang = useLanguage();
  const error = attempt.errors["readBack"];
  return (
    <div class="stack">
      <blockquote class="sheet" id="read-back">
        {children}
      </blockquote>
      {error === undefined ? null : <p class="error">{error(lang)}</p>}
      <Choice type="checkbox" name="readBack" value="yes" id="readBack" required>
        {say("caller.readBack")}
      </Choice>
    </div>
  );
}
