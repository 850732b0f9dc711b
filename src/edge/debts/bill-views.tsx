/** What members see of bills, and the parts that operators see too. Data in, HTML out. */
import {
  Amount,
  Beside,
  Button,
  Empty,
  Fact,
  Field,
  Form,
  type Frame,
  LinkButton,
  Moment,
  Notice,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

interface PartShown {
  by: string;
  amount: number;
}

export interface BillSeen {
  number: string;
  member: string;
  currency: string;
  state: "open" | "paid" | "written off";
  amount: number;
  fees: number;
  paid: number;
  writtenOff: number;
  owed: number;
  asked: number;
  lineOwed: number;
  payBy: string;
  overdue: boolean;
  payable: boolean;
  step: number;
  instalments: readonly PartShown[] | null;
  wish: readonly PartShown[] | null;
  madeAt: string;
}

export interface BillStory extends BillSeen {
  trades: readonly string[];
  news: readonly { kind: string; owed: number; payBy: string; fee: number; at: string }[];
}

/** What a bill came of, and what was told of it. */
type StoryShown = Pick<BillStory, "trades" | "news" | "currency">;

const stateKeys = { open: "open", paid: "paid", "written off": "writtenOff" } as const;

/** How a bill stands, in a word; with what was told of it also whether it was its lender who has paid. */
export function useStanding(): (
  bill: Pick<BillSeen, "state" | "overdue"> & Partial<Pick<BillStory, "news">>,
) => string {
  const say = useWords();
  return ({ state, overdue, news = [] }) => {
    if (overdue) return say("bills.overdue");
    const madeGood = state === "paid" && news.some(({ kind }) => kind === "made good");
    return say(`bills.state.${madeGood ? "madeGood" : stateKeys[state]}`);
  };
}

/** What the bill comes to; `alone`: what is asked next stands above it. */
export function Figures({ bill, alone = false }: { bill: BillSeen; alone?: boolean }) {
  const say = useWords();
  const { currency } = bill;
  const money = (amount: number) => <Amount amount={amount} currency={currency} />;
  return (
    <dl class="facts two">
      <Fact term={say("bills.owed")}>{money(bill.owed)}</Fact>
      {bill.asked > 0 && !alone ? (
        <>
          <Fact term={say("bills.asked")}>{money(bill.asked)}</Fact>
          <Fact term={say("bills.payBy")}>
            <Moment at={bill.payBy} />
          </Fact>
        </>
      ) : null}
      {bill.fees > 0 ? <Fact term={say("bills.fees")}>{money(bill.fees)}</Fact> : null}
      {bill.paid > 0 ? <Fact term={say("bills.paid")}>{money(bill.paid)}</Fact> : null}
      {bill.writtenOff > 0 ? <Fact term={say("bills.writtenOff")}>{money(bill.writtenOff)}</Fact> : null}
    </dl>
  );
}

export function Parts({
  parts,
  currency,
  id,
}: {
  parts: readonly PartShown[];
  currency: string;
  id: string;
}) {
  const say = useWords();
  return (
    <div>
      <p class="small soft" id={`${id}-title`}>
        {say("bills.parts")}
      </p>
      <ul class="lines" id={id} aria-labelledby={`${id}-title`}>
        {parts.map(({ by, amount }) => (
          <li key={by} class="spread">
            <Moment at={by} />
            <Amount amount={amount} currency={currency} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function BillsBody({ bills }: { bills: readonly BillSeen[] }) {
  const say = useWords();
  const standing = useStanding();
  return (
    <div class="stack-l">
      <h1>{say("bills.title")}</h1>
      {bills.length === 0 ? <Empty title={say("bills.empty")} /> : null}
      <ul class="list">
        {bills.map((bill) => (
          <li class="sheet" key={bill.number} data-bill={bill.number} data-state={bill.state}>
            <h2>
              <Beside
                items={[
                  <a href={`/bills/${bill.number}`}>
                    <TradeNumber number={bill.number} />
                  </a>,
                  standing(bill),
                ]}
              />
            </h2>
            <Figures bill={bill} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** `/bills`: what the member owes. */
export function BillsPage({ frame, bills }: { frame: Frame; bills: readonly BillSeen[] }) {
  return (
    <ServerPage frame={frame} title={useWords()("bills.title")} here="accounts" narrow>
      <BillsBody bills={bills} />
    </ServerPage>
  );
}

interface BillProps {
  frame: Frame;
  bill: BillStory;
  /** The member has just asked for instalments. */
  asked: boolean;
  once: string;
}

function Paying({ bill, once }: Pick<BillProps, "bill" | "once">) {
  const say = useWords();
  const { number, state, payable, instalments, wish, currency } = bill;
  if (state === "paid") return null;
  return (
    <section class="sheet" aria-labelledby="how-to-pay">
      <h2 id="how-to-pay">{say("bills.how")}</h2>
      <p>{say(payable ? "bills.howHint" : "bills.notYet")}</p>
      {payable ? (
        <p>
          <LinkButton href={`/v1/bills/${number}/slip`} id="slip">
            {say("bills.slip")}
          </LinkButton>
        </p>
      ) : null}
      {instalments === null ? null : <Parts parts={instalments} currency={currency} id="instalments" />}
      {wish === null ? null : (
        <>
          <p>{say("bills.wished")}</p>
          <Parts parts={wish} currency={currency} id="wish" />
        </>
      )}
      {state === "open" && instalments === null ? (
        <Form action={`/bills/${number}/instalments`} id="ask" once={once}>
          <Field
            name="count"
            label={say("bills.count")}
            type="number"
            min={2}
            max={12}
            value={3}
            required
            short
          />
          <Button look="quiet">{say("bills.ask")}</Button>
        </Form>
      ) : null}
    </section>
  );
}

export function Story({ bill, at = "/trades" }: { bill: StoryShown; at?: string }) {
  const say = useWords();
  const { trades, news, currency } = bill;
  return (
    <section class="sheet" aria-labelledby="why">
      <h2 id="why">{say(at === "/trades" ? "bills.why" : "debts.why")}</h2>
      <ul class="lines" id="trades">
        {trades.map((number) => (
          <li key={number}>
            <a href={`${at}/${number}`}>
              <TradeNumber number={number} />
            </a>
          </li>
        ))}
      </ul>
      <ol class="lines" id="news">
        {news.map(({ kind, owed, fee, at }) => (
          <li key={`${at} ${kind}`}>
            <p class="spread">
              <span>{say(`bills.news.${kind}` as "bills.news.bill")}</span>
              <Amount amount={owed} currency={currency} />
            </p>
            <p class="small soft">
              <Beside
                items={[
                  <Moment at={at} />,
                  fee > 0 ? (
                    <>
                      {say("bills.fee")}
                      {say("between")}
                      <Amount amount={fee} currency={currency} />
                    </>
                  ) : null,
                ]}
              />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function BillBody({ bill, asked, once }: Omit<BillProps, "frame">) {
  const say = useWords();
  const standing = useStanding();
  return (
    <div class="stack-l">
      <div>
        <a class="back" href="/bills">
          ← {say("bills.title")}
        </a>
        <p class="kicker">
          <TradeNumber number={bill.number} />
          <span>{standing(bill)}</span>
        </p>
        <h1>{say("bills.one")}</h1>
      </div>
      {asked ? (
        <Notice tone="hold" id="asked">
          <p>{say("bills.askedDone")}</p>
        </Notice>
      ) : null}
      {bill.overdue ? (
        <Notice tone="stop" id="overdue">
          <p>{say("bills.overdueHint")}</p>
        </Notice>
      ) : null}
      <section class="sheet">
        {bill.asked > 0 ? (
          <div>
            <p class="soft">
              <Say
                k="bills.next"
                day={
                  <span class="whole">
                    <Moment at={bill.payBy} />
                  </span>
                }
              />
            </p>
            <p class="big">
              <Amount amount={bill.asked} currency={bill.currency} />
            </p>
          </div>
        ) : null}
        <Figures bill={bill} alone />
      </section>
      <Paying bill={bill} once={once} />
      <Story bill={bill} />
    </div>
  );
}

/** `/bills/{number}`: one bill, with why and how it is paid. */
export function BillPage(props: BillProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("bills.title")} here="accounts" narrow>
      <BillBody {...props} />
    </ServerPage>
  );
}
