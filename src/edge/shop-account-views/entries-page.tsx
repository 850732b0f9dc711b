/** The entries of a shop's account, the newest first. */
import {
  Amount,
  Empty,
  type Frame,
  LinkButton,
  Moment,
  Name,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

const kinds = [
  ...(["hold", "settle", "release", "expire", "extend"] as const),
  ...(["transfer", "refund", "deposit", "withdrawal", "payout"] as const),
] as const;
type EntryKind = (typeof kinds)[number];

export interface EntryShown {
  /** Two entries of an account may be of one command. */
  id: string;
  kind: string;
  /** Minor units, with its sign. */
  posted: number | null;
  reference: string | null;
  /** The number under which it was paid. */
  tradeNumber: string | null;
  at: string;
}

export interface EntriesShown {
  frame: Frame;
  id: string;
  currency: string;
  entries: readonly EntryShown[];
  next: string | null;
}

const isKnown = (kind: string): kind is EntryKind => kinds.some((each) => each === kind);

function Entry({ entry, currency }: { entry: EntryShown; currency: string }) {
  const say = useWords();
  const { kind, posted, reference, tradeNumber, at } = entry;
  const known = isKnown(kind) ? kind : "transfer";
  return (
    <li>
      <div class="spread">
        <strong>{say(known === "settle" ? "shopAccount.entry.settle" : `entry.${known}`)}</strong>
        {posted === null ? null : <Amount amount={posted} currency={currency} />}
      </div>
      <p class="small soft">
        <Moment at={at} />
        {tradeNumber === null ? null : (
          <>
            {" · "}
            <TradeNumber number={tradeNumber} />
          </>
        )}
        {reference === null ? null : (
          <>
            {" · "}
            <Name>{reference}</Name>
          </>
        )}
      </p>
    </li>
  );
}

function Entries({ id, currency, entries, next }: Omit<EntriesShown, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <div>
        <a class="back" id="to-account" href={`/shop/accounts/${id}`}>
          ← {say("shopMoney.account", { currency })}
        </a>
        <h1>{say("shopAccount.entries")}</h1>
      </div>
      {entries.length === 0 ? (
        <Empty title={say("entries.empty")} />
      ) : (
        <ul class="lines sheet" id="entries">
          {entries.map((entry, index) => (
            <Entry key={`${entry.id} ${index}`} entry={entry} currency={currency} />
          ))}
        </ul>
      )}
      {next === null ? null : (
        <p>
          <LinkButton href={`/shop/accounts/${id}/entries?after=${next}`} id="more" look="quiet">
            {say("entries.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/shop/accounts/{id}/entries`. */
export function EntriesPage(props: EntriesShown) {
  return (
    <ServerPage frame={props.frame} title={useWords()("shopAccount.entries")} here="shop/money">
      <Entries {...props} />
    </ServerPage>
  );
}
