/** Until when money stays frozen, and what happens then. */
import { eventually, type Workbench } from "./workbench.ts";
import {
  move,
  neverMade,
  read,
  refused,
  refuses,
  reserve,
  shows,
  summaryOf,
  usual,
  wishOf,
  type Rule,
  rulesOf,
} from "./steps.ts";
import { same } from "./message.ts";

const day = 86_400;

const movesEnd: Rule["check"] = async (workbench) => {
  const until = workbench.inSeconds(day);
  const id = await reserve(workbench);
  same(
    "until after settle",
    (await move(workbench, id, "settle", { amount: 1, until })).json["until"],
    until,
  );
  const later = workbench.inSeconds(2 * day);
  same("until after extend", (await move(workbench, id, "extend", { until: later })).json["until"], later);
  same("until afterwards", (await read(workbench, id)).json["until"], later);
};

const releaseMovesEnd: Rule["check"] = async (workbench) => {
  const until = workbench.inSeconds(81 * day);
  const id = await reserve(workbench);
  shows("release", await move(workbench, id, "release", { amount: 400, until }), "held 600/0/400");
  same("until afterwards", (await read(workbench, id)).json["until"], until);
};

/** To the minute: a request takes its time. */
const longest: Rule["check"] = async (workbench) => {
  const most = 732 * day;
  const id = await reserve(workbench, { until: workbench.inSeconds(most - 60) });
  await move(workbench, id, "release");
  const wish = wishOf(workbench, { until: workbench.inSeconds(most + 60) });
  refused("a minute more", await workbench.ask("POST", "/v1/reservations", wish), "date_out_of_range");
  await neverMade(workbench, String(wish["id"]));
};

const sameEnd: Rule["check"] = async (workbench) => {
  const until = workbench.inSeconds(day);
  const id = await reserve(workbench, { until });
  refused("extend to the same end", await move(workbench, id, "extend", { until }), "date_out_of_range");
  shows(
    "settle with the same end",
    await move(workbench, id, "settle", { amount: 1, until }),
    "held 999/1/0",
  );
};

const runsOut: Rule["check"] = async (workbench) => {
  const until = workbench.inSeconds(3);
  const [unpaid, paid] = [await reserve(workbench, { until }), await reserve(workbench, { until })];
  shows("settle", await move(workbench, paid, "settle", { amount: 300 }), "held 700/300/0");
  await eventually(workbench, 15, "two reservations given back, as expired and as settled", async () => {
    const told = [summaryOf(await read(workbench, unpaid)), summaryOf(await read(workbench, paid))].join(
      ", ",
    );
    return [told === `expired 0/0/${usual}, settled 0/300/700`, told] as const;
  });
  refused("settle after the end", await move(workbench, unpaid, "settle", { amount: 1 }), "hold_ended");
  refused(
    "extend after the end",
    await move(workbench, unpaid, "extend", { until: workbench.inSeconds(day) }),
    "hold_ended",
  );
  shows("refund after the end", await move(workbench, paid, "refund"), "settled 0/300/700 refunded 300");
};

const whenReserved = (seconds: number) => async (workbench: Workbench) => {
  const wish = wishOf(workbench, { until: workbench.inSeconds(seconds) });
  refused("this end", await workbench.ask("POST", "/v1/reservations", wish), "date_out_of_range");
  await neverMade(workbench, String(wish["id"]));
};

const moving = rulesOf("Payments: instructions", [
  ["release.until", "release moves the end of what stays frozen", releaseMovesEnd],
  ["extend.moves", "settle and extend move the end of a reservation", movesEnd],
  [
    "extend.earlier",
    "The end cannot be moved to before it",
    refuses([], ["extend", (workbench) => ({ until: workbench.inSeconds(60) })], ["date_out_of_range"]),
  ],
  ["extend.same", "extend moves the end; to where it is already is no move", sameEnd],
  [
    "extend.ended",
    "What has ended is not extended",
    refuses(
      [["settle", {}]],
      ["extend", (workbench) => ({ until: workbench.inSeconds(day) })],
      ["hold_ended"],
    ),
  ],
]);

const running = rulesOf("Time", [
  ["until.past", "Nothing is frozen until a moment that has passed", whenReserved(-60)],
  ["until.far", "Nothing is frozen for more than two years", whenReserved(800 * day)],
  [
    "until.far-extend",
    "Nor is anything extended beyond two years",
    refuses(
      [],
      ["extend", (workbench) => ({ until: workbench.inSeconds(800 * day) })],
      ["date_out_of_range"],
    ),
  ],
  ["until.longest", "Two years are 732 days", longest],
  ["until.expires", "A reservation that runs out is given back, and what was paid stays paid", runsOut],
]);

export const timeRules: readonly Rule[] = [...moving, ...running];
