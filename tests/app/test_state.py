from __future__ import annotations

import threading
import time

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from workforce_sim.app import store
from workforce_sim.app.background import Job, Jobs
from workforce_sim.assessment import simulate
from workforce_sim.scenario import load_scenario


def over(job, seconds=20):
    end = time.monotonic() + seconds
    while not job.is_over and time.monotonic() < end:
        time.sleep(0.01)
    assert job.is_over
    return job


def steps(n, gate=None):
    def work(progress):
        for done in range(n):
            if gate is not None:
                gate.wait(10)
            progress(done)
        return n

    return work


def test_a_job_gives_its_result_to_its_own_key_only():
    jobs = Jobs()
    over(jobs.start("refine", "a", steps(3)))
    assert jobs.get("refine", "a").result == 3
    assert jobs.get("refine", "b") is None


def test_another_key_drops_the_job_before():
    jobs, gate = Jobs(), threading.Event()
    first = jobs.start("refine", "a", steps(10**9, gate))
    assert jobs.start("refine", "a", steps(1)) is first
    second = jobs.start("refine", "b", steps(2))
    gate.set()
    assert over(first).status == "stopped" and first.result is None
    assert over(second).result == 2


def test_jobs_end_with_their_session():
    jobs = Jobs()
    job = jobs.start("study", "a", steps(10**9, threading.Event()))
    job_of_another = Jobs().start("study", "a", steps(1))
    del jobs
    assert job._drop.is_set()
    over(job_of_another)


def test_a_job_that_fails_says_why():
    def work(progress):
        raise ValueError("no")

    job = over(Job("a", work, 1))
    assert job.status == "failed" and isinstance(job.error, ValueError)


def test_a_stopped_projection_keeps_what_is_done_and_is_not_taken_for_the_whole(scenario):
    found = load_scenario(scenario)
    county = store.county(scenario, store.stamp(scenario.parent))
    job = None

    def work(progress):
        def told(done):
            if done == 500:
                job.stop()
            progress(done)

        return store.project(found, county, 2000, 1, told)

    started = threading.Event()
    job = Job("a", lambda progress: started.wait(10) and work(progress), 2000)
    started.set()
    over(job)
    assert job.result.provenance["replications"] == 500
    assert not job.result.provenance["complete"]
    assert store.known(found, county, 2000, 1) is None


def test_the_page_says_the_same_as_the_command(scenario):
    found = load_scenario(scenario)
    county = store.county(scenario, store.stamp(scenario.parent))
    mine = store.project(found, county, 100, 2021)
    theirs = simulate(found, replications=100, seed=2021, workers=1)
    for name, table in theirs.tables.items():
        assert table.equals(mine.tables[name]), name
    assert store.known(found, county, 100, 2021) is mine
    assert store.known(found, county, 100, 2022) is None


def test_a_file_that_changes_is_read_again(scenario):
    before = store.stamp(scenario.parent)
    old = store.scenario(scenario, before, None, ())
    text = scenario.read_text(encoding="utf-8").replace("judged_year: 2025", "judged_year: 2024")
    scenario.write_text(text, encoding="utf-8")
    after = store.stamp(scenario.parent)
    assert after != before
    assert (old.judged_year, store.scenario(scenario, after, None, ()).judged_year) == (2025, 2024)
