/** Disputes that wait for an operator's decision. */
import type { ActorRole } from "../../core/protocol/protocol.ts";
import {
  Empty,
  Fact,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Notice,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

export interface DisputeLine {
  trade: string;
  openedAt: string;
  openedBy: ActorRole;
  answerBy: string | null;
  decideBy: string | null;
  late: boolean;
  /** The name of the shop; null where it is not known any more. */
  shop: string | null;
}

interface Props {
  frame: Frame;
  disputes: readonly DisputeLine[];
  /** What the next page begins behind; null where these are all. */
  next: string | null;
  done: boolean;
}

function Card({ dispute }: { dispute: DisputeLine }) {
  const say = useWords();
  const { trade, openedAt, openedBy, answerBy, decideBy, late, shop } = dispute;
  return (
    <li class="sheet" data-dispute={trade}>
      <h2>
        <a href={`/disputes/${trade}`} id={`dispute-${trade}`}>
          <TradeNumber number={trade} />
        </a>
        {late ? <span class="badge tone-stop">{say("disputes.late")}</span> : null}
      </h2>
      <dl class="facts two">
        {shop === null ? null : (
          <Fact term={say("disputes.side.shop")}>
            <Name>{shop}</Name>
          </Fact>
        )}
        <Fact term={say("disputes.openedBy")}>{say(`who.${openedBy}`)}</Fact>
        <Fact term={say("disputes.openedAt")}>
          <Moment at={openedAt} />
        </Fact>
        {answerBy === null ? null : (
          <Fact term={say("disputes.answerBy")}>
            <Moment at={answerBy} />
          </Fact>
        )}
        {decideBy === null ? null : (
          <Fact term={say("disputes.decideBy")}>
            <Moment at={decideBy} />
          </Fact>
        )}
      </dl>
    </li>
  );
}

function Body({ disputes, next, done }: Omit<Props, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("disputes.title")}</h1>
      <p class="lead">{say("disputes.lead")}</p>
      {done ? (
        <Notice tone="good" id="done">
          <p>{say("disputes.decided")}</p>
        </Notice>
      ) : null}
      {disputes.length === 0 ? <Empty title={say("disputes.empty")} /> : null}
      <ul class="list">
        {disputes.map((dispute) => (
          <Card key={dispute.trade} dispute={dispute} />
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <LinkButton href={`/disputes?after=${encodeURIComponent(next)}`} id="more" look="quiet">
            {say("disputes.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/disputes`: those first that are to be decided first. */
export function DisputesPage(props: Props) {
  return (
    <ServerPage frame={props.frame} title={useWords()("disputes.title")} here="desk">
      <Body {...props} />
    </ServerPage>
  );
}
