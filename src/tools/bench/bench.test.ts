import assert from "node:assert/strict";
import { test } from "node:test";
import { answerReader, postParts } from "./connection.ts";
import { help, parts, readOptions } from "./options.ts";
import { allRatios, type Report, reportJson, reportLines, table } from "./report.ts";

const answers = [
  'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nContent-Length: 14\r\n\r\n{"number":"1"}',
  "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n",
  'HTTP/1.1 200 OK\r\ncontent-length:   6\r\n\r\n"t\u00e9\r\n"',
].join("");
const read = [
  [201, '{"number":"1"}'],
  [503, ""],
  [200, '"t\u00e9\r\n"'],
];

test("answers are read in whatever pieces they arrive", () => {
  const bytes = Buffer.from(answers, "latin1");
  for (let size = 1; size <= bytes.length; size += 1) {
    const found: [number, string][] = [];
    const take = answerReader((status, text) => found.push([status, text]));
    for (let start = 0; start < bytes.length; start += size) take(bytes.subarray(start, start + size));
    assert.deepEqual(found, read, `in pieces of ${size}`);
  }
});

test("an answer without a length is refused, for its end cannot be seen", () => {
  const take = answerReader(() => {});
  const endless = "HTTP/1.1 200 OK\r\n\r\n{}";
  assert.throws(() => take(Buffer.from(endless)), /without a length/);
});

test("a request is whole once its key stands between its parts", () => {
  const [before, after] = postParts("127.0.0.1:1", "/v1/trades", "ks_0", '{"a":1}');
  const [head = "", body] = `${before}k1${after}`.split("\r\n\r\n");
  assert.equal(body, '{"a":1}');
  assert.deepEqual(head.split("\r\n"), [
    "POST /v1/trades HTTP/1.1",
    "Host: 127.0.0.1:1",
    "Authorization: Bearer ks_0",
    "Content-Type: application/json",
    "Idempotency-Key: k1",
    "Content-Length: 7",
  ]);
});

test("options are read, and wrong ones are told in a line", () => {
  assert.equal(readOptions(["--help"]), undefined);
  assert.ok(parts.every((part) => help.includes(part)));
  const all = readOptions([]);
  assert.deepEqual(all && [...all.only], [...parts]);
  assert.equal(all?.history, 1_000_000);
  assert.ok((readOptions(["--quick"])?.history ?? 0) < 1_000_000);
  assert.equal(readOptions(["--quick", "--seconds", "9"])?.seconds, 9);
  assert.deepEqual([...(readOptions(["--only", "hot, batch"])?.only ?? [])], ["hot", "batch"]);
  for (const wrong of [
    ["--only", "cold"],
    ["--seconds", "0"],
    ["--seconds", "1.5"],
    ["--history", "1e6"],
  ]) {
    assert.throws(() => readOptions(wrong), { name: "UsageError" }, wrong.join(" "));
  }
});

function reportOf(change: Partial<Report>): Report {
  const empty = { machine: "a machine", baseline: undefined, rows: [], ratios: [], start: undefined };
  return {
    ...empty,
    history: undefined,
    pages: undefined,
    charts: undefined,
    rssPeak: 0,
    audits: [],
    ...change,
  };
}

const measured = {
  trades: 3000,
  seconds: 2,
  tradesPerSecond: 1500,
  requests: 6000,
  p50: 1.25,
  p99: 20,
  failed: {},
  firstFailure: "",
  cpuSeconds: 0.5,
  spent: { institutionCpu: 1, postgresCpu: 2, rss: 150e6, rssPeak: 160e6 },
};

test("a table stands in columns", () => {
  assert.deepEqual(
    table([
      ["", "a", "bb"],
      ["one", "100", "2"],
    ]),
    ["       a  bb", "one  100   2"],
  );
  assert.deepEqual(table([]), []);
});

test("a report compares each part with the baselines beside it", () => {
  const baseline = { by: "pgbench", rates: [900, 1100] };
  const report = reportOf({ baseline, rows: [{ name: "single, 64 connections", measured, tpcb: 1000 }] });
  assert.deepEqual(
    allRatios(report).map(({ value }) => value),
    [1.5],
  );
  const text = reportLines(report).join("\n");
  assert.match(text, /before and after each part: 900; 1,100 a second/);
  assert.match(text, /single, 64 connections +1,500 +1\.50 +1\.3 +20\.0 +0\.50 +1\.00 +0\.25 +150 +0\n/);
  const json = JSON.parse(reportJson(report)) as { rows: { ofTpcb: number }[] };
  assert.equal(json.rows[0]?.ofTpcb, 1.5);
});

test("pages are told by themselves and beside load, with what went wrong", () => {
  const read = { requests: 300, p50: 2.5, p99: 9, failed: {} };
  const beside = { ...read, p99: 150, failed: { 503: 2 } };
  const text = reportLines(reportOf({ pages: { perSecond: 50, alone: read, beside } })).join("\n");
  assert.match(text, /50 a second, by themselves: p50 2\.5 ms, p99 9\.0 ms\n/);
  assert.match(text, /beside full load: p50 2\.5 ms, p99 150\.0 ms, 2 x 503 \(goal p99 200 ms\)/);
});

test("charts are told with what a comparison has found", () => {
  const read = { requests: 20, p50: 8, p99: 12, failed: {} };
  const charts = {
    perSecond: 2,
    alone: read,
    beside: { ...read, p99: 90 },
    compared: { times: 11, wrong: [] },
  };
  const text = reportLines(reportOf({ charts })).join("\n");
  assert.match(text, /Charts of an operator, 2 a second, beside full load: p50 8\.0 ms, p99 90\.0 ms\n/);
  assert.match(text, /compared with the database 11 times, .*: the figures were the database's each time/);
  const wrong = ["settled: 3 on the page, 4 counted at the end"];
  const other = reportLines(reportOf({ charts: { ...charts, compared: { times: 2, wrong } } })).join("\n");
  assert.match(other, /1 figures were not the database's:\n {2}settled: 3 on the page, 4 counted at the end/);
});

test("failures are shown with what the first of them said", () => {
  const failing = { ...measured, failed: { 402: 3, "not settled": 1 }, firstFailure: "insufficient_funds" };
  const text = reportLines(reportOf({ rows: [{ name: "single, 1 connection", measured: failing }] })).join(
    "\n",
  );
  assert.match(text, /3 x 402, 1 x not settled/);
  assert.match(text, /There were failures; the first of "single, 1 connection": insufficient_funds/);
  assert.deepEqual(allRatios(reportOf({ rows: [{ name: "single, 1 connection", measured }] })), []);
});
