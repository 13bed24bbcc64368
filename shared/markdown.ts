// shared/markdown.ts
// Purpose: Markdown of users as safe HTML.
// Why: notes are written by anybody who can log; raw HTML, scripts and pictures from other hosts must not come through.
// Relevant files: experiments/views.ts, runs/run/run-views.ts

import MarkdownIt from 'markdown-it';

// `html: false` escapes all raw HTML, and markdown-it refuses javascript:, vbscript:, file: and data: links itself.
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow');
  return self.renderToken(tokens, index, options);
};

// A picture is a request to its host: shown as a link unless it is our own.
const showImage = markdown.renderer.rules['image'];
markdown.renderer.rules['image'] = (tokens, index, options, env, self) => {
  const source = String(tokens[index]?.attrGet('src') ?? '');
  if (/^\/(?!\/)/.test(source) && showImage) return showImage(tokens, index, options, env, self);
  const escape = markdown.utils.escapeHtml;
  return `<a href="${escape(source)}" rel="noopener noreferrer nofollow">${escape(tokens[index]?.content ?? '') || escape(source)}</a>`;
};

// The page has one h1 and its own h2; a heading in notes starts at h3.
for (const rule of ['heading_open', 'heading_close']) {
  markdown.renderer.rules[rule] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    if (token) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 2)}`;
    return self.renderToken(tokens, index, options);
  };
}

// Long lines scroll in their box, also by keyboard.
for (const rule of ['fence', 'code_block'] as const) {
  const show = markdown.renderer.rules[rule];
  markdown.renderer.rules[rule] = (tokens, index, options, env, self) =>
    (show?.(tokens, index, options, env, self) ?? '').replace('<pre', '<pre tabindex="0"');
}

// Columns that are aligned to the right get the class of numbers: inline styles are refused by the pages' policy.
for (const rule of ['th_open', 'td_open']) {
  markdown.renderer.rules[rule] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const align = String(token?.attrGet('style') ?? '');
    if (token) token.attrs = align.includes('right') ? [['class', 'n']] : null;
    return self.renderToken(tokens, index, options);
  };
}

/** The first line without Markdown's marks: for lists and cells. */
export function plainLine(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
  return line.replace(/^[#>\s]+|[*_`]/g, '').trim();
}

/** One line without block elements: `code` and *emphasis* in a description of a field. */
export function renderInline(text: string): string {
  return markdown.renderInline(text);
}

export function renderMarkdown(text: string): string {
  return text.trim() === '' ? '' : markdown.render(text);
}
