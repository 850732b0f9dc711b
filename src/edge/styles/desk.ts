/**
 * How much stands on a desk without being hard to read: facts one a line on a phone, facts of facts set in under their
 * name, short choices beside each other, lists to choose from as chips.
 */
export const deskStyles = `
.facts { display: grid; gap: .75rem 1.5rem; }
.facts dt { color: var(--soft); font-size: .9375rem; }
.facts dd { margin: 0; min-width: 0; }
.facts > div:has(> dd > :is(.facts, .lines)) { grid-column: 1 / -1; }
.facts > div:has(> dd > :is(.facts, .lines)) > dt { color: var(--ink); font-weight: 600; }
.facts dd > :is(.facts, .lines) { margin-top: .375rem; padding-left: .875rem; border-left: 2px solid var(--line); }
@media (min-width: 48rem) { .facts.two { grid-template-columns: 1fr 1fr; } }
@media (max-width: 47.99rem) {
  .facts.two { gap: .5rem; }
  .facts.two > div:not(:has(> dd > :is(.facts, .lines))) { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; }
}
.choices.brief { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .5rem; }
.choices.brief > * { margin-top: 0; }
.choices.brief .choice { padding: .625rem .75rem; gap: 0 .5rem; }
.halves { display: grid; grid-template-columns: repeat(2, minmax(0, 12rem)); gap: .75rem; align-items: end; }
.halves > * + * { margin-top: 0; }
:is(h1, h2, h3) .badge { margin-left: .5rem; font-family: var(--sans); vertical-align: .1em; white-space: normal; }
:is(.stack, .stack-l) > .back + :is(h1, .kicker) { margin-top: .25rem; }
.stack > fieldset.stack + fieldset.stack { border-top: 1px solid var(--line); padding-top: 1rem; }
fieldset.stack > legend + * { margin-top: 0; }
:is(form, .photos) + :is(.small, time) { display: block; margin-top: .5rem; }
@media (min-width: 48rem) { .columns { columns: 2; column-gap: 2.5rem; } .columns > li { break-inside: avoid; } .columns > li:first-child { padding-top: .75rem; } }
.told > p { padding: .375rem 0; border-top: 1px solid var(--line); }
.told > h3 { margin-bottom: .375rem; }
.chips { display: flex; flex-wrap: wrap; gap: .5rem; }
.chips a { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 .875rem; border: 1px solid var(--edge);
  border-radius: 1.375rem; background: var(--sheet); color: var(--ink); text-decoration: none; }
.chips a[aria-current] { border-color: var(--indigo); background: var(--indigo-wash); color: var(--indigo); font-weight: 600; }`;
