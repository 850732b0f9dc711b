/** A member as operators see them: masked until they say why they look. And the trades of a shop. */
import type { OperatorChannel, TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Day,
  Fact,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Notice,
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { TradeCard } from "./find-page.tsx";
import { type MaskedPerson, PersonLine } from "./person-line.tsx";
import { RevealForm } from "./reveal-form.tsx";

/** What was shown, after a reason was given. */
export interface Revealed {
  name: string | null;
  kana: string | null;
  address: string | null;
  birthDate?: string | null;
  email: string | null;
  phone: string | null;
}

export interface MemberDeskProps {
  frame: Frame;
  number: string;
  person: MaskedPerson;
  state: "provisional" | "active" | "suspended" | "erased";
  since: string;
  methods: readonly {
    id: string;
    kind: "deposit" | "credit" | "prepaid";
    state: string;
    currency: string;
    available: number | null;
  }[];
  /** Too many people were shown today for this one to be. */
  hidden?: boolean;
  trades: readonly TradeView[];
  next: string | null;
  acts: readonly { id: string; trade: string | null; channel: OperatorChannel; at: string }[];
  looks: readonly { id: string; reason: string | null; at: string }[];
  /** How many looks the operator has left today. */
  left: number;
  revealed?: Revealed | undefined;
  attempt?: Attempt | undefined;
  once: string;
}

/** What was asked for, once. */
export function RevealedFacts({ of }: { of: Revealed }) {
  const say = useWords();
  const fields = ["name", "kana", "address", "birthDate", "email", "phone"] as const;
  return (
    <Notice tone="care" id="revealed" title={say("person.shown")}>
      <dl class="facts two">
        {fields.map((field) =>
          of[field] === undefined ? null : (
            <Fact key={field} term={say(field === "kana" ? "person.reading" : `person.${field}`)}>
              {field === "birthDate" && of.birthDate != null ? (
                <Day day={of.birthDate} />
              ) : (
                <Name>{of[field] ?? say("person.unknown")}</Name>
              )}
            </Fact>
          ),
        )}
      </dl>
    </Notice>
  );
}

function Methods({ methods }: Pick<MemberDeskProps, "methods">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="methods">
      <h2 id="methods">{say("person.methods")}</h2>
      {methods.length === 0 ? <p class="soft">{say("person.noMethods")}</p> : null}
      <ul class="list">
        {methods.map(({ id, kind, currency, available }) => (
          <li key={id}>
            {say("amount.in", { what: say(`method.${kind}`), currency })}
            {available === null ? null : (
              <>
                {say("colon")}
                <Say k="person.free" amount={<Amount amount={available} currency={currency} />} />
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Record({ acts, looks }: Pick<MemberDeskProps, "acts" | "looks">) {
  const say = useWords();
  return (
    <>
      <section class="sheet" aria-labelledby="acted">
        <h2 id="acted">{say("person.acted")}</h2>
        {acts.length === 0 ? <p class="soft">{say("person.none")}</p> : null}
        <ol class="story">
          {acts.map(({ id, trade, channel, at }) => (
            <li key={id}>
              <p>
                {trade === null ? (
                  say("record.act.other")
                ) : (
                  <a href={`/desk/trades/${trade}`}>
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
          ))}
        </ol>
      </section>
      <section class="sheet" aria-labelledby="looked">
        <h2 id="looked">{say("person.looked")}</h2>
        {looks.length === 0 ? <p class="soft">{say("person.none")}</p> : null}
        <ol class="story">
          {looks.map(({ id, reason, at }) => (
            <li key={id}>
              <p>
                {reason === "opened" ? say("record.opened") : <Name>{reason ?? say("record.noReason")}</Name>}
              </p>
              <p class="small soft">
                <Moment at={at} />
              </p>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function Trades({ trades, next, base }: { trades: readonly TradeView[]; next: string | null; base: string }) {
  const say = useWords();
  return (
    <section class="stack" aria-labelledby="trades">
      <h2 id="trades">{say("person.trades")}</h2>
      {trades.length === 0 ? <p class="soft">{say("person.noTrades")}</p> : null}
      <ul class="list">
        {trades.map((trade) => (
          <TradeCard key={trade.number} trade={trade} />
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <LinkButton href={`${base}?after=${encodeURIComponent(next)}`} id="older" look="quiet">
            {say("person.older")}
          </LinkButton>
        </p>
      )}
    </section>
  );
}

/** `/desk/members/{number}`. */
export function MemberDeskPage(props: MemberDeskProps) {
  const say = useWords();
  const { frame, number, person, state, since, revealed, attempt, once, left } = props;
  return (
    <ServerPage frame={frame} title={say("person.title", { number })} here="desk/find">
      <div class="stack-l">
        <h1>
          <Say k="person.title" number={<TradeNumber number={number} />} />
        </h1>
        {attempt === undefined ? null : <Refused attempt={attempt} />}
        {revealed === undefined ? null : <RevealedFacts of={revealed} />}
        <div class="split">
          <div class="stack-l">
            <section class="sheet">
              <p>
                <PersonLine person={person} linked={false} />
              </p>
              {props.hidden === true ? <p id="hidden">{say("person.hidden")}</p> : null}
              <dl class="facts">
                <Fact term={say("person.state")}>{say(`credit.state.${state}`)}</Fact>
                <Fact term={say("person.since")}>
                  <Moment at={since} />
                </Fact>
              </dl>
              <p class="small soft" id="left">
                {say("reveal.left", { count: left })}
              </p>
              {state !== "active" ? null : (
                <p>
                  <LinkButton href={`/desk/members/${number}/order`} id="take-order" look="quiet">
                    {say("deskOrder.open")}
                  </LinkButton>
                </p>
              )}
              <RevealForm action={`/desk/members/${number}/data`} button={say("person.show")} once={once} />
            </section>
            <Trades trades={props.trades} next={props.next} base={`/desk/members/${number}`} />
          </div>
          <div class="stack-l">
            <Methods methods={props.methods} />
            <Record acts={props.acts} looks={props.looks} />
          </div>
        </div>
      </div>
    </ServerPage>
  );
}

/** `/desk/shops/{id}`: the trades of a shop, the newest first. */
export function ShopDeskPage(props: {
  frame: Frame;
  id: string;
  name: string;
  trades: readonly TradeView[];
  next: string | null;
}) {
  const say = useWords();
  return (
    <ServerPage frame={props.frame} title={say("find.ofShop", { name: props.name })} here="desk/find" narrow>
      <div class="stack-l">
        <h1>
          <Say k="find.ofShop" name={<Name>{props.name}</Name>} />
        </h1>
        <Trades trades={props.trades} next={props.next} base={`/desk/shops/${props.id}`} />
      </div>
    </ServerPage>
  );
}
