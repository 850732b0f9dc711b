/**
 * The one stylesheet. Colours are chosen so that text keeps at least 7:1 and edges of controls 3:1 against what lies
 * under them, by day and by night. Nothing is said by colour alone: frozen money is striped, paid money is solid,
 * released money is an empty frame, and each has its word beside it.
 */
import { deskStyles, peopleStyles } from "../styles/styles.ts";
import { codeReader, pageScript, passkeyScript, roundScript, scanScript } from "../scripts/scripts.ts";

const colours = `
:root {
  color-scheme: light dark;
  --paper: #f6f3ec; --sheet: #fffdf8; --well: #f1ede3; --ink: #1a1d29; --soft: #4a5061; --line: #ddd6c7; --edge: #777c8b;
  --indigo: #263f7c; --indigo-deep: #1a2d5c; --on-indigo: #ffffff; --indigo-wash: #e7ecf8; --focus: #263f7c;
  --seal: #b3262b; --on-seal: #fff8f2; --seal-wash: #fbe9e6;
  --moss: #1f5c40; --moss-wash: #e1efe6; --amber: #714600; --amber-wash: #fbf0d6;
  --shade: 0 1px 2px rgb(40 34 20 / 8%), 0 6px 20px rgb(40 34 20 / 5%);
  --sans: -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, "Hiragino Sans",
    "Noto Sans JP", "Yu Gothic", sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", "Liberation Serif", Georgia,
    "Hiragino Mincho ProN", "Noto Serif JP", "Yu Mincho", serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11141b; --sheet: #191d27; --well: #141821; --ink: #f0ede6; --soft: #bcc0cc; --line: #313745; --edge: #868da0;
    --indigo: #a9c0ff; --indigo-deep: #c6d5ff; --on-indigo: #0e1730; --indigo-wash: #222d4a; --focus: #a9c0ff;
    --seal: #ff9d92; --on-seal: #3a0a0a; --seal-wash: #3c1f20;
    --moss: #8fdcb3; --moss-wash: #17352a; --amber: #f4cd7e; --amber-wash: #372b12;
    --shade: 0 0 0 1px rgb(255 255 255 / 3%);
  }
}`;

const base = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; background: var(--paper);
  color: var(--ink); font: 400 1.0625rem/1.55 var(--sans); overflow-wrap: anywhere; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; margin: 0; text-wrap: balance; }
h1 { font-size: clamp(1.75rem, 1.4rem + 1.8vw, 2.5rem); letter-spacing: -.01em; }
h2 { font-size: 1.3125rem; }
h3 { font-size: 1.0625rem; }
p, ul, ol, dl, fieldset, table, figure { margin: 0; padding: 0; }
:where(main) :is(ul, ol):not([class]) { padding-left: 1.25rem; }
h1 + * { margin-top: .75rem; }
p, li, dd { text-wrap: pretty; }
:lang(ja) { line-break: strict; }
:lang(ja) body { line-height: 1.7; }
:lang(ja) :is(h1, h2, h3, legend, summary, .button, .steps li, .under, .hint, .error, .notice p, .notice li, .empty p) {
  word-break: auto-phrase; text-wrap: balance; }
:lang(ja) .sheet .notice p { word-break: normal; text-wrap: pretty; }
:lang(ja) :is(h1, .big) { letter-spacing: 0; }
:lang(ja) :is(h1, h2, h3) { line-height: 1.35; }
a { color: var(--indigo); text-underline-offset: .18em; text-decoration-thickness: .06em; }
a:hover { color: var(--indigo-deep); text-decoration-thickness: .12em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: .375rem; }
h2 time { white-space: nowrap; }
.tabular { font-variant-numeric: tabular-nums lining-nums; }
.amount { font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
.number { font-variant-numeric: tabular-nums lining-nums; letter-spacing: .03em; white-space: nowrap; }
.soft { color: var(--soft); }
.small { font-size: .9375rem; }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; border: 0; }
.skip { position: absolute; left: 1rem; top: -6rem; z-index: 2; padding: .75rem 1rem; background: var(--indigo);
  color: var(--on-indigo); border-radius: 0 0 .5rem .5rem; }
.skip:focus { top: 0; color: var(--on-indigo); }
svg { display: block; flex: none; }

.top { background: var(--sheet); border-bottom: 1px solid var(--line); }
.top-in { max-width: 66rem; margin: 0 auto; padding: .25rem 1rem; display: flex; flex-wrap: wrap; align-items: center;
  gap: 0 1.25rem; }
.brand { display: inline-flex; align-items: center; gap: .625rem; min-height: 3rem; color: var(--ink); text-decoration: none;
  font: 600 1.25rem/1 var(--serif); letter-spacing: .01em; }
.brand:hover { color: var(--ink); }
.brand svg { width: 1.875rem; height: 1.875rem; }
.brand .seal-field { fill: var(--seal); }
.brand .seal-mark { stroke: var(--on-seal); }
.nav { display: flex; flex-wrap: wrap; align-items: center; margin-left: auto; gap: 0 .125rem; }
.nav a, .nav button { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 .625rem; font: inherit;
  font-size: 1rem; color: var(--soft); background: none; border: 0; border-radius: .375rem; text-decoration: none;
  cursor: pointer; }
.nav a:hover, .nav button:hover { color: var(--ink); background: var(--well); }
.nav a[aria-current] { color: var(--ink); font-weight: 600; box-shadow: inset 0 -3px var(--seal); border-radius: 0; }
main { flex: 1; width: 100%; max-width: 66rem; margin: 0 auto; padding: 1.75rem 1rem 4rem; }
main.narrow { max-width: 41rem; }
.foot { border-top: 1px solid var(--line); color: var(--soft); font-size: .9375rem; }
.foot p { max-width: 66rem; margin: 0 auto; padding: 1.25rem 1rem 1rem; }
.languages { max-width: 66rem; margin: 0 auto; padding: 0 1rem 2rem; }
.languages button { background: none; border: 0; padding: .5rem 0; font: inherit; color: var(--indigo); text-decoration: underline; cursor: pointer; }
.stack > * + * { margin-top: 1rem; }
.stack-l > * + * { margin-top: 1.5rem; }
.lead { font-size: 1.1875rem; line-height: 1.5; max-width: 38rem; }
.kicker { color: var(--soft); font-size: .9375rem; display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; }
.kicker + h1 { margin-top: .375rem; }
.whole { display: inline-block; }
ul.sheet { list-style-position: inside; }
.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
.spread { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; align-items: baseline; }
.spread > .amount { margin-left: auto; }
.spread:has(> .amount:last-child) > :first-child { flex: 1 1 8rem; }
.beside { display: flex; flex-wrap: wrap; margin-left: -1.1em; clip-path: inset(-.25em -.25em -.25em .7em); }
.beside > span { position: relative; max-width: 100%; padding-left: 1.1em; }
.beside .dot { position: absolute; left: .38em; }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: .875rem; box-shadow: var(--shade);
  padding: 1.25rem 1.125rem; }
.sheet > * + * { margin-top: 1rem; }
.sheet > h2 + * { margin-top: .625rem; }
h2 + .big { margin-top: .5rem; }
h2 + p, h2 + ol, h2 + ul { margin-top: .375rem; }
.sheet > h2 + .how { margin-top: 1rem; }
.lines h3, .how h3 { font-family: var(--sans); margin-bottom: .125rem; }
details.act > summary + * { margin-top: .25rem; }
.back { display: inline-block; padding: .5625rem 0; margin-right: 1rem; }
@media (min-width: 48rem) {
  main { padding-top: 2.75rem; }
  .sheet { padding: 1.625rem 1.75rem; }
  .split { display: grid; grid-template-columns: minmax(0, 1fr) 20rem; gap: 1.5rem; align-items: start; }
  .split > .stack-l { margin-top: 0; }
  .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem 1.25rem; }
  .pair > * + * { margin-top: 0; }
}
@media (max-width: 47.99rem) {
  .split > * + * { margin-top: 1.5rem; }
  .pair > * + * { margin-top: 1rem; }
}
@media (max-width: 29.99rem) {
  .top-in.with-nav .nav { margin: 0 -.625rem; width: calc(100% + 1.25rem); border-top: 1px solid var(--line); }
  .nav a, .nav button { padding: 0 .5rem; }
  .top-in { position: relative; }
  .top-in:has(.last) .brand { margin-right: 7.5rem; }
  .nav .last { position: absolute; top: .25rem; right: .5rem; }
}`;

const parts = `
.big { display: block; font-size: clamp(2.25rem, 1.8rem + 2.4vw, 3.25rem); line-height: 1.1; font-weight: 650;
  letter-spacing: -.02em; }
.big .number { font-size: min(1em, 7.6vw); }
.badge { display: inline-flex; align-items: center; gap: .4rem; padding: .1875rem .6875rem .1875rem .5rem; border-radius: 1rem;
  border: 1px solid currentcolor; font-size: .9375rem; font-weight: 600; line-height: 1.4; white-space: nowrap; }
.badge svg { width: 1rem; height: 1rem; }
.badge svg * { fill: none; stroke: currentcolor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.tone-calm { color: var(--soft); background: var(--well); }
.tone-hold { color: var(--indigo); background: var(--indigo-wash); }
.tone-good { color: var(--moss); background: var(--moss-wash); }
.tone-care { color: var(--amber); background: var(--amber-wash); }
.tone-stop { color: var(--seal); background: var(--seal-wash); }

.bar > svg { width: 100%; height: 1.5rem; border: 1.5px solid var(--edge); border-radius: .4375rem; overflow: hidden; }
.bar-ground { fill: var(--well); }
.bar-frozen { fill: var(--indigo-wash); }
.bar-stripes { stroke: var(--indigo); stroke-width: 22; stroke-dasharray: 3 5; }
.bar-settled { fill: var(--moss); }
.legend { display: flex; flex-wrap: wrap; gap: .375rem 1.75rem; margin-top: .75rem; }
.legend div { display: flex; gap: .5rem; align-items: center; }
.legend svg { width: 1.125rem; height: 1.125rem; border: 1.5px solid var(--edge); border-radius: .25rem; overflow: hidden; }
.legend dt { color: var(--soft); }
.legend dd { margin: 0; font-weight: 600; }

.facts { display: grid; gap: .75rem 1.5rem; }
.facts dt { color: var(--soft); font-size: .9375rem; }
.facts dd { margin: 0; }
@media (min-width: 48rem) { .facts.two { grid-template-columns: 1fr 1fr; } }
.lines { list-style: none; }
.lines > li { padding: .75rem 0; border-top: 1px solid var(--line); }
.lines > li:first-child { border-top: 0; padding-top: 0; }
.lines > li:last-child { padding-bottom: 0; }
.total { border-top: 2px solid var(--ink); padding-top: .75rem; font-weight: 600; }
.steps { list-style: none; display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: .25rem; }
.steps li { position: relative; padding-top: 1.5rem; font-size: .875rem; line-height: 1.3; color: var(--soft);
  overflow-wrap: normal; }
.steps li::before { content: ""; position: absolute; left: 0; right: -.25rem; top: .4375rem; height: 2px; background: var(--line); }
.steps li:last-child::before { display: none; }
.steps li::after { content: ""; position: absolute; left: 0; top: 0; width: 1rem; height: 1rem; border-radius: 50%;
  border: 2px solid var(--edge); background: var(--sheet); }
.steps li.done { color: var(--ink); }
.steps li.done::before { background: var(--indigo); }
.steps li.done::after { background: var(--indigo); border-color: var(--indigo); }
.steps li[aria-current] { color: var(--ink); }
.steps li[aria-current]::after { border-color: var(--indigo); }
.words { white-space: pre-line; overflow-wrap: anywhere; }
.steps .next { display: block; color: var(--indigo); font-size: .8125rem; }
@media (max-width: 29.99rem) { .steps li { font-size: .8125rem; } }

.notice { display: flex; gap: .75rem; padding: .875rem 1rem; border-radius: .625rem; border: 1px solid currentcolor;
  border-left-width: 5px; }
.notice > svg { width: 1.5rem; height: 1.5rem; }
.notice > svg * { fill: none; stroke: currentcolor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.notice > div { color: var(--ink); min-width: 0; }
.notice > div > * + * { margin-top: .375rem; }
.notice > div > :is(.button, form, :has(> .button:only-child)):not(:first-child), .empty > :has(> .button:only-child) { margin-top: .75rem; }
.notice h2 { font: 600 1.0625rem/1.4 var(--sans); }
.notice a:not(.button) { color: inherit; }
.notice ul { padding-left: 1.25rem; }
.empty { text-align: center; padding: 2.5rem 1rem; border: 2px dashed var(--line); border-radius: .875rem; color: var(--soft); }
.empty > * + * { margin-top: .5rem; }
.empty h2 { color: var(--ink); }
.photos { list-style: none; display: flex; margin-top: .5rem; flex-wrap: wrap; gap: .5rem; }
.photos > li + li { margin-top: 0; }
.photos > li { width: 7.5rem; max-width: calc((100% - 1rem) / 3); }
.photos img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: .5rem; border: 1px solid var(--line); }
.story { list-style: none; border-left: 2px solid var(--line); margin-left: .4375rem; padding-left: 1.25rem; }
.story > li { position: relative; }
.story > li + li { margin-top: 1.125rem; }
.story > li::before { content: ""; position: absolute; left: calc(-1.25rem - 7px); top: .5rem; width: .75rem; height: .75rem;
  border-radius: 50%; background: var(--sheet); border: 2px solid var(--indigo); }
.story > li:first-child::before { background: var(--indigo); }
.list { list-style: none; }
.list > li + li { margin-top: .75rem; }
.card { display: block; color: inherit; text-decoration: none; }
a.card:hover { color: inherit; border-color: var(--edge); }
.card strong { font-size: 1.125rem; }
blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid var(--line); white-space: pre-line; }
.round { width: 100%; max-width: 66rem; margin: 0 auto; padding: 0 1rem; }
.round > * { margin-top: 1.25rem; }
.round li > * + * { margin-top: .5rem; }
.round [data-part=answer]:empty { display: none; }
.round-mark, .round [data-word] { color: var(--amber); font-weight: 600; }
.round [data-word=refused] { color: var(--seal); }
form > .round-mark { display: block; }
.round-scan { margin-top: .5rem; }
video { display: block; width: 100%; max-height: 60vh; object-fit: cover; border-radius: .625rem; background: var(--well); }
[hidden] { display: none !important; }
.scripted { display: none; }
.scripts .scripted { display: block; }
.scripts .unscripted, .no-passkeys .with-passkey { display: none; }
.without-passkey { display: none; }
.no-passkeys .without-passkey { display: block; }
@media (max-width: 29.99rem) {
  .notice { gap: .5rem; padding: .75rem; }
  .notice > svg { width: 1.25rem; height: 1.25rem; margin-top: .125rem; }
  .legend { gap: .375rem .75rem; }
  .legend div { display: grid; grid-template-columns: auto 1fr; gap: 0 .375rem; }
  .legend dt { font-size: .9375rem; }
  .legend dd { grid-column: 2; }
}`;

const figures = `
.charts { display: grid; gap: 1.5rem 2rem; }
@media (min-width: 48rem) { .charts { grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); } }
.charts > * { min-width: 0; }
.chart-plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25rem .5rem; margin-top: .5rem; }
.chart-plot > svg { width: 100%; height: 9rem; background: var(--well); }
.chart-scale { display: flex; flex-direction: column; justify-content: space-between; align-items: flex-end; }
.chart-scale, .chart-ends { color: var(--soft); font-size: .8125rem; line-height: 1; font-variant-numeric: tabular-nums; white-space: nowrap; }
.chart-ends { grid-column: 2; display: flex; justify-content: space-between; gap: .5rem; }
.chart-line { stroke: var(--line); stroke-width: 1; }
.bar-one { fill: var(--indigo); }
.bar-outer { fill: var(--indigo-wash); stroke: var(--indigo); stroke-width: 1; vector-effect: non-scaling-stroke; }
.chart-key { display: inline-flex; gap: .375rem; align-items: center; }
.figures { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums lining-nums; }
.figures :is(th, td) { padding: .375rem .5rem; border-top: 1px solid var(--line); text-align: right; font-weight: 400; vertical-align: baseline; }
.figures :is(th, td):first-child { padding-left: 0; text-align: left; }
.figures td { white-space: nowrap; }
.figures thead :is(th, td) { white-space: normal; border-top: 0; color: var(--soft); font-size: .9375rem; }
.figures a { display: inline-block; min-width: 1.5rem; min-height: 1.5rem; }
.figures .bar-cell { width: 40%; }
.prose > * + * { margin-top: 1rem; }
.prose h2 { margin-top: 2rem; }
.prose ul, .prose ol { padding-left: 1.5rem; }
.prose pre { overflow-x: auto; padding: .875rem 1rem; background: var(--well); border-radius: .5rem; font-size: .9375rem; }
.prose pre, .prose code { font-family: ui-monospace, "Liberation Mono", monospace; }
.prose code { font-size: .9em; }
.prose-table { border-collapse: collapse; }
.prose-table :is(th, td) { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0; border-top: 1px solid var(--line); }
.drawing { display: block; margin-bottom: .5rem; }
.drawing svg { width: 100%; height: auto; }
.drawing svg :is(rect, path) { stroke: var(--edge); }
.drawing svg text { fill: var(--ink); }
.bar-cell > svg { width: 100%; height: .75rem; }`;

const forms = `
form > * + *, .fields > * + * { margin-top: 1.125rem; }
form > input[type=hidden] + * { margin-top: 0; }
form > :not(input[type=hidden]) ~ input[type=hidden] + * { margin-top: 1.125rem; }
.sheet > :is(form, details.act, .stack) + form:has(.field) { border-top: 1px solid var(--line); padding-top: 1rem; }
.nav form, .row form { margin: 0; }
fieldset { border: 0; min-width: 0; }
legend { padding: 0; font-weight: 600; margin-bottom: .375rem; }
.sheet > legend { float: left; width: 100%; }
.sheet > legend + * { clear: both; }
.field label, .field .label { display: block; font-weight: 600; margin-bottom: .3125rem; }
.find { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
.find .field { flex: 1 1 14rem; }
.find > * + * { margin-top: 0; }
.hint { color: var(--soft); font-size: .9375rem; margin-bottom: .375rem; }
.error { color: var(--seal); font-weight: 600; margin-bottom: .375rem; }
.error:empty { display: none; }
.error::before { content: "\\26A0\\FE0E\\00A0"; }
input, select, textarea { font: inherit; color: var(--ink); background: var(--sheet); border: 1.5px solid var(--edge);
  border-radius: .5rem; }
input:not([type=checkbox]):not([type=radio]):not([type=hidden]), select, textarea { display: block; width: 100%;
  min-height: 3rem; padding: .5625rem .75rem; }
input.short { max-width: 10rem; }
input.date { max-width: 13rem; }
textarea { min-height: 6rem; resize: vertical; }
input:hover, select:hover, textarea:hover { border-color: var(--ink); }
input:focus-visible, select:focus-visible, textarea:focus-visible { outline-offset: 1px; border-radius: .5rem; }
[aria-invalid=true] { border: 2.5px solid var(--seal) !important; }
.choices > * + * { margin-top: .5rem; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; align-items: start; padding: .75rem .875rem;
  border: 1.5px solid var(--line); border-radius: .625rem; min-height: 2.75rem; cursor: pointer; }
.choice:hover { border-color: var(--edge); }
.choice:has(input:checked) { border-color: var(--indigo); box-shadow: inset 0 0 0 1px var(--indigo); background: var(--indigo-wash); }
.choice:has(input:disabled) { cursor: not-allowed; color: var(--soft); background: var(--well); }
.choice input { width: 1.375rem; height: 1.375rem; margin: .125rem 0 0; accent-color: var(--indigo); }
.choice strong { font-weight: 600; }
.other, form:has(#paymentOn-date:checked) .at-acceptance, form:has(#paymentOn-acceptance:checked) .by-day,
  form:has(#paymentDate:user-valid) .day-known { display: none; }
form:has(#paymentOn-date:checked) .by-day, form:has(#paymentOn-acceptance:checked) .at-acceptance,
  form:has(#paymentDate:user-valid) .day-chosen { display: inline; }
.means:has([value=prepaid]:not(:checked)) .for-prepaid, .means:has([value=credit]:not(:checked)) .for-credit { display: none; }
.choice .under { display: block; color: var(--soft); font-size: .9375rem; }
.button { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-height: 3rem; padding: .5rem 1.375rem;
  font: 600 1.0625rem/1.25 var(--sans); border-radius: .625rem; border: 1.5px solid var(--indigo); cursor: pointer;
  text-decoration: none; text-align: center; background: var(--indigo); color: var(--on-indigo);
  transition: background-color .12s, border-color .12s; }
.button:hover { background: var(--indigo-deep); border-color: var(--indigo-deep); color: var(--on-indigo); }
.button.quiet { background: transparent; color: var(--indigo); border-color: var(--edge); }
.button.quiet:hover { background: var(--indigo-wash); border-color: var(--indigo); }
.button.stop { background: transparent; color: var(--seal); border-color: var(--seal); }
.button.stop:hover { background: var(--seal-wash); }
.button.wide-button { width: 100%; }
@media (min-width: 48rem) { .button.wide-button { width: auto; } }
details.act { border-top: 1px solid var(--line); }
.sheet > details.act + details.act { margin-top: 0; }
details.act > summary { display: flex; align-items: center; justify-content: space-between; min-height: 3.25rem;
  padding: .625rem 0; cursor: pointer; font-weight: 600; list-style: none; color: var(--indigo); }
details.act > summary::-webkit-details-marker { display: none; }
details.act > summary::after { content: "+"; font-size: 1.5rem; font-weight: 400; line-height: 1; padding: 0 .25rem; }
details.act[open] > summary::after { content: "\\2212"; }
details.act > :not(summary) { margin-bottom: 1.25rem; }
.quantity { display: grid; grid-template-columns: 1fr 6rem; gap: .25rem 1rem; align-items: center; }
.quantity label { font-weight: 400; }
.hero { padding: 1rem 0 .5rem; }
.hero > * + * { margin-top: 1.25rem; }
.how { list-style: none; counter-reset: how; }
.how li { counter-increment: how; padding-left: 3.25rem; position: relative; }
.how li + li { margin-top: 1.25rem; }
.how li::before { content: counter(how); position: absolute; left: 0; top: .0625rem; width: 2.25rem; height: 2.25rem;
  display: grid; place-items: center; border-radius: .5rem; background: var(--seal); color: var(--on-seal);
  font: 600 1.125rem/1 var(--serif); }
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { transition: none !important; animation: none !important; scroll-behavior: auto !important; }
}
@media (forced-colors: active) {
  .steps li::after, .story li::before { forced-color-adjust: none; }
}
@media print {
  :root { --paper: #fff; --sheet: #fff; --well: #fff; --ink: #000; --soft: #333; --line: #999; --shade: none; }
  .nav, .skip, .foot, form, details.act, .no-print, .back { display: none !important; }
  main, main.narrow { max-width: none; padding: 0; }
  .sheet { break-inside: avoid; border-color: #999; }
  a { color: inherit; text-decoration: none; }
}`;

const stylesheet = `${colours}${base}${parts}${figures}${forms}${deskStyles}${peopleStyles}\n`;

/** A file that the pages fetch. Its address carries a hash of it, so a browser may keep it for ever. */
export interface Asset {
  path: string;
  /** The media type, for the Content-Type header. */
  type: string;
  body: string;
}

/** FNV-1a of 64 bits. It only has to change when the content does; nothing is kept safe by it. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash ^= BigInt(character.codePointAt(0) ?? 0);
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

function asset(name: string, ending: string, type: string, body: string): Asset {
  return { path: `/assets/${name}-${fingerprint(body)}.${ending}`, type, body };
}

/** The seal of the brand: a red field and a tick, as pressed on a slip when the goods are right. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="1" y="1" width="30" height="30" rx="7" fill="#b3262b"/><path d="M9 16.5l5 5L24 10.5" fill="none" stroke="#fff8f2" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
export const stylesheetAsset = asset("kenshu", "css", "text/css; charset=utf-8", stylesheet);
export const scriptAsset = asset("page", "js", "text/javascript; charset=utf-8", pageScript);
export const passkeyAsset = asset("passkeys", "js", "text/javascript; charset=utf-8", passkeyScript);
/** What the pages of those who bring goods do on a bad line, and the page with the camera. */
export const roundAsset = asset("round", "js", "text/javascript; charset=utf-8", roundScript);
export const scanAsset = asset("scan", "js", "text/javascript; charset=utf-8", scanScript);
/** Where the reader of bar codes is; its name has its version. */
export const codeReaderPath = `/assets/${codeReader.name}`;
export const iconAsset = asset("seal", "svg", "image/svg+xml", icon);

/** Every file that a page asks for. Serve each with `Cache-Control: public, max-age=31536000, immutable`. */
export const assets: readonly Asset[] = [
  stylesheetAsset,
  scriptAsset,
  passkeyAsset,
  roundAsset,
  scanAsset,
  iconAsset,
];
