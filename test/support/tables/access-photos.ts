/** The lines of the table of access about photos of goods, and one to look at. */
import { createHash } from "node:crypto";
import { type Line, line } from "./access-lines.ts";
import { type Headers, request } from "../wire/http.ts";
import { photo } from "../wire/pictures.ts";

export const ofPhotos: Readonly<Record<string, Line>> = {
  "POST /v1/trades/{number}/photos": line(403, {
    yes: ["own", "buyer"],
    404: ["other", "suspended", "member2"],
  }),
  // It is named nowhere yet: only who brought it sees it, and operators who say why.
  "GET /v1/trades/{number}/photos/{digest}": line(404, {
    yes: ["buyer", "operator", "admin"],
    403: ["carrier", "carrier2", "provider"],
  }),
  "GET /v1/members/{number}/photos": line(403, { yes: ["buyer"], 404: ["member2"] }),
};

/** Brings a photo to a trade; answers its digest. */
export async function newPhoto(url: string, number: string, buyer: Headers): Promise<string> {
  const image = (await photo("jpeg", { width: 64, height: 64 })).toString("base64");
  const reply = await request(`${url}/v1/trades/${number}/photos`, "POST", buyer, { image });
  // At a trade that takes none it is not there.
  return reply.status === 201 ? String(reply.json["digest"]) : createHash("sha256").digest("hex");
}
