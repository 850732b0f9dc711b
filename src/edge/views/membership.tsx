/** How a person introduces herself: as a member, or, with the same fields, as a guest. */
import { type PersonalField, personalFields } from "../../core/protocol/protocol.ts";
import { Button, Choice, Field, Form, LinkButton, Mistakes, Notice } from "./parts.tsx";
import { Name, Say, TradeNumber, useWords } from "./locale.tsx";
import { type Attempt, type Frame, noAttempt, Refused, SitePage, words } from "./front-pages.tsx";
import type { WordKey } from "./sentences.ts";

/** What a guest proves with that it is them: a link alone moves nothing, since it may have been passed on. */
export function BirthDate({ id, error }: { id: string; error?: string | undefined }) {
  const say = useWords();
  return (
    <Field
      name="birthDate"
      id={id}
      label={say("act.birthDate")}
      hint={say("act.birthDateHint")}
      type="date"
      required
      autocomplete="bday"
      error={error}
    />
  );
}

/** Eight digits: of the recipient, or what they or the buyer have given. */
export function CodeField(props: { name: "giftCode" | "code"; id: string; error: string | undefined }) {
  const say = useWords();
  const { name, id, error } = props;
  return (
    <Field
      {...{ name, error, required: true, maxLength: 20, inputMode: "numeric" as const }}
      id={`${id}-${name}`}
      label={say(`door.${name}`)}
      hint={say(`door.${name}Hint`)}
    />
  );
}

/** Name, address, date of birth, contact: the same for members and guests (patent 0054, 0064). */
export function PersonFields({ attempt, signsIn = false }: { attempt: Attempt; signsIn?: boolean }) {
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
      {signsIn ? null : <p class="hint">{say("person.contactHint")}</p>}
      <div class="pair">
        <Field
          {...field("email")}
          label={say("person.email")}
          required={signsIn}
          type="email"
          autocomplete="email"
          maxLength={254}
        />
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

export interface JoinProps {
  frame: Frame;
  once: string;
  /** The currency that stands in the form at first. */
  currency?: string;
  /** Where to go on afterwards. */
  next?: string | undefined;
  attempt?: Attempt;
}

function JoinBody({ frame, once, currency = "JPY", next, attempt = noAttempt }: JoinProps) {
  const say = useWords();
  const { values, errors } = attempt;
  return (
    <div class="stack-l">
      <h1>{say("join.title")}</h1>
      <p class="lead">{say("join.lead")}</p>
      <Mistakes errors={errors} />
      <Refused attempt={attempt} />
      <Form action="/join" once={once} id="join">
        {next === undefined ? null : <input type="hidden" name="next" value={next} />}
        <section class="sheet" aria-labelledby="about-you">
          <h2 id="about-you">{say("join.you")}</h2>
          <PersonFields attempt={attempt} signsIn />
          <Field
            name="password"
            label={say("person.password")}
            hint={say("person.passwordHint")}
            type="password"
            required
            minLength={12}
            maxLength={200}
            autocomplete="new-password"
            error={errors["password"]}
          />
        </section>
        {frame.face.money === "accounts" ? (
          <section class="sheet" aria-labelledby="how-you-pay">
            <h2 id="how-you-pay">{say("join.method")}</h2>
            <p class="soft">{say("join.later")}</p>
            <MeansFields attempt={attempt} kinds={["none", "deposit", "prepaid", "credit"]} />
            <div class="pair">
              <Field
                name="currency"
                label={say("method.currency")}
                hint={say("method.currencyHint")}
                value={values["currency"] ?? currency}
                error={errors["currency"]}
                maxLength={3}
                short
              />
              <Field
                name="limit"
                label={say("method.limit")}
                hint={say("method.limitHint")}
                value={values["limit"]}
                error={errors["limit"]}
                inputMode="decimal"
                maxLength={30}
              />
            </div>
          </section>
        ) : null}
        <Button id="join-submit" wide>
          {say("join.submit")}
        </Button>
      </Form>
    </div>
  );
}

/** `/join`: the application of a member. */
export function JoinPage(props: JoinProps) {
  return (
    <SitePage frame={props.frame} title={words(props.frame)["join.title"]} here="join" narrow>
      <JoinBody {...props} />
    </SitePage>
  );
}

export interface WelcomeProps {
  frame: Frame;
  number: string;
  state: "active" | "provisional" | "suspended";
}

function WelcomeBody({ frame, number, state }: WelcomeProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("join.doneTitle")}</h1>
      <Notice tone={state === "active" ? "good" : "calm"}>
        <p>{say(state === "active" ? "join.doneActive" : "join.doneProvisional")}</p>
      </Notice>
      <div class="sheet">
        <h2>{say("join.number")}</h2>
        <p class="big" id="member-number">
          <TradeNumber number={number} />
        </p>
        <p class="soft">{say("join.numberHint")}</p>
      </div>
      <p>
        <LinkButton href={`/${frame.face.money}`} id={`to-${frame.face.money}`}>
          {say(`${frame.face.money}.title`)}
        </LinkButton>
      </p>
    </div>
  );
}

/** `/welcome`: what became of an application, with the number to give to shops. */
export function WelcomePage(props: WelcomeProps) {
  return (
    <SitePage frame={props.frame} title={words(props.frame)["join.doneTitle"]} narrow>
      <WelcomeBody {...props} />
    </SitePage>
  );
}

export interface DisclosureProps {
  frame: Frame;
  shop: { id: string; name: string };
  /** The address at the shop to go back to. */
  back: string;
  /** What there is to tell. */
  data: Record<PersonalField, string | null>;
  /** True once it has been agreed: `back` then leads to the shop with what it needs to read. */
  agreed?: boolean;
  attempt?: Attempt;
}

function Agreeing({ shop, back, data, attempt = noAttempt }: DisclosureProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("disclose.title")}</h1>
      <p class="lead">
        <Say k="disclose.lead" shop={<Name>{shop.name}</Name>} />
      </p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <Form action="/disclose" id="disclose">
        <input type="hidden" name="shop" value={shop.id} />
        <input type="hidden" name="return" value={back} />
        <fieldset class="sheet">
          <legend>
            <Name>{shop.name}</Name>
          </legend>
          <div class="choices">
            {personalFields.map((field) => (
              <Choice
                key={field}
                type="checkbox"
                name={field}
                value="yes"
                id={field}
                disabled={data[field] === null}
                under={<Name>{data[field] ?? say("disclose.notGiven")}</Name>}
              >
                {say(`person.${field}`)}
              </Choice>
            ))}
          </div>
        </fieldset>
        <Button id="disclose-submit" wide>
          {say("disclose.submit")}
        </Button>
      </Form>
      <p>
        <LinkButton href={back} id="disclose-nothing" look="quiet">
          {say("disclose.back", { shop: shop.name })}
        </LinkButton>
      </p>
    </div>
  );
}

function Agreed({ shop, back }: DisclosureProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("disclose.doneTitle")}</h1>
      <Notice tone="good">
        <p>
          <Say k="disclose.done" shop={<Name>{shop.name}</Name>} />
        </p>
      </Notice>
      <p>
        <LinkButton href={back} id="to-shop">
          {say("disclose.toShop", { shop: shop.name })}
        </LinkButton>
      </p>
    </div>
  );
}

/** `/disclose`: what a member lets a shop read, field by field, and the way back to it (patent 0091). */
export function DisclosurePage(props: DisclosureProps) {
  const said = words(props.frame);
  return (
    <SitePage frame={props.frame} title={said[props.agreed ? "disclose.doneTitle" : "disclose.title"]} narrow>
      {props.agreed ? <Agreed {...props} /> : <Agreeing {...props} />}
    </SitePage>
  );
}
