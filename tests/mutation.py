"""The rest of mutation testing: what mutmut leaves out, and the score of both (`make mutation`).

mutmut mutates plain functions. This makes the same mutants, with mutmut's own operators, of what
is decorated, of what stands outside functions, and of what acts only while the package is imported
(the files of ``AT_IMPORT``). Each is imported anew in a process of its own, which runs the tests
until one fails. Annotations, aliases of types, docstrings and ``__all__`` are left alone.

The result is kept in ``mutants/rest.json``: what was killed is not run again, what survived is.
``python tests/mutation.py show`` prints the survivors of both.
"""

import difflib
import importlib
import json
import os
import re
import signal
import sys
from collections import Counter
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import get_ignored_lines
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).parents[1]
ROOMS = {
    "law": "workforce_sim/law",
    "policies": "workforce_sim/simulation/policies",
    "assessment": "workforce_sim/assessment",
}
AT_IMPORT = ("workforce_sim/law/data.py",)  # pyproject.toml tells mutmut to leave these
TESTS = {
    "law": "law simulation statistics assessment oracle/test_oracle.py",
    "policies": "simulation statistics laws oracle/test_oracle.py county/test_checks.py",
    "assessment": "assessment simulation report/test_tables.py laws statistics",
}
COMPILED = "from workforce_sim.simulation.compiled import compiled"
OPTIONS = ("-xq", "-n0", "-pno:cacheprovider", "-Wignore::pytest.PytestAssertRewriteWarning")
SECONDS = 120
REST = ROOT / "mutants" / "rest.json"
DEAD = ("killed", "timeout", "segfault")
HEAVY = [
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "pytest",
    "ruamel.yaml",
    "scipy.stats",
    "simpy",
]


def room_of(file):
    """Return the room of a file."""
    return next(room for room, folder in ROOMS.items() if file.startswith(folder))


class Visitor(MutationVisitor):
    """Mutate what mutmut leaves out as well."""

    def _skip_node_and_children(self, node):
        if isinstance(node, cst.FunctionDef):
            return False
        if isinstance(node, cst.Assign):
            names = {t.target.value for t in node.targets if isinstance(t.target, cst.Name)}
            return "__all__" in names or _is_alias(node.value)
        return super()._skip_node_and_children(node)


def _is_alias(value):
    """Return whether a value is a type: ``dict[str, int]``, ``TypeVar("T")``, not ``Literal[]``."""
    if isinstance(value, cst.Call):
        return getattr(value.func, "value", None) == "TypeVar"
    if isinstance(value, cst.Subscript):
        return getattr(value.value, "value", None) not in ("Literal",)
    return False


def mutants(file):
    """Return line and source of each mutant that is not mutmut's."""
    source = (ROOT / file).read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = Visitor(mutation_operators, get_ignored_lines(file, source, wrapper))
    module = wrapper.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    found = []
    for mutation in visitor.mutations:
        within = mutation.contained_by_top_level_function
        if isinstance(within, cst.FunctionDef) and file not in AT_IMPORT:
            names = [getattr(d.decorator, "value", None) for d in within.decorators]
            if names in ([], ["staticmethod"], ["classmethod"]):
                continue
        mutated = deep_replace(module, mutation.original_node, mutation.mutated_node).code
        if mutated != source:
            found.append((positions[mutation.original_node].start.line, mutated))
    return source, found


class Mutant(SourceFileLoader):
    """Load a module from a source that is not the one of its file."""

    source: str

    def get_code(self, fullname):
        return compile(self.source, self.path, "exec", dont_inherit=True)


class Finder:
    """Find one module's mutant."""

    def __init__(self, file, source):
        self.name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.source = source

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        spec = PathFinder.find_spec(name, path)
        spec.loader = Mutant(name, spec.origin)
        spec.loader.source = self.source
        return spec


def judge(file, source):
    """Return how a mutant fares: the exit status of pytest in a process of its own."""
    pid = os.fork()
    if pid == 0:
        out = os.open(os.devnull, os.O_WRONLY)
        os.dup2(out, 1)
        os.dup2(out, 2)
        signal.alarm(SECONDS)
        status = 1  # a mutant that cannot be imported is dead
        try:
            # What numba kept of a file would be taken for its mutant's.
            source = source.replace(COMPILED, "from numba import njit as compiled")
            sys.meta_path.insert(0, Finder(file, source))
            import pytest

            tests = [f"tests/{name}" for name in TESTS[room_of(file)].split()]
            status = int(pytest.main([*OPTIONS, *tests]))
        finally:
            os._exit(min(status, 1))
    status = os.waitpid(pid, 0)[1]
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) == signal.SIGALRM else "killed"
    return "survived" if os.WEXITSTATUS(status) == 0 else "killed"


def difference(source, mutated):
    """Return the lines taken out and put in."""
    lines = difflib.unified_diff(source.split("\n"), mutated.split("\n"), lineterm="", n=0)
    return [
        f"{x[0]} {x[1:].strip()}" for x in lines if x[0] in "+-" and x[:3] not in ("+++", "---")
    ]


def files():
    """Return the files of the rooms."""
    return [
        path.relative_to(ROOT).as_posix()
        for folder in ROOMS.values()
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def run():
    """Judge the rest; print each mutant."""
    known = json.loads(REST.read_text(encoding="utf-8")) if REST.exists() else {}
    for name in HEAVY:  # imported once, for all mutants
        importlib.import_module(name)
    result = {}
    for file in files():
        source, found = mutants(file)
        if found and judge(file, source) != "survived":
            sys.exit(f"the tests fail without a mutant: {file}")
        for line, mutated in found:
            key = f"{file}:{line} {'  '.join(difference(source, mutated))}"
            status = known.get(key)
            result[key] = status if status in DEAD else judge(file, mutated)
            print(f"{result[key]:9} {key}", flush=True)
            text = json.dumps(known | result, ensure_ascii=False, indent=1)
            REST.write_text(text, encoding="utf-8")
    REST.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")


def mutmuts():
    """Yield file, place and change, and status of each of mutmut's mutants."""
    for file in files():
        meta = ROOT / "mutants" / f"{file}.meta"
        if not meta.exists():
            continue
        source = (ROOT / file).read_text(encoding="utf-8").split("\n")
        for name, code in json.loads(meta.read_text())["exit_code_by_key"].items():
            status = {"no tests": "survived"}.get(
                status_by_exit_code[code], status_by_exit_code[code]
            )
            place = name
            if status not in DEAD:
                diff = get_diff_for_mutant(name, path=file).split("\n")[2:]
                function = orig_function_and_class_names_from_key(name)[0].rpartition(".")[2]
                begins = [
                    n for n, x in enumerate(source) if x.strip().startswith(f"def {function}(")
                ]
                offset = int(re.search(r"-(\d+)", diff[0])[1]) - 1
                offset += next(n for n, x in enumerate(diff[1:]) if x[0] in "+-")
                change = [f"{x[0]} {x[1:].strip()}" for x in diff if x[0] in "+-"]
                place = f"{file}:{begins[0] + offset + 1} {'  '.join(change)}"
            yield place, file, status


def everything():
    """Yield place and change, file and status of all mutants."""
    yield from mutmuts()
    for key, status in json.loads(REST.read_text(encoding="utf-8")).items():
        yield key, key.partition(":")[0], status


def report():
    """Print the survivors and the score."""
    count = {room: Counter() for room in ROOMS}
    for place, file, status in everything():
        count[room_of(file)][status] += 1
        if status not in DEAD:
            print(status, place)
    count["all"] = sum(count.values(), Counter())
    for room, of in count.items():
        dead = sum(of[status] for status in DEAD)
        print(f"{room:11} {of.total()} mutants, {dict(of)}, score {dead / of.total():.1%}")


if __name__ == "__main__":
    if sys.argv[1:] != ["show"]:
        run()
    report()
