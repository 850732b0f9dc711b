/**
 * How much stands on a desk without being hard to read: facts one a line on a phone, facts of facts set in under their
 * name, short choices beside each other, lists to choose from as chips.
 */
export const deskStyles = `
p, li, dd, label, .label, .choice span { text-wrap: pretty; }
:lang(ja) :is(p, li, label, .label, .choice, dt, dd, .kicker, .figures th) { word-break: auto-phrase; }
.small + :is(form, .button, .row), .kicker + :is(form, .row), .lines li > * + :is(form, .row, p:has(> .button)) { margin-top: .625rem; }
.facts dd { min-width: 0; }
.facts > div:has(> dd > :is(.facts, .lines)) { grid-column: 1 / -1; }
.facts > div:has(> dd > :is(.facts, .lines)) > dt { color: var(--ink); font-weight: 600; }
.facts dd > :is(.facts, .lines) { margin-top: .375rem; padding-left: .875rem; border-left: 2px solid var(--line); }
@media (max-width: 47.99rem) {
  .facts.two { gap: .5rem; }
  .facts.two > div:not(:has(> dd > :is(.facts, .lines))) { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; }
}
.choices.brief { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .5rem; }
.choices.brief.long { grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
.choices.brief > * { margin-top: 0; }
.choices.brief .choice { padding: .625rem .75rem; gap: 0 .5rem; }
.halves { display: grid; grid-template-columns: repeat(2, minmax(0, 12rem)); gap: .75rem; align-items: end; }
.halves > * + * { margin-top: 0; }
:is(h1, h2, h3) .badge { margin-left: .5rem; font-family: var(--sans); vertical-align: .1em; white-space: normal; }
:is(.stack, .stack-l) > .back + :is(h1, .kicker) { margin-top: .25rem; }
.stack > fieldset.stack + fieldset.stack { margin-top: 1.75rem; }
fieldset.stack > legend + * { margin-top: 0; }
:is(form, .photos) + :is(.small, time) { display: block; margin-top: .5rem; }
@media (min-width: 48rem) { .columns { columns: 2; column-gap: 2.5rem; } .columns > li { break-inside: avoid; } .columns > li, .columns > li:first-child { padding-top: .75rem; border-top: 0; }
  .columns > li:not(:last-child) { border-bottom: 1px solid var(--line); } }
.stack > p + p.small { margin-top: .25rem; }
.stack > h3 + p { margin-top: .375rem; }
.told > p { padding: .375rem 0; border-top: 1px solid var(--line); }
.told > h3 { margin-bottom: .375rem; }
.sheet > details.act:last-child > :last-child { margin-bottom: 0; }
.find .field:has(> .date) { flex: 0 1 auto; }
@media (min-width: 30rem) { .find .field:has(> [type=time]) { flex: 0 1 8.75rem; } .find .date { max-width: 10.5rem; } }
.clock { white-space: nowrap; }
.chart-plot + details.act { margin-top: .75rem; }
.figures :is(td, time, .whole) { white-space: nowrap; }
.figures thead th:is(:nth-child(2), :nth-child(3):last-child) { white-space: nowrap; }
.figures :is(th, td):last-child { padding-right: 0; }
@media (max-width: 29.99rem) {
  .figures :is(th, td) { padding-left: .25rem; padding-right: .25rem; }
  .figures thead th { overflow-wrap: normal; }
  .figures.named thead th:lang(en):last-child { white-space: normal; }
  .figures.named :is(th, td):not(:first-child) { width: 1%; }
}
.whole { max-width: 100%; }
.kicker + h1 { margin-top: .5rem; }
.chips { display: flex; flex-wrap: wrap; gap: .5rem; }
.chips a { display: inline-flex; align-items: center; gap: .375rem; min-height: 2.75rem; padding: 0 .875rem; border: 1px solid var(--edge);
  border-radius: 1.375rem; background: var(--sheet); color: var(--ink); text-decoration: none; }
.sums { font-variant-numeric: tabular-nums lining-nums; }
.sums > div { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; align-items: baseline; padding: .5rem 0; border-top: 1px solid var(--line); }
.sums > div:first-child { border-top: 0; }
.sums dt { flex: 1 1 8rem; color: inherit; font-size: inherit; }
.sums dd { margin-left: auto; text-align: right; }
.sums > .total { border-top: 2px solid var(--ink); }
.notice .sums { max-width: 34rem; }
.prose pre { font-size: .875rem; }
.drawing { overflow-x: auto; }
.drawing svg { min-width: 30rem; }
.split:has(> .prose) { gap: 1.5rem; }
@media (min-width: 48rem) { .split:has(> .prose) { grid-template-columns: minmax(0, 1fr) 12rem; } }
.list a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
.chips a[aria-current] { border-color: var(--indigo); background: var(--indigo-wash); color: var(--indigo); font-weight: 600; }`;
