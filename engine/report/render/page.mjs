// Draws figures in a page that asks for nothing from anywhere: specs and data are given as text.
// desist_page.draw(element, spec, files) puts an interactive SVG into the element; `files` maps the data names in the spec to their text.
// desist_page.draw_all() does so for every <figure data-spec="ID">, with the spec from <script type="application/json" id="ID"> and the
// data from all <script type="text/csv" data-name="NAME">. What was in the figure's [data-picture] (or nothing) is replaced once drawn.
import {make_view} from './view.mjs';

export async function draw(element, spec, files) {
  const read = name => {
    if (!Object.hasOwn(files, name)) throw new Error(`no data named '${name}' in this page`);
    return files[name];
  };
  const drawing = document.createElement('div');
  const say = warning => console.warn(warning);
  const view = await make_view(spec, read, say, {renderer: 'svg', container: drawing, hover: true});
  element.replaceChildren(drawing);
  return view;
}

export async function draw_all() {
  const files = {};
  for (const script of document.querySelectorAll('script[type="text/csv"][data-name]')) {
    files[script.dataset.name] = script.textContent.trim() + '\n';
  }
  for (const figure of document.querySelectorAll('figure[data-spec]')) {
    const picture = figure.querySelector('[data-picture]') ?? figure.insertBefore(document.createElement('div'), figure.firstChild);
    try {
      await draw(picture, JSON.parse(document.getElementById(figure.dataset.spec).textContent), files);
    } catch (problem) {
      console.error(`${figure.dataset.spec}: ${problem.message}`);  // the picture that was there stays
    }
  }
}
