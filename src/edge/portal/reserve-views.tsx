/** The form for an amount that is reserved before ordering. Data in, HTML out. */
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Field,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

/** How long it can be reserved for, by the form. */
export const reserveDays = ["P3D", "P7D", "P14D", "P30D"] as const;

interface Means {
  id: string;
  kind: "deposit" | "credit" | "prepaid";
  currency: string;
  available?: bigint | number | null;
  institution?: string;
}

interface ReserveProps {
  frame: Frame;
  shop: { id: string; name: string };
  methods: readonly Means[];
  once: string;
  attempt?: Attempt;
}

function MeansUnder({ available, institution, currency }: Means) {
  if (institution !== undefined) return <Say k="method.at" institution={<Name>{institution}</Name>} />;
  if (available === undefined) return null;
  return <Say k="method.free" amount={<Amount amount={available ?? 0} currency={currency} />} />;
}

function ReserveForm({ shop, methods, once, attempt = noAttempt }: ReserveProps) {
  const say = useWords();
  const { values, errors } = attempt;
  const chosen = methods.find(({ id }) => id === values["method"]) ?? methods[0];
  const lasts = values["reserveFor"] ?? "P14D";
  const [one, ...others] = new Set(methods.map(({ currency }) => currency));
  const label = say("reserve.amount");
  return (
    <Form action="/reserve" id="reserve-form" once={once}>
      <input type="hidden" name="shop" value={shop.id} />
      <Field
        name="amount"
        label={
          one === undefined || others.length > 0 ? label : say("amount.in", { what: label, currency: one })
        }
        inputMode="decimal"
        maxLength={40}
        required
        short
        value={values["amount"]}
        error={errors["amount"]}
      />
      <fieldset class="choices" id="method">
        <legend>{say("reserve.method")}</legend>
        {methods.map((method) => (
          <Choice
            key={method.id}
            name="method"
            value={method.id}
            id={`method-${method.id}`}
            checked={method.id === chosen?.id}
            under={<MeansUnder {...method} />}
            required
          >
            {say("amount.in", { what: say(`method.${method.kind}`), currency: method.currency })}
          </Choice>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>{say("reserve.for")}</legend>
        {reserveDays.map((days) => (
          <Choice
            key={days}
            name="reserveFor"
            value={days}
            id={`for-${days}`}
            checked={days === lasts}
            required
          >
            {say(`reserve.${days}`)}
          </Choice>
        ))}
      </fieldset>
      <Button id="reserve-submit" wide>
        {say("reserve.submit")}
      </Button>
    </Form>
  );
}

function ReserveBody(props: ReserveProps) {
  const say = useWords();
  const { shop, methods, attempt = noAttempt, frame } = props;
  return (
    <div class="stack-l">
      <h1>{say("reserve.title")}</h1>
      <p class="lead">
        <Say k="reserve.lead" shop={<Name>{shop.name}</Name>} />
      </p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {methods.length > 0 ? (
        <div class="sheet">
          <ReserveForm {...props} />
        </div>
      ) : (
        <Notice tone="care" title={say("reserve.noMethod")}>
          {frame.face.money === "methods" ? (
            <p>
              <LinkButton href="/methods" id="to-methods">
                {say("approve.toMethods")}
              </LinkButton>
            </p>
          ) : null}
        </Notice>
      )}
    </div>
  );
}

/** `/reserve`: an amount for a shop, the order to follow. */
export function ReservePage(props: ReserveProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("reserve.title")} narrow>
      <ReserveBody {...props} />
    </ServerPage>
  );
}
