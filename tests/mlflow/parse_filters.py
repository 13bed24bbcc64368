# tests/mlflow/parse_filters.py
# Purpose: reads filters as JSON lines and prints what MLflow's own parser makes of each, or that it refuses it.
# Why: thousands of filters in a second, without a server: our grammar is held against the original.
# Relevant files: tests/mlflow/grammar.test.ts, mlflow/filter.ts, shared/setup/mlflow.txt

import json
import sys

from mlflow.exceptions import MlflowException
from mlflow.utils.search_utils import SearchUtils


def check(clause):
    """The comparators are looked at when the query is built, not by the parser."""
    kind, key, comparator = clause["type"], clause["key"], clause["comparator"].upper()
    key = SearchUtils.translate_key_alias(key)
    known = (
        SearchUtils.is_string_attribute(kind, key, comparator)
        or SearchUtils.is_numeric_attribute(kind, key, comparator)
        or SearchUtils.is_metric(kind, comparator)
        or SearchUtils.is_param(kind, comparator)
        or SearchUtils.is_tag(kind, comparator)
        or SearchUtils.is_dataset(kind, comparator)
    )
    assert known
    value = clause["value"]
    return [kind, key, comparator, float(value) if kind == "metric" else value]


def parse(text):
    try:
        return [check(clause) for clause in SearchUtils.parse_search_filter(text)]
    except (MlflowException, ValueError, TypeError):
        return None


def order(text):
    try:
        kind, key, ascending = SearchUtils.parse_order_by_for_search_runs(text)
        return None if kind == "dataset" else [kind, SearchUtils.translate_key_alias(key), ascending]
    except (MlflowException, ValueError, IndexError, AttributeError):
        return None


for line in sys.stdin:
    what, text = json.loads(line)
    print(json.dumps(parse(text) if what == "filter" else order(text)))
