import assert from "node:assert/strict";
import { test } from "node:test";
import { mostPhotos } from "../../core/protocol/schemas.ts";
import { photoLimits } from "../http/http.ts";
import { photoMebibytes, photosMost } from "./photo-parts.tsx";

test("the field says what the server takes", () => {
  assert.equal(photosMost, mostPhotos);
  assert.equal(photoMebibytes * 1024 * 1024, photoLimits.file);
});
