/** How a person introduces herself: as a member, or, with the same fields, as a guest. */
import { type WordKey } from "../words/words.ts";
import { type Attempt, Choice, Field, Say, useWords } from "../parts/parts.ts";

/** Name, address, date of birth, contact: the same for members and guests (patent 0054, 0064). */
export function PersonFields(props: {
  attempt: Attempt;
  signsIn?: boolean;
  /** The e-mail address, where it is proven already. */
  confirmed?: string;
}) {
  const { attempt, signsIn = false, confirmed } = props;
  const say = useWords();
  const { values, errors } = attempt;
  const field = (name: string) => ({ name, value: values[name], error: errors[name] });
  return (
    <div class="fields">
      <Field {...field("name")} label={say("person.name")} required autocomplete="name" maxLength={120} />
      <Field
        {...field("address")}
        label={say("person.address")}
        required
        autocomplete="street-address"
        maxLength={300}
      />
      <Field
        {...field("birthDate")}
        label={say("person.birthDate")}
        type="date"
        required
        autocomplete="bday"
        min="1900-01-01"
      />
      {signsIn || confirmed !== undefined ? null : <p class="hint">{say("person.contactHint")}</p>}
      {confirmed === undefined ? null : (
        <p id="confirmed-email">
          <Say k="person.confirmed" email={<bdi>{confirmed}</bdi>} />
        </p>
      )}
      <div class="pair">
        {confirmed === undefined ? (
          <Field
            {...field("email")}
            label={say("person.email")}
            required={signsIn}
            type="email"
            autocomplete="email"
            maxLength={254}
          />
        ) : null}
        <Field {...field("phone")} label={say("person.phone")} type="tel" autocomplete="tel" maxLength={40} />
      </div>
    </div>
  );
}

type MeansKind = "none" | "deposit" | "credit" | "prepaid";

const meansUnder = {
  none: undefined,
  deposit: "method.depositUnder",
  credit: "method.creditUnder",
  prepaid: "method.prepaidUnder",
} as const satisfies Record<MeansKind, WordKey | undefined>;

/** Which means of payment, with the code that comes with it. `kinds` are those that are offered here. */
export function MeansFields({ attempt, kinds }: { attempt: Attempt; kinds: readonly MeansKind[] }) {
  const say = useWords();
  const chosen = attempt.values["methodKind"] ?? kinds[0];
  return (
    <div class="fields">
      <fieldset>
        <legend>{say("method.kind")}</legend>
        <div class="choices">
          {kinds.map((kind) => {
            const under = meansUnder[kind];
            return (
              <Choice
                key={kind}
                name="methodKind"
                value={kind}
                id={`methodKind-${kind}`}
                checked={chosen === kind}
                under={under === undefined ? undefined : say(under)}
              >
                {say(`method.${kind}`)}
              </Choice>
            );
          })}
        </div>
      </fieldset>
      <Field
        name="token"
        label={say("method.token")}
        hint={say("method.tokenHint")}
        maxLength={200}
        value={attempt.values["token"]}
        error={attempt.errors["token"]}
      />
    </div>
  );
}
