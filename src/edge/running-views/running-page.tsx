/** `/running`: how a server runs. */
import type { TradeState } from "../../core/protocol/protocol.ts";
import {
  Empty,
  Fact,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Notice,
  Say,
  ServerPage,
  useCount,
  useWords,
} from "../parts/parts.ts";
import { Chart } from "./chart.tsx";
import {
  behind,
  Counted,
  type DayPoint,
  type DayWait,
  Goods,
  Moneys,
  type MoneyByDay,
} from "./day-charts.tsx";
import { useDay, useLength } from "./writing.ts";

export interface ShopRow {
  shop: string;
  name: string;
  rejected: number;
  disputed: number;
}

/** Something that waits. */
export interface Waiting {
  what:
    | ("instructions" | "webhooks" | "mails" | "log" | "disputes" | "payouts" | "arrivals" | "objections")
    | ("bills" | "transfers" | "breaks" | "unreachable" | "stopped");
  count: number;
  /** For how long the oldest of them does; null where that is not known. */
  seconds: number | null;
  at?: string | undefined;
}

interface MinuteShown {
  answers: number;
  /** Milliseconds. */
  half: number | null;
  most: number | null;
}

export interface RunningProps {
  frame: Frame;
  /** When the figures were read, RFC 3339. */
  now: string;
  /** The first and the last day. */
  days: readonly [string, string];
  states: readonly { state: TradeState; trades: number }[];
  money: readonly MoneyByDay[];
  ranOut: readonly DayPoint[];
  waits: readonly DayWait[];
  shops: readonly ShopRow[];
  /** How many more shops there are. */
  shopsLeft: number;
  waiting: readonly Waiting[];
  /** Other servers that could not be reached when they were last asked. */
  lost: number;
  halted: boolean;
  /** The oldest first; the last one still runs. */
  minutes: readonly MinuteShown[];
  process: {
    /** Bytes. */
    memory: number;
    /** Seconds. */
    eventLoop: number;
    deadlines: number;
    queue: number;
    inUse: number;
    waitedFor: number;
  };
}

function States({ states }: Pick<RunningProps, "states">) {
  const say = useWords();
  const most = Math.max(1, ...states.map(({ trades }) => trades));
  return (
    <section class="sheet" aria-labelledby="states-title">
      <h2 id="states-title">{say("running.states")}</h2>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{say("running.state")}</th>
            <th scope="col">{say("running.trades")}</th>
            <td class="bar-cell" />
          </tr>
        </thead>
        <tbody>
          {states.map(({ state, trades }) => (
            <tr key={state} data-state={state}>
              <th scope="row">{say(`state.${state}`)}</th>
              <td>
                <Counted count={trades} href={behind({ state })} />
              </td>
              <td class="bar-cell" aria-hidden="true">
                <svg viewBox="0 0 100 10" preserveAspectRatio="none">
                  <rect
                    class="bar-one"
                    width={trades === 0 ? 0 : Math.max(1, (trades / most) * 100)}
                    height="10"
                  />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function WaitingTable({ waiting, lost, halted }: Pick<RunningProps, "waiting" | "lost" | "halted">) {
  const say = useWords();
  const length = useLength();
  const write = useCount();
  return (
    <section class="sheet" aria-labelledby="waiting-title">
      <h2 id="waiting-title">{say("running.waiting")}</h2>
      {lost > 0 ? (
        <Notice tone="stop">
          <p>{say("running.lost", { count: lost })}</p>
        </Notice>
      ) : null}
      {halted ? (
        <Notice tone="stop">
          <p>{say("running.halted")}</p>
        </Notice>
      ) : null}
      <table class="figures named">
        <thead>
          <tr>
            <th scope="col">{say("running.what")}</th>
            <th scope="col">{say("running.count")}</th>
            <th scope="col">{say("running.since")}</th>
          </tr>
        </thead>
        <tbody>
          {waiting.map(({ what, count, seconds, at }) => (
            <tr key={what} data-waiting={what}>
              <th scope="row">{say(`running.${what}`)}</th>
              <td>{at === undefined || count === 0 ? write(count) : <a href={at}>{write(count)}</a>}</td>
              <td>{seconds === null || count === 0 ? "–" : length(seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Shops({ shops, shopsLeft }: Pick<RunningProps, "shops" | "shopsLeft">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="shops-title">
      <h2 id="shops-title">{say("running.shops")}</h2>
      {shops.length === 0 ? (
        <Empty title={say("running.shopsNone")} />
      ) : (
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">{say("running.shop")}</th>
              <th scope="col">{say("running.rejected")}</th>
              <th scope="col">{say("running.disputed")}</th>
            </tr>
          </thead>
          <tbody>
            {shops.map(({ shop, name, rejected, disputed }) => (
              <tr key={shop} data-shop={shop}>
                <th scope="row">
                  <Name>{name}</Name>
                </th>
                <td>
                  <Counted count={rejected} href={behind({ kind: "rejected", shop })} />
                </td>
                <td>
                  <Counted count={disputed} href={behind({ kind: "disputed", shop })} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shopsLeft > 0 ? <p class="soft">{say("running.shopsLeft", { count: shopsLeft })}</p> : null}
    </section>
  );
}

function Answers({ minutes }: Pick<RunningProps, "minutes">) {
  const say = useWords();
  const write = useCount();
  const ms = (value: number) => say("running.milliseconds", { count: write(value) });
  const names = minutes.map((_, index) => {
    const ago = minutes.length - 1 - index;
    return ago === 0 ? say("running.thisMinute") : say("running.ago", { count: ago });
  });
  return (
    <Chart
      title={say("running.latency")}
      write={ms}
      legend={[say("running.nearlyAll"), say("running.halfAnswered")]}
      bars={minutes.map(({ half, most }, index) => ({
        name: names[index] ?? "",
        values: [most ?? 0, half ?? 0],
      }))}
    >
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{say("running.minute")}</th>
            <th scope="col">{say("running.answers")}</th>
            <th scope="col">{say("running.halfAnswered")}</th>
            <th scope="col">{say("running.nearlyAll")}</th>
          </tr>
        </thead>
        <tbody>
          {minutes
            .map(({ answers, half, most }, index) => (
              <tr key={names[index]}>
                <th scope="row">
                  <span class="whole">{names[index]}</span>
                </th>
                <td>{write(answers)}</td>
                <td>{half === null ? "–" : ms(half)}</td>
                <td>{most === null ? "–" : ms(most)}</td>
              </tr>
            ))
            .toReversed()}
        </tbody>
      </table>
    </Chart>
  );
}

function Process({ process, minutes }: Pick<RunningProps, "process" | "minutes">) {
  const say = useWords();
  const write = useCount();
  const length = useLength();
  const { memory, eventLoop, deadlines, queue, inUse, waitedFor } = process;
  return (
    <section class="sheet" aria-labelledby="process-title">
      <h2 id="process-title">{say("running.process")}</h2>
      <p class="soft">{say("running.processHint")}</p>
      <dl class="facts two">
        <Fact term={say("running.memory")}>
          {say("running.megabytes", { count: write(Math.round(memory / 1_000_000)) })}
        </Fact>
        <Fact term={say("running.eventLoop")}>
          {say("running.milliseconds", { count: write(eventLoop * 1000) })}
        </Fact>
        <Fact term={say("running.queue")}>{write(queue)}</Fact>
        <Fact term={say("running.deadlines")}>{deadlines === 0 ? "–" : length(deadlines)}</Fact>
        <Fact term={say("running.connections")}>
          {say("running.connectionsAre", { inUse: write(inUse), waitedFor: write(waitedFor) })}
        </Fact>
      </dl>
      <Answers minutes={minutes} />
    </section>
  );
}

function Body({ now, days, ...shown }: Omit<RunningProps, "frame">) {
  const say = useWords();
  const day = useDay();
  const [first, last] = days;
  return (
    <div class="stack-l">
      <h1>{say("running.title")}</h1>
      <p class="lead">
        <Say k="running.lead" at={<Moment at={now} />} first={day(first)} last={day(last)} />
      </p>
      <p>
        <LinkButton href="/running" id="again" look="quiet">
          {say("running.again")}
        </LinkButton>
      </p>
      <WaitingTable waiting={shown.waiting} lost={shown.lost} halted={shown.halted} />
      <States states={shown.states} />
      <Moneys money={shown.money} />
      <Goods ranOut={shown.ranOut} waits={shown.waits} />
      <Shops shops={shown.shops} shopsLeft={shown.shopsLeft} />
      <Process process={shown.process} minutes={shown.minutes} />
    </div>
  );
}

export function RunningPage({ frame, ...shown }: RunningProps) {
  return (
    <ServerPage frame={frame} title={useWords()("running.title")} here="running">
      <Body {...shown} />
    </ServerPage>
  );
}
