/**
 * The SDK's types of calls about money are what running servers describe. `KENSHU_WRITE=1 npm test -- sdk-described` writes them
 * anew after a call has changed.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Description, describedFiles } from "./support/sdk/described-types.ts";
import { request } from "./support/wire/http.ts";
import { openGuaranteed } from "./support/world/guaranteed.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const room = join(root, "packages/sdk/src/described");
const isWriting = process.env["KENSHU_WRITE"] !== undefined;

/** As this repository is written. */
function formatted(name: string, text: string): string {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "format", `--stdin-file-path=${join(room, name)}`];
  return execFileSync(process.execPath, args, { cwd: root, input: text, encoding: "utf8" });
}

test("the types of calls about money are made of what servers describe", async () => {
  const { guarantor, institution } = await openGuaranteed({ after });
  const descriptions = await Promise.all(
    [institution.url, guarantor.url].map(
      async (url) => (await request(`${url}/openapi.json`, "GET")).json as unknown as Description,
    ),
  );
  const files = describedFiles(descriptions);
  for (const [name, text] of files) {
    const wanted = formatted(name, text);
    if (isWriting) writeFileSync(join(room, name), wanted);
    else assert.equal(readFileSync(join(room, name), "utf8"), wanted, `write ${name} anew: KENSHU_WRITE=1`);
  }
  assert.deepEqual(readdirSync(room).toSorted(), [...files.keys()].toSorted());
});
