"""The known corpora, one file for each, which registers its corpus when it is imported."""
