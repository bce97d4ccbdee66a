"""A file as people have it → its text, what it states, what is lost; in a child process with limits."""
