/** The page on which a buyer approves what a shop proposes (patent 0063-0067). */
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Button,
  Form,
  type Frame,
  Lines,
  Mistakes,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  type ShopStanding,
  standingLine,
  TradeNumber,
  useWords,
  useLanguage,
} from "../parts/parts.ts";
import { type ApprovalBodyProps, ApproveButton, ShopWord, Terms, WhatItMeans } from "./approval-terms.tsx";
import { PresentFor, type PresentView } from "./own-link.tsx";
import {
  isEnough,
  MethodChoice,
  type MethodView,
  OtherMeans,
  Short,
  ShortElsewhere,
  WaitingMeans,
  type WaitingView,
} from "../means/means.ts";
import { ForGuest, ForStranger, type GuestStep } from "./guest-approval.tsx";

/** Whether credit for this one trade can be asked for, or was. A server that gives none says nothing. */
export type CreditStep = "may" | "asked";

/**
 * Who has opened the page: a member with means of payment; somebody who has only opened the link of a trade that has no
 * buyer yet; or a guest whom the trade is for already.
 */
export type Approver =
  | {
      kind: "member";
      methods: MethodView[];
      /** What they cannot pay with yet. */
      waiting?: readonly WaitingView[];
      /** Their own application is looked at. */
      looked?: boolean;
      credit?: CreditStep | undefined;
    }
  | { kind: "stranger"; signIn: string; guest: GuestStep }
  | { kind: "guest" };

export interface ApprovalProps {
  frame: Frame;
  trade: TradeView;
  you: Approver;
  /** The key of this act, see Form. */
  once: string;
  attempt?: Attempt;
  /** The first and the last day on which it can be paid. */
  payDays: { from: string; to: string };
  /** How far an operator lets the shop go. */
  standing?: ShopStanding;
  /** Where the buyer sees the amount of a private trade: the names of institutions and the addresses there. */
  amountAt?: readonly { name: string; url: string }[];
  /** Whom it is for where somebody else receives and accepts it, as the shop was told. */
  present?: PresentView | undefined;
}

/** That the amount is not known here, and where the buyer sees it. */
function AmountElsewhere({ places = [] }: { places?: ApprovalProps["amountAt"] | undefined }) {
  const say = useWords();
  return (
    <Notice tone="care" title={say("approve.privateTitle")}>
      <ul>
        {places.map(({ name, url }) => (
          <li key={url}>
            <a href={url}>{say("approve.privateAt", { institution: name })}</a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Credit for this one order, where a member has no line that is long enough, or does not want to use it. */
function CreditForThis({ trade, once, credit }: { trade: TradeView; once: string; credit: CreditStep }) {
  const say = useWords();
  if (credit === "asked")
    return (
      <Notice id="credit-asked" title={say("credit.askedTitle")}>
        <p>{say("credit.asked")}</p>
      </Notice>
    );
  return (
    <Form action={`/trades/${trade.number}/credit-request`} once={once} id="credit-form">
      <input type="hidden" name="version" value={trade.version} />
      <div class="row">
        <Button id="ask-credit" look="quiet">
          {say("credit.ask")}
        </Button>
        <span class="soft small">{say("credit.askHint")}</span>
      </div>
    </Form>
  );
}

type ForMemberProps = ApprovalBodyProps & Extract<Approver, { kind: "member" }>;

function ForMember(props: ForMemberProps) {
  const { face, trade, methods, waiting = [], looked = false, credit } = props;
  const { once, attempt, standing, payDays } = props;
  const say = useWords();
  const { currency = "" } = trade;
  const fitting = methods.filter((method) => method.currency === currency);
  const isPaid = fitting.some((method) => isEnough(method, trade));
  const waitsHere = waiting.filter((each) => each.currency === currency);
  const found = { face, trade, fitting };
  return (
    <>
      {looked ? (
        <Notice tone="care" id="looked-at">
          <p>{say("join.doneProvisional")}</p>
        </Notice>
      ) : null}
      <WaitingMeans waiting={waitsHere} />
      {fitting.length > 0 ? (
        <div class="sheet">
          <Form action={`/trades/${trade.number}/approve`} once={once} id="approve-form">
            <MethodChoice {...found} attempt={attempt} />
            {isPaid && !looked ? (
              <>
                <Terms trade={trade} attempt={attempt} payDays={payDays} />
                <ShopWord trade={trade} attempt={attempt} standing={standing} />
                <ApproveButton trade={trade} />
              </>
            ) : null}
          </Form>
          {isPaid ? null : <Short {...found} />}
          {trade.state === "refused" ? <ShortElsewhere fitting={fitting} /> : null}
        </div>
      ) : (
        <Notice tone="care" id="no-means" title={say("approve.noMethod", { currency })}>
          <p>{say(face.money === "methods" ? "approve.noMethodHint" : "approve.nothingYet")}</p>
        </Notice>
      )}
      <OtherMeans {...found} waiting={waitsHere} once={`${once}-means`} />
      {credit === undefined || trade.revisionAsked != null ? null : (
        <CreditForThis trade={trade} once={`${once}-credit`} credit={credit} />
      )}
    </>
  );
}

function Decline({ trade, once }: { trade: TradeView; once: string }) {
  const say = useWords();
  return (
    <Form action={`/trades/${trade.number}/decline`} once={once} id="decline-form">
      <input type="hidden" name="version" value={String(trade.version)} />
      {trade.revisionAsked == null ? null : <input type="hidden" name="terms" value="yes" />}
      <div class="row">
        <Button id="decline" look="stop">
          {say("approve.decline")}
        </Button>
        <span class="soft small">
          {say(trade.revisionAsked == null ? "approve.declineHint" : "approve.declineOther")}
        </span>
      </div>
    </Form>
  );
}

/** What stands already, where the shop has asked for other terms. */
function Stays({ trade: { revisionAsked, frozen, currency } }: { trade: TradeView }) {
  const say = useWords();
  if (revisionAsked == null || frozen == null || currency === undefined) return null;
  return (
    <Notice tone="hold" id="stays" title={say("approve.staysTitle")}>
      <p>
        <Say k="approve.stays" amount={<Amount amount={frozen} currency={currency} />} />
      </p>
    </Notice>
  );
}

/** What it was to cost when the form was made that was just sent, where it costs something else by now. */
function PriceChanged({
  trade: { amount, currency },
  attempt,
}: Pick<ApprovalBodyProps, "trade" | "attempt">) {
  const say = useWords();
  const shown = attempt.values["shown"] ?? "";
  if (amount == null || currency === undefined || !/^[1-9][0-9]{0,15}$/.test(shown)) return null;
  if (BigInt(shown) === BigInt(amount)) return null;
  return (
    <Notice tone="care" id="price-changed" title={say("approve.changedTitle")}>
      <p>
        <Say
          k="approve.changed"
          before={<Amount amount={BigInt(shown)} currency={currency} />}
          now={<Amount amount={amount} currency={currency} />}
        />
      </p>
    </Notice>
  );
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

/** Which trade it is, and who asks. */
function Head({ trade }: { trade: TradeView }) {
  return (
    <div>
      <p class="kicker">
        <TradeNumber number={trade.number} />
        {trade.reference === null ? null : (
          <span id="reference">
            <Say k="approve.reference" number={<Name>{trade.reference}</Name>} />
          </span>
        )}
      </p>
      <h1>
        <Say
          k={trade.revisionAsked == null ? "approve.from" : "approve.fromOther"}
          shop={<Name>{trade.shopName}</Name>}
        />
      </h1>
    </div>
  );
}

/** The amount, and what becomes of it. */
function HowMuch({ trade: { amount, currency, payment }, open }: { trade: TradeView; open: boolean }) {
  const say = useWords();
  if (amount == null || currency === undefined) return null;
  const later = payment?.on === "collection";
  return (
    <p id="amount">
      <span class="soft">
        {say(!open ? "fund.amount" : later ? "approve.amountLater" : "approve.amount")}
      </span>
      <strong class="big">
        <Amount amount={amount} currency={currency} />
      </strong>
    </p>
  );
}

type WholeBodyProps = ApprovalBodyProps & Pick<ApprovalProps, "frame" | "you" | "amountAt" | "present">;

function ApprovalBody(props: WholeBodyProps) {
  const { face, trade, you, once, attempt, payDays, standing, amountAt, present } = props;
  const say = useWords();
  const lang = useLanguage();
  const { amount, currency } = trade;
  const limits = standing && standingLine(standing, currency ?? "", lang);
  const open = trade.state === "proposed" || trade.state === "refused" || trade.revisionAsked != null;
  const isLate = !open && attempt.problem?.code === "trade_changed";
  const body = { face, trade, once, attempt, payDays, standing };
  return (
    <div class="stack-l">
      <Head trade={trade} />
      <Stays trade={trade} />
      <Mistakes errors={attempt.errors} />
      {isLate ? <Refused attempt={attempt} title={say("approve.late")} /> : <Refused attempt={attempt} />}
      <PriceChanged trade={trade} attempt={attempt} />
      {trade.state === "refused" && attempt.problem === undefined ? (
        <Notice tone="care" title={say("approve.refusedTitle")}>
          <p>{say(you.kind === "guest" ? "approve.refusedGuest" : "approve.refused")}</p>
        </Notice>
      ) : null}
      <section class="sheet" aria-labelledby="what">
        {amount === null ? <AmountElsewhere places={amountAt} /> : null}
        <HowMuch trade={trade} open={open} />
        <h2 id="what">{say("trade.what")}</h2>
        <Lines trade={trade} />
        {present === undefined ? null : <PresentFor present={present} />}
        {open ? <WhatItMeans trade={trade} /> : null}
        {open && limits !== undefined ? <p id="standing">{limits}</p> : null}
      </section>
      {!open ? (
        <Answered trade={trade} />
      ) : (
        <>
          {you.kind === "guest" ? (
            <ForGuest {...body} />
          ) : you.kind === "member" ? (
            <ForMember {...body} {...you} />
          ) : (
            <ForStranger {...body} signIn={you.signIn} guest={you.guest} />
          )}
          {you.kind === "stranger" && you.guest.step !== "form" ? null : (
            <Decline trade={trade} once={`${once}-decline`} />
          )}
        </>
      )}
    </div>
  );
}

/** `/trades/{number}/approve`. */
export function ApprovalPage({ frame, attempt = noAttempt, ...shown }: ApprovalProps) {
  return (
    <ServerPage frame={frame} title={useWords()("approve.title")} narrow>
      <ApprovalBody frame={frame} face={frame.face} attempt={attempt} {...shown} />
    </ServerPage>
  );
}
