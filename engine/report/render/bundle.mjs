// Makes the two bundles. Usage, in a folder where `npm ci` has run: node bundle.mjs SOURCE_FOLDER OUTPUT_FOLDER
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [source, output] = process.argv.slice(2).map(folder => resolve(folder));
const modules = resolve('node_modules');
const {build} = createRequire(join(modules, 'any.js'))('esbuild');

const common = {bundle: true, minify: true, metafile: true, legalComments: 'none', charset: 'utf8', nodePaths: [modules],
                logLevel: 'warning', write: false};

const program = await build({...common, entryPoints: [join(source, 'render.mjs')], outfile: join(output, 'desist-render.mjs'),
                             platform: 'node', target: 'node18', format: 'esm'});
const page = await build({...common, entryPoints: [join(source, 'page.mjs')], outfile: join(output, 'desist-page.js'),
                          platform: 'browser', target: 'es2022', format: 'iife', globalName: 'desist_page'});

// Licences (BSD, ISC) ask for their text in every copy: each text once, with the packages that it covers.
function notices(result) {
  const packages = new Set();
  for (const input in result.metafile.inputs) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  const texts = new Map();
  for (const name of [...packages].sort()) {
    const path = ['LICENSE', 'LICENSE.md', 'LICENCE', 'LICENSE.txt'].map(file => join(modules, name, file)).find(existsSync);
    if (!path) throw new Error(`${name}: no licence file`);
    const text = readFileSync(path, 'utf8').replace(/\r/g, '').trim();
    texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  return [...texts].map(([text, names]) => `${names.join(', ')}:\n\n${text}\n`).join('\n---\n\n');
}

for (const result of [program, page]) {
  const [file] = result.outputFiles;
  const words = notices(result);
  if (words.includes('*/')) throw new Error('a licence text ends the comment that holds it');
  if (/<\/script|<!--/i.test(file.text + words)) throw new Error(`${file.path}: can't stand inside a <script>`);
  writeFileSync(file.path, `/* Contains these packages.\n\n${words}*/\n${file.text}`);
}
