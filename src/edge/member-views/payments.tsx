/** Where a shop is paid at servers that keep accounts, and the form that ties one account more. */
import {
  type Attempt,
  Button,
  Choice,
  Empty,
  Field,
  Form,
  type Frame,
  Mistakes,
  Name,
  Notice,
  Refused,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

export interface PaymentsProps {
  frame: Frame;
  /** The shop's id and name. */
  shop: { id: string; name: string };
  institutions: readonly { id: string; name: string }[];
  ties: readonly { institution: string; name: string | null; currency: string }[];
  /** An operator says how the shop reached them. */
  spoken: boolean;
  once: string;
  /** What has just come of the form: tied, or kept until another operator has confirmed it. */
  done?: "tied" | "kept" | undefined;
  attempt: Attempt;
}

const channels = ["phone", "fax", "letter", "counter"] as const;
const proofs = ["callback", "document"] as const;

function Choices({
  name,
  title,
  options,
  chosen,
}: {
  name: string;
  title: string;
  options: readonly { value: string; text: string }[];
  chosen: string | undefined;
}) {
  const first = options.find(({ value }) => value === chosen) ?? options[0];
  return (
    <fieldset>
      <legend>{title}</legend>
      <div class="choices" id={name}>
        {options.map(({ value, text }) => (
          <Choice
            key={value}
            name={name}
            value={value}
            id={`${name}-${value}`}
            checked={value === first?.value}
            required
          >
            <Name>{text}</Name>
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function Spoken({ attempt: { values } }: Pick<PaymentsProps, "attempt">) {
  const say = useWords();
  const named = (names: readonly (typeof channels)[number][] | readonly (typeof proofs)[number][]) =>
    names.map((value) => ({ value, text: say(`payments.${value}`) }));
  return (
    <>
      <Choices
        name="channel"
        title={say("payments.channel")}
        options={named(channels)}
        chosen={values["channel"]}
      />
      <Field
        name="reference"
        label={say("payments.reference")}
        required
        maxLength={200}
        value={values["reference"]}
      />
      <Choices name="proof" title={say("payments.proof")} options={named(proofs)} chosen={values["proof"]} />
      <Field
        name="proofReference"
        label={say("payments.proofReference")}
        required
        maxLength={200}
        value={values["proofReference"]}
      />
    </>
  );
}

function PaymentsBody({
  shop,
  institutions,
  ties,
  spoken,
  once,
  done,
  attempt,
}: Omit<PaymentsProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("payments.title")}</h1>
      <p class="lead">
        <Name>{shop.name}</Name>
      </p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say(`payments.${done}`)}</p>
        </Notice>
      )}
      {ties.length === 0 ? (
        <Empty title={say("payments.empty")}>
          <p>{say("payments.emptyHint")}</p>
        </Empty>
      ) : (
        <ul class="list">
          {ties.map(({ institution, name, currency }) => (
            <li class="sheet" key={`${institution} ${currency}`} data-institution={institution}>
              <h2>
                <Name>{name ?? institution}</Name> <span class="soft">{currency}</span>
              </h2>
            </li>
          ))}
        </ul>
      )}
      <section class="sheet" aria-labelledby="payments-form">
        <h2 id="payments-form">{say("payments.add")}</h2>
        <p class="soft">{say("payments.lead")}</p>
        <Form action={`/shops/${shop.id}/payments`} once={once} id="tie-shop">
          <Choices
            name="institution"
            title={say("tie.institution")}
            options={institutions.map(({ id, name }) => ({ value: id, text: name }))}
            chosen={attempt.values["institution"]}
          />
          <Field name="code" label={say("payments.code")} required maxLength={80} />
          {spoken ? <Spoken attempt={attempt} /> : null}
          <Button id="tie-shop-submit" wide>
            {say("payments.submit")}
          </Button>
        </Form>
      </section>
    </div>
  );
}

/** `/shops/{id}/payments`, for the shop and for operators. */
export function PaymentsPage({ frame, ...props }: PaymentsProps) {
  return (
    <ServerPage frame={frame} title={useWords()("payments.title")} here="payments" narrow>
      <PaymentsBody {...props} />
    </ServerPage>
  );
}
