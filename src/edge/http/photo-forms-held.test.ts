/** Photos of forms are held while somebody works with them, and only so many of one sender. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, beforeEach, test } from "node:test";
import { listening } from "../../../test/support/wire/listening.ts";
import { closeGracefully, photoLimits, type Uploaded, withFiles } from "./http.ts";

/** What the route waits for before it looks, and what while it works. */
let gates: { before: Promise<void>; during: Promise<void> };
let looked: (readonly Uploaded[])[] = [];
let arrived: { close: Promise<unknown> }[] = [];

const tested = await listening((server) => {
  const photosOf = ({ headers }: { headers: object }) =>
    Promise.resolve((headers as Record<string, string | undefined>)["x-holder"]);
  server.post(
    "/photos",
    { config: { access: ["anyone"], form: true, upload: { photosOf } } },
    async (request, reply) => {
      arrived.push({ close: once(reply.raw, "close") });
      await gates.before;
      return withFiles(request, async (files) => {
        looked.push(files);
        await gates.during;
        return files.map((file) => ("bytes" in file ? file.bytes.length : Object.keys(file)[0]));
      });
    },
  );
});
after(() => closeGracefully(tested.server, { timeoutMs: 2000 }));

beforeEach(() => {
  gates = { before: Promise.resolve(), during: Promise.resolve() };
  looked = [];
  arrived = [];
});

function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

async function send(holder: string | undefined, count: number, signal?: AbortSignal): Promise<unknown> {
  const body = new FormData();
  for (let index = 0; index < count; index += 1)
    body.append("photo", new Blob([Buffer.alloc(photoLimits.file, 1)]), `photo-${index}.jpg`);
  const reply = await fetch(`${tested.url}/photos`, {
    method: "POST",
    body,
    headers: holder === undefined ? {} : { "x-holder": holder },
    ...(signal === undefined ? {} : { signal }),
  });
  return reply.json();
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Sends a form, and leaves when the whole of it has come. */
async function sendAndLeave(holder: string, count: number): Promise<void> {
  const [leaving, before] = [new AbortController(), arrived.length];
  const sent = send(holder, count, leaving.signal).catch(() => undefined);
  await until(() => arrived.length > before);
  leaving.abort();
  await sent;
  await arrived.at(-1)?.close;
}

test("what somebody works with counts as held, also where its sender has left, and no longer", async () => {
  const { opened, open } = gate();
  gates = { before: Promise.resolve(), during: opened };
  await sendAndLeave("a", 5);
  assert.equal(looked[0]?.length, 5);
  gates = { before: Promise.resolve(), during: Promise.resolve() };
  assert.deepEqual(await send("a", 1), ["busy"], "one sender fills no more than one form");
  assert.deepEqual(await send("b", 1), [photoLimits.file], "and takes no place of others");
  open();
  await until(() => looked.length === 3);
  assert.deepEqual(await send("a", 1), [photoLimits.file]);
});

test("photos whose sender leaves before they are looked at are not as if none had come", async () => {
  const { opened, open } = gate();
  gates = { before: opened, during: Promise.resolve() };
  await sendAndLeave("a", 1);
  open();
  await until(() => looked.length === 1);
  assert.deepEqual(looked, [[{ busy: true }]]);
  gates = { before: Promise.resolve(), during: Promise.resolve() };
  assert.deepEqual(await send("a", 5), Array(5).fill(photoLimits.file), "nothing of it counts any more");
});

test("of whoever brings no photos nothing is held, and that something came is known", async () => {
  assert.deepEqual(await send(undefined, 2), ["notTaken", "notTaken"]);
});
