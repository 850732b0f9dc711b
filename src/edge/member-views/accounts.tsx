/** The accounts of a member, each with its statement. */
import type { MethodKind } from "../../core/protocol/schemas.ts";
import {
  Amount,
  Beside,
  Button,
  Empty,
  Fact,
  Field,
  type Frame,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { AddMeans, type AddMeansProps, WaitingMeans, type WaitingView } from "../means/means.ts";

/** An account in minor units, of which there may be more than a number can count. */
export interface AccountView {
  id: string;
  kind: MethodKind;
  currency: string;
  posted: bigint | number;
  held: bigint | number;
  /** Minus how far a credit line goes. */
  floor: bigint | number;
  available: bigint | number;
}

type Booked = "hold" | "settle" | "release" | "expire" | "extend" | "transfer" | "refund";

/** What a line is about: a command of the ledger, or the kind of transfer that it was. */
export type EntryKind = Booked | "deposit" | "withdrawal" | "payout";

/** One line of a statement: what the balance and what is frozen have changed by. */
export interface EntryView {
  /** Unique in the statement. */
  id: string;
  at: string;
  kind: EntryKind;
  posted: number;
  held: number;
  /** The trade here that it belongs to, where there is one. */
  trade: string | null;
  /** The number under which it was paid or frozen for another server, where there is one. */
  number: string | null;
  /** What the bank or the counter wrote to it. */
  reference: string | null;
}

function AccountFigures({ account }: { account: AccountView }) {
  const say = useWords();
  const { kind, currency, posted, held, floor, available } = account;
  return (
    <>
      <p>
        <span class="soft">{say("accounts.free")}</span>
        <span class="big">
          <Amount amount={available} currency={currency} />
        </span>
      </p>
      <dl class="facts two">
        <Fact term={say("accounts.posted")}>
          <Amount amount={posted} currency={currency} />
        </Fact>
        <Fact term={say("accounts.held")}>
          <Amount amount={held} currency={currency} />
        </Fact>
        {kind === "credit" ? (
          <Fact term={say("accounts.limit")}>
            <Amount amount={-BigInt(floor)} currency={currency} />
          </Fact>
        ) : null}
      </dl>
    </>
  );
}

function AccountsBody({ accounts, isFunded = false, number, waiting, adds }: Omit<AccountsProps, "frame">) {
  const say = useWords();
  const { attempt, next } = adds;
  return (
    <div class="stack-l">
      <h1>{say("accounts.title")}</h1>
      <p class="kicker" id="member-number">
        <Say k="accounts.number" number={<TradeNumber number={number} />} />
      </p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {next === undefined ? null : (
        <p>
          <LinkButton href={next} id="go-on">
            {say("methods.goOn")}
          </LinkButton>
        </p>
      )}
      <WaitingMeans waiting={waiting} />
      {accounts.length === 0 ? (
        <Empty title={say("accounts.empty")}>
          <p>{say("accounts.emptyHint")}</p>
        </Empty>
      ) : null}
      {accounts.map((account) => (
        <section class="sheet" key={account.id} aria-labelledby={`account-${account.id}`}>
          <h2 id={`account-${account.id}`}>
            {say(`method.${account.kind}`)} <span class="soft">{account.currency}</span>
          </h2>
          <AccountFigures account={account} />
          <p class="row">
            {account.kind === "credit" ? (
              <LinkButton href="/bills" look="quiet" id={`bills-${account.id}`}>
                {say("bills.title")}
              </LinkButton>
            ) : null}
            <LinkButton href={`/accounts/${account.id}`} look="quiet" id={`statement-${account.id}`}>
              {say("accounts.statement")}
            </LinkButton>
            {isFunded && account.kind === "deposit" ? (
              <LinkButton href={`/accounts/${account.id}/payouts`} look="quiet" id={`payouts-${account.id}`}>
                {say("shopAccount.payouts")}
              </LinkButton>
            ) : null}
          </p>
        </section>
      ))}
      {isFunded ? (
        <p class="row">
          <LinkButton href="/fund" id="to-fund" look="quiet">
            {say("fund.title")}
          </LinkButton>
          <LinkButton href="/pay-due" id="to-pay-due" look="quiet">
            {say("payDue.title")}
          </LinkButton>
        </p>
      ) : null}
      <AddMeans {...adds} />
      <p>
        <LinkButton href="/consents" id="to-consents" look="quiet">
          {say("consents.title")}
        </LinkButton>
      </p>
    </div>
  );
}

interface AccountsProps {
  frame: Frame;
  accounts: AccountView[];
  /** The number of the member, whom shops know by it. */
  number: string;
  waiting: readonly WaitingView[];
  adds: AddMeansProps;
  /** Money is brought to these accounts, and dues are paid from there. */
  isFunded?: boolean;
}

/** `/accounts`. */
export function AccountsPage({ frame, ...props }: AccountsProps) {
  return (
    <ServerPage frame={frame} title={useWords()("accounts.title")} here="accounts" narrow>
      <AccountsBody {...props} />
    </ServerPage>
  );
}

export interface StatementProps {
  frame: Frame;
  account: AccountView;
  entries: EntryView[];
  next: string | null;
  /** The first and the last day that were asked for; all there are where neither was. */
  days?: StatementDays;
}

export interface StatementDays {
  from?: string | undefined;
  to?: string | undefined;
}

/** A change with its sign and what it changes; nothing where there was none. */
function Change({ amount, currency, of }: { amount: number; currency: string; of: "posted" | "held" }) {
  const say = useWords();
  if (amount === 0) return null;
  const size = <Amount amount={amount < 0 ? -amount : amount} currency={currency} />;
  return (
    <p class="spread" data-change={of}>
      <span class="soft">{say(`accounts.${of}`)}</span>
      <span class="amount">
        {amount > 0 ? "+" : "\u2212"}
        {size}
      </span>
    </p>
  );
}

function Entry({ entry, currency }: { entry: EntryView; currency: string }) {
  const say = useWords();
  const { kind, trade, number, reference } = entry;
  return (
    <li data-kind={kind}>
      <h3>{say(`entry.${kind}`)}</h3>
      <Change amount={entry.posted} currency={currency} of="posted" />
      <Change amount={entry.held} currency={currency} of="held" />
      <p class="small soft">
        <Beside
          items={[
            trade === null ? null : (
              <a href={`/trades/${trade}`}>
                <TradeNumber number={trade} />
              </a>
            ),
            number === null ? null : <TradeNumber number={number} />,
            reference === null ? null : <Name>{reference}</Name>,
            <Moment at={entry.at} />,
          ]}
        />
      </p>
    </li>
  );
}

/** Asks for some days of a statement. It changes nothing, so it is sent as an address. */
function Days({ account, from, to }: StatementDays & { account: string }) {
  const say = useWords();
  return (
    <form method="get" action={`/accounts/${account}`} id="days-form" class="find">
      <Field name="from" label={say("entries.from")} type="date" short value={from} />
      <Field name="to" label={say("entries.to")} type="date" short value={to} />
      <Button id="days" look="quiet">
        {say("entries.days")}
      </Button>
    </form>
  );
}

function StatementBody({ account, entries, next, days = {} }: Omit<StatementProps, "frame">) {
  const say = useWords();
  const older = new URLSearchParams({ after: next ?? "" });
  for (const [name, day] of Object.entries(days)) if (day !== undefined) older.set(name, day);
  return (
    <div class="stack-l">
      <div>
        <a class="back" href="/accounts">
          ← {say("accounts.back")}
        </a>
        <h1>
          {say(`method.${account.kind}`)} <span class="soft">{account.currency}</span>
        </h1>
      </div>
      <section class="sheet">
        <AccountFigures account={account} />
      </section>
      <section class="sheet" aria-labelledby="statement">
        <h2 id="statement">{say("accounts.statement")}</h2>
        <Days account={account.id} {...days} />
        {entries.length === 0 ? (
          <p class="soft">{say("entries.empty")}</p>
        ) : (
          <ul class="lines">
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} currency={account.currency} />
            ))}
          </ul>
        )}
        {next === null ? null : (
          <p>
            <LinkButton href={`/accounts/${account.id}?${older}`} id="more" look="quiet">
              {say("entries.more")}
            </LinkButton>
          </p>
        )}
      </section>
    </div>
  );
}

/** `/accounts/{id}`: one account with its statement, newest first. */
export function StatementPage({ frame, ...props }: StatementProps) {
  return (
    <ServerPage frame={frame} title={useWords()("accounts.statement")} here="accounts" narrow>
      <StatementBody {...props} />
    </ServerPage>
  );
}
