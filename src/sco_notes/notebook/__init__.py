"""What a notebook shows: findings, tables, charts, evidence, provenance, the explorer."""

from . import findings, select
