"""The one error a user meets: something in the input, said in a line that tells what to do."""


class SCONotesError(Exception):
    """Bad input. The message names the file, the row or byte, what is wrong and the remedy.

    The command line prints it as one line and exits with 2.
    """
