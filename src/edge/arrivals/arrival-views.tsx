/** What operators see of what waits: each transfer, what it names, and what can be done. Data in, HTML out. */
import type { Reason } from "../../engines/arrivals/arrivals.ts";
import {
  Amount,
  Button,
  Fact,
  Field,
  Form,
  type Frame,
  Moment,
  Name,
  QueuePage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

export interface ArrivalShown {
  id: string;
  reference: string;
  day: string;
  currency: string;
  amount: number;
  rest: number;
  why: Reason | null;
  number: string | null;
  takenBack: boolean;
  bookedAt: string;
}

/** What is shown to whoever has said why. */
export interface ArrivalOpened {
  id: string;
  told: { remitter: string; text: string; from: string } | null;
  due: number | null;
  together: number | null;
}

interface ArrivalsProps {
  frame: Frame;
  arrivals: readonly ArrivalShown[];
  next: string | null;
  opened: ArrivalOpened | undefined;
  /** An act that waits for another operator. */
  asked: boolean;
  once: (form: string) => string;
}

/** Asks who has sent it, and says why: the look is written down. It moves nothing, so it is sent as an address. */
function Look({ id }: { id: string }) {
  const say = useWords();
  return (
    <form method="get" action="/bank-transfers" id={`look-${id}`}>
      <input type="hidden" name="look" value={id} />
      <Field name="reason" id={`why-${id}`} label={say("arrivals.reason")} required maxLength={300} />
      <Button look="quiet">{say("arrivals.look")}</Button>
    </form>
  );
}

function Told({ opened, currency }: { opened: ArrivalOpened; currency: string }) {
  const say = useWords();
  const { told, due, together } = opened;
  return (
    <dl class="facts two" data-told={opened.id}>
      {told === null ? (
        <Fact term={say("arrivals.remitter")}>{say("arrivals.forgotten")}</Fact>
      ) : (
        <>
          <Fact term={say("arrivals.remitter")}>
            <Name>{told.remitter}</Name>
          </Fact>
          <Fact term={say("arrivals.text")}>
            <Name>{told.text}</Name>
          </Fact>
          <Fact term={say("arrivals.from")}>
            <Name>{told.from}</Name>
          </Fact>
        </>
      )}
      {due === null ? null : (
        <Fact term={say("arrivals.due")}>
          <Amount amount={due} currency={currency} />
        </Fact>
      )}
      {together === null ? null : (
        <Fact term={say("arrivals.together")}>
          <Amount amount={together} currency={currency} />
        </Fact>
      )}
    </dl>
  );
}

function Steps({ arrival, once }: { arrival: ArrivalShown; once: ArrivalsProps["once"] }) {
  const say = useWords();
  const { id, number, takenBack } = arrival;
  const at = `/bank-transfers/${id}`;
  return (
    <>
      {takenBack ? null : (
        <Form action={`${at}/assign`} id={`assign-${id}`} once={once(`assign ${id}`)}>
          <Field
            name="number"
            id={`number-${id}`}
            label={say("arrivals.assignTo")}
            inputMode="numeric"
            required
            maxLength={40}
            value={number ?? undefined}
          />
          <Field
            name="reason"
            id={`assign-why-${id}`}
            label={say("arrivals.reason")}
            required
            maxLength={300}
          />
          <Button>{say("arrivals.assign")}</Button>
        </Form>
      )}
      <Form action={`${at}/dismiss`} id={`dismiss-${id}`} once={once(`dismiss ${id}`)}>
        <Field
          name="reason"
          id={`dismiss-why-${id}`}
          label={say("arrivals.reason")}
          required
          maxLength={300}
        />
        <Button look="stop">{say("arrivals.dismiss")}</Button>
      </Form>
    </>
  );
}

function One({
  arrival,
  opened,
  once,
}: {
  arrival: ArrivalShown;
  opened: ArrivalOpened | undefined;
  once: ArrivalsProps["once"];
}) {
  const say = useWords();
  const { id, reference, day, currency, amount, rest, why, number, bookedAt } = arrival;
  return (
    <li class="sheet" data-arrival={id} data-why={why}>
      <h2>{say("arrivals.one", { reference, day })}</h2>
      {why === null ? null : <p>{say(`arrivals.why.${why}`)}</p>}
      <dl class="facts two">
        <Fact term={say("arrivals.rest")}>
          <Amount amount={rest} currency={currency} />
        </Fact>
        <Fact term={say("arrivals.amount")}>
          <Amount amount={amount} currency={currency} />
        </Fact>
        {number === null ? null : (
          <Fact term={say("arrivals.number")}>
            <TradeNumber number={number} />
          </Fact>
        )}
      </dl>
      <p class="small soft">
        <Moment at={bookedAt} />
      </p>
      {opened === undefined ? <Look id={id} /> : <Told opened={opened} currency={currency} />}
      <Steps arrival={arrival} once={once} />
    </li>
  );
}

/** `/bank-transfers`: what waits, for operators. */
export function ArrivalsPage({ frame, arrivals, next, opened, asked, once }: ArrivalsProps) {
  return (
    <QueuePage
      frame={frame}
      here="bank-transfers"
      subject="arrivals"
      asked={asked}
      items={arrivals.map((arrival) => (
        <One
          key={arrival.id}
          arrival={arrival}
          opened={opened?.id === arrival.id ? opened : undefined}
          once={once}
        />
      ))}
      more={next === null ? null : { after: next, word: "arrivals.more" }}
    />
  );
}
