"""One direction: entities know nothing, sim knows entities, game knows both."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GRAPHICS = {"panda3d", "direct", "ursina", "imgui_bundle", "p3dimgui", "panda3d_imgui", "av"}
MAY_IMPORT = {
    "entities": {"entities", "numpy"},
    "sim": {"sim", "entities", "assets", "numpy", "simpy", "pydantic", "duckdb", "highspy",
            "power_grid_model", "tomli_w"},
    "assets": {"assets"},
}


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of all modules that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            names |= {a.value.split(".")[0] for a in node.args if isinstance(a, ast.Constant)}
    return names


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_floor_imports_only_what_it_may(package):
    assert files(package)
    for path in files(package):
        beyond = imported(path) - MAY_IMPORT[package] - sys.stdlib_module_names
        assert not beyond, f"{path.relative_to(ROOT)} imports {sorted(beyond)}"


def test_nothing_but_game_and_tests_imports_game():
    for path in sorted(ROOT.glob("*/**/*.py")):
        floor = path.relative_to(ROOT).parts[0]
        if floor in ("entities", "sim", "assets"):
            assert "game" not in imported(path), path


def test_the_wall_clock_stays_out_of_the_model():
    """Measuring how long a run took is all that sim may do with the time of day."""
    for path in files("sim") + files("entities"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "time", "utcnow"):
                owner = getattr(node.value, "id", "")
                assert owner not in ("datetime", "date", "time"), f"{path}:{node.lineno}"


def test_no_shared_random_stream():
    for path in files("sim") + files("entities"):
        assert "random" not in imported(path), path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and getattr(node.value, "attr", "") == "random":
                assert node.attr in ("SeedSequence", "Philox"), f"{path}:{node.lineno}"


def modules_after(*arguments: str) -> set[str]:
    """Top-level modules that are loaded when a command line has run."""
    program = ("import sys\nfrom game.cli import main\n"
               f"sys.argv = {['voltyard', *arguments]!r}\n"
               "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
               "print('\\n' + ' '.join(sorted({m.split('.')[0] for m in sys.modules})))\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [
    ["run", "empty_lot", "--json"], ["run", "evening_peak", "--until", "1h"], ["scenarios"],
    ["bench", "sim", "--vehicles", "10"]])
def test_headless_roads_load_no_graphics(arguments):
    loaded = modules_after(*arguments)
    assert "sim" in loaded
    assert not loaded & GRAPHICS


def test_recording_is_paid_for_only_by_runs_that_record():
    assert "duckdb" not in modules_after("run", "empty_lot", "--json")


def test_the_solver_is_loaded_only_by_what_solves():
    assert "highspy" not in modules_after("run", "evening_peak", "--json")
