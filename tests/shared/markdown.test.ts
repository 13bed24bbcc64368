// tests/shared/markdown.test.ts
// Purpose: users' Markdown becomes safe HTML: no scripts, no raw HTML, no pictures from other hosts.
// Why: notes come from anybody who can log.
// Relevant files: shared/markdown.ts

import { expect, test } from 'vitest';
import { renderMarkdown } from '../../shared/markdown.ts';

test('text, lists, code, tables and links are rendered', () => {
  const html = renderMarkdown(
    'Some *text* and `code`.\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[docs](https://x.example/)',
  );
  for (const part of ['<em>text</em>', '<code>code</code>', '<li>one</li>', '<td>1</td>']) expect(html).toContain(part);
  expect(html).toContain('<a href="https://x.example/" rel="noopener noreferrer nofollow">docs</a>');
});

test('headings start below those of the page', () => {
  expect(renderMarkdown('# One\n\n##### Five')).toBe('<h3>One</h3>\n<h6>Five</h6>\n');
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:x)',
  '<a href="javascript:alert(1)">x</a>',
  '![x](javascript:alert(1))',
  '![x](https://elsewhere.example/spy.png)',
  '![x](//elsewhere.example/spy.png)',
  '<iframe src="https://elsewhere.example"></iframe>',
  '![" onerror="alert(1)](https://x.example/"onerror="alert(1))',
])('nothing runs and nothing is loaded: %s', (text) => {
  const html = renderMarkdown(text);
  expect(html).not.toMatch(/<(script|img|iframe|object|embed|style|svg)/i);
  expect(html).not.toMatch(/href="\s*(javascript|data|vbscript):/i);
  expect(html).not.toMatch(/<[^>]*\son\w+=/i);
});

test('a picture of our own is shown', () => {
  expect(renderMarkdown('![c](/api/runs/1/artifacts/c.png)')).toContain(
    '<img src="/api/runs/1/artifacts/c.png" alt="c">',
  );
});

test('nothing becomes nothing', () => {
  expect(renderMarkdown(' \n ')).toBe('');
});
