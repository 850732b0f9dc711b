/** The form of the ids that parties give to what is theirs: UUIDs in lower case. */
export const idForm = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

const wholeId = new RegExp(`^${idForm}$`);

/** What an idempotency key is made of: visible ASCII characters. */
export const keyPattern = "^[\\x21-\\x7e]{1,255}$";

export function isId(text: string): boolean {
  return wholeId.test(text);
}
