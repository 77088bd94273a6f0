"""Reading the files people have."""
