# tests/mlflow/list_calls.py
# Purpose: prints each call of MLflow's tracking, registry and artifact services, as its client knows them: method and path.
# Why: whether we serve or decline all of them is asked of the original, not of a list that somebody wrote.
# Relevant files: tests/mlflow/every-call.test.ts, mlflow/declined.ts, shared/setup/mlflow.txt

from mlflow.protos import databricks_pb2, mlflow_artifacts_pb2, model_registry_pb2, service_pb2

calls = set()
for module in (service_pb2, model_registry_pb2, mlflow_artifacts_pb2):
    for service in module.DESCRIPTOR.services_by_name.values():
        for method in service.methods:
            for endpoint in method.GetOptions().Extensions[databricks_pb2.rpc].endpoints:
                # Its server and its client take the major version alone.
                calls.add(f"{endpoint.method} /{endpoint.since.major}.0/{endpoint.path.lstrip('/')}")
print("\n".join(sorted(calls)))
