/** What is answered about the log of a server, and as a witness of the logs of others. */
import Type from "typebox";
import { countSchema, instantSchema, listOf, named, open, orNull } from "../protocol/schemas.ts";

const hash = Type.String({ pattern: "^[A-Za-z0-9+/]{43}=$", examples: [`${"A".repeat(43)}=`] });
const note = Type.String({ description: "A signed note (c2sp.org/signed-note)" });

export const logSchema = named("Log", {
  origin: Type.String(),
  epoch: Type.Integer({ minimum: 1 }),
  size: countSchema,
  key: Type.String(),
  witness: Type.String(),
  note,
  proof: Type.Array(hash),
  halted: orNull(open({ since: instantSchema, note, common: open({ size: countSchema, root: hash }) })),
});

export const epochsSchema = listOf(Type.String({ description: "The text of an epoch's first leaf" }));

export const epochWishedSchema = named("EpochWished", {
  epoch: Type.Integer({ minimum: 2 }),
  waits: Type.String(),
});
export const epochBegunSchema = named("EpochBegun", {
  epoch: Type.Integer({ minimum: 2 }),
  size: countSchema,
  note,
});

export const witnessedSchema = listOf(note);
