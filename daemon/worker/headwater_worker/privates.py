"""marimo's private names: `_x` belongs to one cell. They are renamed in the syntax tree before compiling.

One dictionary holds them all, so recursion, `global`, and functions called later work as written.
"""
import ast
import types


class Privates:
    def __init__(self, names, prefix):
        self._names = frozenset(names)
        self._prefix = prefix

    @property
    def names(self):
        """What each is called, by the name as it was written."""
        return {name: self._prefix + name for name in self._names}

    def owns(self, name):
        return bool(self._names) and name.startswith(self._prefix)

    def renamed(self, name):
        return self._prefix + name if name in self._names else None

    def rename(self, tree):
        if not self._names:
            return tree
        return ast.fix_missing_locations(_Renamer(self._names, self._prefix).visit(tree))

    def restore_text(self, text):
        """What a person reads names things as they were written."""
        return text.replace(self._prefix, "") if self._names else text

    def restore_names(self, code):
        """Functions and classes know themselves by the names as they were written."""
        if code is None or not self._names:
            return code
        names = {"co_name": self.restore_text(code.co_name)}
        if hasattr(code, "co_qualname"):
            names["co_qualname"] = self.restore_text(code.co_qualname)
        return code.replace(co_consts=tuple(self._restore_constant(constant) for constant in code.co_consts), **names)

    def _restore_constant(self, constant):
        if isinstance(constant, types.CodeType):
            return self.restore_names(constant)
        return self.restore_text(constant) if isinstance(constant, str) else constant


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class _Scope:
    """A function, class or comprehension and the names bound in it."""

    def __init__(self, parent, is_class, bound=(), declared_global=()):
        self.parent = parent
        self.is_class = is_class
        self.bound = frozenset(bound) - frozenset(declared_global)
        self.declared_global = frozenset(declared_global)


class _Renamer(ast.NodeTransformer):
    def __init__(self, names, prefix):
        self._names = names
        self._prefix = prefix
        self._scope = None

    def _name(self, name):
        return self._prefix + name if name in self._names and self._is_global(name) else name

    def _is_global(self, name):
        scope = self._scope
        while scope is not None:
            if name in scope.declared_global:
                return True
            # The names of a class are invisible to what is nested in it.
            if name in scope.bound and (scope is self._scope or not scope.is_class):
                return False
            scope = scope.parent
        return True

    def _inside(self, scope, visit):
        outer, self._scope = self._scope, scope
        try:
            visit()
        finally:
            self._scope = outer

    def _visit_all(self, owner, *fields):
        for field in fields:
            value = getattr(owner, field, None)
            if isinstance(value, list):
                changed = []
                for item in value:
                    seen = self.visit(item) if isinstance(item, ast.AST) else item
                    changed.extend(seen if isinstance(seen, list) else [seen])
                setattr(owner, field, changed)
            elif isinstance(value, ast.AST):
                setattr(owner, field, self.visit(value))

    def visit_Name(self, node):
        node.id = self._name(node.id)
        return node

    def visit_Global(self, node):
        node.names = [self._prefix + name if name in self._names else name for name in node.names]
        return node

    def visit_Import(self, node):
        statements = []
        for alias in node.names:
            top, _, rest = alias.name.partition(".")
            bound = alias.asname or top
            renamed = self._name(bound)
            if renamed != bound and rest and not alias.asname:
                # `import _a.b` binds `_a`: import it all, then bind its top.
                statements.append(ast.copy_location(ast.Import([ast.alias(top, renamed)]), node))
                alias.asname = renamed + "_part"
            elif renamed != bound:
                alias.asname = renamed
        return [node, *statements] if statements else node

    def visit_ImportFrom(self, node):
        for alias in node.names:
            bound = alias.asname or alias.name
            if self._name(bound) != bound:
                alias.asname = self._name(bound)
        return node

    def visit_ExceptHandler(self, node):
        if node.name:
            node.name = self._name(node.name)
        return self.generic_visit(node)

    def visit_MatchAs(self, node):
        if node.name:
            node.name = self._name(node.name)
        return self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node):
        if node.rest:
            node.rest = self._name(node.rest)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node):
        node.name = self._name(node.name)
        self._visit_all(node, "decorator_list")
        self._visit_all(node.args, "defaults", "kw_defaults")
        self._with_type_parameters(node, lambda: self._visit_signature_and_body(node))
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def _visit_signature_and_body(self, node):
        self._visit_all(node, "returns")
        for argument in _arguments(node.args):
            self._visit_all(argument, "annotation")
        self._visit_body(node)

    def visit_Lambda(self, node):
        self._visit_all(node.args, "defaults", "kw_defaults")
        self._visit_body(node)
        return node

    def _visit_body(self, node):
        bound, declared = _bindings(node.body if isinstance(node.body, list) else [node.body])
        bound |= {argument.arg for argument in _arguments(node.args)}
        self._inside(_Scope(self._scope, False, bound, declared), lambda: self._visit_all(node, "body"))

    def visit_ClassDef(self, node):
        node.name = self._name(node.name)
        self._visit_all(node, "decorator_list")
        self._with_type_parameters(node, lambda: self._visit_class(node))
        return node

    def _visit_class(self, node):
        self._visit_all(node, "bases", "keywords")
        self._inside(_Scope(self._scope, True, *_bindings(node.body)), lambda: self._visit_all(node, "body"))

    def visit_TypeAlias(self, node):
        self._visit_all(node, "name")
        self._with_type_parameters(node, lambda: self._visit_all(node, "value"))
        return node

    def _with_type_parameters(self, node, visit):
        parameters = getattr(node, "type_params", None)
        if not parameters:
            return visit()
        scope = _Scope(self._scope, False, {parameter.name for parameter in parameters})
        self._inside(scope, lambda: (self._visit_all(node, "type_params"), visit()))

    def _visit_comprehension(self, node):
        first = node.generators[0]
        first.iter = self.visit(first.iter)
        bound = {name.id for generator in node.generators for name in ast.walk(generator.target) if isinstance(name, ast.Name)}
        self._inside(_Scope(self._scope, False, bound), lambda: self._visit_inner(node, first))
        return node

    def _visit_inner(self, node, first):
        for generator in node.generators:
            self._visit_all(generator, "target", "ifs", *(() if generator is first else ("iter",)))
        self._visit_all(node, "elt", "key", "value")

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension


def _arguments(arguments):
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [argument for argument in listed if argument is not None]


def _bindings(body):
    """Names bound and names declared global in a scope's own statements."""
    bound, declared = set(), set()
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.Global):
            declared.update(node.names)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            bound.add(node.rest)
        waiting.extend(_own_parts(node))
    return bound, declared


def _own_parts(node):
    """What is evaluated or bound in the same scope as the node itself."""
    if isinstance(node, _COMPREHENSIONS):
        # Only `:=` reaches out of a comprehension.
        return [inner.target for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)]
    if isinstance(node, _FUNCTIONS):
        decorators = getattr(node, "decorator_list", [])
        return [*decorators, *node.args.defaults, *[default for default in node.args.kw_defaults if default is not None]]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    return list(ast.iter_child_nodes(node))
