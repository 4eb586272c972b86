"""One block of replications: calendar, pool, draws, verbs, and one file a rule."""
