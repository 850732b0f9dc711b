/** docs/patent.md is held true: each paragraph and claim has its row, and what a row names is there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atFacilitators, table } from "../support/tables/access-table.ts";
import { readDocument } from "../support/tables/markdown.ts";
import { expected, type Ground, groundOf, type Row, rowsOf, unbuilt, wrongs } from "./patent.ts";
import { readSources } from "./sources.ts";

const patent = readDocument("patent.md");

/** Rows of which something is not built. A row leaves this list with what it says is missing, and none comes to it. */
const missing: readonly string[] = [];

test("each paragraph and claim has one row, and what it names is there", () => {
  const known = [...Object.keys(table), ...Object.keys(atFacilitators)];
  assert.deepEqual(wrongs(patent, groundOf(readSources(), known)), []);
});

test("nothing is missing that is not on the list, and what was built has left it", () => {
  assert.deepEqual(unbuilt(patent), missing);
});

const ground: Ground = groundOf(
  [
    {
      path: "src/edge/api/calls.ts",
      text: 'server.post(\n  "/v1/trades",\n);\nfor (const name of ["ship", "accept"]) server.post(`/v1/trades/:number/${name}`);',
    },
    { path: "src/edge/api/calls.test.ts", text: 'test("one is made", f);\ntest(`${what}: one`, f);' },
  ],
  ["GET /v1/members/{number}"],
);
const good = ["It is said.", "`src/edge/api/calls.ts`", '`src/edge/api/calls.test.ts` "one is made"'];
const written = (rows: readonly Row[]): string =>
  rows.map(({ name, cells }) => `| ${[name, ...cells].join(" | ")} |`).join("\n");
const rows = (change: (row: Row) => Row[] = (row) => [row]): Row[] =>
  expected.flatMap((name) => change({ name, cells: good }));
const page = (change?: (row: Row) => Row[]): string => written(rows(change));
/** The page with other cells in one row: what it says, where that is, what shows it. */
const other = (...cells: string[]): string =>
  page((row) => [row.name === "0045" ? { ...row, cells: good.map((cell, at) => cells[at] ?? cell) } : row]);
const elsewhere = (where: string): string => other("x", where);
const shownBy = (shown: string): string => other("x", "`src/edge/api/`", shown);

const planted: [what: string, text: string, finds: string][] = [
  ["a row that is missing", page((row) => (row.name === "0045" ? [] : [row])), "0045 has 0 rows"],
  ["a row that stands twice", page((row) => (row.name === "0045" ? [row, row] : [row])), "0045 has 2 rows"],
  ["a row of nothing", written([...rows(), { name: "0096", cells: good }]), "0096 has no row here"],
  ["rows in another order", written(rows().toReversed()), "The rows are not in their order"],
  ["an empty cell", other(""), "0045 has an empty cell"],
  [
    "a cell too few",
    page((row) => [row.name === "0045" ? { ...row, cells: ["x", "y"] } : row]),
    "0045 has 3 cells and not four",
  ],
  ["a file that is not there", elsewhere("`src/edge/api/none.ts`"), "0045: there is no src/edge/api/none.ts"],
  ["a folder that is not there", elsewhere("`src/edge/none/`"), "0045: there is no src/edge/none/"],
  [
    "a call that is not there",
    elsewhere("`POST /v1/trades/{number}/lose`"),
    "0045: nobody answers at POST /v1/trades/{number}/lose",
  ],
  ["a call by another method", elsewhere("`PUT /v1/trades`"), "0045: nobody answers at PUT /v1/trades"],
  ["a page that is not there", elsewhere("`/nowhere`"), "0045: nobody answers at /nowhere"],
  [
    "a file beside the rows that is not there",
    `See \`src/none.ts\`.\n${page()}`,
    "Beside the rows: there is no src/none.ts",
  ],
  ["nothing named", elsewhere("everywhere"), "0045: neither a file nor a call is named"],
  [
    "what is missing, said in another way",
    elsewhere("`/v1/trades`, but not built."),
    '0045: what is missing begins with "Not built: "',
  ],
  [
    "a file that is none of tests",
    shownBy('`src/edge/api/calls.ts` "one"'),
    "0045: src/edge/api/calls.ts is no file of tests",
  ],
  [
    "a test that is not there",
    shownBy('`src/edge/api/calls.test.ts` "two"'),
    '0045: "two" is in 0 names of src/edge/api/calls.test.ts',
  ],
  [
    "a part of several names",
    shownBy('`src/edge/api/calls.test.ts` "one"'),
    '0045: "one" is in 2 names of src/edge/api/calls.test.ts',
  ],
  [
    "a file without a name",
    shownBy("`src/edge/api/calls.test.ts`"),
    '0045: "`src/edge/api/calls.test.ts`" is neither a file of tests nor a part of a name in quotes',
  ],
  [
    "no test where something is built",
    other("x", "`src/edge/api/`. Not built: the rest.", "nothing yet"),
    '0045: "nothingyet" is neither a file of tests nor a part of a name in quotes',
  ],
];

test("what is wrong with a page is found", () => {
  for (const [what, text, finds] of planted) assert.deepEqual(wrongs(text, ground), [finds], what);
});

test("what is right is not", () => {
  const right: [string, string][] = [
    ["every row", page()],
    [
      "a call of a table, a route, a word that is put into one, and pages",
      elsewhere(
        "`GET /v1/members/{number}`, `POST /v1/trades`, `POST /v1/trades/{number}/ship`, `/v1/trades`",
      ),
    ],
    [
      "words in code marks that name nothing",
      elsewhere('`src/edge/api/`: `trade.settled`, `payment: {on: "date"}`'),
    ],
    [
      "several tests",
      shownBy('`src/edge/api/calls.test.ts` "one is made", ": one"; `src/edge/api/calls.test.ts` "is made"'),
    ],
    ["nothing at all, where that is said", other("x", "Not built: all of it.", "nothing yet")],
  ];
  for (const [what, text] of right) assert.deepEqual(wrongs(text, ground), [], what);
  assert.deepEqual(unbuilt(elsewhere("`src/edge/api/`. Not built: the rest.")), ["0045"]);
  const line = "| 0014 | a | b | c |";
  assert.deepEqual(rowsOf(`# A\n\n| paragraph | says |\n|---|---|\n${line}\n`), [
    { name: "0014", cells: ["a", "b", "c"] },
  ]);
});
