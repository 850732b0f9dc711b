/** The forms of this room: what they make is checked as the calls of programs are. */
import Type, { type Static, type TSchema } from "typebox";
import { closed, kanaSchema, orNull, text } from "../../core/protocol/schemas.ts";
import { makeInspection } from "../http/http.ts";
import { firstSignInSchema } from "../profiles/profiles.ts";
import {
  checked,
  field,
  type Fields,
  filled,
  filledNarrow,
  kanaIn,
  type Made,
  present,
} from "../pages/pages.ts";
import { say } from "../words/words.ts";

export { field, filled };

export const form = <T extends Record<string, TSchema>>(fields: T) => closed(fields);

const nameOf = (pointer: string): string => pointer.slice(1);

const profileSchema = closed({
  name: Type.Optional(text(1, 120)),
  kana: Type.Optional(orNull(kanaSchema)),
  address: Type.Optional(text(1, 300)),
  phone: Type.Optional(text(3, 40)),
});
const inspectProfile = makeInspection(profileSchema);

export function profileBody(fields: Fields): Made<Static<typeof profileSchema>> {
  const [name, address] = ["name", "address"].map((each) => filled(fields[each]));
  const phone = filledNarrow(fields["phone"]);
  const kana = kanaIn(fields);
  if (kana === null) return { errors: { kana: say("mistake.kana") } };
  // A name may be known without how it is read: a field that was emptied takes that away.
  const reads = fields["kana"] === undefined ? undefined : (kana ?? null);
  return checked(inspectProfile, present({ name, kana: reads, address, phone }), nameOf);
}

const emailSchema = closed({ email: Type.String({ format: "email", maxLength: 254 }) });
const inspectEmail = makeInspection(emailSchema);

export function emailBody(fields: Fields): Made<Static<typeof emailSchema>> {
  return checked(inspectEmail, present({ email: filledNarrow(fields["email"]) }), nameOf);
}

const passwordSchema = closed({
  email: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
  password: Type.String({ minLength: 1, maxLength: 200 }),
  newPassword: Type.String({ minLength: 12, maxLength: 200 }),
});
const inspectPassword = makeInspection(passwordSchema);

export function passwordBody(fields: Fields): Made<Static<typeof passwordSchema>> {
  const { password, newPassword } = fields;
  const wish = { email: filled(fields["email"]), password, newPassword };
  return checked(inspectPassword, present(wish), nameOf);
}

const chosenSchema = closed({ password: Type.String({ minLength: 12, maxLength: 200 }) });
const inspectChosen = makeInspection(chosenSchema);

export function chosenBody(fields: Fields): Made<Static<typeof chosenSchema>> {
  return checked(inspectChosen, present({ password: fields["password"] }), nameOf);
}

const inspectFirst = makeInspection(firstSignInSchema);

/** Numbers are typed as they stand on the letter, with gaps, and with a Japanese keyboard. */
export function firstBody(fields: Fields): Made<Static<typeof firstSignInSchema>> {
  const number = fields["number"]?.normalize("NFKC").replaceAll(/[\s-]/g, "");
  const { birthDate, password } = fields;
  const [code, email] = ["code", "email"].map((each) => filledNarrow(fields[each]));
  const wish = { number: filled(number), code, birthDate: filledNarrow(birthDate), email, password };
  return checked(inspectFirst, present(wish), nameOf);
}
