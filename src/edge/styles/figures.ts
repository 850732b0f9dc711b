/** How charts, tables of figures, guides and drawings look. */
export const figureStyles = `
.charts { display: grid; gap: 1.5rem 2rem; }
@media (min-width: 48rem) { .charts { grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); } }
.charts > * { min-width: 0; }
.chart-plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25rem .5rem; margin-top: .5rem; }
.chart-plot > svg { width: 100%; height: 9rem; background: var(--well); }
.chart-scale { display: flex; flex-direction: column; justify-content: space-between; align-items: flex-end; }
.chart-scale, .chart-ends { color: var(--soft); font-size: .8125rem; line-height: 1; font-variant-numeric: tabular-nums; white-space: nowrap; }
.chart-plot + details.act { margin-top: .75rem; }
.chart-ends { grid-column: 2; display: flex; justify-content: space-between; gap: .5rem; }
.chart-line { stroke: var(--line); stroke-width: 1; }
.bar-one { fill: var(--indigo); }
.bar-outer { fill: var(--indigo-wash); stroke: var(--indigo); stroke-width: 1; vector-effect: non-scaling-stroke; }
.chart-key { display: inline-flex; gap: .375rem; align-items: center; }
.figures { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums lining-nums; }
.figures :is(th, td) { padding: .375rem .5rem; border-top: 1px solid var(--line); text-align: right; font-weight: 400; vertical-align: baseline; }
.figures :is(th, td):first-child { padding-left: 0; text-align: left; }
.figures :is(td, time, .whole) { white-space: nowrap; }
.figures thead th:is(:nth-child(2), :nth-child(3):last-child) { white-space: nowrap; }
.figures :is(th, td):last-child { padding-right: 0; }
.figures thead :is(th, td) { white-space: normal; border-top: 0; color: var(--soft); font-size: .9375rem; }
@media (max-width: 29.99rem) { .figures :is(th, td) { padding-left: .25rem; padding-right: .25rem; } }
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
