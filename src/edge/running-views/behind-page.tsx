/** `/running/trades`: the trades behind a figure. */
import type { TradeState } from "../../core/protocol/protocol.ts";
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
import { behind } from "./day-charts.tsx";
import { useDay } from "./writing.ts";

/** Which trades are asked for; without a kind and a state those of which a step waits for another server. */
export interface Sought {
  kind?: "frozen" | "accepted" | "settled" | "refunded" | "rejected" | "disputed" | "ran_out" | undefined;
  currency?: string | undefined;
  shop?: string | undefined;
  day?: string | undefined;
  state?: TradeState | undefined;
}

export interface BehindShown {
  number: string;
  state: TradeState;
  shopName: string;
  currency: string;
  /** Null where this server does not know it. */
  amount: number | null;
  updatedAt: string;
}

interface BehindProps {
  frame: Frame;
  sought: Sought;
  shopName: string | null;
  trades: readonly BehindShown[];
  next: string | null;
}

function useTitle({ kind, state }: Sought): string {
  const say = useWords();
  if (state !== undefined) return say("running.standing", { state: say(`state.${state}`) });
  return say(kind === undefined ? "running.heldUp" : `running.${kind === "ran_out" ? "ranOut" : kind}`);
}

function Of({ sought, shopName }: Pick<BehindProps, "sought" | "shopName">) {
  const say = useWords();
  const day = useDay();
  const { kind, currency, day: of } = sought;
  const parts = [
    shopName === null ? undefined : <Name key="shop">{shopName}</Name>,
    of === undefined ? (kind === undefined ? undefined : say("running.ofDays")) : day(of),
    currency,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? null : (
    <p class="kicker">
      {parts.map((part, index) => (
        <span key={index}>{part}</span>
      ))}
    </p>
  );
}

function Line({ trade }: { trade: BehindShown }) {
  const say = useWords();
  const { number, state, shopName, currency, amount, updatedAt } = trade;
  return (
    <li>
      <a class="sheet card" href={`/trades/${number}`} data-trade={number} data-state={state}>
        <span class="spread">
          <strong>
            <Name>{shopName}</Name>
          </strong>
          {amount === null ? null : (
            <strong>
              <Amount amount={amount} currency={currency} />
            </strong>
          )}
        </span>
        <span class="kicker">
          <span>{say(`state.${state}`)}</span>
          <TradeNumber number={number} />
          <Moment at={updatedAt} />
        </span>
      </a>
    </li>
  );
}

/** The same again, from behind the last one. */
function further(sought: Sought, next: string): string {
  const asked = Object.entries(sought).flatMap(([name, value]: [string, string | undefined]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return behind({ ...Object.fromEntries(asked), after: next });
}

function Body({ sought, shopName, trades, next }: Omit<BehindProps, "frame">) {
  const say = useWords();
  const counted = sought.kind !== undefined;
  return (
    <div class="stack-l">
      <div>
        <Of sought={sought} shopName={shopName} />
        <h1>{useTitle(sought)}</h1>
      </div>
      {counted ? <p class="soft">{say("running.eachTime")}</p> : null}
      {trades.length === 0 ? <Empty title={say("running.none")} /> : null}
      <ul class="list">
        {trades.map((trade, index) => (
          <Line key={`${index} ${trade.number}`} trade={trade} />
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <LinkButton href={further(sought, next)} id="more" look="quiet">
            {say("running.more")}
          </LinkButton>
        </p>
      )}
      <p>
        <a href="/running" class="back">
          {say("running.back")}
        </a>
      </p>
    </div>
  );
}

export function BehindPage({ frame, ...shown }: BehindProps) {
  return (
    <ServerPage frame={frame} title={useTitle(shown.sought)} here="running" narrow>
      <Body {...shown} />
    </ServerPage>
  );
}
