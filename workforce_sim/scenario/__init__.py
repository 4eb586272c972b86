"""What a person writes: typed schema, quantities, loading, variants."""
