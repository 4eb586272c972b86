"""What a page knows: the county and its policies, the draft at hand, the answer - of one session.

The draft is a saved policy (or the scenario itself) and changes laid over it, which are what
``--set`` takes. It stands in the page's address, so that a reload loses nothing.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st

from workforce_sim.app import store
from workforce_sim.app.background import Job, Jobs, Progress
from workforce_sim.assessment import Projection
from workforce_sim.county import County
from workforce_sim.decision.policies import Policy
from workforce_sim.decision.saving import SavedPolicy
from workforce_sim.scenario import Problem, Scenario
from workforce_sim.words import LANGUAGES, Words

SKETCH = 100
"""Replications of a first answer."""
PRECISE = (1000, 2000)
"""Replications of a full answer, to choose from: more would ask for gigabytes a session."""
SEED = 2021
GO = "frame.go"
"""Where in a session the name stands of the page to show next, if it is another."""
_KEY = "workforce_sim"


class State:
    """What a page knows, in one run of it.

    Parameters
    ----------
    path : Path
        The scenario's file; policies are in the folder ``policies`` beside it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp = store.stamp(path.parent)
        if _KEY not in st.session_state:
            st.session_state[_KEY] = {"jobs": Jobs(), "generation": 0, "precise": PRECISE[0]}
            self._from_address()
        self._kept: dict[str, Any] = st.session_state[_KEY]

    # --- the session: words, jobs, settings -----------------------------------------------------

    @property
    def words(self) -> Words:
        """The words of the language chosen."""
        return Words(self._kept["language"])

    @property
    def jobs(self) -> Jobs:
        """The session's work in the background."""
        jobs: Jobs = self._kept["jobs"]
        return jobs

    @property
    def precise(self) -> int:
        """Replications of a full answer."""
        return int(self._kept["precise"])

    @property
    def seed(self) -> int:
        """The seed: the same for everybody, so that all numbers can be repeated."""
        return SEED

    @property
    def generation(self) -> int:
        """Counts up when another policy is opened: part of the keys of widgets that show it."""
        return int(self._kept["generation"])

    def choose_language(self, language: str) -> None:
        """Speak another language from now on."""
        self._kept["language"] = language if language in LANGUAGES else LANGUAGES[0]

    def choose_precise(self, replications: int) -> None:
        """Answer with so many replications from now on."""
        self._kept["precise"] = replications

    # --- the county and its policies --------------------------------------------------------------

    @cached_property
    def base(self) -> Scenario:
        """The scenario as it is on file."""
        return store.scenario(self.path, self.stamp, None, ())

    @cached_property
    def county(self) -> County:
        """The scenario's county."""
        return store.county(self.path, self.stamp)

    @property
    def saved(self) -> dict[str, SavedPolicy]:
        """The policies in the county's folder, by key."""
        return {policy.key: policy for policy in store.policies(self.path, self.stamp)[0]}

    @property
    def broken(self) -> list[Problem]:
        """What is wrong with policies that cannot be used."""
        return store.policies(self.path, self.stamp)[1]

    def policies(self, keys: list[str] | None = None) -> list[Policy]:
        """Return saved policies with their scenarios, by default all; InputError if one is bad."""
        saved = self.saved
        wanted = [saved[key] for key in (saved if keys is None else keys)]
        return [store.policy(policy, self.path, self.stamp) for policy in wanted]

    # --- the draft ------------------------------------------------------------------------------

    @property
    def opened(self) -> SavedPolicy | None:
        """The saved policy that is open; None: the scenario itself."""
        return self.saved.get(self._kept["opened"] or "")

    @property
    def opened_digest(self) -> str | None:
        """The digest that the opened policy's file had when it was opened."""
        digest: str | None = self._kept["digest"]
        return digest

    @property
    def changes(self) -> dict[str, str]:
        """What was changed since: dotted paths and values as in YAML."""
        changes: dict[str, str] = self._kept["changes"]
        return changes

    def open(self, key: str | None, changes: dict[str, str] | None = None) -> None:
        """Open a saved policy, or the scenario itself, and lay changes over it."""
        saved = store.policies(self.path, store.stamp(self.path.parent))[0]
        digest = next((policy.digest for policy in saved if policy.key == key), None)
        self._kept |= {
            "opened": key if digest else None,
            "digest": digest,
            "changes": dict(changes or {}),
            "generation": self._kept["generation"] + 1,
        }

    def change(self, path: str, value: str | None) -> None:
        """Change the draft at a dotted path to a value as in YAML; None takes the change back."""
        if value is None:
            self.changes.pop(path, None)
        else:
            self.changes[path] = value

    @cached_property
    def unchanged(self) -> Scenario:
        """The opened policy without the changes."""
        opened = self.opened
        return store.scenario(self.path, self.stamp, opened.path if opened else None, ())

    @cached_property
    def scenario(self) -> Scenario:
        """The draft as a scenario; InputError if it is not sound."""
        opened, changes = self.opened, tuple(f"{k}={v}" for k, v in self.changes.items())
        found = store.scenario(self.path, self.stamp, opened.path if opened else None, changes)
        return store.fitting(found, self.county)

    @cached_property
    def policy(self) -> Policy:
        """The draft as a policy, to be compared with others."""
        zh, en = (self.title(Words(language)) for language in LANGUAGES)
        name = self.opened.variant.name if self.opened else self.base.name
        if self.changes:
            name += "-draft"
        return Policy(name, zh, en, "", "", self.scenario.model_copy(update={"name": name}))

    def title(self, words: Words | None = None) -> str:
        """Return what the draft is called."""
        words = words or self.words
        title = self.opened.title(words.language) if self.opened else words("app.base")
        return words("app.changed", title=title) if self.changes else title

    # --- the answer -------------------------------------------------------------------------------

    def answer(self) -> tuple[Projection, Job | None]:
        """Return the best answer for the draft that there is at once, and the job that refines it.

        The first is a sketch of `SKETCH` replications until the job is over; the job is None where
        nothing is to be refined. Show it by `background.watch`.
        """
        key = (*store.identity(self.scenario, self.county), self.precise, self.seed)
        full = store.known(self.scenario, self.county, self.precise, self.seed)
        job = self.jobs.get("refine", key)
        if full is not None:
            return full, job
        if job is None:
            self.jobs.drop("refine")  # before the sketch, which would have to share the processor
        sketch = store.project(self.scenario, self.county, SKETCH, self.seed)
        if job is None:
            scenario, county, precise, seed = self.scenario, self.county, self.precise, self.seed

            def work(progress: Progress) -> Projection:
                return store.project(scenario, county, precise, seed, progress)

            job = self.jobs.start("refine", key, work, precise)
        return (job.result or sketch), job

    # --- the address ------------------------------------------------------------------------------

    def _from_address(self) -> None:
        """Begin a session with what stands in the page's address."""
        self._kept = st.session_state[_KEY]
        asked = st.query_params
        self.choose_language(asked.get("lang", LANGUAGES[0]))
        changes = [text.partition("=") for text in asked.get_all("set")]
        self.open(asked.get("policy"), {path: value for path, equals, value in changes if equals})

    def to_address(self) -> None:
        """Let the page's address say the language and the draft."""
        wanted: dict[str, Any] = {}
        if self._kept["language"] != LANGUAGES[0]:
            wanted["lang"] = self._kept["language"]
        if self._kept["opened"]:
            wanted["policy"] = self._kept["opened"]
        if self.changes:
            wanted["set"] = [f"{path}={value}" for path, value in self.changes.items()]
        there = {name: st.query_params.get_all(name) for name in st.query_params}
        if there != {k: v if isinstance(v, list) else [v] for k, v in wanted.items()}:
            st.query_params.from_dict(wanted)
