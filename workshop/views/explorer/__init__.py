"""The live curve: one browser module, used with a kernel and without."""
