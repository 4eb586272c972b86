"""From projecting to deciding: compare policies, seek what passes, explain, test assumptions."""
