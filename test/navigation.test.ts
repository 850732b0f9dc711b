/** Whoever has signed in finds in the navigation what is theirs, and every link of it leads to a page. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "./support/world/guaranteed.ts";
import { request, signIn } from "./support/wire/http.ts";

const { guarantor, institution } = await openGuaranteed({ after });
const [hana] = guarantor.demo.members;
const [payer] = institution.demo.members;
const [operator] = guarantor.demo.operators;
const [counterpart] = institution.demo.operators;
const [clerk] = institution.demo.clerks;
const [carrier] = guarantor.demo.carriers;
if (!hana || !payer || !operator || !counterpart || !clerk || !carrier) throw new Error("No demo.");

const paths = (html: string): string[] => {
  const navigation = /<nav class="nav"[^>]*>(.*?)<\/nav>/s.exec(html)?.[1] ?? "";
  return [...navigation.matchAll(/href="([^"]+)"/g)].map(([, path = ""]) => path);
};

for (const [who, url, person, wanted] of [
  ["a member of the guarantor", guarantor.url, hana, "/trades /accounts /mandates /portal /you"],
  ["a member of the institution", institution.url, payer, "/trades /accounts /mandates /portal /you"],
  ["an operator of the guarantor", guarantor.url, operator, "/desk /desk/find /running"],
  ["an operator of the institution", institution.url, counterpart, "/desk /desk/find /running"],
  ["a clerk", institution.url, clerk, "/counter"],
  ["a carrier", guarantor.url, carrier, "/trades"],
] as const) {
  test(`${who} finds ${wanted}`, async () => {
    const session = await signIn(url, person);
    const first = await request(`${url}/trades`, "GET", session);
    const shown = paths(
      first.status === 200 ? first.text : (await request(`${url}/counter`, "GET", session)).text,
    );
    assert.equal(shown.join(" "), wanted);
    for (const path of shown) {
      const page = await request(`${url}${path}`, "GET", session);
      assert.equal(page.status, 200, path);
      assert.ok(page.text.includes(`<a href="${path}" aria-current="page"`), `${path} says where one is`);
    }
  });
}

for (const [at, url, offered] of [
  ["a guarantor", guarantor.url, "none credit"],
  ["an institution", institution.url, "none deposit prepaid credit"],
] as const) {
  test(`who joins ${at} is offered what can work there: ${offered}`, async () => {
    const { text } = await request(`${url}/join`, "GET", {});
    const kinds = [...text.matchAll(/name="methodKind" value="([^"]+)"/g)].map(([, kind]) => kind);
    assert.equal(kinds.join(" "), offered);
  });
}
