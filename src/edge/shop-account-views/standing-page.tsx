/** How far operators let a shop go, and what they did for it or to it. */
import { Fragment } from "preact";
import type { OperatorChannel } from "../../core/protocol/protocol.ts";
import type { ActName } from "../operators/operators.ts";
import {
  Amount,
  Empty,
  Fact,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Notice,
  Say,
  ServerPage,
  TradeNumber,
  useSpan,
  useWords,
} from "../parts/parts.ts";

type Limits = Readonly<Record<string, number>>;

export interface StandingShown {
  frame: Frame;
  state: "applied" | "approved" | "suspended";
  /** Of a shop that is here for a time, RFC 3339. */
  until: string | null;
  frozenLimits: Limits;
  earlyLimits: Limits;
  settleAfter: string | null;
  word: boolean;
  paidEarly: "afterShipping" | "always" | "never";
  paidOutEarly: boolean;
  /** When and why an operator has said so; null where all is as usual. */
  set: { reason: string; at: string } | null;
  notices: readonly NoticeShown[];
  next: string | null;
}

export interface NoticeShown {
  id: string;
  act: ActName | undefined;
  trade: string | null;
  channel: OperatorChannel;
  at: string;
}

function Limit({ limits }: { limits: Limits }) {
  const say = useWords();
  const found = Object.entries(limits);
  if (found.length === 0) return <>{say("shopStanding.usual")}</>;
  return (
    <>
      {found.map(([currency, amount], index) => (
        <Fragment key={currency}>
          {index === 0 ? null : <br />}
          <Amount amount={amount} currency={currency} />
        </Fragment>
      ))}
    </>
  );
}

function HowFar(props: StandingShown) {
  const say = useWords();
  const span = useSpan();
  const { settleAfter, word, paidEarly, paidOutEarly, set } = props;
  const yes = (is: boolean) => say(is ? "shopStanding.yes" : "shopStanding.no");
  return (
    <section class="sheet stack" aria-labelledby="far-title">
      <h2 id="far-title">{say("shopStanding.far")}</h2>
      <dl class="facts two" id="standing">
        <Fact term={say("shopStanding.frozen")}>
          <Limit limits={props.frozenLimits} />
        </Fact>
        <Fact term={say("shopStanding.settleAfter")}>
          {settleAfter === null ? say("shopStanding.atOnce") : span(settleAfter)}
        </Fact>
        <Fact term={say("shopStanding.word")}>{yes(word)}</Fact>
        <Fact term={say("shopStanding.paidEarly")}>{say(`shopStanding.paidEarly.${paidEarly}`)}</Fact>
        <Fact term={say("shopStanding.early")}>
          <Limit limits={props.earlyLimits} />
        </Fact>
        <Fact term={say("shopStanding.paidOutEarly")}>{yes(paidOutEarly)}</Fact>
      </dl>
      {set === null ? (
        <p class="soft">{say("shopStanding.nobody")}</p>
      ) : (
        <p class="soft" id="said">
          <Say k="shopStanding.said" at={<Moment at={set.at} />} reason={<Name>{set.reason}</Name>} />
        </p>
      )}
    </section>
  );
}

function Deed({ notice }: { notice: NoticeShown }) {
  const say = useWords();
  const { act, trade, channel, at } = notice;
  return (
    <li class="sheet" data-notice={notice.id}>
      <p>
        {trade === null ? (
          say(act === undefined ? "record.act.other" : `deed.${act}`)
        ) : (
          <a href={`/shop/orders/${trade}`}>
            <Say k="record.act.trade" number={<TradeNumber number={trade} />} />
          </a>
        )}
      </p>
      <p class="small soft">
        <Moment at={at} />
        {say("comma")}
        {say(`notice.channel.${channel}`)}
      </p>
    </li>
  );
}

function Standing(props: StandingShown) {
  const say = useWords();
  const { state, until, notices, next } = props;
  return (
    <div class="stack-l">
      <div>
        <a class="back" id="to-settings" href="/shop/settings">
          ← {say("shopSet.title")}
        </a>
        <h1>{say("shopStanding.title")}</h1>
      </div>
      {state === "approved" ? null : (
        <Notice tone="care" id="state">
          <p>{say(`shopStanding.state.${state}`)}</p>
        </Notice>
      )}
      {until === null ? null : (
        <p id="until">
          <Say k="shopStanding.until" at={<Moment at={until} />} />
        </p>
      )}
      <HowFar {...props} />
      <section class="stack" aria-labelledby="acts-title">
        <h2 id="acts-title">{say("shopStanding.acts")}</h2>
        {notices.length === 0 ? (
          <Empty title={say("shopStanding.noActs")} />
        ) : (
          <ul class="list" id="notices">
            {notices.map((notice) => (
              <Deed key={notice.id} notice={notice} />
            ))}
          </ul>
        )}
        {next === null ? null : (
          <p>
            <LinkButton href={`/shop/standing?after=${next}`} id="more" look="quiet">
              {say("shopStanding.older")}
            </LinkButton>
          </p>
        )}
      </section>
    </div>
  );
}

/** `/shop/standing`. */
export function StandingPage(props: StandingShown) {
  return (
    <ServerPage frame={props.frame} title={useWords()("shopStanding.title")} here="shop/settings">
      <Standing {...props} />
    </ServerPage>
  );
}
