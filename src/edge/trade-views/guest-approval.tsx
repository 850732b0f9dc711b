/** How a guest approves, once only, and with it becomes the buyer (patent 0064). */
import { MeansFields, PersonFields } from "../member-views/member-views.ts";
import { Form, LinkButton, useWords } from "../parts/parts.ts";
import { BirthDate } from "./act-form.tsx";
import { type ApprovalBodyProps, ApproveButton, ShopWord, Terms } from "./approval-terms.tsx";

/** A guest whom the shop has named, or whose first try was refused: the means of payment is known. */
export function ForGuest({ trade, once, attempt, standing }: ApprovalBodyProps) {
  return (
    <div class="sheet">
      <Form action={`/trades/${trade.number}/approve`} once={once} id="approve-form">
        <BirthDate id="birthDate" error={attempt.errors["birthDate"]} />
        <Terms trade={trade} attempt={attempt} />
        <ShopWord trade={trade} attempt={attempt} standing={standing} />
        <ApproveButton trade={trade} />
      </Form>
    </div>
  );
}

/** For somebody who only holds the link: to sign in, to join, or to approve as a guest. */
export function ForStranger(props: ApprovalBodyProps & { signIn: string }) {
  const say = useWords();
  const { trade, once, attempt, standing, signIn } = props;
  const tried = Object.keys(attempt.values).length > 0;
  return (
    <section class="sheet" aria-labelledby="go-on">
      <h2 id="go-on">{say("approve.stranger")}</h2>
      <p>
        <LinkButton href={signIn} id="sign-in-to-approve">
          {say("approve.signIn")}
        </LinkButton>{" "}
        <LinkButton
          href={`/join?next=${encodeURIComponent(`/trades/${trade.number}/approve`)}`}
          id="join-to-approve"
          look="quiet"
        >
          {say("nav.join")}
        </LinkButton>
      </p>
      <p class="soft small">{say("approve.signInHint")}</p>
      <details class="act" id="as-guest" open={tried}>
        <summary>{say("approve.asGuest")}</summary>
        <p class="soft">{say("approve.asGuestHint")}</p>
        <Form action={`/trades/${trade.number}/approve-as-guest`} once={once} id="guest-form">
          <PersonFields attempt={attempt} />
          <MeansFields attempt={attempt} kinds={["prepaid", "deposit"]} />
          <Terms trade={trade} attempt={attempt} />
          <ShopWord trade={trade} attempt={attempt} standing={standing} />
          <ApproveButton trade={trade} />
        </Form>
      </details>
    </section>
  );
}
