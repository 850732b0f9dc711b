/** Somebody at a shop's desk, without scripts: looks at pages, fills their forms in, and says yes where they are asked once more. */
import assert from "node:assert/strict";
import { type Fields, filledIn, formsIn, type PageForm, saidBy } from "../wire/forms.ts";
import { type Headers, type Reply, request } from "../wire/http.ts";

export interface Clerk {
  look(path: string): Promise<Reply>;
  reads(path: string): Promise<string>;
  /** The form of that id on a page. */
  form(path: string, id: string): Promise<PageForm>;
  /** Fills the form in, and presses its button. */
  press(path: string, id: string, typed?: Fields): Promise<Reply>;
  /** The same, and yes to what is asked; `asked` has to stand in the question. */
  agree(path: string, id: string, typed: Fields, asked: RegExp): Promise<Reply>;
}

const leadsOn = (reply: Reply): string => reply.headers.get("location") ?? "";

export function clerkAt(url: string, who: Headers): Clerk {
  const look = async (path: string): Promise<Reply> => {
    const reply = await request(`${url}${path}`, "GET", who);
    assert.equal(
      reply.status,
      200,
      `${path}: ${reply.status} ${leadsOn(reply)} ${saidBy(reply.text).slice(0, 400)}`,
    );
    return reply;
  };
  const formOn = (html: string, id: string): PageForm =>
    formsIn(html).find((each) => each.id === id) ?? assert.fail(`No ${id}: ${saidBy(html).slice(0, 1500)}`);
  const send = (form: PageForm, fields: Fields): Promise<Reply> => {
    const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
    return request(`${url}${form.action}`, "POST", headers, new URLSearchParams(fields).toString());
  };
  const press = async (path: string, id: string, typed: Fields = {}): Promise<Reply> => {
    const form = formOn((await look(path)).text, id);
    return send(form, filledIn(form, typed));
  };
  return {
    look,
    reads: async (path) => saidBy((await look(path)).text),
    form: async (path, id) => formOn((await look(path)).text, id),
    press,
    agree: async (path, id, typed, asked) => {
      const question = await press(path, id, typed);
      assert.equal(question.status, 200, saidBy(question.text).slice(0, 800));
      const form =
        formsIn(question.text).find((each) => each.id.startsWith("sure-")) ??
        assert.fail(`Nothing is asked: ${saidBy(question.text).slice(0, 800)}`);
      const from = question.text.indexOf('id="sure"');
      assert.match(saidBy(question.text.slice(from, from + 4000)), asked);
      return send(form, filledIn(form, {}));
    },
  };
}
