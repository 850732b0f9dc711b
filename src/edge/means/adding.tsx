/** Means of payment that somebody adds, and those that wait. */
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { Amount, type Attempt, Button, Choice, Field, Form, Notice, useWords } from "../parts/parts.ts";
import { type WordKey } from "../words/words.ts";

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

/** The code of prepaid money; `another` where one is known, which is tried again if none is typed. */
export function CodeField(props: { attempt: Attempt; required?: boolean; another?: boolean }) {
  const { attempt, required = false, another = false } = props;
  const say = useWords();
  return (
    <Field
      name="token"
      label={say(another ? "method.tokenOther" : "method.token")}
      hint={say(another ? "method.tokenOtherHint" : "method.tokenHint")}
      required={required}
      own
      maxLength={200}
      value={another ? undefined : attempt.values["token"]}
      error={attempt.errors["token"]}
    />
  );
}

/** A means of payment that is not to be used now: it waits to be approved, or something on it is overdue. */
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
            {say(`method.${kind}`)}{" "}
            {wished === null ? currency : <Amount amount={wished} currency={currency} />}
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
  /** It is what the page is for at the moment. */
  main?: boolean;
}

/** Opens a means of payment where accounts are kept. */
export function MeansForm({ kinds, currencies, once, next, attempt, main = false }: AddMeansProps) {
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
      <Button id="add-means-submit" look={main ? "main" : "quiet"}>
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
