# tests/mlflow/autolog_script.py
# Purpose: scikit-learn with MLflow's autologging, a grid search among it; prints what was logged, without ids and times.
# Why: autologging makes runs, children, models and artifacts by itself, in ways that no script of ours would think of.
# Relevant files: tests/mlflow/beside-scripts.test.ts, mlflow/routes.ts

import json
import sys

import mlflow
from mlflow import MlflowClient
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

mlflow.set_tracking_uri(sys.argv[1])
client = MlflowClient()
exp = mlflow.set_experiment("autolog").experiment_id
mlflow.sklearn.autolog()
features, labels = load_iris(return_X_y=True)

with mlflow.start_run(run_name="plain") as plain:
    model = LogisticRegression(max_iter=300).fit(features, labels)
    accuracy = model.score(features, labels)
with mlflow.start_run(run_name="grid"):
    GridSearchCV(LogisticRegression(max_iter=300), {"C": [0.1, 1.0]}, cv=2).fit(features, labels)

seen = []
for run in client.search_runs([exp], order_by=["start_time ASC"]):
    data = run.data
    is_child = "mlflow.parentRunId" in data.tags
    files = [] if is_child else sorted(f.path for f in client.list_artifacts(run.info.run_id))
    metrics = {k: round(v, 9) for k, v in data.metrics.items() if "time" not in k}
    name = "child" if is_child else run.info.run_name
    data_sets = [(i.dataset.name, [t.value for t in i.tags]) for i in run.inputs.dataset_inputs]
    seen.append([name, run.info.status, metrics, data.params, data_sets, len(run.outputs.model_outputs), files])
seen.sort(key=lambda one: (one[0], sorted(one[3].items())))

models = mlflow.search_logged_models([exp], output_format="list")
seen.append(sorted((m.name, str(m.status), m.model_type or "") for m in models))
loaded = mlflow.sklearn.load_model(f"runs:/{plain.info.run_id}/model")
seen.append(bool(loaded.score(features, labels) == accuracy))
print(json.dumps(seen))
