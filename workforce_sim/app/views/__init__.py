"""The pages, one a file: each has ``page(state)``, which draws it."""
