/** What a buyer approves: the promise, when it is paid, and who may accept. */
import { type Sentence } from "../words/words.ts";
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
            <Say k="approve.frozenNotPaid" amount={money} />
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

/** When it is paid, and whether the shop may accept too. */
export function Terms({ trade, attempt, payDays }: Pick<ApprovalBodyProps, "trade" | "attempt" | "payDays">) {
  const say = useWords();
  const roles = useRoles();
  const { payment, acceptance } = trade;
  const date = attempt.values["paymentDate"] ?? (payment?.on === "date" ? payment.date : undefined);
  const on = attempt.values["paymentOn"] ?? payment?.on ?? "acceptance";
  const who = roles(otherAcceptors(trade), acceptance.need > 1 ? "and" : "or");
  return (
    <details class="act" id="terms" open={Object.keys(attempt.errors).length > 0}>
      <summary>
        {payment?.on === "collection" ? (
          say("approve.termsCollected", { who })
        ) : on === "date" && date !== undefined && date !== "" ? (
          <span>
            <Say k="approve.termsOnDate" who={who} date={<Day day={date} />} />
          </span>
        ) : (
          say("approve.termsOnAcceptance", { who })
        )}
      </summary>
      <div class="fields">
        {payment?.on === "collection" ? null : (
          <PayWhen on={on} date={date} error={attempt.errors["paymentDate"]} payDays={payDays} />
        )}
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

/**
 * One tick by which the buyer lets the shop's own word of a delivery count. It is there only where that matters: silence
 * can pay, nobody independent of the shop brings the goods, and no operator has said that its word does not count.
 */
export function ShopWord({
  trade,
  attempt,
  standing,
}: Pick<ApprovalBodyProps, "trade" | "attempt" | "standing">) {
  const say = useWords();
  const span = useSpan();
  const { acceptance, independent } = trade;
  if (acceptance.autoAfter === null || independent.length > 0 || standing?.word === false) return null;
  return (
    <Choice
      type="checkbox"
      name="shopWord"
      value="yes"
      id="shopWord"
      checked={attempt.values["shopWord"] === "yes"}
      under={say("approve.shopWordUnder", { span: span(acceptance.autoAfter) })}
    >
      {say("approve.shopWord")}
    </Choice>
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
