/** What becomes of what people send as photos: a picture and nothing else, or a refusal; and nothing that they send ends the server. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import sharp from "sharp";
import { hugePng, movingWebp, photo, svg, withComment } from "../../../test/support/wire/pictures.ts";
import { isBareJpeg, openDecoder } from "./decoder.ts";

const decoder = openDecoder();
after(() => decoder.close());

async function decoded(bytes: Buffer): Promise<Buffer> {
  const made = await decoder.decode("someone", bytes);
  assert.ok(typeof made !== "string", String(made));
  return made;
}

const noise = async (width: number, height: number) =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 100 })
    .toBuffer();

test("a photo is made anew, in one kind, without anything that was written beside the picture", async () => {
  for (const format of ["jpeg", "png", "webp"] as const) {
    const sent = await photo(format);
    assert.ok(sent.includes("135.7681"), "the camera's words are in what is sent");
    const made = await decoded(sent);
    const { format: kind, width, exif, icc, iptc, xmp } = await sharp(made).metadata();
    assert.deepEqual(
      [kind, width, exif, icc, iptc, xmp],
      ["jpeg", 640, undefined, undefined, undefined, undefined],
    );
    assert.ok(!made.includes("135.7681") && !made.includes("Hanako"));
    assert.ok(isBareJpeg(made));
  }
});

test("a large photo becomes 1600 pixels and 500 KB at most, upright, and a small one is not blown up", async () => {
  const large = await noise(4000, 3000);
  const made = await decoded(large);
  const { width = 0, height = 0 } = await sharp(made).metadata();
  assert.ok(
    Math.max(width, height) <= 1600 && made.length <= 500 * 1024,
    `${width} ${height} ${made.length}`,
  );
  const turned = await sharp(await photo("jpeg", { width: 300, height: 100 }))
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const { width: across, height: up } = await sharp(await decoded(turned)).metadata();
  assert.deepEqual([across, up], [100, 300]);
});

test("of two formats in one file only the picture is left, of a moving one its first picture", async () => {
  const script = "<script>alert(document.cookie)</script>";
  const jpeg = await photo();
  const cases: [string, Buffer][] = [
    ["a script in a comment", withComment(jpeg, `<!--${script}-->`)],
    ["a page behind the picture", Buffer.concat([jpeg, Buffer.from(`<html>${script}</html>`)])],
    ["an archive behind the picture", Buffer.concat([jpeg, Buffer.from("PK\x03\x04"), Buffer.from(script)])],
    ["a page behind a PNG", Buffer.concat([await photo("png"), Buffer.from(script)])],
  ];
  for (const [name, bytes] of cases) {
    assert.ok(bytes.includes(script), name);
    const made = await decoded(bytes);
    assert.ok(!made.includes("script") && !made.includes("PK\x03\x04") && isBareJpeg(made), name);
  }
  const moving = await movingWebp();
  assert.equal((await sharp(moving).metadata()).pages, 2);
  const { dominant } = await sharp(await decoded(moving)).stats();
  assert.ok(dominant.r < 60, `the first picture, which is dark: ${dominant.r}`);
});

test("what is no JPEG, PNG or WebP is refused, and so is what is cut or asks for too much", async () => {
  const jpeg = await photo();
  const gif = await sharp(jpeg).gif().toBuffer();
  const cases: [string, Buffer][] = [
    ["SVG", svg],
    ["SVG that begins as a PNG", Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), svg])],
    ["GIF", gif],
    ["TIFF", await sharp(jpeg).tiff().toBuffer()],
    ["AVIF", await sharp(jpeg).avif().toBuffer()],
    ["PDF", Buffer.from(`%PDF-1.7\n${"x".repeat(200)}`)],
    ["a text", Buffer.from("a photo, honestly".repeat(20))],
    ["nothing", Buffer.alloc(0)],
    ["a JPEG without its end", (await noise(400, 400)).subarray(0, 20_000)],
    ["only the beginning of a JPEG", jpeg.subarray(0, 30)],
    ["a bomb of 900 million pixels", hugePng(30_000, 30_000)],
    ["a PNG that has fewer lines than it says", hugePng(5000, 5000)],
  ];
  for (const [name, bytes] of cases) assert.equal(await decoder.decode("someone", bytes), "refused", name);
  await decoded(jpeg);
});

test("a file that breaks or stops the process that reads it ends nothing else, and the next is read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kenshu-decoder-"));
  after(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, "breaks.mjs");
  await writeFile(
    program,
    `process.on("message", ({ id, bytes }) => {
      if (bytes[3] === 1) process.kill(process.pid, "SIGSEGV");
      else if (bytes[3] === 2) process.send({ id, made: Buffer.from("<script>alert(1)</script>".repeat(20)) });
      else process.send({ id, made: bytes });
    });`,
  );
  const fragile = openDecoder(program);
  after(() => fragile.close());
  const good = await decoded(await photo());
  const bytes = (kind: number) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, kind]), Buffer.alloc(200)]);
  const outcomes = await Promise.all([
    fragile.decode("a", bytes(1)),
    fragile.decode("b", bytes(2)),
    fragile.decode("c", good),
  ]);
  assert.deepEqual(outcomes.slice(0, 2), ["refused", "refused"], "broken, and not a picture that came back");
  assert.ok(typeof outcomes[2] !== "string");
});

test("whoever sends many waits behind those who send few, and too many at once are told to come back", async () => {
  const one = await photo();
  const order: string[] = [];
  const send = (owner: string) =>
    decoder.decode(owner, one).then((made) => {
      order.push(made === "busy" ? `${owner} busy` : owner);
    });
  const all = Array.from({ length: 12 }, () => send("greedy"));
  all.push(send("modest"));
  await Promise.all(all);
  assert.equal(order.filter((each) => each === "greedy busy").length, 1, "eleven: one is read, ten wait");
  assert.ok(order.indexOf("modest") <= 3, order.join());
});
