/** The page on which a buyer approves what a shop proposes, as a member or, once only, as a guest (patent 0063-0067). */
import type { AcceptorRole, TradeView } from "../../core/protocol/protocol.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { Button, Choice, Field, Form, LinkButton, Mistakes, Notice } from "./parts.tsx";
import { Amount, Day, Moment, Name, Say, TradeNumber, useWords } from "./locale.tsx";
import { BirthDate, MeansFields, PersonFields } from "./membership.tsx";
import { type Attempt, type Face, type Frame, noAttempt, Refused, SitePage, words } from "./front-pages.tsx";
import { AmountElsewhere, Lines, useRoles, useSpan } from "./trade-parts.tsx";

/**
 * A means of payment as its owner sees it. `available` is in minor units, null while there is no account yet, and left
 * out where another server keeps the account.
 */
export interface MethodView {
  id: string;
  kind: MethodKind;
  currency: string;
  available?: bigint | number | null;
  /** The name of the institution that keeps the account, where that is another server. */
  at?: string;
}

/**
 * Who has opened the page: a member with means of payment; somebody who only holds the link of a trade that has no buyer
 * yet; or a guest whom the trade is for already, who proves it by the date of birth.
 */
export type Approver =
  | { kind: "member"; methods: MethodView[] }
  | { kind: "stranger"; signIn: string }
  | { kind: "guest" };

export interface ApprovalProps {
  frame: Frame;
  trade: TradeView;
  you: Approver;
  /** The key of this act, see Form. */
  once: string;
  attempt?: Attempt;
  /** Where the buyer sees the amount of a private trade: the names of institutions and the addresses there. */
  amountAt?: readonly { name: string; url: string }[];
}

/** The acceptors besides the shop; the shop is one only if the buyer says so. */
export function otherAcceptors({ acceptance }: TradeView): AcceptorRole[] {
  const others = acceptance.by.filter((role) => role !== "shop");
  return others.length === 0 ? ["buyer"] : others;
}

function WhatItMeans({ trade }: { trade: TradeView }) {
  const say = useWords();
  const roles = useRoles();
  const span = useSpan();
  const { amount, currency = "", acceptance, deadlines } = trade;
  const others = otherAcceptors(trade);
  const money = <Amount amount={amount ?? 0} currency={currency} />;
  const who = roles(others, acceptance.need > 1 ? "and" : "or");
  const until = deadlines.reservedUntil;
  return (
    <Notice tone="hold">
      <p>
        <strong id="promise">
          {amount === null ? (
            <Say k="approve.private" who={who} />
          ) : others.length === 1 && others[0] === "buyer" ? (
            <Say k="approve.frozenNotPaid" amount={money} />
          ) : (
            <Say k="approve.otherAcceptors" amount={money} who={who} />
          )}
        </strong>
      </p>
      <p>
        {until === null ? say("approve.untilAfter") : <Say k="approve.until" until={<Moment at={until} />} />}
      </p>
      {deadlines.approveBy === null ? null : (
        <p>
          <Say k="approve.by" until={<Moment at={deadlines.approveBy} />} />
        </p>
      )}
      {acceptance.autoAfter === null ? null : (
        <p>{say("approve.auto", { span: span(acceptance.autoAfter) })}</p>
      )}
    </Notice>
  );
}

function MeansUnder({ method, enough }: { method: MethodView; enough: boolean }) {
  const { available, at, currency } = method;
  if (at !== undefined) return <Say k="method.at" institution={<Name>{at}</Name>} />;
  if (available === undefined) return null;
  const amount = <Amount amount={available ?? 0} currency={currency} />;
  return <Say k={enough ? "method.free" : "method.notEnough"} amount={amount} />;
}

type MethodsProps = Pick<ApprovalBodyProps, "face" | "trade" | "attempt"> & { methods: MethodView[] };

function Methods({ face, trade, methods, attempt }: MethodsProps) {
  const say = useWords();
  const { amount, currency = "" } = trade;
  const fitting = methods.filter((method) => method.currency === currency);
  const enough = ({ available }: MethodView) =>
    available === undefined || (available !== null && available >= (amount ?? 0));
  const chosen = fitting.find(({ id }) => id === attempt.values["method"]) ?? fitting.find(enough);
  if (fitting.length === 0) {
    return (
      <Notice tone="care" title={say("approve.noMethod", { currency })}>
        <p>{say("approve.noMethodHint")}</p>
        {face.money === "methods" ? (
          <p>
            <LinkButton href="/methods" id="to-methods">
              {say("approve.toMethods")}
            </LinkButton>
          </p>
        ) : null}
      </Notice>
    );
  }
  return (
    <fieldset>
      <legend>{say("approve.method")}</legend>
      <div class="choices">
        {fitting.map((method) => (
          <Choice
            key={method.id}
            name="method"
            value={method.id}
            id={`method-${method.id}`}
            checked={method.id === chosen?.id}
            disabled={!enough(method)}
            required
            under={<MeansUnder method={method} enough={enough(method)} />}
          >
            {say(`method.${method.kind}`)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

/** When it is paid, and whether the shop may accept too. */
function Terms({ trade, attempt }: { trade: TradeView; attempt: Attempt }) {
  const say = useWords();
  const roles = useRoles();
  const { payment, acceptance } = trade;
  const date = attempt.values["paymentDate"] ?? (payment?.on === "date" ? payment.date : undefined);
  const on = attempt.values["paymentOn"] ?? payment?.on ?? "acceptance";
  const who = roles(otherAcceptors(trade), acceptance.need > 1 ? "and" : "or");
  return (
    <details class="act" id="terms" open={Object.keys(attempt.errors).length > 0}>
      <summary>
        {on === "date" && date !== undefined && date !== "" ? (
          <span>
            <Say k="approve.termsOnDate" who={who} date={<Day day={date} />} />
          </span>
        ) : (
          say("approve.termsOnAcceptance", { who })
        )}
      </summary>
      <div class="fields">
        <fieldset>
          <legend>{say("approve.payment")}</legend>
          <div class="choices">
            <Choice
              name="paymentOn"
              value="acceptance"
              id="paymentOn-acceptance"
              checked={on === "acceptance"}
              under={say("approve.onAcceptanceUnder")}
            >
              {say("approve.onAcceptance")}
            </Choice>
            <Choice
              name="paymentOn"
              value="date"
              id="paymentOn-date"
              checked={on === "date"}
              under={say("approve.onDateUnder")}
            >
              {say("approve.onDate")}
            </Choice>
          </div>
        </fieldset>
        <Field
          name="paymentDate"
          label={say("approve.date")}
          hint={say("approve.dateHint")}
          type="date"
          value={date}
          error={attempt.errors["paymentDate"]}
        />
        <fieldset>
          <legend>{say("approve.who")}</legend>
          <p class="hint">{say("approve.whoNow", { who })}</p>
          {acceptance.by.includes("shop") ? (
            <Choice
              type="checkbox"
              name="shopMayAccept"
              value="yes"
              id="shopMayAccept"
              checked={attempt.values["shopMayAccept"] === "yes"}
              under={say("approve.shopMayUnder")}
            >
              {say("approve.shopMay")}
            </Choice>
          ) : null}
        </fieldset>
      </div>
    </details>
  );
}

function ApproveButton({ trade }: { trade: TradeView }) {
  const { amount, currency = "" } = trade;
  const say = useWords();
  return (
    <>
      <input type="hidden" name="version" value={String(trade.version)} />
      <Button id="approve" wide>
        <span>
          {amount === null ? (
            say("approve.submitPrivate")
          ) : (
            <Say k="approve.submit" amount={<Amount amount={amount ?? 0} currency={currency} />} />
          )}
        </span>
      </Button>
    </>
  );
}

function Decline({ trade, once, guest }: { trade: TradeView; once: string; guest: boolean }) {
  const say = useWords();
  return (
    <Form action={`/trades/${trade.number}/decline`} once={once} id="decline-form">
      {guest ? <BirthDate id="decline-birthDate" /> : null}
      <div class="row">
        <Button id="decline" look="stop">
          {say("approve.decline")}
        </Button>
        <span class="soft small">{say("approve.declineHint")}</span>
      </div>
    </Form>
  );
}

function ForMember({ face, trade, methods, once, attempt }: ApprovalBodyProps & { methods: MethodView[] }) {
  const usable = methods.some((method) => method.currency === trade.currency);
  return (
    <div class="sheet">
      <Form action={`/trades/${trade.number}/approve`} once={once} id="approve-form">
        <Methods face={face} trade={trade} methods={methods} attempt={attempt} />
        {usable ? (
          <>
            <Terms trade={trade} attempt={attempt} />
            <ApproveButton trade={trade} />
          </>
        ) : null}
      </Form>
    </div>
  );
}

/** A guest whom the shop has named, or whose first try was refused: the means of payment is known. */
function ForGuest({ trade, once, attempt }: ApprovalBodyProps) {
  return (
    <div class="sheet">
      <Form action={`/trades/${trade.number}/approve`} once={once} id="approve-form">
        <BirthDate id="birthDate" error={attempt.errors["birthDate"]} />
        <Terms trade={trade} attempt={attempt} />
        <ApproveButton trade={trade} />
      </Form>
    </div>
  );
}

function ForStranger(props: ApprovalBodyProps & { signIn: string }) {
  const say = useWords();
  const { trade, once, attempt, signIn } = props;
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
          <ApproveButton trade={trade} />
        </Form>
      </details>
    </section>
  );
}

interface ApprovalBodyProps {
  face: Face;
  trade: TradeView;
  once: string;
  attempt: Attempt;
}

function Answered({ trade }: { trade: TradeView }) {
  const say = useWords();
  return (
    <Notice title={say("approve.doneTitle")}>
      <p>{say(`now.${trade.state}`)}</p>
      <p>
        <a href={`/trades/${trade.number}`} id="to-trade">
          {say("approve.toTrade")}
        </a>
      </p>
    </Notice>
  );
}

type WholeBodyProps = ApprovalBodyProps & Pick<ApprovalProps, "you" | "amountAt">;

function ApprovalBody({ face, trade, you, once, attempt, amountAt }: WholeBodyProps) {
  const say = useWords();
  const { amount, currency } = trade;
  const open = trade.state === "proposed" || trade.state === "refused";
  return (
    <div class="stack-l">
      <div>
        <p class="kicker">
          <TradeNumber number={trade.number} />
        </p>
        <h1>
          <Say k="approve.from" shop={<Name>{trade.shopName}</Name>} />
        </h1>
      </div>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {trade.state === "refused" && attempt.problem === undefined ? (
        <Notice tone="care" title={say("approve.refusedTitle")}>
          <p>{say(you.kind === "guest" ? "approve.refusedGuest" : "approve.refused")}</p>
        </Notice>
      ) : null}
      <section class="sheet" aria-labelledby="what">
        {amount === null ? <AmountElsewhere at={amountAt} /> : null}
        {amount == null || currency === undefined ? null : (
          <p class="big" id="amount">
            <Amount amount={amount} currency={currency} />
          </p>
        )}
        <h2 id="what">{say("trade.what")}</h2>
        <Lines trade={trade} />
        {open ? <WhatItMeans trade={trade} /> : null}
      </section>
      {!open ? (
        <Answered trade={trade} />
      ) : (
        <>
          {you.kind === "guest" ? (
            <ForGuest face={face} trade={trade} once={once} attempt={attempt} />
          ) : you.kind === "member" ? (
            <ForMember face={face} trade={trade} methods={you.methods} once={once} attempt={attempt} />
          ) : (
            <ForStranger face={face} trade={trade} once={once} attempt={attempt} signIn={you.signIn} />
          )}
          <Decline trade={trade} once={`${once}-decline`} guest={you.kind === "guest"} />
        </>
      )}
    </div>
  );
}

/** `/trades/{number}/approve`. */
export function ApprovalPage({ frame, attempt = noAttempt, ...shown }: ApprovalProps) {
  return (
    <SitePage frame={frame} title={words(frame)["approve.title"]} narrow>
      <ApprovalBody face={frame.face} attempt={attempt} {...shown} />
    </SitePage>
  );
}
