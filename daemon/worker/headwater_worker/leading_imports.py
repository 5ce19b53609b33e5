"""The imports that a run from the top does before anything else could have changed what they find."""
import ast


def leading_imports(codes):
    """The statements, each as code, up to the first statement of any cell that may do anything but bind a name."""
    found = []
    for code in codes:
        try:
            tree = ast.parse(code)
        except (SyntaxError, ValueError, RecursionError):
            return found
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found.append(ast.unparse(node))
            elif not _does_nothing(node):
                return found
    return found


def _does_nothing(node):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        arguments = node.args
        annotated = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        evaluated = [*node.decorator_list, *arguments.defaults, *filter(None, arguments.kw_defaults), node.returns]
        evaluated += [argument.annotation for argument in annotated if argument]
        return all(expression is None or isinstance(expression, ast.Constant) for expression in evaluated)
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Name) for target in node.targets) and isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
