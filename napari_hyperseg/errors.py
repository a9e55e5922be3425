"""The errors users see: one line that says what is wrong, which value, and what to do.

Leaves also inherit the builtin that a caller would expect.  The command line prints the
message and ends with status 2; the window shows it in a notification.
"""


class HypersegError(Exception):
    """Base of every error whose message is written for the user."""


class SurveyError(HypersegError, ValueError):
    """A seismic file cannot be read as a survey."""


class ReadingError(SurveyError):
    """A SEG-Y file cannot be read in this way; another choice of bytes or traces may do.

    Parameters
    ----------
    what : str
        What is wrong, which value.
    advice : str
        What to do about it on the command line; a window shows `what` beside the choice.
    """

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(f"{what} {advice}".strip())
        self.what = what


class ExportError(HypersegError, RuntimeError):
    """A volume cannot be written as it was asked for."""


class HorizonError(HypersegError, ValueError):
    """A horizon file cannot be read, or does not fit the survey."""


class LabelError(HypersegError, ValueError):
    """Labels do not fit the survey or the legend."""


class WellError(HypersegError, ValueError):
    """A file of wells cannot be read, or does not fit the survey."""


class ProjectError(HypersegError, ValueError):
    """A project folder cannot be created, opened or saved."""


class LineNotFoundError(HypersegError, LookupError):
    """An inline or crossline number is not one of the survey's."""


class DomainError(HypersegError, ValueError):
    """A volume cannot be cut into slabs for several processes in this way."""


class JobError(HypersegError, RuntimeError):
    """A job cannot be started, or its worker is gone."""


class ModelError(HypersegError, ValueError):
    """A model cannot be read, or does not fit the data it is asked to predict."""


class SharedFolderError(HypersegError, RuntimeError):
    """What several machines share, at a URL, cannot be read or written."""
