/** `/guarantees`: how much stands where, what ends next, which claims wait, which lines are nearly used up, and who owes. */
import type { GuaranteePhase } from "../../core/guarantees/guarantees.ts";
import {
  Amount,
  Empty,
  type Frame,
  LinkButton,
  Moment,
  Say,
  ServerPage,
  TradeNumber,
  useCount,
  useWords,
} from "../parts/parts.ts";
import { GuaranteeCard, type GuaranteeShown } from "./guarantee-card.tsx";
import { NearLine, type NearShown } from "./near-line.tsx";

/** How many guarantees of a currency stand where, and for how much; minor units. */
export interface SumShown {
  phase: GuaranteePhase;
  currency: string;
  count: number;
  amount: bigint;
  due: bigint;
}

/** What a member owes by a bill. */
export interface BillLine {
  number: string;
  /** Whose it is, by number. */
  member: string | null;
  currency: string;
  owed: bigint;
  payBy: string;
  overdue: boolean;
  /** How often they were reminded after the day, and when the next reminder goes out. */
  step: number;
  nextStepAt: string | null;
}

export interface BookShown {
  frame: Frame;
  currencies: readonly string[];
  sums: readonly SumShown[];
  next: readonly GuaranteeShown[];
  claims: readonly GuaranteeShown[];
  lines: readonly NearShown[];
  nearFrom: number;
  bills: readonly BillLine[];
}

/** The address of a list. */
export const listOf = (phase: GuaranteePhase, currency: string): string =>
  `/guarantees/list?phase=${phase}&currency=${currency}`;

function Sums({ currency, sums }: { currency: string; sums: readonly SumShown[] }) {
  const say = useWords();
  const grouped = useCount();
  return (
    <section class="sheet" aria-labelledby={`sums-${currency}`}>
      <h2 id={`sums-${currency}`}>{say("guarantees.sums", { currency })}</h2>
      <ul class="lines">
        {sums.map(({ phase, count, amount, due }) => (
          <li key={phase} data-sum={`${phase} ${currency}`}>
            <div class="spread">
              <a href={listOf(phase, currency)}>
                {say("guarantees.count", {
                  phase: say(`guarantees.phase.${phase}`),
                  count: grouped(count),
                })}
              </a>
              <Amount amount={amount} currency={currency} />
            </div>
            {due === 0n || due === amount ? null : (
              <p class="small soft">
                {say("guarantees.ofThatDue")}
                {say("between")}
                <Amount amount={due} currency={currency} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cards({ id, title, none, items }: CardsProps) {
  const say = useWords();
  return (
    <section class="stack" aria-labelledby={id}>
      <h2 id={id}>{say(title)}</h2>
      {items.length === 0 ? <p class="soft">{say(none)}</p> : null}
      <ul class="list">
        {items.map((one) => (
          <GuaranteeCard key={one.number} guarantee={one} under />
        ))}
      </ul>
    </section>
  );
}

interface CardsProps {
  id: string;
  title: "guarantees.next" | "guarantees.claims";
  none: "guarantees.nextNone" | "guarantees.claimsNone";
  items: readonly GuaranteeShown[];
}

function Lines({ lines, nearFrom }: Pick<BookShown, "lines" | "nearFrom">) {
  const say = useWords();
  return (
    <section class="stack" aria-labelledby="lines">
      <h2 id="lines">{say("guarantees.lines")}</h2>
      {lines.length === 0 ? (
        <p class="soft">{say("guarantees.linesNone")}</p>
      ) : (
        <p class="soft">{say("guarantees.linesLead", { share: nearFrom })}</p>
      )}
      <ul class="list">
        {lines.map((line) => (
          <NearLine key={`${line.person.number} ${line.currency}`} line={line} under />
        ))}
      </ul>
      {lines.length === 0 ? null : (
        <p>
          <LinkButton href="/guarantees/lines" look="quiet" id="all-lines">
            {say("guarantees.linesAll")}
          </LinkButton>
        </p>
      )}
    </section>
  );
}

function Bills({ bills }: Pick<BookShown, "bills">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="debts">
      <h2 id="debts">{say("guarantees.debts")}</h2>
      {bills.length === 0 ? <p class="soft">{say("guarantees.debtsNone")}</p> : null}
      <ul class="lines">
        {bills.map(({ number, member, currency, owed, payBy, overdue, step, nextStepAt }) => (
          <li key={number} data-bill={number}>
            <div class="spread">
              <a href={`/debts/${number}`}>
                <TradeNumber number={number} />
              </a>
              <Amount amount={owed} currency={currency} />
            </div>
            <p class="kicker">
              {member === null ? null : <Say k="debts.member" number={<TradeNumber number={member} />} />}
              {overdue ? <strong>{say("bills.overdue")}</strong> : null}
              <Moment at={payBy} />
              <span>{say("debts.step", { count: String(step) })}</span>
            </p>
            {nextStepAt === null ? null : (
              <p class="small soft">
                {say("debts.nextStep")}
                {say("colon")}
                <Moment at={nextStepAt} />
              </p>
            )}
          </li>
        ))}
      </ul>
      <p>
        <LinkButton href="/debts" look="quiet" id="all-debts">
          {say("guarantees.debtsAll")}
        </LinkButton>
      </p>
    </section>
  );
}

function Body({ currencies, sums, next, claims, lines, nearFrom, bills }: Omit<BookShown, "frame">) {
  const say = useWords();
  const of = (currency: string) => sums.filter((sum) => sum.currency === currency);
  return (
    <div class="stack-l">
      <div>
        <a class="back" href="/desk">
          ← {say("desk.title")}
        </a>
        <h1>{say("guarantees.title")}</h1>
      </div>
      <p class="lead">{say("guarantees.lead")}</p>
      {sums.length === 0 ? <Empty title={say("guarantees.nothing")} /> : null}
      {currencies.map((currency) =>
        of(currency).length === 0 ? null : <Sums key={currency} currency={currency} sums={of(currency)} />,
      )}
      <Cards id="claims" title="guarantees.claims" none="guarantees.claimsNone" items={claims} />
      <Cards id="next" title="guarantees.next" none="guarantees.nextNone" items={next} />
      <Lines lines={lines} nearFrom={nearFrom} />
      <Bills bills={bills} />
    </div>
  );
}

export function BookPage({ frame, ...shown }: BookShown) {
  return (
    <ServerPage frame={frame} title={useWords()("guarantees.title")} here="guarantees" narrow>
      <Body {...shown} />
    </ServerPage>
  );
}
