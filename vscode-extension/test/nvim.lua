-- The server in Neovim's own client (0.7 and later), without plug-ins: what differs from VS Code is worth a second look.
local file, root = vim.env.NN_FILE, vim.env.NN_ROOT
local failed = 0

local function say(ok, what)
  io.stdout:write((ok and "ok    " or "FAIL  ") .. what .. "\n")
  if not ok then failed = failed + 1 end
end
local function request(method, params)
  local _, first = next(vim.lsp.buf_request_sync(0, method, params, 20000) or {})
  return first and first.result
end
local document = function() return vim.lsp.util.make_text_document_params() end
local function at(line, character) return { textDocument = document(), position = { line = line, character = character } } end

local ok, err = pcall(function()
  vim.cmd("edit " .. file)
  vim.bo.filetype = "nn"
  local id = vim.lsp.start_client({ name = "nn", cmd = { root .. "/nn", "lsp" }, root_dir = vim.fn.fnamemodify(file, ":h") })
  vim.lsp.buf_attach_client(0, id)
  say(vim.wait(60000, function() return vim.lsp.get_client_by_id(id).initialized end, 20), "initialize")

  local hover = request("textDocument/hover", at(4, 18))
  say(hover and hover.contents.value:find("gradient_w") ~= nil, "hover with the derivative")
  local symbols = request("textDocument/documentSymbol", { textDocument = document() })
  say(symbols and #symbols == 4, "document symbols")
  local hints = request("textDocument/inlayHint", { textDocument = document(), range = { start = { line = 0, character = 0 }, ["end"] = { line = 30, character = 0 } } })
  say(hints and #hints > 5, "inlay hints")

  vim.api.nvim_buf_set_lines(0, 6, 7, true, { "              |> flatten |> Dense(512) |> relu |> Dropot(0.3)" })
  say(vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 20), "a problem after a typo")
  local d = vim.diagnostic.get(0)[1]
  local range = { start = { line = d.lnum, character = d.col }, ["end"] = { line = d.end_lnum, character = d.end_col } }
  local actions = request("textDocument/codeAction", { textDocument = document(), range = range, context = { diagnostics = {} } })
  say(actions and actions[1] and actions[1].title:find("Dropout") ~= nil, "quick fix: " .. (actions and actions[1] and actions[1].title or "none"))
  vim.lsp.util.apply_workspace_edit(actions[1].edit, vim.lsp.get_client_by_id(id).offset_encoding)
  say(vim.api.nvim_buf_get_lines(0, 6, 7, true)[1]:find("Dropout(0.3)", 1, true) ~= nil, "edit applied")
  say(vim.wait(30000, function() return #vim.diagnostic.get(0) == 0 end, 20), "problem gone")
  local items = request("textDocument/completion", at(6, 27))
  say(items and #(items.items or items) > 10, "completion")

  vim.lsp.stop_client(id)
  say(vim.wait(20000, function() return vim.lsp.client_is_stopped(id) end, 20), "the server ends")
end)
if not ok then say(false, tostring(err)) end
vim.cmd(failed == 0 and "qall!" or "cquit! 1")
