/** What happened on each of the last days, as charts with their tables. */
import type { WordKey } from "../words/words.ts";
import { Amount, useCount, useWords } from "../parts/parts.ts";
import { Chart } from "./chart.tsx";
import { unitOfLength, useShortDay, useLength, useMoney } from "./writing.ts";

export interface DayPoint {
  /** `YYYY-MM-DD`. */
  day: string;
  times: number;
  /** In minor units. */
  amount: number;
}

export interface MoneyByDay {
  currency: string;
  series: readonly { kind: "frozen" | "settled" | "refunded"; points: readonly DayPoint[] }[];
}

export interface DayWait {
  day: string;
  /** Seconds within which half of the trades, and nine of ten, were accepted. */
  half: number;
  most: number;
  times: number;
}

/** Where the trades behind a figure are. */
export const behind = (asked: Readonly<Record<string, string>>): string =>
  `/running/trades?${new URLSearchParams(asked)}`;

/** A figure with the way to what is behind it; nothing is behind none. */
export function Counted({ count, href }: { count: number; href: string }) {
  const write = useCount();
  return count === 0 ? <>0</> : <a href={href}>{write(count)}</a>;
}

const newestFirst = <Point,>(points: readonly Point[]): Point[] => points.toReversed();

function MoneyTable({
  kind,
  currency,
  points,
}: {
  kind: string;
  currency: string;
  points: readonly DayPoint[];
}) {
  const say = useWords();
  const short = useShortDay();
  return (
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">{say("running.day")}</th>
          <th scope="col">{say("running.times")}</th>
          <th scope="col">{say("running.amount")}</th>
        </tr>
      </thead>
      <tbody>
        {newestFirst(points).map(({ day, times, amount }) => (
          <tr key={day}>
            <th scope="row">
              <time dateTime={day}>{short(day)}</time>
            </th>
            <td>
              <Counted count={times} href={behind({ kind, currency, day })} />
            </td>
            <td>
              <Amount amount={amount} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MoneyChart({ currency, kind, points }: MoneyByDay["series"][number] & { currency: string }) {
  const say = useWords();
  const write = useMoney(currency);
  const day = useShortDay();
  return (
    <Chart
      title={say(`running.${kind}`)}
      write={write}
      bars={points.map((point) => ({ name: day(point.day), values: [point.amount] }))}
    >
      <MoneyTable kind={kind} currency={currency} points={points} />
    </Chart>
  );
}

/** The money of one currency. */
function Money({ currency, series }: MoneyByDay) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby={`money-${currency}`}>
      <h2 id={`money-${currency}`}>{say("running.money", { currency })}</h2>
      <div class="charts">
        {series.map(({ kind, points }) => (
          <MoneyChart key={kind} currency={currency} kind={kind} points={points} />
        ))}
      </div>
    </section>
  );
}

const hasMoved = ({ series }: MoneyByDay) =>
  series.some(({ points }) => points.some(({ times }) => times > 0));

/** Each currency of which something has moved; of the others only that nothing has. */
export function Moneys({ money }: { money: readonly MoneyByDay[] }) {
  const say = useWords();
  const still = money.filter((one) => !hasMoved(one)).map(({ currency }) => currency);
  return (
    <>
      {money.filter(hasMoved).map((one) => (
        <Money key={one.currency} {...one} />
      ))}
      {still.length === 0 ? null : (
        <p class="soft" id="still">
          {say("running.still", { currencies: still.join(say("comma")) })}
        </p>
      )}
    </>
  );
}

function DayTable({
  heads,
  rows,
}: {
  heads: readonly WordKey[];
  rows: readonly { day: string; cells: readonly preact.ComponentChild[] }[];
}) {
  const say = useWords();
  const short = useShortDay();
  return (
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">{say("running.day")}</th>
          {heads.map((head) => (
            <th key={head} scope="col">
              {say(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {newestFirst(rows).map(({ day, cells }) => (
          <tr key={day}>
            <th scope="row">
              <time dateTime={day}>{short(day)}</time>
            </th>
            {cells.map((cell, index) => (
              <td key={heads[index]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Approvals that nobody gave in time, and how long goods wait to be accepted. */
export function Goods({ ranOut, waits }: { ranOut: readonly DayPoint[]; waits: readonly DayWait[] }) {
  const say = useWords();
  const write = useCount();
  const length = useLength();
  const day = useShortDay();
  return (
    <section class="sheet" aria-labelledby="goods-title">
      <h2 id="goods-title">{say("running.goods")}</h2>
      <div class="charts">
        <Chart
          title={say("running.waits")}
          write={length}
          unitOf={unitOfLength}
          legend={[say("running.most"), say("running.half")]}
          bars={waits.map(({ day: of, most, half }) => ({ name: day(of), values: [most, half] }))}
        >
          <DayTable
            heads={["running.accepted", "running.half", "running.most"]}
            rows={waits.map(({ day: of, times, half, most }) => ({
              day: of,
              cells: [
                <Counted key="times" count={times} href={behind({ kind: "accepted", day: of })} />,
                times === 0 ? "–" : length(half),
                times === 0 ? "–" : length(most),
              ],
            }))}
          />
        </Chart>
        <Chart
          title={say("running.ranOut")}
          write={write}
          bars={ranOut.map(({ day: of, times }) => ({ name: day(of), values: [times] }))}
        >
          <DayTable
            heads={["running.times"]}
            rows={ranOut.map(({ day: of, times }) => ({
              day: of,
              cells: [<Counted key="times" count={times} href={behind({ kind: "ran_out", day: of })} />],
            }))}
          />
        </Chart>
      </div>
    </section>
  );
}
