/** How far a trade is, and where its money is. */
import { Fragment } from "preact";
import type { TradeState, TradeView } from "../../core/protocol/protocol.ts";
import { isPaidBack } from "./goods.ts";
import { Amount, Say, useWords } from "./locale.tsx";
import type { Tone } from "./notices.tsx";

const arrowBack = "M6 3L2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6";

/** Tone and drawing of each state; the word beside them says the same. */
const stateLooks: Record<TradeState, [tone: Tone, drawing: string]> = {
  proposed: ["calm", "M3 8h.01M8 8h.01M13 8h.01"],
  refused: ["stop", "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M4 12l8-8"],
  reserved: ["hold", "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5"],
  delivered: ["hold", "M2.5 5L8 2l5.5 3v6L8 14l-5.5-3zM2.5 5L8 8l5.5-3M8 8v6"],
  accepted: ["good", "M3 8.5l3.5 3.5L13 4.5"],
  settled: ["good", "M1.5 8.5L4.5 12l6-7.5M8 11l1 1 5.5-7.5"],
  cancelled: ["calm", "M4 4l8 8M12 4l-8 8"],
  rejected: ["care", arrowBack],
  expired: ["calm", "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5v3.5l2.5 1.5"],
  disputed: ["care", "M8 2L14.5 13.5h-13zM8 6.5v3.5M8 12h.01"],
};

/** What a state means for those who bring, serve or receive, whom money does not concern. */
export const stages = {
  proposed: "waiting",
  refused: "waiting",
  reserved: "open",
  delivered: "delivered",
  accepted: "over",
  settled: "over",
  cancelled: "off",
  rejected: "back",
  expired: "off",
  disputed: "disputed",
} as const satisfies Record<TradeState, string>;

/** `goods`: for a reader whom only the goods concern. */
export function StateBadge(props: {
  trade: Pick<TradeView, "state" | "lots" | "settled" | "refunded">;
  goods?: boolean;
}) {
  const { trade, goods = false } = props;
  const { state } = trade;
  const say = useWords();
  if (!goods && isPaidBack(trade))
    return (
      <span class="badge tone-calm" data-state={state}>
        <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          <path d={arrowBack} />
        </svg>
        {say("state.paidBack")}
      </span>
    );
  const moving = trade.lots.some(({ at }) => at === "shipped");
  const [tone, looks] = stateLooks[state];
  // A lock stands for frozen money; on its way is an arrow.
  const drawing = goods && state === "reserved" ? "M2 8h11.5M9 3.5L13.5 8 9 12.5" : looks;
  return (
    <span class={`badge tone-${tone}`} data-state={state}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={drawing} />
      </svg>
      {goods
        ? say(moving && state === "reserved" ? "stage.way" : `stage.${stages[state]}`)
        : say(`state.${state}`)}
    </span>
  );
}

export interface MoneyBarProps {
  /** Minor units as on the wire. */
  amount: number;
  frozen: number;
  settled: number;
  released: number;
  currency: string;
}

/** Share of a whole in tenths of a percent, exact at any size; only a drawing is made from it. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Number((BigInt(part) * 1000n) / BigInt(whole)) / 10;
}

function Frozen({ x, width }: { x: string; width: string }) {
  return (
    <svg x={x} y="0" width={width} height="22">
      <rect class="bar-frozen" width="100%" height="22" />
      <line class="bar-stripes" x1="0" y1="11" x2="100%" y2="11" />
    </svg>
  );
}

/** Where the money of a trade is: striped is frozen, solid is paid, an empty frame has gone back. */
export function MoneyBar({ amount, frozen, settled, released, currency }: MoneyBarProps) {
  const say = useWords();
  const paid = share(settled, amount);
  const held = share(frozen, amount);
  const legend = [
    ["frozen", frozen, <Frozen key="frozen" x="0" width="100%" />],
    ["settled", settled, <rect key="settled" class="bar-settled" width="100%" height="22" />],
    ["released", released, <rect key="released" class="bar-ground" width="100%" height="22" />],
  ] as const;
  return (
    <figure class="bar">
      <svg height="22" aria-hidden="true" focusable="false">
        <rect class="bar-ground" width="100%" height="22" />
        <rect class="bar-settled" width={`${paid}%`} height="22" />
        <Frozen x={`${paid}%`} width={`${held}%`} />
      </svg>
      <dl class="legend">
        {legend.map(([name, part, drawing]) => (
          <div key={name} data-part={name}>
            <svg width="22" height="22" aria-hidden="true" focusable="false">
              {drawing}
            </svg>
            <dt>{say(`money.${name}`)}</dt>
            <dd>
              <Amount amount={part} currency={currency} />
            </dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}

/** How somebody would divide the money: only the parts in which there is some. */
export function OfferWords(props: {
  by: "buyer" | "shop";
  pay: number;
  release: number;
  refund: number;
  currency: string;
  /** The reader has offered it. */
  own?: boolean;
}) {
  const { by, pay, release, refund, currency, own } = props;
  const say = useWords();
  const all = [
    ["pay", pay],
    ["release", release],
    ["refund", refund],
  ] as const;
  const some = all.filter(([, amount]) => amount > 0);
  const parts = (some.length === 0 ? all : some).map(([part, amount], index) => (
    <Fragment key={part}>
      {index === 0 ? null : say("comma")}
      <Say k={`act.offered.${part}`} amount={<Amount amount={amount} currency={currency} />} />
    </Fragment>
  ));
  return <Say k={own === true ? "act.offered.you" : `act.offered.${by}`} parts={parts} />;
}

const steps = ["agreed", "frozen", "delivered", "accepted", "paid"] as const;
const stepsOfGoods = ["agreed", "delivered", "accepted"] as const;

/** How many steps are behind a trade in this state; states off the straight way have no steps. */
const stepsDone: Partial<Record<TradeState, number>> = {
  proposed: 0,
  reserved: 2,
  delivered: 3,
  accepted: 4,
  settled: 5,
};

const stepsOfGoodsDone: Partial<Record<TradeState, number>> = {
  reserved: 1,
  delivered: 2,
  accepted: 3,
  settled: 3,
};

/** How far a trade is; `goods`: for a reader whom only the goods concern. */
export function Steps({ state, goods = false }: { state: TradeState; goods?: boolean }) {
  const say = useWords();
  const done = (goods ? stepsOfGoodsDone : stepsDone)[state];
  if (done === undefined) return null;
  return (
    <ol class="steps" aria-label={say("trade.steps")}>
      {(goods ? stepsOfGoods : steps).map((step, index) => (
        <li
          key={step}
          class={index < done ? "done" : undefined}
          aria-current={index === done ? "step" : undefined}
        >
          {say(`trade.step.${step}`)}
          {index > done ? null : <span class="hidden">{say("colon")}</span>}
          {index < done ? (
            <span class="hidden">{say("trade.stepDone")}</span>
          ) : index === done ? (
            <span class="next">{say("trade.stepNext")}</span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
