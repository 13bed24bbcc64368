// shared/http/pages.ts
// Purpose: Nunjucks set up once: where templates are, the filters they may use, what every page gets.
// Why: templates hold no logic; anything that formats is a tested function in shared/format.ts.
// Relevant files: shared/templates/base.html, shared/format.ts, shared/http/flash.ts, shared/http/kept-pages.ts

import { fileURLToPath } from 'node:url';
import view from '@fastify/view';
import type { FastifyReply } from 'fastify';
import nunjucks from 'nunjucks';
import { isolated } from '../bidi.ts';
import { setFlash, takeFlash, type Flash } from './flash.ts';
import { STATIC_PREFIX } from './static.ts';
import type { App, PageContext } from './types.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const NAVIGATION = [
  { href: '/experiments', label: 'Experiments' },
  { href: '/runs', label: 'Runs' },
  { href: '/models', label: 'Models' },
  { href: '/tags', label: 'Tags' },
  { href: '/exports', label: 'Exports' },
  { href: '/status', label: 'Status' },
];

export async function installPages(app: App): Promise<void> {
  // No page uses them; declared, they are not made anew for each request.
  app.decorateReply('locals');
  await app.register(view, {
    engine: { nunjucks },
    root: ROOT,
    options: {
      autoescape: true,
      throwOnUndefined: false,
      trimBlocks: true,
      lstripBlocks: true,
      onConfigure: (env: nunjucks.Environment) => {
        env.addGlobal('assets', STATIC_PREFIX);
        env.addGlobal('navigation', NAVIGATION);
        env.addFilter('isolated', isolated);
      },
    },
  });
  app.decorateReply('page', async function page(template: string, context: PageContext) {
    const flash = takeFlash(this.request, this);
    if (flash) this.header('cache-control', 'no-store');
    if (!this.hasHeader('cache-control')) this.header('cache-control', 'private, no-cache');
    const html = await this.viewAsync(templatePath(template), {
      path: this.request.url.split('?')[0],
      flash,
      live: this.request.basis?.live,
      origin: `${this.request.protocol}://${this.request.host}`,
      ...context,
    });
    const etag = this.getHeader('etag');
    if (typeof etag === 'string' && this.statusCode === 200) app.keptPages.keep(etag, html);
    return sendHtml(this, html);
  });
  app.decorateReply('redirectWith', function redirectWith(url: string, flash: Flash) {
    setFlash(this, flash);
    return this.redirect(url, 303);
  });
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/experiments'));
}

export function sendHtml(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .serializer((text: unknown) => String(text))
    .send(html);
}

/** `runs/run.html` is runs/templates/run.html; a bare name is shared. */
function templatePath(name: string): string {
  const [folder, file] = name.includes('/') ? name.split('/') : ['shared', name];
  return `${folder}/templates/${file}`;
}
