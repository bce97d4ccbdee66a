"""Tables to charts: each function takes a table and returns matplotlib Axes that can describe themselves."""

from .actors import plot_actors
from .dispersion import plot_dispersion
from .figure import alternative_text
from .network import plot_network
from .terms import plot_heat, plot_keyness, plot_terms, plot_topics, plot_trend
from .timeline import plot_timeline
