/** What a test reads of an answer. */
interface Answer {
  code?: unknown;
}

/** Confirms an act, and looks first at where money or a sign-in goes by it, where it wants that. */
export async function confirmWithLook<Reply extends Answer, Who>(
  post: (path: string, who: Who, body: Record<string, unknown>) => Promise<Reply>,
  act: string,
  who: Who,
): Promise<Reply> {
  const path = `/v1/operator-acts/${act}`;
  const first = await post(`${path}/confirm`, who, {});
  if (first.code !== "look_first") return first;
  const look = await post(`${path}/look`, who, { reason: "to confirm it" });
  // What is over shows nothing, and cannot be confirmed either.
  if (look.code !== undefined) return look;
  return post(`${path}/confirm`, who, {});
}

/** The act that an address of a confirmation names. */
export const actOf = (path: string): string => path.split("/").at(-2) ?? "";
