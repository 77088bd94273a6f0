"""`python -m productloop`: the command line."""

from __future__ import annotations

import sys

from productloop.interfaces.cli import main

sys.exit(main())
