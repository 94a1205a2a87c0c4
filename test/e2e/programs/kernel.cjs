const { spawn } = require('node:child_process');
const { once } = require('node:events');
const vscode = require('vscode');
const { NotebookCellOutput, NotebookCellOutputItem } = vscode;

/** The cells of a notebook on disk. */
function readNotebook(bytes) {
  const { cells } = JSON.parse(new TextDecoder().decode(bytes));
  return new vscode.NotebookData(
    cells.map(
      ({ source }) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source.join(''), 'python'),
    ),
  );
}

/**
 * Runs no Python but `os.environ.update({…})` and `!node …`, whose output streams as from Jupyter. An uploading cell
 * prints the commit limit's error as huggingface_hub and IPython do.
 */
function startKernel() {
  const controller = vscode.notebooks.createNotebookController('programs', 'jupyter-notebook', 'Python 3');
  controller.supportsExecutionOrder = true;
  let order = 0;
  const environment = {};
  controller.executeHandler = async (cells, notebook) => {
    for (const cell of cells) {
      const execution = controller.createNotebookCellExecution(cell);
      const text = cell.document.getText();
      const uploads = text.includes('upload_folder');
      Object.assign(environment, JSON.parse(/^os\.environ\.update\((.*)\)$/m.exec(text)?.[1] ?? '{}'));
      order += 1;
      execution.executionOrder = order;
      execution.start(Date.now());
      await execution.clearOutput();
      const [, command] = /^!node (.*)$/m.exec(text) ?? [];
      if (command !== undefined) {
        const cwd = vscode.Uri.joinPath(notebook.uri, '..').fsPath;
        const env = { ...process.env, ...environment };
        execution.end(
          await stream(spawn(process.execPath, command.split(' '), { cwd, env }), execution),
          Date.now(),
        );
        continue;
      }
      const outputs = uploads
        ? [NotebookCellOutputItem.stderr(progress), NotebookCellOutputItem.error(refused)]
        : [NotebookCellOutputItem.stdout('1.2.3\n')];
      for (const output of outputs) await execution.appendOutput(new NotebookCellOutput([output]));
      execution.end(!uploads, Date.now());
    }
  };
  return controller;
}

/** Appends what the program prints to one output. Resolves with its success. */
async function stream(program, execution) {
  const output = new NotebookCellOutput([]);
  await execution.appendOutput(output);
  const append = text => execution.appendOutputItems(NotebookCellOutputItem.stderr(String(text)), output);
  for (const printed of [program.stdout, program.stderr]) printed.on('data', append);
  const [code] = await once(program, 'close');
  return code === 0;
}

const progress = 'Processing Files (0 / 1)      : |          |  0.00B /  0.00B\n';

/** The library names the window, although 977 of its requests are left: the commit limit is the cause. */
const message = `(Request ID: Root=1-6a875254-0bb52cd14cfc8aeb61737944;ecac8e7a)

429 Too Many Requests: you have reached your 'api' rate limit.
Retry after 242 seconds (977/1000 requests remaining in current 300s window).
Url: https://huggingface.co/api/datasets/ada/reviews/commit/main.
You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 43 minutes. If you're a new user, your limits will raise over time. Get in touch with us if you need access now.`;

const line = '\x1b[31m---------------------------------------------------------------------------\x1b[39m';

const refused = {
  name: 'HfHubHTTPError',
  message,
  stack: `${line}
\x1b[31mHTTPStatusError\x1b[39m                           Traceback (most recent call last)
\x1b[36mFile \x1b[39m\x1b[32m~/.venv/lib/python3.12/site-packages/huggingface_hub/utils/_http.py:402\x1b[39m, in \x1b[36mhf_raise_for_status\x1b[39m\x1b[34m(response, endpoint_name)\x1b[39m
\x1b[32m    401\x1b[39m \x1b[38;5;28;01mtry\x1b[39;00m:
\x1b[32m--> \x1b[39m\x1b[32m402\x1b[39m     response.raise_for_status()

\x1b[31mHTTPStatusError\x1b[39m: Client error '429 Too Many Requests' for url 'https://huggingface.co/api/datasets/ada/reviews/commit/main'
For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/429

The above exception was the direct cause of the following exception:

\x1b[31mHfHubHTTPError\x1b[39m                            Traceback (most recent call last)
\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[2]\x1b[39m\x1b[32m, line 1\x1b[39m
\x1b[32m----> \x1b[39m\x1b[32m1\x1b[39m upload_folder(repo_id=\x1b[33m"ada/reviews"\x1b[39m, repo_type=\x1b[33m"dataset"\x1b[39m, folder_path=\x1b[33m"."\x1b[39m)

\x1b[31mHfHubHTTPError\x1b[39m: ${message}`,
};

module.exports = { readNotebook, startKernel };
