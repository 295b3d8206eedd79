"""A made-up school and its OneRoster 1.2 export, for the demo and the tests.

Two forms a year, about 420 pupils, 30 staff, untidy as real ones are, the same for the same seed.
"""

from services.mis_sync.connectors.demo_school.expectations import (
    DemoExpectations,
    demo_expectations,
)
from services.mis_sync.connectors.demo_school.export import write_export
from services.mis_sync.connectors.demo_school.school import demo_school

__all__ = ["DemoExpectations", "demo_expectations", "demo_school", "write_export"]
