"""The live room: who sits where, what the wall and the desk show, and the server."""
