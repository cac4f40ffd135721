// Prints the advance widths of Liberation Sans, regular and bold, as the table that render.mjs lays text out with.
// Usage: node make_font_widths.mjs [folder of LiberationSans-Regular.ttf and -Bold.ttf] > font_widths.json
import {readFileSync} from 'node:fs';

const folder = process.argv[2] ?? '/usr/share/fonts/truetype/liberation';

// What a figure may print: Basic Latin, Latin-1, Latin Extended-A, punctuation, arrows, mathematics, small shapes.
const ranges = [[0x20, 0x7e], [0xa0, 0x17f], [0x2010, 0x2044], [0x20ac, 0x20ac], [0x2122, 0x2122],
                [0x2190, 0x2193], [0x2202, 0x2265], [0x25a0, 0x25cf], [0x394, 0x394], [0x3b1, 0x3c9]];

// OpenType specification 1.9, tables head, hhea, hmtx, and cmap format 4.
function read_font(path) {
  const bytes = readFileSync(path);
  const tables = {};
  for (let i = 0; i < bytes.readUInt16BE(4); ++i) {
    const at = 12 + 16 * i;
    tables[bytes.toString('latin1', at, at + 4)] = bytes.readUInt32BE(at + 8);
  }
  const units_per_em = bytes.readUInt16BE(tables.head + 18);
  const long_metrics = bytes.readUInt16BE(tables.hhea + 34);
  const advance = glyph => bytes.readUInt16BE(tables.hmtx + 4 * Math.min(glyph, long_metrics - 1));

  let unicode = 0;
  for (let i = 0; i < bytes.readUInt16BE(tables.cmap + 2); ++i) {
    const at = tables.cmap + 4 + 8 * i;
    if (bytes.readUInt16BE(at) === 3 && bytes.readUInt16BE(at + 2) === 1) unicode = tables.cmap + bytes.readUInt32BE(at + 4);
  }
  if (!unicode || bytes.readUInt16BE(unicode) !== 4) throw new Error(`${path}: no Unicode cmap of format 4`);
  const twice_segments = bytes.readUInt16BE(unicode + 6);
  const ends = unicode + 14, starts = ends + twice_segments + 2, deltas = starts + twice_segments, offsets = deltas + twice_segments;
  function glyph_of(code) {
    for (let s = 0; s < twice_segments; s += 2) {
      if (code > bytes.readUInt16BE(ends + s)) continue;
      const start = bytes.readUInt16BE(starts + s);
      if (code < start) return 0;
      const delta = bytes.readUInt16BE(deltas + s), offset = bytes.readUInt16BE(offsets + s);
      if (offset === 0) return (code + delta) & 0xffff;
      const glyph = bytes.readUInt16BE(offsets + s + offset + 2 * (code - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  }

  const widths = {};  // width -> the characters that have it
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; ++code) {
      const glyph = glyph_of(code);
      if (glyph !== 0) (widths[advance(glyph)] ??= []).push(String.fromCharCode(code));
    }
  }
  for (const width in widths) widths[width] = widths[width].join('');
  return {units_per_em, widths};
}

const regular = read_font(`${folder}/LiberationSans-Regular.ttf`);
const bold = read_font(`${folder}/LiberationSans-Bold.ttf`);
console.log(JSON.stringify({
  source: 'Advance widths measured from Liberation Sans 1.07.4 (Debian fonts-liberation; font: GPL-2 with font exception, '
        + 'Copyright 2007 Red Hat, Inc.). Widths only, no outline. Made by make_font_widths.mjs.',
  units_per_em: regular.units_per_em, regular: regular.widths, bold: bold.widths}, null, 1));
