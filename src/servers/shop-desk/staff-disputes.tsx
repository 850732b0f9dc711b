/** What the staff do where shop and buyer do not agree: forms to contest, to open and to answer a dispute, and to settle it. */
import { contestReasons } from "../../core/protocol/protocol.ts";
import { Amount, Choice, Name, Moment } from "../../edge/parts/parts.ts";
import { refundable, undivided, type TradeEventView } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import { useContext } from "preact/hooks";
import { Field, type StaffAct, Typed, WhichParcel, Why } from "./staff-acts.tsx";
import { comingBack } from "./staff-forms.ts";

export const contest: StaffAct = {
  act: "contest",
  path: "contest",
  look: "stop",
  role: "manager",
  Fields: ({ view, mistaken }) => {
    const say = useShopWords();
    const chosen = useContext(Typed)["contest"];
    const typed = contestReasons.find((reason) => reason === chosen);
    return (
      <>
        <WhichParcel path="contest" known={comingBack(view)} whole={say("contest.all")} />
        <fieldset>
          <legend>{say("contest.what")}</legend>
          <div class="choices">
            {contestReasons.map((reason, index) => (
              <Choice
                key={reason}
                name="contest"
                value={reason}
                id={`contest-${reason}`}
                checked={typed === undefined ? index === 0 : typed === reason}
                required
              >
                {say(`contest.${reason}`)}
              </Choice>
            ))}
          </div>
        </fieldset>
        <Why path="contest" mistaken={mistaken} read long />
      </>
    );
  },
};

export const answer: StaffAct = {
  act: "answer",
  path: "answer",
  look: "main",
  role: "manager",
  Fields: ({ mistaken }) => {
    const say = useShopWords();
    return (
      <>
        <Field
          id="answer-statement"
          name="statement"
          label={say("answer.statement")}
          hint={say("answer.hint")}
          long
          required
          maxLength={2000}
          error={mistaken["statement"]}
        />
        <Field id="answer-reference" name="reference" label={say("answer.reference")} maxLength={200} />
      </>
    );
  },
};

/** What the staff add to a dispute that is open. */
export const addWords: StaffAct = {
  act: "say",
  path: "say",
  look: "quiet",
  role: "clerk",
  Fields: ({ mistaken }) => {
    const say = useShopWords();
    return (
      <Field
        id="say-statement"
        name="statement"
        label={say("say.words")}
        hint={say("act.read")}
        long
        required
        maxLength={2000}
        error={mistaken["statement"]}
      />
    );
  },
};

export const offer: StaffAct = {
  act: "offer",
  path: "offer",
  look: "quiet",
  role: "manager",
  asks: true,
  Fields: ({ order: { currency }, view, mistaken }) => {
    const say = useShopWords();
    return (
      <>
        <p class="soft small">
          <ShopSay
            k="offer.lead"
            frozen={<Amount amount={undivided(view)} currency={currency} />}
            paid={<Amount amount={refundable(view)} currency={currency} />}
          />
        </p>
        {undivided(view) === 0n ? null : (
          <Field
            id="offer-pay"
            name="pay"
            label={say("offer.pay")}
            hint={say("offer.payHint")}
            inputMode="decimal"
            short
            error={mistaken["pay"]}
          />
        )}
        {refundable(view) === 0n ? null : (
          <Field
            id="offer-refund"
            name="refund"
            label={say("offer.refund")}
            inputMode="decimal"
            short
            required={undivided(view) === 0n}
            error={mistaken["refund"]}
          />
        )}
      </>
    );
  },
};

export const takeOffer: StaffAct = {
  act: "takeOffer",
  path: "take-offer",
  look: "main",
  role: "manager",
  asks: true,
  Fields: ({ order: { currency }, view: { offer: made } }) =>
    made == null ? null : (
      <p id="offered">
        <ShopSay
          k="takeOffer.lead"
          pay={<Amount amount={made.pay} currency={currency} />}
          release={<Amount amount={made.release} currency={currency} />}
          refund={<Amount amount={made.refund} currency={currency} />}
        />
      </p>
    ),
};

export const dispute: StaffAct = {
  act: "dispute",
  path: "dispute",
  look: "stop",
  role: "manager",
  Fields: ({ mistaken }) => {
    const say = useShopWords();
    return (
      <>
        <p class="soft small">{say("dispute.lead")}</p>
        <Why path="dispute" mistaken={mistaken} read long />
      </>
    );
  },
};

/** What the parties have said, as far as the shop answers to it: why goods come back, disputes, answers and offers. */
const telling = [
  "trade.rejected",
  "trade.withdrawn",
  "trade.sent_back",
  "trade.disputed",
  "trade.answered",
  "trade.said",
  "trade.offered",
  "trade.extension_asked",
] as const satisfies readonly TradeEventView["type"][];

/** What is wrong with goods that were rejected. */
const kinds = ["wrong", "missing", "never_came"] as const;

const photosIn = ({ photos }: TradeEventView["data"]): string[] =>
  Array.isArray(photos) ? photos.filter((each) => typeof each === "string") : [];

/** Photos that were put to it. The shop keeps none: they are fetched each time they are looked at. */
function Photos({ photos, order }: { photos: readonly string[]; order: string }) {
  const say = useShopWords();
  if (photos.length === 0) return null;
  return (
    <ul class="photos" aria-label={say("said.photos")}>
      {photos.map((digest, index) => (
        <li key={digest}>
          <a href={`/staff/orders/${order}/photos/${digest}`}>
            <img
              src={`/staff/orders/${order}/photos/${digest}`}
              alt={say("said.photo", { number: index + 1, count: photos.length })}
              loading="lazy"
              width="120"
              height="120"
            />
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What was said about the goods, newest first, in the words of those who said it. */
export function Said({ events, order }: { events: TradeEventView[] | undefined; order: string }) {
  const say = useShopWords();
  if (events === undefined) return <p class="soft small">{say("said.unknown")}</p>;
  const said = events
    .flatMap((event) => {
      const type = telling.find((each) => each === event.type);
      return type === undefined ? [] : [Object.assign({ ...event }, { type })];
    })
    .reverse();
  if (said.length === 0) return null;
  return (
    <section class="sheet" id="said" aria-labelledby="said-title">
      <h2 id="said-title">{say("said.title")}</h2>
      <ul class="lines">
        {said.map(({ seq, type, at, actor, data }) => {
          const { reason, statement, kind } = data;
          const words = typeof reason === "string" ? reason : (statement ?? data["words"]);
          const how = kinds.find((each) => each === kind);
          return (
            <li key={seq} data-event={type}>
              <p>
                <ShopSay
                  k={how === undefined ? "said.by" : "said.byHow"}
                  what={<strong>{say(`said.${type}`)}</strong>}
                  how={how === undefined ? "" : say(`kind.${how}`)}
                  who={say(`who.${actor.role}`)}
                />
              </p>
              {typeof words === "string" ? (
                <p>
                  <Name>{words}</Name>
                </p>
              ) : null}
              <Photos photos={photosIn(data)} order={order} />
              <p class="small soft">
                <Moment at={at} />
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
