/**
 * By what people are found: keyed digests of names, telephone numbers and e-mail addresses as they are said, so that nobody has
 * to open what is sealed to find whose it is.
 */
export { createMarks, type Found, type Marks } from "./marking.ts";
