/** Forms with a file: what is taken, what is thrown away as it comes, and what is not read at all. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { exchange, type Listening, listening } from "../../../test/support/wire/listening.ts";
import { closeGracefully, fileOf, uploadLimits } from "./http.ts";

let tested: Listening;

before(async () => {
  tested = await listening((server) => {
    const form = { access: ["anyone"], form: true } as const;
    server.post("/files", { config: { ...form, upload: true } }, async (request) => {
      const file = fileOf(request);
      const size = file === undefined ? "none" : "bytes" in file ? file.bytes.length : "too large";
      return { fields: request.body, size };
    });
    server.post("/forms", { config: form }, async () => ({}));
    server.post("/v1/calls", { config: { access: ["anyone"] } }, async () => ({}));
  });
});
after(() => closeGracefully(tested.server, { timeoutMs: 2000 }));

async function send(path: string, size: number, name = "content") {
  const body = new FormData();
  body.append("key", "abc");
  body.append(name, new Blob([Buffer.alloc(size, "1")]), "file.txt");
  const reply = await fetch(tested.url + path, { method: "POST", body });
  return { status: reply.status, text: await reply.text() };
}

test("a file up to the bound is taken with its fields, and a larger one is read to its end and forgotten", async () => {
  const { file } = uploadLimits;
  for (const [size, said] of [
    [0, '"none"'],
    [1, "1"],
    [file, String(file)],
    [file + 1, '"too large"'],
    [50 * 1024 * 1024, '"too large"'],
  ] as const) {
    const { status, text } = await send("/files", size);
    assert.deepEqual([status, text], [200, `{"fields":{"key":"abc"},"size":${said}}`]);
  }
});

test("a body that says that it is larger than any is refused unread, and other routes take no files", async () => {
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${length}\r\n\r\n--x--\r\n`;
  assert.match(await exchange(tested.port, head("/files", uploadLimits.body + 1)), /^HTTP\/1.1 413 /);
  for (const path of ["/forms", "/v1/calls"])
    assert.match(await exchange(tested.port, head(path, 7)), /^HTTP\/1.1 415 /, path);
  assert.match(await exchange(tested.port, head("/files", 7)), /^HTTP\/1.1 200 /, "and the server stands");
});

test("a route that takes files and is no form cannot be declared", async () => {
  const declared = listening((server) =>
    server.post("/never", { config: { access: ["anyone"], upload: true } }, async () => ({})),
  );
  await assert.rejects(declared, /takes files and is no form/);
});
