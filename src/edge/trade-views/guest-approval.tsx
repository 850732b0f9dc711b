/** How a guest approves, once only, and with it becomes the buyer (patent 0064). */
import { CodeField } from "../means/means.ts";
import { PersonFields } from "../member-views/member-views.ts";
import { Button, Field, Form, LinkButton, Say, useWords } from "../parts/parts.ts";
import { type ApprovalBodyProps, ApproveButton, ShopWord, Terms } from "./approval-terms.tsx";

/**
 * How far somebody has come on the way to being a guest: there is none, since no mail is sent here; the address is asked
 * for; a code is on its way to it; or it is confirmed, and what the shop has said fills the form.
 */
export type GuestStep =
  | { step: "closed" }
  | { step: "address"; email?: string | undefined }
  | { step: "code"; email: string }
  | {
      step: "form";
      email: string;
      isNamed: boolean;
      said: Readonly<Partial<Record<"name" | "address" | "phone", string>>>;
    };

/** A guest whose first try was refused: the code that they pay with is known, and can be another. */
export function ForGuest({ trade, once, attempt, standing, payDays }: ApprovalBodyProps) {
  return (
    <div class="sheet">
      <Form action={`/trades/${trade.number}/approve`} once={once} id="approve-form">
        {trade.state === "refused" ? <CodeField attempt={attempt} another /> : null}
        <Terms trade={trade} attempt={attempt} payDays={payDays} />
        <ShopWord trade={trade} attempt={attempt} standing={standing} />
        <ApproveButton trade={trade} />
      </Form>
    </div>
  );
}

function AskAddress({ trade, once, attempt }: ApprovalBodyProps) {
  const say = useWords();
  return (
    <Form action={`/trades/${trade.number}/guest-address`} once={`${once}-address`} id="guest-address-form">
      <Field
        name="email"
        label={say("guest.email")}
        hint={say("guest.emailHint")}
        type="email"
        required
        autocomplete="email"
        maxLength={254}
        value={attempt.values["email"]}
        error={attempt.errors["email"]}
      />
      <Button id="send-code">{say("guest.sendCode")}</Button>
    </Form>
  );
}

function AskCode(props: ApprovalBodyProps & { email: string }) {
  const say = useWords();
  const { trade, once, attempt, email } = props;
  return (
    <>
      <p id="code-sent">
        <Say k="guest.codeSent" email={<bdi>{email}</bdi>} />
      </p>
      <Form action={`/trades/${trade.number}/guest-code`} once={`${once}-code`} id="guest-code-form">
        <Field
          name="code"
          label={say("guest.code")}
          hint={say("guest.codeHint")}
          required
          maxLength={20}
          inputMode="numeric"
          autocomplete="one-time-code"
          error={attempt.errors["code"]}
        />
        <Button id="confirm-code">{say("guest.confirm")}</Button>
      </Form>
      <details class="act" id="other-address">
        <summary>{say("guest.again")}</summary>
        <AskAddress {...props} attempt={{ ...attempt, values: { email, ...attempt.values } }} />
      </details>
    </>
  );
}

function FillIn(props: ApprovalBodyProps & { email: string; said: Readonly<Record<string, string>> }) {
  const { trade, once, attempt, standing, payDays, email, said } = props;
  const filled = { ...attempt, values: { ...said, ...attempt.values } };
  return (
    <Form action={`/trades/${trade.number}/approve-as-guest`} once={once} id="guest-form">
      <PersonFields attempt={filled} confirmed={email} />
      <CodeField attempt={filled} required />
      <Terms trade={trade} attempt={attempt} payDays={payDays} />
      <ShopWord trade={trade} attempt={attempt} standing={standing} />
      <ApproveButton trade={trade} />
    </Form>
  );
}

/** The address that the shop has named stands in the field until another is typed. */
function withEmail(attempt: ApprovalBodyProps["attempt"], email = ""): ApprovalBodyProps["attempt"] {
  return { ...attempt, values: { email, ...attempt.values } };
}

function AsGuest({ guest, ...props }: ApprovalBodyProps & { guest: GuestStep }) {
  const say = useWords();
  if (guest.step === "closed") return null;
  const tried = Object.keys(props.attempt.values).length > 0 || Object.keys(props.attempt.errors).length > 0;
  return (
    <details class="act" id="as-guest" open={tried || guest.step !== "address"}>
      <summary>{say("approve.asGuest")}</summary>
      <p class="soft">{say("approve.asGuestHint")}</p>
      {guest.step === "address" ? (
        <AskAddress {...props} attempt={withEmail(props.attempt, guest.email)} />
      ) : guest.step === "code" ? (
        <AskCode {...props} email={guest.email} />
      ) : (
        <FillIn {...props} email={guest.email} said={guest.said} />
      )}
    </details>
  );
}

/** For somebody who has only opened the link: to sign in, to join, or to approve as a guest. */
export function ForStranger(props: ApprovalBodyProps & { signIn: string; guest: GuestStep }) {
  const say = useWords();
  const { signIn, ...rest } = props;
  const { number } = props.trade;
  return (
    <section class="sheet" aria-labelledby="go-on">
      <h2 id="go-on">{say("approve.stranger")}</h2>
      <p class="row">
        <LinkButton href={signIn} id="sign-in-to-approve">
          {say("approve.signIn")}
        </LinkButton>
        <LinkButton
          href={`/join?next=${encodeURIComponent(`/trades/${number}/approve`)}`}
          id="join-to-approve"
          look="quiet"
        >
          {say("nav.join")}
        </LinkButton>
      </p>
      <p class="soft small">{say("approve.signInHint")}</p>
      {props.trade.payment?.on === "collection" ? null : <AsGuest {...rest} />}
    </section>
  );
}
