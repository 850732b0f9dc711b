/** What a page from the server teaches a device: who is signed in here, and what they may read where there is no line. */
import { cupboardOf, keepPage, lock, openVault, prolong } from "./vault.ts";

const kept = /^\/(trades|(trades|gifts)\/[0-9]{14}|scan)$/;
/** Where somebody is whom the server does not know any more. */
const unknown = ["/signin", "/gift"];
/** With the policy of its page comes what it may do. */
const headersKept = ["content-type", "content-security-policy"];

/** Whose page it is, as it says: undefined where it is nobody's, and `other` for somebody of whom nothing is kept. */
const tagIn = (html: string): string | undefined => /<body[^>]* data-round="([^"]*)"/.exec(html)?.[1];
/** In which language a page is, and which version of a trade it shows. */
export const markOf = (lang: string, version = ""): string => `${lang} ${version}`;
const markIn = (html: string): string =>
  markOf(/<html lang="([^"]*)"/.exec(html)?.[1] ?? "", /<main[^>]* data-state="([^"]*)"/.exec(html)?.[1]);

/** Learns from a page that the server has sent for this path. */
export async function learn(path: string, reply: Response): Promise<void> {
  const cupboard = cupboardOf(path);
  const vault = await openVault(cupboard);
  if (vault === undefined || reply.headers.get("content-type")?.startsWith("text/html") !== true) return;
  const html = await reply.text();
  const tag = tagIn(html);
  if (tag === undefined ? unknown.includes(path) : tag !== vault.tag) return lock(cupboard);
  if (tag === undefined) return;
  await prolong(vault);
  if (!reply.ok || !kept.test(path)) return;
  const headers: Record<string, string> = {};
  for (const name of headersKept) {
    const value = reply.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  await keepPage(vault, path, { html, headers }, markIn(html));
}
