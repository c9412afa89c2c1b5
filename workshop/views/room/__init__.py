"""The pages of the live room: join, a seat that waits, the wall, the desk."""
