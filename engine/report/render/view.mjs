// Makes a Vega view from a Vega-Lite spec, the same way for print (render.mjs) and for the page (page.mjs).
// Expressions are interpreted, not compiled, so that a page can forbid `unsafe-eval` and both draw alike.
import * as vega from 'vega';
import {compile} from 'vega-lite';
import {expressionInterpreter} from 'vega-interpreter';

// read(name) gives the text of a data file named by a spec, or throws; nothing else is ever loaded. `say` hears warnings.
// Vega itself only warns when data can't be read, then draws an empty picture: here that is an error.
export async function make_view(spec, read, say, options = {}) {
  let failure;
  const logger = {
    level() { return this; },
    error(...words) { throw new Error(words.map(describe).join(' ')); },
    warn(...words) { if (!failure) say(words.map(describe).join(' ')); return this; },
    info() { return this; },
    debug() { return this; },
  };
  const loader = {
    load: async name => {
      try {
        return read(name);
      } catch (problem) {
        failure ??= problem;
        throw problem;
      }
    },
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
  return word instanceof Error ? word.message : String(word);
}
