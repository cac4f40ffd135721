// Makes a Vega view from a Vega-Lite spec, the same way for print (render.mjs) and for the page (page.mjs).
// Nothing in it makes code from text, so that a page can forbid `unsafe-eval`, and both draw alike: expressions are
// interpreted, and CSV is read by csvParseRows, because Vega's own reader compiles a function for each file.
import {csvParseRows} from 'd3-dsv';
import * as vega from 'vega';
import {expressionInterpreter} from 'vega-interpreter';
import {compile} from 'vega-lite';

vega.formats('csv', text => {
  const [names, ...rows] = csvParseRows(text);
  return rows.map(row => Object.fromEntries(names.map((name, column) => [name, row[column]])));
});

// read(name) gives the text of a data file named by a spec, or throws; nothing else is ever loaded. `say` hears warnings.
// Vega only warns when data can't be read, and draws an empty picture: here that is an error.
export async function make_view(spec, read, say, options = {}) {
  let failure;
  const logger = {
    level() { return this; },
    error(...words) { throw new Error(words.map(describe).join(' ')); },
    warn(...words) {
      const text = words.map(describe).join(' ');
      if (/^(Loading|Data ingestion) failed/.test(text)) failure ??= new Error(text);
      if (!failure) say(text);
      return this;
    },
    info() { return this; },
    debug() { return this; },
  };
  const loader = {
    load: async name => read(name),
    sanitize: async (uri, {context} = {}) => {
      if (context === 'href' || context === 'image') throw new Error(`a figure links to nothing, not to '${uri}'`);
      return {href: uri};
    },
  };
  const compiled = compile(spec, {logger}).spec;
  const view = new vega.View(vega.parse(compiled, null, {ast: true}),
                             {expr: expressionInterpreter, renderer: 'none', ...options, loader});
  await view.logger(logger).runAsync();
  if (failure) throw failure;
  return view;
}

function describe(word) {
  return word instanceof Error ? `(${word.message})` : String(word);
}
