/** Who looked at what: of all operators, of one, or at one member. */
import {
  type Attempt,
  Button,
  Empty,
  Field,
  type Frame,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

export interface LookView {
  id: string;
  operator: string;
  reason: string | null;
  /** The kind of a search, where it was one. */
  search: "name" | "phone" | "email" | null;
  member: string | null;
  trade: string | null;
  at: string;
}

export interface LooksProps {
  frame: Frame;
  looks: readonly LookView[];
  operators: readonly { id: string; name: string; today: number }[];
  attempt: Attempt;
  /** The address of the following page. */
  more: string | null;
}

function Whom({ member, trade }: LookView) {
  const say = useWords();
  if (trade !== null)
    return (
      <a href={`/desk/trades/${trade}`}>
        <Say k="looks.whomTrade" number={<TradeNumber number={trade} />} />
      </a>
    );
  if (member === null) return <>{say("looks.whomGuest")}</>;
  return (
    <a href={`/desk/members/${member}`}>
      <Say k="looks.whomMember" number={<TradeNumber number={member} />} />
    </a>
  );
}

function Look({ look }: { look: LookView }) {
  const say = useWords();
  const { operator, reason, search, at } = look;
  return (
    <li class="sheet" data-look={look.id}>
      <p>
        {search === null ? (
          <Say k="looks.who" operator={<Name>{operator}</Name>} whom={<Whom {...look} />} />
        ) : (
          <>
            <Name>{operator}</Name>
            {say("colon")}
            {say("looks.search", { by: say(`looks.by.${search}`) })}
          </>
        )}
      </p>
      {search !== null || reason === null ? null : (
        <p class="small">{reason === "opened" ? say("record.opened") : <Name>{reason}</Name>}</p>
      )}
      <p class="small soft">
        <Moment at={at} />
      </p>
    </li>
  );
}

/** `/desk/looks`. */
export function LooksPage({ frame, looks, operators, attempt, more }: LooksProps) {
  const say = useWords();
  const { values, errors } = attempt;
  return (
    <ServerPage frame={frame} title={say("looks.title")} here="desk" narrow>
      <div class="stack-l">
        <h1>{say("looks.title")}</h1>
        <p class="lead">{say("looks.lead")}</p>
        <Mistakes errors={errors} />
        <section class="sheet" aria-label={say("looks.operator")}>
          <ul class="list">
            {operators.map(({ id, name, today }) => (
              <li key={id} class="spread">
                <a href={`/desk/looks?operator=${id}`}>
                  <Name>{name}</Name>
                </a>
                <span class="soft">{say("looks.today", { count: today })}</span>
              </li>
            ))}
          </ul>
        </section>
        <form method="get" action="/desk/looks" id="looks-form" class="find">
          <Field
            name="member"
            label={say("looks.member")}
            value={values["member"]}
            error={errors["member"]}
            inputMode="numeric"
            maxLength={20}
          />
          <Field
            name="day"
            label={say("looks.day")}
            type="date"
            value={values["day"]}
            error={errors["day"]}
            maxLength={10}
          />
          <Button id="show">{say("looks.show")}</Button>
        </form>
        {looks.length === 0 ? <Empty title={say("looks.empty")} /> : null}
        <ul class="list">
          {looks.map((look) => (
            <Look key={look.id} look={look} />
          ))}
        </ul>
        {more === null ? null : (
          <p>
            <LinkButton href={more} id="more" look="quiet">
              {say("looks.more")}
            </LinkButton>
          </p>
        )}
      </div>
    </ServerPage>
  );
}
