// mlflow/storage-place.ts
// Purpose: which addresses of files MLflow's server refuses because it would go to the host that they name.
// Why: one list for the place of an experiment and the source of a model version.
// Relevant files: mlflow/version-source.ts, mlflow/experiment-writes.ts

/** Some name the host behind an @: `abfss://files@host/…`. Clouds that know their own host (s3, gs) are not among them. */
const HOSTED = /^(ftp|sftp|hdfs|viewfs|https?|mlflow-artifacts|r2|b2|abfss):/i;

export function namesHost(uri: string): boolean {
  return HOSTED.test(uri) && !/^mlflow-artifacts:(?!\/\/[^/?#])/i.test(uri);
}
