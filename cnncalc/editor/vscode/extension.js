// A small client of `cnncalc lsp`: it needs nothing but VS Code itself, so that the folder works as it was written.
"use strict";
const { spawn, execFile } = require("child_process");
const vscode = require("vscode");

const LANGUAGE = "cnncalc";
const MOST_TRIES = 4;
const CALM = 180000; // after so many milliseconds of work a server that dies is started again without counting
const INSTALL = "install it with: pip install 'cnncalc[editor]', or set cnncalc.command to its path";

let client = null;
let output = null;

// ------------------------------------------------------------------ the protocol: JSON-RPC over the server's pipes
class Connection {
  constructor(command, on) {
    this.waiting = new Map();
    this.last = 0;
    this.arrived = Buffer.alloc(0);
    this.errors = "";
    this.on = on;
    this.process = spawn(command, ["lsp"], { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
    this.process.stdout.on("data", (data) => this.read(data));
    this.process.stderr.on("data", (data) => (this.errors = (this.errors + data).slice(-4000)));
    this.process.stdin.on("error", () => {}); // a server that died: its end is reported below
    this.process.on("error", (fault) => this.ended(fault));
    this.process.on("close", (status) => this.ended(null, status));
  }
  ended(fault, status) {
    if (this.over) return;
    this.over = true;
    for (const { reject } of this.waiting.values()) reject(new Error("the server has ended"));
    this.waiting.clear();
    this.on.end(fault, status, this.errors);
  }
  read(data) {
    this.arrived = Buffer.concat([this.arrived, data]);
    for (;;) {
      const cut = this.arrived.indexOf("\r\n\r\n");
      if (cut < 0) return;
      const length = /content-length: *(\d+)/i.exec(this.arrived.toString("ascii", 0, cut));
      const start = cut + 4;
      if (!length || this.arrived.length < start + Number(length[1])) return;
      const text = this.arrived.toString("utf8", start, start + Number(length[1]));
      this.arrived = this.arrived.subarray(start + Number(length[1]));
      this.take(JSON.parse(text));
    }
  }
  take(message) {
    if (message.method !== undefined) {
      const answer = this.on.message(message.method, message.params);
      if (message.id !== undefined) this.write({ id: message.id, result: answer === undefined ? null : answer });
      return;
    }
    const asked = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (!asked) return;
    if (message.error) asked.reject(new Error(message.error.message));
    else asked.resolve(message.result);
  }
  write(message) {
    if (this.over) return;
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }), "utf8");
    this.process.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.process.stdin.write(body);
  }
  notify(method, params) {
    this.write({ method, params });
  }
  request(method, params, token) {
    if (this.over) return Promise.reject(new Error("the server has ended"));
    const id = ++this.last;
    const result = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    if (token) token.onCancellationRequested(() => this.notify("$/cancelRequest", { id }));
    this.write({ id, method, params });
    return result;
  }
}

// ------------------------------------------------------------------ what the protocol says, in VS Code's classes
const of = {
  position: (one) => new vscode.Position(one.line, one.character),
  range: (one) => new vscode.Range(of.position(one.start), of.position(one.end)),
  location: (one) =>
    new vscode.Location(vscode.Uri.parse(one.uri || one.targetUri), of.range(one.range || one.targetSelectionRange)),
  text: (one) => (typeof one === "string" ? one : new vscode.MarkdownString(one.value)),
  edit: (one) => new vscode.TextEdit(of.range(one.range), one.newText),
  diagnostic: (one) => {
    const made = new vscode.Diagnostic(of.range(one.range), one.message, (one.severity || 1) - 1);
    made.source = one.source;
    made.code = one.codeDescription ? { value: one.code, target: vscode.Uri.parse(one.codeDescription.href) } : one.code;
    made.tags = one.tags;
    made.relatedInformation = (one.relatedInformation || []).map(
      (other) => new vscode.DiagnosticRelatedInformation(of.location(other.location), other.message)
    );
    made.received = one; // the server gets it back as it was
    return made;
  },
  workspaceEdit: (one) => {
    const made = new vscode.WorkspaceEdit();
    const changes = Object.entries(one.changes || {}).concat(
      (one.documentChanges || []).filter((each) => each.edits).map((each) => [each.textDocument.uri, each.edits])
    );
    for (const [uri, edits] of changes) made.set(vscode.Uri.parse(uri), edits.map(of.edit));
    return made;
  },
  completion: (one) => {
    const made = new vscode.CompletionItem(one.label, one.kind === undefined ? undefined : one.kind - 1);
    const text = one.textEdit ? one.textEdit.newText : one.insertText;
    if (text !== undefined) made.insertText = one.insertTextFormat === 2 ? new vscode.SnippetString(text) : text;
    if (one.textEdit) made.range = of.range(one.textEdit.range || one.textEdit.replace);
    if (one.documentation) made.documentation = of.text(one.documentation);
    if (one.additionalTextEdits) made.additionalTextEdits = one.additionalTextEdits.map(of.edit);
    for (const name of ["detail", "sortText", "filterText", "preselect"]) if (name in one) made[name] = one[name];
    return made;
  },
  hint: (one) => {
    const label = typeof one.label === "string" ? one.label : one.label.map((part) => part.value).join("");
    const made = new vscode.InlayHint(of.position(one.position), label, one.kind);
    made.paddingLeft = one.paddingLeft;
    made.paddingRight = one.paddingRight;
    if (one.tooltip) made.tooltip = of.text(one.tooltip);
    return made;
  },
  hover: (one) => {
    const contents = Array.isArray(one.contents) ? one.contents : [one.contents];
    return new vscode.Hover(contents.map(of.text), one.range && of.range(one.range));
  },
  symbol: (one) => {
    const range = of.range(one.range);
    const made = new vscode.DocumentSymbol(one.name, one.detail || "", one.kind - 1, range, of.range(one.selectionRange));
    made.children = (one.children || []).map(of.symbol);
    return made;
  },
  action: (one) => {
    const made = new vscode.CodeAction(one.title, one.kind ? vscode.CodeActionKind.Empty.append(one.kind) : undefined);
    if (one.edit) made.edit = of.workspaceEdit(one.edit);
    if (one.diagnostics) made.diagnostics = one.diagnostics.map(of.diagnostic);
    made.isPreferred = one.isPreferred;
    return made;
  },
  highlight: (one) => new vscode.DocumentHighlight(of.range(one.range), (one.kind || 1) - 1),
  signatures: (one) => {
    const made = new vscode.SignatureHelp();
    made.activeSignature = one.activeSignature || 0;
    made.activeParameter = one.activeParameter || 0;
    made.signatures = one.signatures.map((each) => {
      const said = new vscode.SignatureInformation(each.label, each.documentation && of.text(each.documentation));
      said.parameters = (each.parameters || []).map(
        (part) => new vscode.ParameterInformation(part.label, part.documentation && of.text(part.documentation))
      );
      return said;
    });
    return made;
  },
  fold: (one) => new vscode.FoldingRange(one.startLine, one.endLine),
};
const list = (found, make) => ((found && found.items) || (Array.isArray(found) ? found : found ? [found] : [])).map(make);
const sent = {
  position: (one) => ({ line: one.line, character: one.character }),
  range: (one) => ({ start: sent.position(one.start), end: sent.position(one.end) }),
  document: (document) => ({ textDocument: { uri: document.uri.toString() } }),
  place: (document, position) => ({ ...sent.document(document), position: sent.position(position) }),
};

// ------------------------------------------------------------------ one server and what it is asked
class Client {
  constructor(command) {
    this.command = command;
    this.diagnostics = vscode.languages.createDiagnosticCollection(LANGUAGE);
    this.hints = new vscode.EventEmitter();
    this.own = [this.diagnostics, this.hints];
    this.providers = [];
    this.tries = 0;
    this.ready = this.start();
  }
  async start() {
    this.started = Date.now();
    const on = { message: (method, params) => this.said(method, params), end: (...how) => this.ended(...how) };
    let connection;
    try {
      connection = this.connection = new Connection(this.command, on);
    } catch (fault) {
      this.ended(fault, null, ""); // some programs cannot even be tried: no file of that kind can be started
      return false;
    }
    const folders = (vscode.workspace.workspaceFolders || []).map((one) => ({ uri: one.uri.toString(), name: one.name }));
    try {
      const found = await connection.request("initialize", {
        processId: process.pid,
        clientInfo: { name: "Visual Studio Code", version: vscode.version },
        rootUri: folders.length ? folders[0].uri : null,
        workspaceFolders: folders,
        initializationOptions: settings(),
        capabilities: CAPABILITIES,
      });
      connection.notify("initialized", {});
      this.live = true;
      this.provide(found.capabilities || {});
      vscode.workspace.textDocuments.forEach((document) => this.opened(document));
      this.hints.fire();
      return true;
    } catch {
      return false; // `ended` has said why
    }
  }
  said(method, params) {
    if (method === "textDocument/publishDiagnostics") {
      this.diagnostics.set(vscode.Uri.parse(params.uri), params.diagnostics.map(of.diagnostic));
    } else if (method === "workspace/inlayHint/refresh") this.hints.fire();
    else if (method === "workspace/configuration") return params.items.map(settings);
    else if (method === "workspace/applyEdit") {
      vscode.workspace.applyEdit(of.workspaceEdit(params.edit));
      return { applied: true };
    } else if (method === "window/logMessage") output.appendLine(params.message);
    else if (method === "window/showMessage") vscode.window.showInformationMessage(params.message);
    return undefined;
  }
  ended(fault, status, errors) {
    this.forget();
    if (this.stopped) return;
    if (errors) output.appendLine(errors);
    if (fault && fault.code === "ENOENT") return void report(`The program ${this.command} is not found: ${INSTALL}`);
    if (Date.now() - this.started > CALM) this.tries = 0;
    if (fault || status === 2 || ++this.tries >= MOST_TRIES) {
      const why = fault ? fault.message : errors.trim().split("\n").slice(0, 3).join(" ") || `status ${status}`;
      report(`${this.command} lsp has ended (${why}). To try again: the command "cnncalc: Restart the server"`);
      return;
    }
    setTimeout(() => this.stopped || (this.ready = this.start()), 250 * this.tries);
  }
  forget() {
    this.live = false;
    this.providers.splice(0).forEach((one) => one.dispose());
    this.diagnostics.clear();
  }
  async stop() {
    this.stopped = true;
    this.forget();
    this.own.forEach((one) => one.dispose());
    if (!this.connection) return;
    const end = setTimeout(() => this.connection.process.kill(), 2000);
    await this.connection.request("shutdown", null).catch(() => {});
    this.connection.notify("exit", null);
    this.connection.process.once("close", () => clearTimeout(end));
  }
  opened(document) {
    if (!this.live || document.languageId !== LANGUAGE) return;
    const { version } = document;
    const textDocument = { uri: document.uri.toString(), languageId: LANGUAGE, version, text: document.getText() };
    this.connection.notify("textDocument/didOpen", { textDocument });
  }
  changed({ document, contentChanges }) {
    if (!this.live || document.languageId !== LANGUAGE || !contentChanges.length) return;
    const textDocument = { uri: document.uri.toString(), version: document.version };
    const whole = [{ text: document.getText() }]; // the whole text: a network is short
    this.connection.notify("textDocument/didChange", { textDocument, contentChanges: whole });
  }
  saved(document) {
    if (this.live) this.connection.notify("textDocument/didSave", sent.document(document)); // another text may include it
  }
  configured() {
    if (!this.live) return;
    this.connection.notify("workspace/didChangeConfiguration", { settings: { cnncalc: settings() } });
    this.hints.fire();
  }
  closed(document) {
    if (!this.live || document.languageId !== LANGUAGE) return;
    this.connection.notify("textDocument/didClose", sent.document(document));
    this.diagnostics.delete(document.uri);
  }
  async ask(method, params, token) {
    try {
      return await this.connection.request(`textDocument/${method}`, params, token);
    } catch (fault) {
      if (method === "rename" || method === "prepareRename") throw fault; // VS Code shows why
      return null;
    }
  }
  provide(can) {
    const { languages } = vscode;
    const at = { language: LANGUAGE };
    const add = (asked, register, provider, ...rest) => {
      if (asked) this.providers.push(register.call(languages, at, provider, ...rest));
    };
    const placed = (method, make) => async (document, position, token) =>
      make(await this.ask(method, sent.place(document, position), token));
    add(can.hoverProvider, languages.registerHoverProvider, { provideHover: placed("hover", (it) => it && of.hover(it)) });
    add(can.definitionProvider, languages.registerDefinitionProvider, {
      provideDefinition: placed("definition", (found) => list(found, of.location)),
    });
    add(can.referencesProvider, languages.registerReferenceProvider, {
      provideReferences: async (document, position, context, token) =>
        list(await this.ask("references", { ...sent.place(document, position), context }, token), of.location),
    });
    add(can.documentHighlightProvider, languages.registerDocumentHighlightProvider, {
      provideDocumentHighlights: placed("documentHighlight", (found) => list(found, of.highlight)),
    });
    const signatures = {
      provideSignatureHelp: async (document, position, token) => {
        const found = await this.ask("signatureHelp", sent.place(document, position), token);
        return found && of.signatures(found);
      },
    };
    const begins = (can.signatureHelpProvider && can.signatureHelpProvider.triggerCharacters) || [];
    add(can.signatureHelpProvider, languages.registerSignatureHelpProvider, signatures, ...begins);
    const triggers = (can.completionProvider && can.completionProvider.triggerCharacters) || [];
    const completion = placed("completion", (found) => list(found, of.completion));
    add(can.completionProvider, languages.registerCompletionItemProvider, { provideCompletionItems: completion }, ...triggers);
    add(can.documentFormattingProvider, languages.registerDocumentFormattingEditProvider, {
      provideDocumentFormattingEdits: async (document, options, token) =>
        list(await this.ask("formatting", { ...sent.document(document), options }, token), of.edit),
    });
    add(can.documentSymbolProvider, languages.registerDocumentSymbolProvider, {
      provideDocumentSymbols: async (document, token) =>
        list(await this.ask("documentSymbol", sent.document(document), token), of.symbol),
    });
    add(can.foldingRangeProvider, languages.registerFoldingRangeProvider, {
      provideFoldingRanges: async (document, _context, token) =>
        list(await this.ask("foldingRange", sent.document(document), token), of.fold),
    });
    add(can.inlayHintProvider, languages.registerInlayHintsProvider, {
      onDidChangeInlayHints: this.hints.event,
      provideInlayHints: async (document, range, token) =>
        list(await this.ask("inlayHint", { ...sent.document(document), range: sent.range(range) }, token), of.hint),
    });
    add(can.codeActionProvider, languages.registerCodeActionsProvider, {
      provideCodeActions: async (document, range, context, token) => {
        const diagnostics = context.diagnostics.filter((one) => one.received).map((one) => one.received);
        const params = { ...sent.document(document), range: sent.range(range), context: { diagnostics } };
        return list(await this.ask("codeAction", params, token), of.action);
      },
    });
    const rename = {
      provideRenameEdits: async (document, position, newName, token) => {
        const found = await this.ask("rename", { ...sent.place(document, position), newName }, token);
        return found && of.workspaceEdit(found);
      },
    };
    if (can.renameProvider && can.renameProvider.prepareProvider) {
      rename.prepareRename = placed("prepareRename", (found) => {
        if (!found) throw new Error("here is no name that can be changed");
        return found.range ? { range: of.range(found.range), placeholder: found.placeholder } : of.range(found);
      });
    }
    add(can.renameProvider, languages.registerRenameProvider, rename);
  }
}

const MARKUP = { contentFormat: ["markdown", "plaintext"] };
const CAPABILITIES = {
  general: { positionEncodings: ["utf-16"] },
  workspace: { workspaceFolders: true, configuration: true, applyEdit: true, inlayHint: { refreshSupport: true } },
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: { relatedInformation: true, versionSupport: false, codeDescriptionSupport: true },
    hover: MARKUP,
    completion: { completionItem: { snippetSupport: true, documentationFormat: MARKUP.contentFormat } },
    definition: {},
    documentHighlight: {},
    signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } },
    references: {},
    rename: { prepareSupport: true },
    formatting: {},
    foldingRange: { lineFoldingOnly: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } }, isPreferredSupport: true },
    inlayHint: {},
  },
};

// ------------------------------------------------------------------ what VS Code calls
const setting = (name) => vscode.workspace.getConfiguration("cnncalc").get(name);
const settings = () => ({ hints: setting("hints"), answers: setting("answers") });

function report(message) {
  output.appendLine(message);
  vscode.window.showErrorMessage(message, "Settings").then((chosen) => {
    if (chosen) vscode.commands.executeCommand("workbench.action.openSettings", "cnncalc.command");
  });
}

function program(context) {
  const written = context.extension.packageJSON.cnncalc || {}; // where the cnncalc is that wrote this folder
  const found = written.command && require("fs").existsSync(written.command) ? written.command : "cnncalc";
  return setting("command") || found;
}

async function restart(context) {
  const before = client;
  client = null;
  if (before) await before.stop();
  client = new Client(program(context));
  return client.ready;
}

function showTable(context) {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { uri } = editor.document;
  const cwd = uri.scheme === "file" ? require("path").dirname(uri.fsPath) : undefined; // where it finds what it includes
  const show = (text) => {
    output.appendLine(text);
    output.show(true);
  };
  try {
    const asked = execFile(program(context), ["summary", "-", "--width", "100"], { cwd }, (fault, table, errors) =>
      show(table + errors + (fault && fault.code === "ENOENT" ? `cnncalc is not found: ${INSTALL}` : ""))
    );
    asked.stdin.on("error", () => {});
    asked.stdin.end(editor.document.getText());
  } catch (fault) {
    show(`${program(context)}: ${fault.message}`);
  }
}

async function activate(context) {
  output = vscode.window.createOutputChannel("cnncalc");
  const { commands, workspace, window } = vscode;
  context.subscriptions.push(
    output,
    commands.registerCommand("cnncalc.restartServer", () => restart(context)),
    commands.registerCommand("cnncalc.showTable", () => showTable(context)),
    commands.registerCommand("cnncalc.readAsNetwork", () => {
      const editor = window.activeTextEditor;
      return editor && vscode.languages.setTextDocumentLanguage(editor.document, LANGUAGE);
    }),
    workspace.onDidOpenTextDocument((document) => client && client.opened(document)),
    workspace.onDidChangeTextDocument((event) => client && client.changed(event)),
    workspace.onDidSaveTextDocument((document) => client && client.saved(document)),
    workspace.onDidCloseTextDocument((document) => client && client.closed(document)),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("cnncalc.command")) restart(context);
      else if (event.affectsConfiguration("cnncalc") && client) client.configured();
    })
  );
  await restart(context);
}

async function deactivate() {
  if (client) await client.stop();
}

module.exports = { activate, deactivate };
