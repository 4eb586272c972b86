"""What numba keeps is thrown away when any file of the simulation changes."""

from workforce_sim.simulation import compiled, verbs


def test_the_cache_is_stamped_with_the_source_of_the_whole_room():
    if hasattr(verbs.choose, "_cache"):  # it has not with NUMBA_DISABLE_JIT=1
        assert verbs.choose._cache._cache_file._source_stamp == compiled._source()


def test_the_stamp_is_of_every_file(tmp_path, monkeypatch):
    for name in ("compiled.py", "policies/rule.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a = 1", encoding="utf-8")
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "compiled.py"))
    stamp = compiled._source.__wrapped__
    before = stamp()
    (tmp_path / "policies" / "rule.py").write_text("a = 2", encoding="utf-8")
    assert stamp() != before
