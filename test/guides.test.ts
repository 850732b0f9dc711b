/**
 * Every block of the guides is run, as it stands there, against a real server: commands in one shell for each guide, after
 * those of the first one, programs with the SDK. In the place of the demo's address stands that of this server; what a guide
 * shows as an answer has to be in the answer.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { guideNames, htmlOf, placeOf } from "../src/edge/guides/rendering.ts";
import { readDocument } from "./support/tables/markdown.ts";
import { request } from "./support/wire/http.ts";
import { freePort } from "./support/world/free-port.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, operators: "one" });
const { demo, url } = world;
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
mkdirSync(join(root, ".kenshu"), { recursive: true });
// Inside of the project, so that programs find the SDK as a shop does.
const folder = mkdtempSync(join(root, ".kenshu", "guides-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, ".kenshu"));
writeFileSync(
  join(folder, ".kenshu", "demo.json"),
  JSON.stringify({
    institution: { url, adminKey: demo.adminKey, shopKeys: demo.shops.map(({ key }) => key) },
    members: demo.members,
  }),
);

type Block = { kind: "sh" | "ts"; text: string; shows: { kind: "json" | "text"; text: string } | undefined };

const isRun = (kind: string | undefined): kind is Block["kind"] => kind === "sh" || kind === "ts";
const isShown = (kind: string | undefined): kind is "json" | "text" => kind === "json" || kind === "text";

/** The blocks of a guide that are run, each with what the guide shows of its output. */
function blocksOf(name: string): Block[] {
  const fences = [...readDocument(`guides/${name}.md`).matchAll(/^```([a-z]+)( norun)?\n([^]*?)^```$/gm)];
  return fences.flatMap(([, kind, norun, text = ""], index) => {
    if (norun !== undefined || !isRun(kind)) return [];
    const [, shown, , body = ""] = fences[index + 1] ?? [];
    const shows = isShown(shown) ? { kind: shown, text: body } : undefined;
    return { kind, text: text.replaceAll("http://127.0.0.1:4030", url), shows };
  });
}

async function output(command: string, args: string[]): Promise<string> {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, RECEIVER_PORT: String(await freePort()), ADMIN_KEY: demo.adminKey },
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (part: Buffer) => out.push(part));
  child.stderr.on("data", (part: Buffer) => err.push(part));
  const code = await new Promise<number | null>((ended) => child.on("close", ended));
  assert.equal(code, 0, `${Buffer.concat(out).toString()}\n${Buffer.concat(err).toString()}`);
  return Buffer.concat(out).toString();
}

/** What is shown is in what came: fields that are not shown may be there too. */
function holds(came: unknown, shown: unknown, path: string): void {
  if (Array.isArray(shown)) {
    assert.ok(Array.isArray(came), path);
    shown.forEach((each, index) => holds((came as unknown[])[index], each, `${path}/${index}`));
  } else if (typeof shown === "object" && shown !== null) {
    for (const [key, value] of Object.entries(shown))
      holds((came as Record<string, unknown> | undefined)?.[key], value, `${path}/${key}`);
  } else assert.deepEqual(came, shown, path);
}

const mark = "-- next block --";
/** The last JSON of what a block has printed: a block may make two calls. */
const lastJson = (text: string): unknown =>
  JSON.parse(text.slice(Math.max(0, text.lastIndexOf("\n{") + 1, text.lastIndexOf("}{") + 1)));

/** Runs a guide's commands in one shell, and its programs where they stand. */
async function follow(name: string): Promise<number> {
  const blocks = blocksOf(name);
  const [first] = blocksOf("first-trade");
  const begun = name === "first-trade" ? "" : `{\n${first?.text ?? ""}} > /dev/null\n`;
  const script: string[] = ["set -eu", begun];
  for (const [index, block] of blocks.entries()) {
    if (block.kind === "sh") script.push(block.text);
    else {
      const { code } = await transform(block.text, { loader: "ts", format: "esm", target: "node20" });
      writeFileSync(join(folder, `${name}-${index}.mjs`), code);
      script.push(`node ${name}-${index}.mjs`);
    }
    script.push(`echo; echo "${mark}"`);
  }
  const printed = (await output("bash", ["-c", script.join("\n")])).split(mark);
  for (const [index, { shows, text }] of blocks.entries()) {
    const came = (printed[index] ?? "").trim();
    if (shows?.kind === "json") holds(lastJson(came), JSON.parse(shows.text), text);
    else if (shows !== undefined) assert.equal(came, shows.text.trim(), text);
  }
  return blocks.length;
}

for (const name of guideNames)
  test(`the guide "${name}" does what it says`, async () => {
    assert.ok((await follow(name)) > 0);
  });

test("guides are pages, in the language of their reader where that is about them", async () => {
  for (const [language, title] of [
    ["en", "First trade in 15 minutes"],
    ["ja", "15分で最初の取引"],
  ] as const) {
    const { status, text } = await request(`${url}/docs/guides`, "GET", { "accept-language": language });
    assert.equal(status, 200);
    assert.match(text, new RegExp(title));
  }
  for (const name of guideNames) {
    const { status, text } = await request(`${url}/docs/guides/${name}`, "GET");
    assert.equal(status, 200, name);
    for (const [, href = ""] of text
      .matchAll(/<article.*?<\/article>/gs)
      .next()
      .value?.[0].matchAll(/href="(\/[^"]*)"/g) ?? [])
      assert.equal((await request(`${url}${href}`, "GET")).status, 200, `${name}: ${href}`);
  }
  assert.notEqual((await request(`${url}/docs/guides/other`, "GET")).status, 200);
});

test("markup in a guide is text, and links lead nowhere else", () => {
  const html = htmlOf(
    '# <script>alert(1)</script>\n\n<img src=x onerror="alert(1)">\n\n[a](javascript:alert(1)) [b](data:text/html,x) [c](http://x.example) [d](webhooks.md) ![x](../../package.json)\n\n`<b>`',
  );
  assert.doesNotMatch(html, /<script|<img|<b>|javascript:|data:|http:/);
  assert.match(html, /href="\/docs\/guides\/webhooks"/);
  for (const href of [
    "javascript:alert(1)",
    "//x.example",
    "/x",
    'https://x.example/"onclick=',
    "../trades.md",
  ])
    assert.equal(placeOf(href), undefined, href);
});
