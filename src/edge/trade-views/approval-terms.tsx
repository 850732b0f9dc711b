/** What a buyer approves: the promise, when it is paid, and who may accept. */
import type { Sentence } from "../words/words.ts";
import type { AcceptorRole, TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Day,
  type Face,
  Field,
  Moment,
  Notice,
  Say,
  type ShopStanding,
  useRoles,
  useSpan,
  useWords,
  whoseWord,
} from "../parts/parts.ts";

/** The acceptors besides the shop; the shop is one only if the buyer says so. */
export function otherAcceptors({ acceptance }: TradeView): AcceptorRole[] {
  const others = acceptance.by.filter((role) => role !== "shop");
  return others.length === 0 ? ["buyer"] : others;
}

/** Those whose word of a delivery counts before the buyer has ticked anything. */
function wordsBeforeTicks(trade: TradeView): AcceptorRole[] {
  return whoseWord(trade).filter((role) => role !== "shop");
}

export interface ApprovalBodyProps {
  /** The first and the last day on which it can be paid. */
  payDays: { from: string; to: string };
  face: Face;
  trade: TradeView;
  once: string;
  attempt: Attempt;
  /** How far an operator lets the shop go, where it is known. */
  standing?: ShopStanding | undefined;
}

/** What happens to the money once this is approved, and until when. */
export function WhatItMeans({ trade }: { trade: TradeView }) {
  const say = useWords();
  const roles = useRoles();
  const span = useSpan();
  const { amount, currency = "", acceptance, coolingOff, deadlines, payment } = trade;
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
          ) : payment?.on === "collection" ? (
            <Say k="approve.guaranteed" amount={money} />
          ) : others.length === 1 && others[0] === "buyer" ? (
            <Say
              k={acceptance.autoAfter === null ? "approve.frozenNotPaid" : "approve.frozenOrSilent"}
              amount={money}
              span={acceptance.autoAfter === null ? "" : span(acceptance.autoAfter)}
            />
          ) : (
            <Say k="approve.otherAcceptors" amount={money} who={who} />
          )}
        </strong>
      </p>
      {payment?.on === "collection" ? (
        <p id="pay-later">{say("approve.payLater", { span: span(payment.within), who })}</p>
      ) : null}
      <p>
        {until === null ? say("approve.untilAfter") : <Say k="approve.until" until={<Moment at={until} />} />}
      </p>
      {deadlines.approveBy === null ? null : (
        <p>
          <Say k="approve.by" until={<Moment at={deadlines.approveBy} />} />
        </p>
      )}
      <p id="silence">
        {acceptance.autoAfter === null
          ? say("approve.noAuto")
          : say("approve.auto", {
              span: span(acceptance.autoAfter),
              who: roles(wordsBeforeTicks(trade), "or"),
            })}
      </p>
      <p id="way-back">{say("approve.back", { returns: span(acceptance.returnWithin) })}</p>
      <p id="cooling-off">
        {coolingOff == null
          ? say("approve.noCoolingOff")
          : say(coolingOff.goods === "keep" ? "approve.coolingOffKeep" : "approve.coolingOffReturn", {
              span: span(coolingOff.for),
            })}
      </p>
    </Notice>
  );
}

/** On acceptance, or on a day. */
function PayWhen(props: {
  on: string;
  date: string | undefined;
  error: Sentence | undefined;
  payDays: ApprovalBodyProps["payDays"];
}) {
  const say = useWords();
  const { on, date, error, payDays } = props;
  return (
    <>
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
        min={payDays.from}
        max={payDays.to}
        value={date}
        error={error}
      />
    </>
  );
}

/** When it is paid, as the controls below say it at the moment, also before anything is sent. */
function PaidWhen({ on, date = "", who }: { on: string; date: string | undefined; who: string }) {
  const say = useWords();
  const unless = (is: boolean) => (is ? "" : " other");
  const day = (
    <>
      {date === "" ? null : (
        <span class="day-known">
          <Day day={date} />
        </span>
      )}
      <span class={`day-chosen${unless(date === "")}`}>{say("approve.thatDay")}</span>
    </>
  );
  return (
    <span>
      <span class={`at-acceptance${unless(on !== "date")}`}>{say("approve.termsOnAcceptance", { who })}</span>
      <span class={`by-day${unless(on === "date")}`}>
        <Say k="approve.termsOnDate" who={who} date={day} />
      </span>
    </span>
  );
}

/** When it is paid, and who may accept. */
export function Terms({ trade, attempt, payDays }: Pick<ApprovalBodyProps, "trade" | "attempt" | "payDays">) {
  const say = useWords();
  const roles = useRoles();
  const { payment, acceptance } = trade;
  const date = attempt.values["paymentDate"] ?? (payment?.on === "date" ? payment.date : undefined);
  const on = attempt.values["paymentOn"] ?? payment?.on ?? "acceptance";
  const who = roles(otherAcceptors(trade), acceptance.need > 1 ? "and" : "or");
  return (
    <details class="act" id="terms" open={attempt.errors["paymentDate"] !== undefined}>
      <summary>
        {payment?.on === "collection" ? (
          say("approve.termsCollected", { who })
        ) : (
          <PaidWhen on={on} date={date} who={who} />
        )}
      </summary>
      <div class="fields">
        {payment?.on === "collection" ? null : (
          <PayWhen on={on} date={date} error={attempt.errors["paymentDate"]} payDays={payDays} />
        )}
        <fieldset>
          <legend>{say("approve.who")}</legend>
          <p class="hint">{say("approve.whoNow", { who })}</p>
        </fieldset>
      </div>
    </details>
  );
}

/**
 * What the buyer lets the shop do by itself. It may accept for them, where it has asked for that: what was ticked at the shop
 * counts only once it is ticked here. Its own word of a delivery may count; that is there only where it matters: silence can
 * pay, nobody independent of the shop brings the goods, and no operator has said that its word does not count.
 */
export function ShopWord({
  trade,
  attempt,
  standing,
}: Pick<ApprovalBodyProps, "trade" | "attempt" | "standing">) {
  const say = useWords();
  const span = useSpan();
  const { acceptance, independent } = trade;
  const mayAccept = acceptance.by.includes("shop");
  const { autoAfter } = acceptance;
  const word = independent.length > 0 || standing?.word === false ? null : autoAfter;
  if (!mayAccept && word === null) return null;
  const tick = (name: "shopMayAccept" | "shopWord", title: string, under: string) => (
    <Choice
      type="checkbox"
      name={name}
      value="yes"
      id={name}
      checked={attempt.values[name] === "yes"}
      under={under}
    >
      {title}
    </Choice>
  );
  return (
    <fieldset id="shop-may">
      <legend>{say("approve.shopAlone")}</legend>
      <div class="choices">
        {mayAccept ? tick("shopMayAccept", say("approve.shopMay"), say("approve.shopMayUnder")) : null}
        {word === null
          ? null
          : tick("shopWord", say("approve.shopWord"), say("approve.shopWordUnder", { span: span(word) }))}
      </div>
    </fieldset>
  );
}

/** The button that approves the version of the trade that is shown. */
export function ApproveButton({ trade }: { trade: TradeView }) {
  const { amount, currency = "" } = trade;
  const say = useWords();
  return (
    <>
      <input type="hidden" name="version" value={String(trade.version)} />
      {amount == null ? null : <input type="hidden" name="shown" value={String(amount)} />}
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
