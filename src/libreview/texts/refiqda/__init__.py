"""REFI-QDA 1.5, the exchange format of programs for qualitative analysis: projects (.qdpx) and codebooks (.qdc)."""
