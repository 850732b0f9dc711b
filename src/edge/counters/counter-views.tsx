/** The page of a clerk: the number, what is due in large digits, and the receipt. Data in, HTML out. */
import type { CollectionChannel, CollectionPaidView, CollectionView } from "../../core/protocol/schemas.ts";
import {
  Amount,
  type Attempt,
  Button,
  Fact,
  Field,
  Folded,
  Form,
  type Frame,
  LinkButton,
  Moment,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";
import { type CollectorShown, Owed } from "./collector-views.tsx";
import { DueFacts, FindDue } from "./due-views.tsx";

export interface CounterProps {
  frame: Frame;
  /** What stands in the field for the number. */
  number?: string | undefined;
  /** What is due under it. */
  collection?: CollectionView | undefined;
  /** It should have been paid by now. */
  late?: boolean;
  /** The key under which a second press is the same payment. */
  once: string;
  /** What is in the till and not handed in; nothing where that is not told. */
  till?: CollectorShown["accounts"];
  attempt?: Attempt;
}

/** What a press sends: what the clerk has seen, so that another sum is never taken in its place. */
function Seen({ collection: { currency }, amount }: { collection: CollectionView; amount: number }) {
  return (
    <>
      <input type="hidden" name="amount" value={amount} />
      <input type="hidden" name="currency" value={currency} />
    </>
  );
}

function Take({ collection, once, attempt }: { collection: CollectionView; once: string; attempt: Attempt }) {
  const say = useWords();
  const { tradeNumber, due, currency } = collection;
  return (
    <Form action={`/counter/${tradeNumber}/take`} id="take-form" once={once}>
      <Seen collection={collection} amount={due} />
      <Field
        name="reference"
        label={say("counter.reference")}
        hint={say("counter.referenceHint")}
        maxLength={100}
        value={attempt.values["reference"]}
        error={attempt.errors["reference"]}
      />
      <Button id="take" wide>
        <Say k="counter.take" amount={<Amount amount={due} currency={currency} />} />
      </Button>
    </Form>
  );
}

/** For money that was handed over and is not due: it is told to the server, and kept for whoever paid it. */
function InTheTill({
  collection,
  once,
  attempt,
}: {
  collection: CollectionView;
  once: string;
  attempt: Attempt;
}) {
  const say = useWords();
  const { tradeNumber, currency } = collection;
  return (
    <Folded
      id="in-the-till"
      title={say("counter.till")}
      hint={say("counter.tillHint")}
      open={attempt.errors["taken"] !== undefined}
    >
      <Form action={`/counter/${tradeNumber}/keep`} id="keep-form" once={`${once}-kept`}>
        <input type="hidden" name="currency" value={currency} />
        <Field
          name="taken"
          label={say("counter.taken", { currency })}
          inputMode="decimal"
          required
          maxLength={30}
          value={attempt.values["taken"]}
          error={attempt.errors["taken"]}
        />
        <Button id="keep" look="quiet">
          {say("counter.keep")}
        </Button>
      </Form>
    </Folded>
  );
}

function Due({ collection, late, once, till, attempt }: Required<Omit<CounterProps, "frame" | "number">>) {
  const say = useWords();
  if (collection === undefined) return null;
  const { state, due, currency, tradeNumber, shopName, payBy, paid } = collection;
  const isTheirs = till.length === 0 || till.some((account) => account.currency === currency);
  return (
    <section class="sheet" aria-labelledby="due" data-state={state}>
      <h2 id="due">{say(`counter.${state}`)}</h2>
      {state === "open" ? (
        <strong class="big" id="amount-due">
          <Amount amount={due} currency={currency} />
        </strong>
      ) : null}
      {state === "open" && late ? <p>{say("counter.late")}</p> : null}
      {state === "paid" ? <p>{say("counter.paidHint")}</p> : null}
      {state === "withdrawn" ? <p>{say("counter.withdrawnHint")}</p> : null}
      <DueFacts number={tradeNumber} shopName={shopName} payBy={state === "open" ? payBy : undefined}>
        {paid === 0 ? null : (
          <Fact term={say("counter.paidSoFar")}>
            <Amount amount={paid} currency={currency} />
          </Fact>
        )}
      </DueFacts>
      {isTheirs ? (
        <>
          {state === "open" ? <Take collection={collection} once={once} attempt={attempt} /> : null}
          <InTheTill collection={collection} once={once} attempt={attempt} />
        </>
      ) : (
        <Notice tone="stop" id="other-currency">
          <p>{say("counterDay.otherCurrency", { currency })}</p>
        </Notice>
      )}
    </section>
  );
}

const overtaken: readonly string[] = ["amount_mismatch", "nothing_due"];

/** Why nothing was taken: most often, what is due has changed since the clerk has looked. */
function NotTaken({ attempt }: { attempt: Attempt }) {
  const say = useWords();
  if (!overtaken.includes(attempt.problem?.code ?? "")) return <Refused attempt={attempt} />;
  return (
    <Notice tone="stop" title={say("counter.changed")} id="refused">
      <p>{say("counter.changedHint")}</p>
    </Notice>
  );
}

/** What the clerk counts at the end of the day. */
function Till({ till }: { till: CollectorShown["accounts"] }) {
  const say = useWords();
  if (till.length === 0) return null;
  return (
    <section class="sheet no-print" aria-labelledby="till">
      <h2 id="till">{say("till.title")}</h2>
      {till.map((account) => (
        <Owed key={account.currency} account={account} />
      ))}
      <p>
        <LinkButton href="/counter/day" look="quiet" id="day">
          {say("counterDay.today")}
        </LinkButton>
      </p>
    </section>
  );
}

function CounterBody({
  number,
  collection,
  late = false,
  once,
  till = [],
  attempt = noAttempt,
}: CounterProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("counter.title")}</h1>
      <NotTaken attempt={attempt} />
      <FindDue action="/counter" number={number} error={attempt.errors["number"]} />
      <Due collection={collection} late={late} once={once} till={till} attempt={attempt} />
      {collection === undefined ? <Till till={till} /> : null}
    </div>
  );
}

/** `/counter`: where a clerk types or scans a number and takes what is due. */
export function CounterPage(props: CounterProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("counter.title")} here="counter" narrow>
      <CounterBody {...props} />
    </ServerPage>
  );
}

export interface ReceiptProps {
  frame: Frame;
  collector: string;
  channel: CollectionChannel;
  payment: CollectionPaidView;
  shopName: string | null;
}

function ReceiptBody({ collector, channel, payment, shopName }: ReceiptProps) {
  const say = useWords();
  const { state, amount, currency, tradeNumber, reference, at } = payment;
  return (
    <div class="stack-l">
      <h1>{say(`receipt.${state}`)}</h1>
      {state === "kept" ? (
        <Notice tone="care" id="kept">
          <p>{say("receipt.keptHint")}</p>
        </Notice>
      ) : null}
      <section class="sheet" aria-label={say("receipt.title")} data-payment={payment.id}>
        <strong class="big" id="amount-taken">
          <Amount amount={amount} currency={currency} />
        </strong>
        <DueFacts number={tradeNumber} shopName={shopName}>
          <Fact term={say("receipt.takenBy")}>
            <Name>{collector}</Name>
          </Fact>
          <Fact term={say("receipt.how")}>{say(`channel.${channel}`)}</Fact>
          <Fact term={say("receipt.at")}>
            <Moment at={at} />
          </Fact>
          <Fact term={say("counter.reference")}>
            <Name>{reference}</Name>
          </Fact>
        </DueFacts>
      </section>
      <p class="soft no-print">{say("receipt.print")}</p>
      <p class="no-print">
        <LinkButton href="/counter" id="next">
          {say("receipt.next")}
        </LinkButton>
      </p>
    </div>
  );
}

/** What was taken, to be printed and given to whoever paid. */
export function ReceiptPage(props: ReceiptProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("receipt.title")} here="counter" narrow>
      <ReceiptBody {...props} />
    </ServerPage>
  );
}
