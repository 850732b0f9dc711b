/** How an amount may be written: digits with and without marks between, and its bytes, as text of hex. */
export function writings(amount: number): string[] {
  const digits = String(amount);
  const marked = [",", ".", " ", "\u00a0", "\u202f", "_", "'"].map((mark) =>
    digits.replaceAll(/\B(?=(\d{3})+$)/g, mark),
  );
  const hexed = [digits, ...marked].map((text) => Buffer.from(text).toString("hex"));
  return [digits, ...marked, ...hexed, amount.toString(16).padStart(16, "0")];
}

/** Whether an amount stands in a text, in whatever way it is written. */
export const found = (text: string, amount: number): boolean =>
  writings(amount).some((writing) => text.toLowerCase().includes(writing));
