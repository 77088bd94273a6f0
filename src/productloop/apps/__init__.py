"""The applications. They never import each other and meet only in the store."""
