# tests/mlflow/fluent_script.py
# Purpose: a hundred lines of everyday MLflow, fluent and MlflowClient, that print what they read back, without ids and times.
# Why: run unchanged against our server and MLflow's own, they must print the same.
# Relevant files: tests/mlflow/beside-scripts.test.ts, mlflow/routes.ts

import json
import sys
import tempfile
from pathlib import Path

import mlflow
import pandas
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException

mlflow.set_tracking_uri(sys.argv[1])
client = MlflowClient()
seen = []


def note(what, *values):
    seen.append([what, *values])


def refused(what, action):
    try:
        action()
        note(what, "taken")
    except MlflowException as error:
        note(what, error.error_code)


def told(run):
    data, info = run.data, run.info
    tags = {k: v for k, v in data.tags.items() if not k.startswith("mlflow.source") and k != "mlflow.user"}
    return [info.run_name, info.status, info.lifecycle_stage, data.metrics, data.params, tags]


# Experiments.
exp = mlflow.set_experiment("fluent").experiment_id
client.set_experiment_tag(exp, "team", "vision")
note("experiment", mlflow.get_experiment_by_name("fluent").tags)
note("default", mlflow.get_experiment("0").name)
refused("same name", lambda: client.create_experiment("fluent"))

# A run, a child in it, everything logged.
with mlflow.start_run(run_name="parent", tags={"stage": "dev"}, description="why *this*") as parent:
    mlflow.log_params({"lr": 0.01, "layers": [1, 2], "name": "ünï"})
    mlflow.log_metrics({"loss": 0.5, "acc": 0.75}, step=1)
    for step in range(2, 30):
        mlflow.log_metric("loss", 1 / step, step=step)
    mlflow.log_metric("bad", float("nan"))
    mlflow.set_tags({"a": 1, "b": True})
    mlflow.log_input(mlflow.data.from_pandas(pandas.DataFrame({"x": [1, 2]}), name="data"), context="train")
    mlflow.log_text("hello", "notes/hello.txt")
    mlflow.log_dict({"k": [1, None, "ü"]}, "config.json")
    mlflow.log_table({"q": ["a", "b"], "n": [1, 2]}, "table.json")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "deep").mkdir()
        (Path(folder) / "deep" / "ä b.bin").write_bytes(bytes(range(256)))
        mlflow.log_artifacts(folder, "files")
    refused("another param", lambda: mlflow.log_param("lr", 0.02))
    with mlflow.start_run(run_name="child", nested=True) as child:
        mlflow.log_metric("loss", 3.0)
note("parent", told(client.get_run(parent.info.run_id))[:5])
found = client.get_run(child.info.run_id)
note("child", found.data.tags["mlflow.parentRunId"] == parent.info.run_id, found.data.metrics)
inputs = client.get_run(parent.info.run_id).inputs.dataset_inputs
note("inputs", [(i.dataset.name, i.dataset.digest, {t.key: t.value for t in i.tags}) for i in inputs])
history = client.get_metric_history(parent.info.run_id, "loss")
note("history", [(p.step, p.value) for p in history])

# Artifacts.
listed = client.list_artifacts(parent.info.run_id)
note("artifacts", sorted((f.path, f.is_dir, f.file_size) for f in listed))
note("text", mlflow.artifacts.load_text(f"{parent.info.artifact_uri}/notes/hello.txt"))
note("dict", mlflow.artifacts.load_dict(f"runs:/{parent.info.run_id}/config.json"))
note("table", mlflow.load_table("table.json", run_ids=[parent.info.run_id]).to_dict("list"))
with tempfile.TemporaryDirectory() as folder:
    local = mlflow.artifacts.download_artifacts(run_id=parent.info.run_id, artifact_path="files", dst_path=folder)
    note("file", (Path(local) / "deep" / "ä b.bin").read_bytes() == bytes(range(256)))

# A failing run, a resumed one, one by the client alone.
try:
    with mlflow.start_run(run_name="fails"):
        raise ValueError("no")
except ValueError:
    pass
with mlflow.start_run(run_id=parent.info.run_id):
    mlflow.log_metric("after", 1)
made = client.create_run(exp, start_time=1000, run_name="made", tags={"t": "1"})
batch = [Metric("m", i / 3, 1000 + i, i) for i in range(1500)]
client.log_batch(made.info.run_id, batch[:900], [Param("p", "1")], [RunTag("x", "y")])
client.log_batch(made.info.run_id, batch[900:])
client.set_terminated(made.info.run_id, "KILLED", 2000)
client.update_run(made.info.run_id, name="renamed")
client.delete_tag(made.info.run_id, "t")
note("made", told(client.get_run(made.info.run_id)))
refused("no such tag", lambda: client.delete_tag(made.info.run_id, "t"))
refused("no such run", lambda: client.get_run("0" * 32))

# Search, trash, data frames.
names = lambda **asked: [run.info.run_name for run in client.search_runs([exp], **asked)]
note("by metric", names(filter_string="metrics.loss < 1", order_by=["metrics.loss DESC"]))
note("by text", names(filter_string="params.name LIKE 'ü%' AND tags.stage = 'dev'"))
note("newest", names(max_results=2, order_by=["start_time ASC"]))
client.delete_run(made.info.run_id)
note("active", sorted(names()))
note("deleted", names(run_view_type=ViewType.DELETED_ONLY))
refused("log into the trash", lambda: client.log_metric(made.info.run_id, "m", 1))
client.restore_run(made.info.run_id)
frame = mlflow.search_runs([exp], order_by=["start_time ASC"])
columns = [c for c in frame.columns if not c.startswith(("tags.mlflow.", "artifact", "run_id", "experiment", "start", "end"))]
note("frame", json.loads(frame[columns].sort_index(axis=1).to_json(orient="records")))
refused("bad filter", lambda: client.search_runs([exp], "metrics.m > 0 OR metrics.m < 0"))
client.delete_experiment(exp)
note("gone", mlflow.get_experiment_by_name("fluent").lifecycle_stage)
client.restore_experiment(exp)
note("experiments", [e.name for e in client.search_experiments(filter_string="tags.team = 'vision'")])
print(json.dumps(seen, ensure_ascii=False))
