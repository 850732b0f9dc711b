/** How what is due under a number is found on a page and what stands beside it, at counters and for members who pay from an account. */
import type { Sentence } from "../words/words.ts";
import type { ComponentChildren } from "preact";
import { Button, Fact, Field, Moment, Name, TradeNumber, useWords } from "../parts/parts.ts";

interface FindDueProps {
  action: string;
  number: string | undefined;
  error: Sentence | undefined;
}

/** Leads to what is due. It changes nothing, so it is sent as an address; a scanner types the digits and ends the line. */
export function FindDue({ action, number, error }: FindDueProps) {
  const say = useWords();
  return (
    <form method="get" action={action} id="find-form" class="find">
      <Field
        name="number"
        label={say("counter.number")}
        hint={say("counter.numberHint")}
        inputMode="numeric"
        required
        maxLength={40}
        value={number}
        error={error}
      />
      <Button id="find">{say("counter.find")}</Button>
    </form>
  );
}

interface DueFactsProps {
  number: string;
  shopName: string | null;
  /** Left out where there is no time to pay any more. */
  payBy?: string | undefined;
  children?: ComponentChildren;
}

export function DueFacts({ number, shopName, payBy, children }: DueFactsProps) {
  const say = useWords();
  return (
    <dl class="facts two">
      <Fact term={say("counter.number")}>
        <TradeNumber number={number} />
      </Fact>
      {shopName === null ? null : (
        <Fact term={say("counter.shop")}>
          <Name>{shopName}</Name>
        </Fact>
      )}
      {payBy === undefined ? null : (
        <Fact term={say("counter.payBy")}>
          <Moment at={payBy} />
        </Fact>
      )}
      {children}
    </dl>
  );
}
