/** What operators see of those who collect: what each has taken and not handed in. Data in, HTML out. */
import type { CollectionChannel } from "../../core/protocol/schemas.ts";
import {
  Amount,
  Empty,
  Fact,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Notice,
  ServerPage,
  useWords,
  words,
} from "../parts/parts.ts";

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

function Owed({ account }: { account: CollectorShown["accounts"][number] }) {
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

function CollectorsBody({ collectors, next }: Omit<CollectorsProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("collectors.title")}</h1>
      <p class="lead">{say("collectors.lead")}</p>
      {collectors.length === 0 ? <Empty title={say("collectors.empty")} /> : null}
      <ul class="list">
        {collectors.map(({ id, name, channel, accounts }) => (
          <li class="sheet" key={id} data-collector={id}>
            <h2>
              <Name>{name}</Name> · {say(`channel.${channel}`)}
            </h2>
            {accounts.map((account) => (
              <Owed key={account.currency} account={account} />
            ))}
          </li>
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <LinkButton href={`/collectors?after=${encodeURIComponent(next)}`} id="more" look="quiet">
            {say("collectors.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/collectors`: who collects, and what they owe, for operators. */
export function CollectorsPage(props: CollectorsProps) {
  return (
    <ServerPage frame={props.frame} title={words(props.frame)["collectors.title"]} here="collectors">
      <CollectorsBody {...props} />
    </ServerPage>
  );
}
