// node drive_extension.js EXTENSION.js COMMAND SCENARIO: prints what a user would have seen, as JSON.
"use strict";
const Module = require("module");
const path = require("path");
const fake = require("./fake_vscode.js");
const found = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) =>
  name === "vscode" ? path.join(__dirname, "fake_vscode.js") : found.call(Module, name, ...rest);
const [, , extensionPath, command, scenario] = process.argv;
const extension = require(extensionPath);
const { shown, events, workspace } = fake;
const context = { subscriptions: [], extension: { packageJSON: { cnncalc: { command } } } };
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
async function until(test) {
  for (let tries = 0; tries < 1500; tries++) {
    if (test()) return true;
    await pause(20);
  }
  return false;
}
const token = { onCancellationRequested() {} };
const uri = new fake.Uri("file:///somewhere/net.cnn");
const document = {
  uri, version: 1, languageId: "cnncalc", text: "input 12x12x1\nbig: conv 32 3x3\nmaxpool 2\nconv 64 7x7\ndens 10 from big\n",
  getText() { return this.text; },
};
const type = (text) => {
  Object.assign(document, { text, version: document.version + 1 });
  events.ChangeTextDocument.fire({ document, contentChanges: [{ text }] });
};
const faults = () => shown.diagnostics.get(String(uri)) || [];
const at = (line, character) => new fake.Position(line, character);
const whole = new fake.Range(at(0, 0), at(20, 0));

const scenarios = {
  async session() {
    workspace.textDocuments.push(document);
    await extension.activate(context);
    const seen = {};
    await until(() => faults().length);
    seen.faults = faults().map((one) => ({ code: one.code, line: one.range.start.line, severity: one.severity }));
    const has = shown.providers;
    const given = { diagnostics: faults() };
    seen.fixes = has.CodeActions && (await has.CodeActions.provideCodeActions(document, whole, given, token));
    type("input 28x28x1\nbig: conv 6 5x5\nmaxpool 2\nconv 64 7x7\nflatten from big\n");
    await until(() => !faults().some((one) => one.severity === 0));
    seen.hints = has.InlayHints && (await has.InlayHints.provideInlayHints(document, whole, token));
    seen.hover = has.Hover && (await has.Hover.provideHover(document, at(1, 6), token));
    seen.words = has.CompletionItem && (await has.CompletionItem.provideCompletionItems(document, at(3, 2), token));
    seen.places = has.Definition && (await has.Definition.provideDefinition(document, at(4, 14), token));
    const named = { includeDeclaration: true };
    seen.uses = has.Reference && (await has.Reference.provideReferences(document, at(1, 1), named, token));
    seen.renamed = has.Rename && (await has.Rename.provideRenameEdits(document, at(1, 1), "wide", token));
    seen.named = has.Rename && (await has.Rename.prepareRename(document, at(1, 1), token));
    seen.marked = has.DocumentHighlight && (await has.DocumentHighlight.provideDocumentHighlights(document, at(1, 1), token));
    seen.signature = has.SignatureHelp && (await has.SignatureHelp.provideSignatureHelp(document, at(1, 12), token));
    seen.symbols = has.DocumentSymbol && (await has.DocumentSymbol.provideDocumentSymbols(document, token));
    type("input 28X28X1\nconv  6 5x5\n");
    const tidy = { tabSize: 2, insertSpaces: true };
    seen.tidied =
      has.DocumentFormattingEdit &&
      (await has.DocumentFormattingEdit.provideDocumentFormattingEdits(document, tidy, token));
    seen.providers = Object.keys(has).sort();
    await extension.deactivate();
    return seen;
  },
  async table() {
    await extension.activate(context);
    document.uri = new fake.Uri(`file://${process.cwd()}/net.cnn`);
    document.text = 'include "stem.txt"\nconv 4 3x3\n';
    fake.window.activeTextEditor = { document };
    process.chdir("/");
    fake.shown.commands["cnncalc.showTable"]();
    await until(() => shown.output.length);
    return {};
  },
  async restarting() {
    shown.settings.command = command;
    await extension.activate(context);
    await fake.shown.commands["cnncalc.restartServer"]();
    await until(() => shown.errors.length > 1);
    await extension.deactivate();
    return {};
  },
  async ending() {
    workspace.textDocuments.push(document);
    await extension.activate(context);
    await until(() => shown.errors.length);
    await pause(600);
    return {};
  },
};

scenarios[scenario]().then((seen) => {
  process.stdout.write(JSON.stringify({ ...seen, errors: shown.errors, output: shown.output }));
  process.exit(0);
});
