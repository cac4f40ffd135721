// Draws a list of Vega-Lite specs as SVG files in one process. Usage: node desist-render.mjs JOBS
// JOBS is a file, or - for standard input, with JSON: [{"spec": "figures/a.vl.json", "svg": "figures/a.svg"}, ...].
// Paths are relative to the working folder; data named by a spec are files beside that spec.
// Exit code 0: all drawn; 1: some not, each with a line on standard error; 2: the list can't be read.
import {readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import * as vega from 'vega';
import font_widths from './font_widths.json';
import {make_view} from './view.mjs';

process.env.TZ = 'UTC';  // a date is the same day wherever it is drawn

// Vega guesses the width of a text where there is no canvas: 0.8 x size x letters. The table is right to a pixel.
function width_table(widths) {
  const table = new Map();
  for (const [width, letters] of Object.entries(widths)) {
    for (const letter of letters) table.set(letter, width / font_widths.units_per_em);
  }
  return table;
}
const regular = width_table(font_widths.regular), bold = width_table(font_widths.bold);

vega.textMetrics.width = (item, text) => {
  const table = item.fontWeight === 'bold' || item.fontWeight >= 600 ? bold : regular;
  const unknown = table.get('0');
  let ems = 0;
  for (const letter of String(text ?? '').trim()) ems += table.get(letter) ?? unknown;
  const size = item.fontSize ?? 11;
  return item.limit > 0 ? Math.min(ems * size, item.limit) : ems * size;
};

async function draw({spec: spec_path, svg: svg_path}) {
  const read = name => {
    if (name !== basename(name)) throw new Error(`data is a file beside the spec, not '${name}'`);
    return readFileSync(join(dirname(spec_path), name), 'utf8');
  };
  const say = warning => console.error(`${spec_path}: warning: ${warning}`);
  const view = await make_view(JSON.parse(readFileSync(spec_path, 'utf8')), read, say);
  writeFileSync(svg_path, await view.toSVG() + '\n');
  view.finalize();
}

let jobs;
try {
  if (process.argv.length !== 3) throw new Error('usage: node desist-render.mjs JOBS');
  jobs = JSON.parse(readFileSync(process.argv[2] === '-' ? 0 : process.argv[2], 'utf8'));
  if (!Array.isArray(jobs) || !jobs.every(job => typeof job?.spec === 'string' && typeof job?.svg === 'string')) {
    throw new Error('not a list of {"spec": path, "svg": path}');
  }
} catch (problem) {
  console.error(`desist-render: ${problem.message}`);
  process.exit(2);
}
for (const job of jobs) {
  try {
    await draw(job);
  } catch (problem) {
    console.error(`${job.spec}: error: ${problem.message}`);
    process.exitCode = 1;
  }
}
