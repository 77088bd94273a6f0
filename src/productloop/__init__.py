"""productloop: from what users say and do, to what to build next, and whether it worked."""
