/** What operators see of those who collect: what each has taken and not handed in. Data in, HTML out. */
import type { CollectionChannel } from "../../core/protocol/schemas.ts";
import { Amount, Fact, type Frame, Moment, Name, Notice, QueuePage, useWords } from "../parts/parts.ts";

export interface CollectorShown {
  id: string;
  name: string;
  channel: CollectionChannel;
  accounts: readonly {
    currency: string;
    owes: number | null;
    since: string | null;
    limit: number | null;
  }[];
}

interface CollectorsProps {
  frame: Frame;
  collectors: readonly CollectorShown[];
  next: string | null;
}

/** What is in a till and not handed in, in one currency. */
export function Owed({ account }: { account: CollectorShown["accounts"][number] }) {
  const say = useWords();
  const { currency, owes, since, limit } = account;
  const isFull = owes !== null && limit !== null && owes > 0 && owes >= limit;
  return (
    <>
      <dl class="facts two" data-currency={currency} data-owes={owes}>
        <Fact term={say("collectors.owes")}>
          <Amount amount={owes ?? 0} currency={currency} />
        </Fact>
        <Fact term={say("collectors.limit")}>
          <Amount amount={limit ?? 0} currency={currency} />
        </Fact>
        {since === null ? null : (
          <Fact term={say("collectors.since")}>
            <Moment at={since} />
          </Fact>
        )}
      </dl>
      {isFull ? (
        <Notice tone="care">
          <p>{say("collectors.full")}</p>
        </Notice>
      ) : null}
    </>
  );
}

function Collector({ id, name, channel, accounts }: CollectorShown) {
  const say = useWords();
  return (
    <li class="sheet" data-collector={id}>
      <h2>
        <Name>{name}</Name>
        <span class="badge tone-calm">{say(`channel.${channel}`)}</span>
      </h2>
      {accounts.map((account) => (
        <Owed key={account.currency} account={account} />
      ))}
    </li>
  );
}

/** `/collectors`: who collects, and what they owe, for operators. */
export function CollectorsPage({ frame, collectors, next }: CollectorsProps) {
  return (
    <QueuePage
      frame={frame}
      here="collectors"
      subject="collectors"
      items={collectors.map((collector) => <Collector key={collector.id} {...collector} />)}
      more={next === null ? null : { after: next, word: "collectors.more" }}
    />
  );
}
