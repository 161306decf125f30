"""The message checks of the language: one a file, named like its check."""
