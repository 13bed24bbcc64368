# tests/mlflow/model_client.py
# Purpose: what a training and a deployment do with models, by MLflow's client: log, load by each address, register, alias.
# Why: the client's own order of calls, retries and caches are known to the client only.
# Relevant files: tests/mlflow/model-client.test.ts, mlflow/logged-model-routes.ts, mlflow/artifacts-routes.ts

"""Prints one JSON object with what it saw; the tracker's address is MLFLOW_TRACKING_URI."""

import json
import pathlib
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import mlflow
import numpy
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

INPUTS = numpy.arange(20.0).reshape(-1, 1)
WANTED = [0] * 10 + [1] * 10
client = MlflowClient()
seen: dict[str, object] = {}


def predicts(uri: str) -> bool:
    return mlflow.pyfunc.load_model(uri).predict(INPUTS).tolist() == WANTED


class Doubling(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input: list[float]) -> list[float]:
        factor = float(pathlib.Path(context.artifacts["factor"]).read_text())
        return [factor * x for x in model_input]


mlflow.set_experiment("models of the client")
fitted = LogisticRegression().fit(INPUTS, WANTED)

with mlflow.start_run() as run:
    for step in range(2):
        logged = mlflow.sklearn.log_model(
            fitted,
            name="classifier",
            step=step,
            params={"C": "1.0"},
            tags={"kind": "test"},
            input_example=INPUTS[:2],
            registered_model_name="of the client",
            pip_requirements=["scikit-learn"],
        )
        mlflow.log_metric("acc", 0.5 + step / 10, step=step, model_id=logged.model_id)

client.set_registered_model_alias("of the client", "champion", "2")
seen["loads"] = {
    "runs:/": predicts(f"runs:/{run.info.run_id}/classifier"),
    "models:/id": predicts(f"models:/{logged.model_id}"),
    "models:/name/1": predicts("models:/of the client/1"),
    "models:/name/latest": predicts("models:/of the client/latest"),
    "models:/name@alias": predicts("models:/of the client@champion"),
}
seen["sklearn"] = mlflow.sklearn.load_model("models:/of the client@champion").predict(INPUTS).tolist() == WANTED
info = mlflow.models.get_model_info("models:/of the client@champion")
seen["flavors"] = sorted(info.flavors)
seen["example"] = mlflow.pyfunc.load_model(logged.model_uri).input_example.tolist()

model = mlflow.get_logged_model(logged.model_id)
seen["model"] = [model.name, str(model.status), model.params, model.tags.get("kind"), model.source_run_id == run.info.run_id]
seen["steps"] = sorted(out.step for out in client.get_run(run.info.run_id).outputs.model_outputs)
best = mlflow.search_logged_models(
    [run.info.experiment_id],
    filter_string="metrics.acc > 0.4 AND params.C = '1.0'",
    order_by=[{"field_name": "metrics.acc", "ascending": False}],
    output_format="list",
)
seen["best"] = [[found.metrics[0].value for found in best], best[0].model_id == logged.model_id]
seen["files"] = sorted(file.path for file in client.list_logged_model_artifacts(logged.model_id))

with mlflow.start_run(), tempfile.TemporaryDirectory() as folder:
    factor = pathlib.Path(folder, "fäctor &+.txt")
    factor.write_text("3")
    own = mlflow.pyfunc.log_model(
        name="doubling", python_model=Doubling(), artifacts={"factor": str(factor)}, pip_requirements=[]
    )
seen["pyfunc"] = mlflow.pyfunc.load_model(own.model_uri).predict([1.0, 2.0])

copied = client.copy_model_version("models:/of the client@champion", "copy")
seen["copy"] = [str(copied.version), predicts("models:/copy/1")]
client.transition_model_version_stage("copy", "1", "Production")
seen["stage"] = predicts("models:/copy/Production")
seen["found"] = [
    [found.name for found in mlflow.search_registered_models(filter_string="name LIKE 'of the%'")],
    sorted(int(found.version) for found in mlflow.search_model_versions(filter_string="name = 'of the client'")),
]
client.delete_model_version("of the client", "2")
seen["aliases"] = client.get_registered_model("of the client").aliases
client.delete_registered_model("copy")

json.dump(seen, sys.stdout)
