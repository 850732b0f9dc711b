/**
 * What makes pages of people calm to read: Japanese broken between phrases where lines are long enough, one row of places on a phone, steps over the
 * whole width, facts whose values stand under each other.
 */
export const peopleStyles = `
.button, summary { text-wrap: balance; }
@media (min-width: 48rem) { :lang(ja) :is(p, li, dd, .sheet .notice p) { word-break: auto-phrase; } }
.facts code { font-size: .875em; }
.steps { grid-auto-columns: auto; grid-template-columns: repeat(auto-fit, minmax(0, 1fr)); }
.steps:has(> :nth-child(3):last-child) { grid-template-columns: 1fr 1fr auto; }
.steps:has(> :nth-child(5):last-child) { grid-template-columns: repeat(4, 1fr) auto; }
#acts ~ :is(form, details.act, .stack) + :is(form, .stack) { border-top: 1px solid var(--line); padding-top: 1rem; }
details.sheet.act { padding-block: .5rem; }
details.sheet.act > :last-child { margin-bottom: .75rem; }
.choice:has(input:disabled) { border-style: dashed; }
.choice input:disabled { opacity: .4; }
@media (min-width: 48rem) { .facts.two > div:has(> dd > code) { grid-column: 1 / -1; } }
@media (max-width: 47.99rem) {
  .facts.two > div:not(:has(> dd > :is(.facts, .lines))) > dd { margin-left: auto; text-align: end; }
}
@media (max-width: 29.99rem) {
  .top-in.with-nav .nav { gap: 0; }
  .top-in.with-nav .nav a { padding: 0 .4375rem; font-size: .9375rem; }
  .top-in.with-nav .nav:has(> a:nth-child(5)) a { padding: 0 .3125rem; font-size: .875rem; }
}`;
