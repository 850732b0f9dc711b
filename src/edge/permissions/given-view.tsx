/** The page of one permission: what it is, another limit, its end. Data in, HTML out. */
import type { MethodView } from "../means/means.ts";
import {
  Amount,
  type Attempt,
  Button,
  Fact,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  useRoles,
  useWords,
} from "../parts/parts.ts";
import { LimitFields } from "./limit-fields.tsx";
import type { MandateView } from "./list-view.tsx";
import { MeansName } from "./means-name.tsx";

export interface MandateProps {
  frame: Frame;
  mandate: MandateView;
  createdAt: string;
  /** Its last day has gone. */
  over: boolean;
  /** What pays: `any` of the member's own, or one that cannot be used any more. */
  method: MethodView | "any" | "closed";
  /** As somebody would type them. */
  limit: string;
  lastDay: string;
  /** The days that can be chosen, as YYYY-MM-DD. */
  earliest: string;
  latest: string;
  /** More was wanted than a session of this age may set. */
  unproven: boolean;
  once: string;
  done?: "given" | "changed" | undefined;
  /** Where the shop that sent the member wants them back. */
  back?: string | undefined;
  attempt?: Attempt;
}

function Facts({ mandate, createdAt, method }: MandateProps) {
  const say = useWords();
  const roles = useRoles();
  const { limit, used, currency, until, acceptors } = mandate;
  return (
    <section class="sheet" aria-labelledby="what-title">
      <h2 id="what-title">{say("mandate.what")}</h2>
      <dl class="facts two">
        <Fact term={say("mandate.most")}>
          <Amount amount={limit} currency={currency} />
        </Fact>
        <Fact term={say("mandate.left")}>
          <Amount amount={limit - used} currency={currency} />
        </Fact>
        <Fact term={say("mandate.end")}>
          <Moment at={until} />
        </Fact>
        <Fact term={say("mandate.paysWith")}>
          {method === "any" ? (
            say("mandate.anyMeans")
          ) : method === "closed" ? (
            say("mandate.closedMeans")
          ) : (
            <MeansName method={method} />
          )}
        </Fact>
        <Fact term={say("mandate.mayAccept")}>{roles(acceptors, "or")}</Fact>
        <Fact term={say("mandate.given")}>
          <Moment at={createdAt} />
        </Fact>
        <Fact term={say("mandate.number")}>
          <code id="mandate-number">{mandate.id}</code>
        </Fact>
      </dl>
      <p class="soft small">{say("mandate.numberHint")}</p>
    </section>
  );
}

function Limits(props: MandateProps) {
  const say = useWords();
  const { mandate, limit, lastDay, earliest, latest, attempt = noAttempt } = props;
  return (
    <section class="sheet" aria-labelledby="limits-title">
      <h2 id="limits-title">{say("mandate.change")}</h2>
      <p class="soft">{say("mandate.changeHint")}</p>
      <Form action={`/mandates/${mandate.id}/limits`} id="limits" once={props.once}>
        <LimitFields
          attempt={attempt}
          currency={mandate.currency}
          limit={limit}
          until={lastDay}
          earliest={earliest}
          latest={latest}
        />
        <Button id="limits-submit" look="quiet">
          {say("mandate.changeSubmit")}
        </Button>
      </Form>
    </section>
  );
}

function End({ mandate, once }: MandateProps) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="end-title">
      <h2 id="end-title">{say("mandate.endTitle")}</h2>
      <p class="soft">{say("mandate.endHint")}</p>
      <Form action={`/mandates/${mandate.id}/revoke`} id="end" once={`${once}-end`}>
        <Button id={`revoke-${mandate.id}`} look="stop">
          {say("mandates.revoke")}
        </Button>
      </Form>
    </section>
  );
}

function Said({ mandate, done, back }: MandateProps) {
  const say = useWords();
  if (done === undefined) return null;
  return (
    <Notice tone="good" id="done">
      <p>{say(`mandate.done.${done}`)}</p>
      {back === undefined ? null : (
        <p>
          <LinkButton href={back} id="to-shop">
            {say("disclose.toShop", { shop: mandate.shopName })}
          </LinkButton>
        </p>
      )}
    </Notice>
  );
}

/** Where somebody shows once more who they are, before a shop may freeze more. */
export function SignInFirst({ href }: { href: string }) {
  const say = useWords();
  return (
    <Notice tone="care" title={say("mandate.signInFirst")} id="sign-in-first">
      <p>{say("mandate.signInFirstHint")}</p>
      <p>
        <LinkButton href={href} id="sign-in-anew">
          {say("mandate.signInAnew")}
        </LinkButton>
      </p>
    </Notice>
  );
}

function MandateBody(props: MandateProps) {
  const say = useWords();
  const { mandate, over, unproven, attempt = noAttempt } = props;
  const { id, shopName, revoked } = mandate;
  return (
    <div class="stack-l">
      <h1>
        <Say k="mandate.title" shop={<Name>{shopName}</Name>} />
      </h1>
      <Said {...props} />
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {unproven ? <SignInFirst href={`/signin?next=${encodeURIComponent(`/mandates/${id}`)}`} /> : null}
      {revoked || over ? (
        <p id="over">
          <strong>{say(revoked ? "mandates.revoked" : "mandate.over")}</strong>
        </p>
      ) : null}
      <Facts {...props} />
      {revoked ? null : <Limits {...props} />}
      {revoked ? null : <End {...props} />}
      <p>
        <a href="/mandates" id="to-mandates">
          {say("mandate.toAll")}
        </a>
      </p>
    </div>
  );
}

/** `/mandates/:id`: what one shop may freeze without asking. */
export function MandatePage(props: MandateProps) {
  const title = useWords()("mandate.title", { shop: props.mandate.shopName });
  return (
    <ServerPage frame={props.frame} title={title} here="mandates" narrow>
      <MandateBody {...props} />
    </ServerPage>
  );
}
