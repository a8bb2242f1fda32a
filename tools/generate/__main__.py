"""`python -m tools.generate [page ...]` writes the pages; with `--check` it only says which are stale."""

import argparse
import sys

from tools.generate.table import PAGES


def main() -> int:
    names = [page.name for page in PAGES]
    parser = argparse.ArgumentParser(prog="tools.generate", description=__doc__)
    parser.add_argument("pages", nargs="*", help=f"of {', '.join(names)}; all, unless named")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is stale")
    asked = parser.parse_args()
    if unknown := set(asked.pages) - set(names):
        parser.error(f"there is no page {', '.join(sorted(unknown))}")
    stale = [page for page in PAGES if page.name in (asked.pages or names) and not page.is_fresh()]
    for page in stale:
        if asked.check:
            print(f"{page.path} is stale: make docs")
        else:
            page.write()
            print(f"{page.path} written")
    return 1 if asked.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
