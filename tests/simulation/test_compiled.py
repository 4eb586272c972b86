"""What numba keeps is thrown away when a file changes that something compiled may use."""

import pytest

from workforce_sim.simulation import compiled, verbs


def test_the_cache_is_stamped_with_the_source():
    if hasattr(verbs.choose, "_cache"):  # it has not with NUMBA_DISABLE_JIT=1
        assert verbs.choose._cache._cache_file._source_stamp == compiled._source()


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        ("compiled.py", True),
        ("constants.py", True),  # the ledger's, which the pool's compiled functions use
        ("policies/compiled_rule.py", True),
        ("policies/rule.py", False),
    ],
)
def test_the_stamp_is_of_every_file_that_matters(name, matters, tmp_path, monkeypatch):
    (tmp_path / "policies").mkdir()
    for file in ("compiled.py", "constants.py", "policies/rule.py"):
        (tmp_path / file).write_text("a = 1", encoding="utf-8")
    (tmp_path / "policies/compiled_rule.py").write_text("@compiled\n", encoding="utf-8")
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "compiled.py"))
    stamp = compiled._source.__wrapped__
    before = stamp()
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write("b = 2")
    assert (stamp() != before) == matters
