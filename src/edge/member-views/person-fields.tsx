/** How a person introduces herself: as a member, or, with the same fields, as a guest. */
import { type WordKey } from "../words/words.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { Amount, type Attempt, Button, Choice, Field, Form, Notice, Say, useWords } from "../parts/parts.ts";

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

type MeansKind = "none" | MethodKind;

const meansUnder = {
  none: undefined,
  deposit: "method.depositUnder",
  credit: "method.creditUnder",
  prepaid: "method.prepaidUnder",
} as const satisfies Record<MeansKind, WordKey | undefined>;

/**
 * Which means of payment, with what belongs to each: a code to prepaid money, a limit to a credit line. `kinds` are those that
 * are offered here. A field is there for its own kind only, where the browser knows how to hide the others.
 */
export function MeansFields({ attempt, kinds }: { attempt: Attempt; kinds: readonly MeansKind[] }) {
  const say = useWords();
  const chosen = attempt.values["methodKind"] ?? kinds[0];
  return (
    <div class="fields means">
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
      {kinds.includes("prepaid") ? (
        <div class="for-prepaid">
          <CodeField attempt={attempt} />
        </div>
      ) : null}
      {kinds.includes("credit") ? (
        <div class="for-credit">
          <Field
            name="limit"
            label={say("method.limit")}
            hint={say("method.limitHint")}
            own
            value={attempt.values["limit"]}
            error={attempt.errors["limit"]}
            inputMode="decimal"
            maxLength={30}
          />
        </div>
      ) : null}
    </div>
  );
}

/** The code of prepaid money. `own` where it may not be needed, which its own words say. */
export function CodeField({ attempt, required = false }: { attempt: Attempt; required?: boolean }) {
  const say = useWords();
  return (
    <Field
      name="token"
      label={say("method.token")}
      hint={say("method.tokenHint")}
      required={required}
      own
      maxLength={200}
      value={attempt.values["token"]}
      error={attempt.errors["token"]}
    />
  );
}

/** What cannot be paid with yet, or no more for now. */
export interface WaitingView {
  id: string;
  kind: MethodKind;
  currency: string;
  state: "pending" | "overdue";
  /** How long a credit line was wished for, in minor units. */
  wished: bigint | null;
}

/** What somebody has asked for already, so that they do not ask again. */
export function WaitingMeans({ waiting }: { waiting: readonly WaitingView[] }) {
  const say = useWords();
  if (waiting.length === 0) return null;
  return (
    <Notice id="waiting-means" title={say("means.waiting")}>
      <ul>
        {waiting.map(({ id, kind, currency, state, wished }) => (
          <li key={id} data-method={id}>
            {say(`method.${kind}`)} {currency}
            {wished === null ? null : (
              <>
                {" "}
                <Amount amount={wished} currency={currency} />
              </>
            )}
            {say("colon")}
            {say(`methods.${state}`)}
          </li>
        ))}
      </ul>
      {waiting.some(({ state }) => state === "pending") ? <p>{say("means.waitingHint")}</p> : null}
    </Notice>
  );
}

export interface AddMeansProps {
  /** What can be opened here. */
  kinds: readonly MethodKind[];
  /** In which currencies; where there is one only, nothing is asked. */
  currencies: readonly string[];
  once: string;
  /** Where to go on afterwards. */
  next?: string | undefined;
  attempt: Attempt;
}

/** Opens a means of payment where accounts are kept. */
export function MeansForm({ kinds, currencies, once, next, attempt }: AddMeansProps) {
  const say = useWords();
  const [first] = currencies;
  const chosen = currencies.find((currency) => currency === attempt.values["currency"]) ?? first;
  return (
    <Form action="/accounts" once={once} id="means-form">
      {next === undefined ? null : <input type="hidden" name="next" value={next} />}
      <MeansFields attempt={attempt} kinds={kinds} />
      {currencies.length === 1 ? (
        <input type="hidden" name="currency" value={first} />
      ) : (
        <fieldset>
          <legend>{say("method.currency")}</legend>
          <div class="choices across" id="currency">
            {currencies.map((currency) => (
              <Choice
                key={currency}
                name="currency"
                value={currency}
                id={`currency-${currency}`}
                checked={currency === chosen}
              >
                {currency}
              </Choice>
            ))}
          </div>
        </fieldset>
      )}
      <Button id="add-means-submit" look="quiet">
        {say("means.submit")}
      </Button>
    </Form>
  );
}

/** The same with what it is for. */
export function AddMeans(props: AddMeansProps) {
  const say = useWords();
  if (props.kinds.length === 0) return null;
  return (
    <section class="sheet" aria-labelledby="add-means">
      <h2 id="add-means">{say("means.add")}</h2>
      <MeansForm {...props} />
    </section>
  );
}
