--- Headwater in Neovim 0.10 or later: `require('headwater').setup()`. Optional: the language server alone does the work.
local M = {}

--- Runs one of the server's commands at the cursor: 'runCell', 'runCellOnly', 'runStale', 'runAll', 'interrupt', 'openOutput' …
function M.run(name)
  vim.lsp.buf.code_action({ context = { only = { 'source.headwater.' .. name }, diagnostics = {} }, apply = true })
end

--- Puts the output of the cell at the cursor into a register ('"' unless told).
function M.yank_output(register)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'headwater' })[1]
  if not client then return end
  local here = { vim.uri_from_bufnr(0), vim.api.nvim_win_get_cursor(0)[1] - 1 }
  local params = { command = 'headwater.copyOutput', arguments = here }
  local function keep(_, text) vim.fn.setreg(register or '"', text or '') end
  if vim.fn.has('nvim-0.11') == 1 then client:request('workspace/executeCommand', params, keep, 0)
  else client.request('workspace/executeCommand', params, keep, 0) end
end

--- Answers what the notebook asks with input(): with the text, or with what is typed below.
function M.reply(text)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'headwater' })[1]
  if not client then return end
  text = text or vim.fn.input('Answer: ')
  local params = { command = 'headwater.reply', arguments = { text, vim.uri_from_bufnr(0) } }
  if vim.fn.has('nvim-0.11') == 1 then client:request('workspace/executeCommand', params, nil, 0)
  else client.request('workspace/executeCommand', params, nil, 0) end
end

--- Outputs stand in the buffer as lines below the cell; before Neovim 0.11 they are one line of virtual text.
local function show_outputs(client_id)
  local lines = vim.fn.has('nvim-0.11') == 1
  vim.diagnostic.config({
    virtual_lines = lines, virtual_text = not lines, underline = { severity = { min = vim.diagnostic.severity.WARN } },
    signs = { severity = { min = vim.diagnostic.severity.WARN } }, update_in_insert = true,
  }, vim.lsp.diagnostic.get_namespace(client_id))
end

local function show_lenses(buffer)
  if vim.lsp.codelens.enable then vim.lsp.codelens.enable(true, { bufnr = buffer })
  else vim.lsp.codelens.refresh({ bufnr = buffer }) end
end

--- Neovim before 0.12 leaves it to plug-ins to fetch lenses again when a server asks for it; without this, an edit would not reach them.
local function follow_lenses()
  if vim.lsp.codelens.enable then return {} end
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.workspace.codeLens = { refreshSupport = true }
  local function refresh(_, _, context)
    for buffer in pairs(vim.lsp.get_client_by_id(context.client_id).attached_buffers) do show_lenses(buffer) end
    return vim.NIL
  end
  return { capabilities = capabilities, handlers = { ['workspace/codeLens/refresh'] = refresh } }
end

--- options.cmd: how to start the server; options.lenses: false hides them. All others go to the server: outputs, mode …
function M.setup(options)
  options = vim.tbl_extend('keep', options or {}, { cmd = { 'headwater', 'lsp' }, outputs = 'diagnostic', lenses = true })
  local for_server = vim.tbl_extend('force', {}, options)
  for_server.cmd, for_server.lenses = nil, nil
  local group = vim.api.nvim_create_augroup('headwater', {})
  local function attached(client, buffer)
    show_outputs(client.id)
    if options.lenses then show_lenses(buffer) end
  end
  local function start(event)
    local config = { name = 'headwater', cmd = options.cmd, init_options = for_server, on_attach = attached }
    vim.lsp.start(
      vim.tbl_extend('error', config, options.lenses and follow_lenses() or {}),
      { bufnr = event.buf, reuse_client = function(client) return client.name == 'headwater' end }
    )
  end
  vim.api.nvim_create_autocmd('FileType', { group = group, pattern = 'python', callback = start })
  -- The end of a run: opened outputs are read again, and lenses are asked for where Neovim does not follow them.
  vim.api.nvim_create_autocmd('LspProgress', { group = group, pattern = 'end', callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if not client or client.name ~= 'headwater' then return end
    vim.cmd.checktime()
    vim.cmd('redraw!') -- Neovim 0.12 leaves old virtual lines at the bottom of a window.
    if not options.lenses then return end
    for buffer in pairs(client.attached_buffers) do show_lenses(buffer) end
  end })
end

return M
