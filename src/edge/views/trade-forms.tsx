/** The forms with which a person moves a trade: one form an act, each with its own key. */
import type { ComponentChildren } from "preact";
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import { Button, type ButtonProps, Choice, Field, Folded, Form, LinkButton } from "./parts.tsx";
import { Amount, Moment, Name, Say, useWords } from "./locale.tsx";
import { BirthDate, CodeField } from "./membership.tsx";
import type { Attempt } from "./front-pages.tsx";
import { actsOffered, goodsOnly, isGiver, openQuantity, type TradeAct } from "./trade-parts.tsx";

/** What accepting everything that is open would pay; undefined for those who see no prices. */
function openAmount({ lines, frozen }: TradeView): bigint | undefined {
  if (frozen == null) return undefined;
  if (lines.length === 0) return BigInt(frozen);
  return lines.reduce((sum, line) => sum + BigInt(line.unitAmount ?? 0) * BigInt(openQuantity(line)), 0n);
}

/** What was tried last and refused, and in which form. */
export type ActAttempt = Attempt & { act?: TradeAct | "accept-all" | "by-code" | "door-code" };

export interface ActProps {
  trade: TradeView;
  /** Keys made for this page; each form's own key starts with it. */
  once: string;
  attempt: ActAttempt;
  /** What whoever holds a link has to show as well, so that one that was passed on moves nothing. */
  proof?: "birthDate" | "giftCode" | undefined;
  doorCode?: DoorCodeView | undefined;
}

/** What may be given to whoever is at the door, until when. */
export interface DoorCodeView {
  code: string;
  until: string;
}

type RoleProps = ActProps & { role: ActorRole };

type FormProps = ActProps & {
  act: TradeAct | "door-code";
  /** What the form's ids start with, where an act has two forms. */
  id?: "accept-all" | "by-code";
  children?: ComponentChildren;
  submit: ComponentChildren;
  look?: ButtonProps["look"];
};

function ActForm(props: FormProps) {
  const { trade, once, attempt, proof, act, id = act, children, submit, look } = props;
  const mine = attempt.act === id;
  return (
    <Form
      action={`/${proof === "giftCode" ? "gifts" : "trades"}/${trade.number}/${act}`}
      once={`${once}-${id}`}
      id={`${id}-form`}
    >
      {children}
      {proof === "birthDate" ? (
        <BirthDate id={`${id}-birthDate`} error={mine ? attempt.errors["birthDate"] : undefined} />
      ) : null}
      {proof === "giftCode" ? (
        <CodeField name="giftCode" id={id} error={mine ? attempt.errors["giftCode"] : undefined} />
      ) : null}
      <Button id={id} wide {...(look === undefined ? {} : { look })}>
        {submit}
      </Button>
    </Form>
  );
}

/** Whoever brings it says that they are there, and types what they are given (paragraph 0089). */
function AtDoor(props: ActProps) {
  const say = useWords();
  const error = props.attempt.act === "by-code" ? props.attempt.errors["code"] : undefined;
  return (
    <>
      <ActForm {...props} act="at-door" submit={say("door.atDoor")} look="quiet">
        <p class="soft">{say("door.atDoorHint")}</p>
      </ActForm>
      <ActForm {...props} act="accept" id="by-code" submit={say("door.byCode")}>
        <CodeField name="code" id="by-code" error={error} />
      </ActForm>
    </>
  );
}

/** The code to give, shown only when it is asked for. */
function DoorCode(props: ActProps) {
  const say = useWords();
  const { doorCode, attempt } = props;
  const open = doorCode !== undefined || attempt.act === "door-code";
  return (
    <Folded id="door-part" title={say("door.title")} hint={say("door.warning")} open={open}>
      {doorCode === undefined ? (
        <ActForm {...props} act="door-code" submit={say("door.show")} look="quiet" />
      ) : (
        <>
          <p class="big tabular" id="the-code">{`${doorCode.code.slice(0, 4)} ${doorCode.code.slice(4)}`}</p>
          <p class="soft">
            <Say k="door.until" until={<Moment at={doorCode.until} />} />
          </p>
        </>
      )}
    </Folded>
  );
}

function Quantities({
  trade,
  attempt,
  act,
}: {
  trade: TradeView;
  attempt: ActProps["attempt"];
  act: TradeAct;
}) {
  const open = trade.lines.filter((line) => openQuantity(line) > 0);
  return (
    <>
      {open.map((line) => {
        const name = `quantity-${line.line}`;
        const id = `${act}-${name}`;
        const error = attempt.act === act ? attempt.errors[name] : undefined;
        return (
          <div class="quantity" key={line.line}>
            <label for={id}>
              <Say k="act.quantityOf" name={<Name>{line.name}</Name>} open={openQuantity(line)} />
              {error === undefined ? null : (
                <span class="error" id={`${id}-error`}>
                  {error}
                </span>
              )}
            </label>
            <input
              type="number"
              inputMode="numeric"
              id={id}
              name={name}
              min="0"
              max={openQuantity(line)}
              step="1"
              aria-invalid={error === undefined ? undefined : true}
              aria-describedby={error === undefined ? undefined : `${id}-error`}
              value={(attempt.act === act ? attempt.values[name] : undefined) ?? "0"}
            />
          </div>
        );
      })}
    </>
  );
}

function Reason({
  act,
  attempt,
  required,
}: {
  act: TradeAct;
  attempt: ActProps["attempt"];
  required: boolean;
}) {
  const say = useWords();
  const mine = attempt.act === act;
  return (
    <Field
      name="reason"
      id={`${act}-reason`}
      label={say("act.reason")}
      hint={say("act.reasonHint")}
      long
      required={required}
      maxLength={500}
      value={mine ? attempt.values["reason"] : undefined}
      error={mine ? attempt.errors["reason"] : undefined}
    />
  );
}

/** What proves it: a number, never a name, since the record keeps it for good. */
function Receipt({ id, attempt }: { id: "deliver" | "return" | "accept-all"; attempt: ActAttempt }) {
  const say = useWords();
  const mine = attempt.act === id;
  return (
    <Field
      name="reference"
      id={`${id}-reference`}
      label={say("act.receipt")}
      maxLength={200}
      value={mine ? attempt.values["reference"] : undefined}
      error={mine ? attempt.errors["reference"] : undefined}
    />
  );
}

function AcceptAll({ role, ...props }: RoleProps) {
  const say = useWords();
  const { currency } = props.trade;
  const open = openAmount(props.trade);
  return (
    <div class="stack">
      {open === undefined || currency === undefined ? null : (
        <p>
          <Say k="act.acceptAllHint" amount={<Amount amount={open} currency={currency} />} />
        </p>
      )}
      <ActForm {...props} act="accept" id="accept-all" submit={say("act.acceptAll")}>
        <input type="hidden" name="all" value="yes" />
        {role === "carrier" || role === "provider" ? (
          <Receipt id="accept-all" attempt={props.attempt} />
        ) : null}
      </ActForm>
    </div>
  );
}

function AcceptPart({ role, ...props }: RoleProps) {
  const say = useWords();
  const hint = goodsOnly(role) ? "act.acceptGoodsHint" : "act.acceptPartHint";
  const { trade, attempt } = props;
  const mine = attempt.act === "accept";
  return (
    <Folded id="accept-part" title={say("act.acceptPart")} hint={say(hint)} open={mine}>
      <ActForm {...props} act="accept" submit={say("act.acceptPartSubmit")}>
        <Quantities trade={trade} attempt={attempt} act="accept" />
        {goodsOnly(role) ? null : (
          <Choice
            type="checkbox"
            name="final"
            value="yes"
            id="accept-final"
            checked={mine && attempt.values["final"] === "yes"}
            under={say("act.finalUnder")}
          >
            {say("act.final")}
          </Choice>
        )}
      </ActForm>
    </Folded>
  );
}

function Reject({ role, ...props }: RoleProps) {
  const say = useWords();
  const { trade, attempt } = props;
  return (
    <Folded
      id="reject-part"
      title={say("act.reject")}
      hint={say(goodsOnly(role) ? "act.rejectGoodsHint" : "act.rejectHint")}
      open={attempt.act === "reject"}
    >
      <ActForm {...props} act="reject" submit={say("act.rejectSubmit")} look="stop">
        <Quantities trade={trade} attempt={attempt} act="reject" />
        <Reason act="reject" attempt={attempt} required />
      </ActForm>
    </Folded>
  );
}

function Extend(props: ActProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const from = (trade.deadlines.acceptBy ?? trade.deadlines.reservedUntil)?.slice(0, 10);
  const mine = attempt.act === "extend";
  return (
    <Folded id="extend-part" title={say("act.extend")} hint={say("act.extendHint")} open={mine}>
      <ActForm {...props} act="extend" submit={say("act.extendSubmit")} look="quiet">
        <Field
          name="until"
          id="extend-until"
          label={say("act.extendUntil")}
          type="date"
          required
          min={from}
          value={mine ? attempt.values["until"] : undefined}
          error={mine ? attempt.errors["until"] : undefined}
        />
      </ActForm>
    </Folded>
  );
}

function Refund(props: ActProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const mine = attempt.act === "refund";
  const until = trade.deadlines.coolingOffUntil ?? trade.updatedAt;
  return (
    <Folded
      id="refund-part"
      title={say("act.refund")}
      hint={<Say k="act.refundHint" until={<Moment at={until} />} />}
      open={mine}
    >
      <ActForm {...props} act="refund" submit={say("act.refundSubmit")}>
        {trade.amount === null ? null : (
          <Field
            name="amount"
            id="refund-amount"
            label={say("act.refundAmount")}
            hint={say("act.refundAmountHint")}
            inputMode="decimal"
            maxLength={30}
            value={mine ? attempt.values["amount"] : undefined}
            error={mine ? attempt.errors["amount"] : undefined}
          />
        )}
        <Reason act="refund" attempt={attempt} required />
      </ActForm>
    </Folded>
  );
}

/** Acts that want a reason and nothing else. */
function WithReason(props: ActProps & { act: "dispute" | "cancel"; required: boolean }) {
  const say = useWords();
  const { act, attempt, required } = props;
  return (
    <Folded
      id={`${act}-part`}
      title={say(`act.${act}`)}
      hint={say(`act.${act}Hint`)}
      open={attempt.act === act}
    >
      <ActForm {...props} submit={say(`act.${act}Submit`)} look="stop">
        <Reason act={act} attempt={attempt} required={required} />
      </ActForm>
    </Folded>
  );
}

function Deliver(props: ActProps) {
  const say = useWords();
  return (
    <ActForm {...props} act="deliver" submit={say("act.deliverSubmit")}>
      <p class="soft">{say("act.deliverHint")}</p>
      <Receipt id="deliver" attempt={props.attempt} />
    </ActForm>
  );
}

function GoodsBack(props: ActProps) {
  const say = useWords();
  const { attempt } = props;
  return (
    <Folded
      id="return-part"
      title={say("act.return")}
      hint={say("act.returnHint")}
      open={attempt.act === "return"}
    >
      <ActForm {...props} act="return" submit={say("act.returnSubmit")}>
        <Receipt id="return" attempt={attempt} />
      </ActForm>
    </Folded>
  );
}

/** All that the reader may do now, the most likely first. Nothing where there is nothing to do. */
export function Acts({ role, ...props }: RoleProps) {
  const say = useWords();
  const acts = new Set(actsOffered(props.trade, role));
  if (acts.size === 0) return null;
  // Whoever accepts can also give a code to whoever brings it.
  const { carrier, provider } = props.trade;
  const givesCode = isGiver(role) && acts.has("accept") && (carrier ?? provider) !== null;
  return (
    <section class="sheet no-print" aria-labelledby="acts">
      <h2 id="acts">{say("act.title")}</h2>
      {acts.has("approve") ? (
        <p>
          <LinkButton href={`/trades/${props.trade.number}/approve`} id="to-approve">
            {say("act.approve")}
          </LinkButton>
        </p>
      ) : null}
      {givesCode ? <DoorCode {...props} /> : null}
      {acts.has("at-door") ? <AtDoor {...props} /> : null}
      {acts.has("deliver") ? <Deliver {...props} /> : null}
      {acts.has("accept") ? <AcceptAll {...props} role={role} /> : null}
      {acts.has("accept") && props.trade.lines.length > 0 ? <AcceptPart {...props} role={role} /> : null}
      {acts.has("reject") ? <Reject {...props} role={role} /> : null}
      {acts.has("return") ? <GoodsBack {...props} /> : null}
      {acts.has("refund") ? <Refund {...props} /> : null}
      {acts.has("extend") ? <Extend {...props} /> : null}
      {acts.has("dispute") ? <WithReason {...props} act="dispute" required /> : null}
      {acts.has("cancel") ? <WithReason {...props} act="cancel" required={false} /> : null}
    </section>
  );
}
