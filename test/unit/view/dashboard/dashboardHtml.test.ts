import assert from 'node:assert/strict';
import { dashboardHtml, printableHtml } from '../../../../src/view/dashboard/dashboardHtml.ts';

const html = dashboardHtml(
  {
    cspSource: "'self' https://*.vscode-cdn.net",
    script: 'https://file.vscode-cdn.net/dist/dashboard.js',
    style: 'https://file.vscode-cdn.net/dist/dashboard.css?"><script>',
    nonce: 'only-this',
  },
  'de',
  'Headroom-Dashboard',
);

describe('the dashboard’s page', () => {
  it('may load Headroom’s script and style sheet and data pictures, and connect nowhere', () => {
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    assert.deepEqual(policy?.split('; '), [
      "default-src 'none'",
      "script-src 'nonce-only-this'",
      "style-src 'self' https://*.vscode-cdn.net",
      'img-src data:',
    ]);
  });

  it('has no inline script, no inline style and no other address', () => {
    assert.doesNotMatch(html, /unsafe|style=|<style|\son\w+=/);
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.match(
      html,
      /<script nonce="only-this" src="https:\/\/file\.vscode-cdn\.net\/dist\/dashboard\.js"><\/script>/,
    );
  });

  it('tells its language', () => {
    assert.match(html, /<html lang="de">/);
  });
});

describe('the dashboard’s page to print', () => {
  const file = printableHtml(
    {
      kind: 'export-page',
      body: '<h1>You pay</h1><script>steal()</script>',
      theme: '--vscode-charts-blue: #36c; --vscode-font-family: "Segoe UI"',
      themeKind: 'vscode-dark',
    },
    '.card{color:red}',
    'de',
    'Headroom: <you> pay',
  );

  it('runs no script and loads nothing', () => {
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(file) ?? [];
    assert.equal(policy, "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    assert.ok(file.indexOf('Content-Security-Policy') < file.indexOf('<script>'));
  });

  it('has the page, its style and the theme’s colours', () => {
    assert.match(file, /<h1>You pay<\/h1>/);
    assert.match(file, /<style>\.card\{color:red\}<\/style>/);
    assert.match(file, /style="--vscode-charts-blue: #36c; --vscode-font-family: &quot;Segoe UI&quot;"/);
    assert.match(file, /<title>Headroom: &lt;you> pay<\/title>/);
  });
});
