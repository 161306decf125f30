"""Makes `words/synonyms_index.txt` from `words/synonyms.txt`; to be run whenever that list or the stems change.

python benchmarks/index_synonyms.py
"""

from __future__ import annotations

from pathlib import Path

import followup_rules.quality
from followup_rules.quality.repeats.indexing import index_of


def main() -> None:
    """Write the index."""
    folder = Path(followup_rules.quality.__file__).parent / "words"
    text = (folder / "synonyms.txt").read_text("utf-8")
    (folder / "synonyms_index.txt").write_text(index_of(text), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
