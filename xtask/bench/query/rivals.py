"""The question of a report, asked of databases that are made for such questions: DuckDB and
ClickHouse (chdb), each with the page views of `rhumb export` in its own format. Prints JSON.

Arguments: the Parquet file, a folder, how many questions.
"""

import json
import sys
import time
from pathlib import Path

import chdb.session
import duckdb

METRICS = ["lcp_ms", "inp_ms", "cls", "fcp_ms", "ttfb_ms"]
COLUMNS = ", ".join(["started_at", "route", "is_bot", *METRICS])
ROUTES = 200


def question(quantile):
    """The 75th percentile of each metric on one route in four weeks, as exact as it gets."""
    quantiles = ", ".join(quantile.format(metric) for metric in METRICS)
    return (
        f"SELECT count(*), {quantiles} FROM page_views WHERE NOT is_bot "
        "AND started_at >= {since} AND route = '/section-{route}/:product'"
    )


def percentiles(ask, questions, sql, since):
    """Milliseconds, after one question that is not counted."""
    took = []
    for number in range(questions + 1):
        asked = sql.replace("{since}", since).replace("{route}", str(number * 7 % ROUTES))
        begun = time.perf_counter()
        ask(asked)
        took.append((time.perf_counter() - begun) * 1e3)
    took = sorted(took[1:])
    at = lambda share: took[min(int(len(took) * share), len(took) - 1)]
    return {"p50": at(0.5), "p99": at(0.99), "max": took[-1]}


def ask_duckdb(parquet, folder, questions):
    database = duckdb.connect(str(folder / "duck.db"))
    database.execute(f"CREATE TABLE page_views AS SELECT {COLUMNS} FROM '{parquet}'")
    ask = lambda sql: database.execute(sql).fetchall()
    sql = question("quantile_disc({}, 0.75)")
    return percentiles(ask, questions, sql, "now() - INTERVAL 28 DAY")


def ask_clickhouse(parquet, folder, questions):
    session = chdb.session.Session(str(folder / "click"))
    session.query("CREATE DATABASE IF NOT EXISTS bench")
    session.query(
        "CREATE TABLE bench.page_views ENGINE = MergeTree ORDER BY (route, started_at) "
        f"SETTINGS allow_nullable_key = 1 AS SELECT {COLUMNS} FROM file('{parquet}', 'Parquet')"
    )
    ask = lambda sql: str(session.query(sql.replace("FROM page_views", "FROM bench.page_views")))
    sql = question("quantileExact(0.75)({})")
    return percentiles(ask, questions, sql, "now() - INTERVAL 28 DAY")


def main():
    parquet, folder, questions = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), int(sys.argv[3])
    answers = {
        f"DuckDB {duckdb.__version__}": ask_duckdb(parquet, folder, questions),
        f"ClickHouse (chdb {chdb.__version__})": ask_clickhouse(parquet, folder, questions),
    }
    print(json.dumps(answers))


main()
