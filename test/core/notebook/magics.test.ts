import { describe, expect, it } from 'vitest';
import { commentMagics, commentRawMagics, uncommentMagics } from '../../../daemon/core/notebook/formats/magics.ts';

describe('a command of IPython', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['over several lines', ['!echo a \\', '  b \\', '  c', 'x = 1'], ['# !echo a \\', '#   b \\', '#   c', 'x = 1']],
    ['that is assigned, over two lines', ['files = !ls \\', '  -l'], ['# files = !ls \\', '#   -l']],
    ['with a line below that would begin a cell', ['!echo \\', '%% x'], ['# !echo \\', '#? %% x']],
    ['with an empty line below', ['!echo \\', '', 'x = 1'], ['# !echo \\', '#', 'x = 1']],
    ['with an open quote', ['!echo """ \\', '  b', 'x = 1'], ['# !echo """ \\', '#   b', 'x = 1']],
    ['that ends in a backslash', ['x = 1', '!ls \\'], ['x = 1', '# !ls \\']],
    ['alone in a block', ['if x:', '    !ls', 'y = 1'], ['if x:', '    pass  # !ls', 'y = 1']],
    ['alone in each block', ['if x:', '  %pwd', 'else:', '  f?'], ['if x:', '  pass  # %pwd', 'else:', '  pass  #? f?']],
    ['alone in the last block', ['def f():', '    # why', '    !ls'], ['def f():', '    # why', '    pass  # !ls']],
    ['alone in a block, over two lines', ['if x:', '    !ls \\', '      -l'], ['if x:', '    pass  # !ls \\', '#       -l']],
    ['twice in a block', ['if x:', '    !ls', '    !pwd'], ['if x:', '    pass  # !ls', '    # !pwd']],
    ['alone below one that is not indented', ['if x:', '%who', '    !ls'], ['if x:', '# %who', '    pass  # !ls']],
    ['beside code in a block', ['if x:', '    y', '    !ls'], ['if x:', '    y', '    # !ls']],
    ['below a block with code', ['if x:', '    y', '!ls'], ['if x:', '    y', '# !ls']],
    ['of another language without a name', ['%%', 'ls -l', '%% x'], ['#? %%', '# ls -l', '#? %% x']],
    ['of another language behind a space', ['%% bash', 'ls'], ['#? %% bash', '# ls']],
    ['of the shell', ['%%!', 'ls'], ['# %%!', '# ls']],
    ['above Python', ['%%time', 'x = 1'], ['# %%time', 'x = 1']],
    ['that asks for help with a pattern', ['*int*?', '?'], ['#? *int*?', '#? ?']],
    ['that calls a function', ['/f x', ',g a b'], ['#? /f x', '#? ,g a b']],
    ['assigned to an item', ['xs[0] = !ls', 'd["k"] = %time 1'], ['#? xs[0] = !ls', '#? d["k"] = %time 1']],
  ])('%s is kept in comments that Python accepts, and comes back', (_, jupyter, python) => {
    const { code } = commentMagics(jupyter.join('\n'));
    expect(code.split('\n')).toEqual(python);
    expect(uncommentMagics(code).split('\n')).toEqual(jupyter);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['over two lines', ['# !ls \\', '# -l'], ['# # !ls \\', '# -l']],
    ['and a statement behind a backslash', ['# !ls \\', 'x = 1'], ['# # !ls \\', 'x = 1']],
    ['and a command behind a backslash', ['# !ls \\', '!pwd'], ['# # !ls \\', '# !pwd']],
    ['and another one behind a backslash', ['# !ls \\', '#? x?'], ['# # !ls \\', '# #? x?']],
    ['behind pass', ['if x:', '    pass  # !ls'], ['if x:', '    pass  # # !ls']],
    ['of a whole cell', ['#? %% bash', '# ls'], ['# #? %% bash', '# ls']],
  ])('in a comment of the person’s, %s, stays a comment', (_, jupyter, python) => {
    const { code } = commentMagics(jupyter.join('\n'));
    expect(code.split('\n')).toEqual(python);
    expect(uncommentMagics(code).split('\n')).toEqual(jupyter);
  });

  it.each([
    'x = """\n!ls \\\n"""',
    'f(\n    y, # why?\n)',
    'x = 1  # what?',
    'print("a= !b")',
    'x = y\\\n%z',
    'f["a= !b"]',
    'a != b',
  ])('is none in %j', (code) => {
    expect(commentMagics(code)).toEqual({ code, magics: [] });
  });

  it.each([
    ['a backslash and a statement below', '# !ls \\\nx = 1'],
    ['the name of another language and Python below', '# %%bash\nx = 1'],
    ['words', '# Why?\n# 3 % of all'],
  ])('is none in a comment of a script with %s', (_, code) => expect(uncommentMagics(code)).toBe(code));

  it('in a script sets no marker free', () => {
    expect(commentRawMagics("!echo '''\n# %%\n# '''").code).toBe("# !echo '''\n# # %%\n# '''");
  });

  it('in a script is commented with all of its lines', () => {
    expect(commentRawMagics('!echo a \\\n  b\nif x:\n    %pwd').code).toBe('# !echo a \\\n#   b\nif x:\n    pass  # %pwd');
  });
});

it('many commands that open brackets and strings take no longer than their lines', () => {
  const source = '!echo "it\'s """ ( \\\n  and {\n'.repeat(20_000);
  expect(uncommentMagics(commentMagics(source).code)).toBe(source);
});
