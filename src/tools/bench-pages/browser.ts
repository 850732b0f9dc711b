/** As much of a browser as reading pages takes: a session, and connections that are kept open. */
import { Agent, get, type IncomingMessage } from "node:http";

interface Loaded {
  status: number | undefined;
  text: string;
}

export interface Browser {
  /** Loads a page; rejects where there was no answer. */
  load(path: string): Promise<Loaded>;
  close(): void;
}

export async function post(url: string, headers: Record<string, string>, body: object): Promise<Response> {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${url} was answered with ${reply.status}: ${await reply.text()}`);
  return reply;
}

/** Signs somebody in who then loads pages. */
export async function openBrowser(
  url: string,
  { email, password }: { email: string; password: string },
): Promise<Browser> {
  const entered = await post(`${url}/v1/sessions`, {}, { email, password });
  const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
  const agent = new Agent({ keepAlive: true });
  const load = (path: string) =>
    new Promise<Loaded>((done, failed) => {
      const headers = { cookie, accept: "text/html" };
      const request = get(new URL(path, url), { agent, headers }, (reply) =>
        whole(reply, (text) => done({ status: reply.statusCode, text })),
      );
      request.once("error", failed);
    });
  return { load, close: () => agent.destroy() };
}

function whole(reply: IncomingMessage, then: (text: string) => void): void {
  const chunks: Buffer[] = [];
  reply.on("data", (chunk: Buffer) => chunks.push(chunk));
  reply.once("end", () => then(Buffer.concat(chunks).toString()));
}
