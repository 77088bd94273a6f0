"""productloop: from what users say and do, to what to build next, and whether it worked."""

__version__ = "0.1.0"
