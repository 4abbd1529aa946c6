// What the extension uses of VS Code's API, and no more: what it registers and shows is kept to be looked at.
"use strict";
class Position { constructor(line, character) { Object.assign(this, { line, character }); } }
class Range { constructor(start, end) { Object.assign(this, { start, end }); } }
class Uri {
  constructor(text) { this.text = text; }
  static parse(text) { return new Uri(text); }
  get scheme() { return this.text.split(":")[0]; }
  get fsPath() { return this.text.replace("file://", ""); }
  toString() { return this.text; }
}
const plain = (...names) => class { constructor(...given) { names.forEach((name, n) => (this[name] = given[n])); } };
class WorkspaceEdit { constructor() { this.all = {}; } set(uri, edits) { this.all[uri] = edits; } }
class EventEmitter {
  constructor() { this.listeners = []; this.event = (listener) => (this.listeners.push(listener), { dispose() {} }); }
  fire(one) { this.listeners.forEach((listener) => listener(one)); }
  dispose() { this.listeners = []; }
}
const shown = { errors: [], output: [], providers: {}, commands: {}, diagnostics: new Map(), settings: {}, opened: [] };
const events = {};
for (const name of ["OpenTextDocument", "ChangeTextDocument", "CloseTextDocument", "SaveTextDocument", "ChangeConfiguration"])
  events[name] = new EventEmitter();
const languages = {
  createDiagnosticCollection: () => ({
    set: (uri, found) => shown.diagnostics.set(String(uri), found),
    delete: (uri) => shown.diagnostics.delete(String(uri)),
    clear: () => shown.diagnostics.clear(),
    dispose() {},
  }),
  setTextDocumentLanguage: (document, language) => (document.languageId = language),
};
for (const name of ["Hover", "Definition", "Reference", "CompletionItem", "DocumentFormattingEdit", "DocumentSymbol",
  "DocumentHighlight", "SignatureHelp", "FoldingRange", "InlayHints", "CodeActions", "Rename"])
  languages[`register${name}Provider`] = (selector, provider) => {
    shown.providers[name] = provider;
    return { dispose: () => delete shown.providers[name] };
  };
module.exports = {
  Position, Range, Uri, WorkspaceEdit, EventEmitter, languages, version: "1.75.0",
  Location: plain("uri", "range"),
  TextEdit: plain("range", "newText"),
  Diagnostic: plain("range", "message", "severity"),
  DiagnosticRelatedInformation: plain("location", "message"),
  MarkdownString: plain("value"),
  SnippetString: plain("value"),
  CompletionItem: plain("label", "kind"),
  InlayHint: plain("position", "label", "kind"),
  Hover: plain("contents", "range"),
  DocumentSymbol: plain("name", "detail", "kind", "range", "selectionRange"),
  CodeAction: plain("title", "kind"),
  DocumentHighlight: plain("range", "kind"),
  SignatureHelp: plain(),
  SignatureInformation: plain("label", "documentation"),
  ParameterInformation: plain("label", "documentation"),
  FoldingRange: plain("start", "end"),
  CodeActionKind: { Empty: { append: (kind) => kind } },
  workspace: {
    textDocuments: [],
    getConfiguration: () => ({ get: (name) => shown.settings[name] }),
    onDidOpenTextDocument: events.OpenTextDocument.event,
    onDidChangeTextDocument: events.ChangeTextDocument.event,
    onDidSaveTextDocument: events.SaveTextDocument.event,
    onDidCloseTextDocument: events.CloseTextDocument.event,
    onDidChangeConfiguration: events.ChangeConfiguration.event,
  },
  window: {
    createOutputChannel: () => ({ appendLine: (line) => shown.output.push(line), show() {}, dispose() {} }),
    showErrorMessage: async (message) => void shown.errors.push(message),
    showInformationMessage: async () => undefined,
  },
  commands: {
    registerCommand: (name, call) => ((shown.commands[name] = call), { dispose() {} }),
    executeCommand: async () => undefined,
  },
  shown, events,
};
