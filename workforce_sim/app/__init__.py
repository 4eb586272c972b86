"""The page in the browser: move a policy, see which schools pass. Thin: it shows what is below."""
