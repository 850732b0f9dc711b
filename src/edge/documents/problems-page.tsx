import { existsSync, readFileSync } from "node:fs";
import { type ProblemCode, problemCodes, problemEntry } from "../../core/protocol/protocol.ts";
import { pageOf, Sentence } from "./docs-page.tsx";

/** The document that comes with the program: what each code means, and what to do. */
const document = new URL("../../../../docs/problems.md", import.meta.url);

interface Said {
  means: string;
  advice: string;
}

/** What the document says of each code, by the rows of its tables. */
export function readSaid(text: string): ReadonlyMap<string, Said> {
  const rows = text.split("\n").map((line) => /^\| `([a-z_]+)` \|(.*)\|$/.exec(line.trim()));
  return new Map(
    rows.flatMap((row) => {
      const [, code = "", rest = ""] = row ?? [];
      const [, , , means = "", advice = ""] = rest.split("|").map((cell) => cell.trim());
      return code === "" ? [] : [[code, { means, advice }] as const];
    }),
  );
}

function Row({ code, said }: { code: ProblemCode; said: Said | undefined }) {
  const { status, transient, title } = problemEntry(code);
  return (
    <tr id={code}>
      <td>
        <code>{code}</code>
      </td>
      <td data-name="Status">{status}</td>
      <td>
        <p>
          <b>{title}.</b> {said !== undefined && <Sentence text={said.means} />}
        </p>
        {said !== undefined && (
          <p class="quiet">
            <Sentence text={said.advice} />
          </p>
        )}
      </td>
      <td data-name="Transient">{transient ? "yes" : "no"}</td>
    </tr>
  );
}

/** The page to which the `type` of every refusal leads: each code has its place on it. */
export function problemsPage(name: string): string {
  const said = existsSync(document) ? readSaid(readFileSync(document, "utf8")) : new Map<string, Said>();
  return pageOf(
    `${name}: problems`,
    <main class="plain">
      <h1>Problems</h1>
      <p>
        Every way in which this server says no (RFC 9457). Programs decide by <code>code</code>, which does
        not change. The last column says whether the same request, sent again unchanged, may get another
        answer. <a href="/docs">Every call</a>.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Status</th>
            <th scope="col">What it means, and what to do</th>
            <th scope="col">Transient</th>
          </tr>
        </thead>
        <tbody>
          {problemCodes.map((code) => (
            <Row key={code} code={code} said={said.get(code)} />
          ))}
        </tbody>
      </table>
    </main>,
  );
}
