/** The form with which a member lets a shop freeze up to an amount without asking. Data in, HTML out. */
import type { MethodView } from "../means/means.ts";
import {
  type Attempt,
  Button,
  Choice,
  Empty,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  Name,
  noAttempt,
  Refused,
  ServerPage,
  useWords,
} from "../parts/parts.ts";
import { others } from "./forms.ts";
import { SignInFirst } from "./given-view.tsx";
import { LimitFields } from "./limit-fields.tsx";
import { MeansName, MeansUnder } from "./means-name.tsx";

export interface FitShop {
  id: string;
  name: string;
}

export interface GiveProps {
  frame: Frame;
  /** Among which the member chooses; one where a shop has sent them. */
  shops: readonly FitShop[];
  /** Where that shop wants them back. */
  back?: string | undefined;
  methods: readonly MethodView[];
  /** Days, as YYYY-MM-DD: the first and the last that can be chosen, and the one proposed. */
  earliest: string;
  latest: string;
  usual: string;
  /** Where they sign in anew, where that is too long ago. */
  signIn: string | undefined;
  once: string;
  attempt?: Attempt;
}

function Shops({ shops, back, attempt = noAttempt }: GiveProps) {
  const say = useWords();
  const chosen = attempt.values["shop"] ?? (shops.length === 1 ? shops[0]?.id : undefined);
  return (
    <fieldset class="sheet">
      <legend>{say("give.shop")}</legend>
      {back === undefined ? null : <input type="hidden" name="return" value={back} />}
      <div class="choices" id="shop">
        {shops.map(({ id, name }) => (
          <Choice key={id} name="shop" value={id} id={`shop-${id}`} checked={id === chosen} required>
            <Name>{name}</Name>
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function Means({ methods, attempt = noAttempt }: GiveProps) {
  const say = useWords();
  const chosen = methods.find(({ id }) => id === attempt.values["method"]) ?? methods[0];
  return (
    <fieldset class="sheet">
      <legend>{say("mandate.paysWith")}</legend>
      <div class="choices" id="method">
        {methods.map((method) => (
          <Choice
            key={method.id}
            name="method"
            value={method.id}
            id={`method-${method.id}`}
            checked={method.id === chosen?.id}
            required
            under={<MeansUnder method={method} />}
          >
            <MeansName method={method} />
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function Acceptors({ attempt = noAttempt }: GiveProps) {
  const say = useWords();
  return (
    <fieldset class="sheet">
      <legend>{say("give.acceptors")}</legend>
      <p class="hint">{say("give.acceptorsHint")}</p>
      <div class="choices" id="acceptors">
        {others.map((role) => {
          const name = role === "shop" ? "shopAccepts" : role;
          return (
            <Choice
              key={role}
              type="checkbox"
              name={name}
              value="yes"
              id={`accept-${role}`}
              checked={attempt.values[name] === "yes"}
              under={say(`give.as.${role}`)}
            >
              {say(`give.by.${role}`)}
            </Choice>
          );
        })}
      </div>
    </fieldset>
  );
}

function GiveForm(props: GiveProps) {
  const say = useWords();
  const { methods, earliest, latest, usual, once, attempt = noAttempt } = props;
  const currencies = [...new Set(methods.map(({ currency }) => currency))];
  const [only, ...more] = currencies;
  return (
    <Form action="/mandates/new" id="give" once={once}>
      <Shops {...props} />
      <Means {...props} />
      <div class="sheet">
        <LimitFields
          attempt={attempt}
          currency={more.length > 0 ? undefined : only}
          until={usual}
          earliest={earliest}
          latest={latest}
        />
      </div>
      <Acceptors {...props} />
      <Button id="give-submit" wide>
        {say("give.submit")}
      </Button>
    </Form>
  );
}

/** What is needed first; nothing where the form can be filled in. */
function Missing({ frame, shops, methods, signIn }: GiveProps) {
  const say = useWords();
  if (signIn !== undefined) return <SignInFirst href={signIn} />;
  if (methods.length === 0)
    return (
      <Empty title={say("give.noMeans")}>
        <p>
          <LinkButton href={`/${frame.face.money}`} id="to-means">
            {say("give.toMeans")}
          </LinkButton>
        </p>
      </Empty>
    );
  return shops.length === 0 ? (
    <Empty title={say("give.noShops")}>
      <p>{say("give.noShopsHint")}</p>
    </Empty>
  ) : null;
}

function GiveBody(props: GiveProps) {
  const say = useWords();
  const { shops, methods, signIn, back, attempt = noAttempt } = props;
  const whole = signIn === undefined && shops.length > 0 && methods.length > 0;
  return (
    <div class="stack-l">
      <h1>{say("give.title")}</h1>
      <p class="lead">{say("give.lead")}</p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <Missing {...props} />
      {whole ? <GiveForm {...props} /> : null}
      <p>
        <a href={back ?? "/mandates"} id="give-back">
          {back === undefined ? say("mandate.toAll") : say("give.back", { shop: shops[0]?.name ?? "" })}
        </a>
      </p>
    </div>
  );
}

/** `/mandates/new`: a member lets a shop freeze up to an amount without asking. */
export function GivePage(props: GiveProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("give.title")} here="mandates" narrow>
      <GiveBody {...props} />
    </ServerPage>
  );
}
