# tests/nightly/loggers_script.py
# Purpose: trains a tiny model with PyTorch Lightning and one with Transformers, each through its own MLflow logger; says what it reads back.
# Why: these loggers call MLflow in their own ways; only they can show that they work here unchanged.
# Relevant files: tests/nightly/loggers.nightly.ts, shared/setup/loggers.txt

import json
import logging
import os
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]
os.environ["MLFLOW_EXPERIMENT_NAME"] = "transformers"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)

import torch  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from torch import nn  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

torch.manual_seed(1)
EPOCHS = 3


def lightning() -> None:
    import pytorch_lightning as pl
    from pytorch_lightning.loggers import MLFlowLogger

    class Line(pl.LightningModule):
        def __init__(self, lr: float = 0.1) -> None:
            super().__init__()
            self.save_hyperparameters()
            self.layer = nn.Linear(2, 1)

        def training_step(self, batch, _index):
            loss = nn.functional.mse_loss(self.layer(batch[0]), batch[1])
            self.log("train/loss", loss, on_step=True, on_epoch=True)
            return loss

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=self.hparams.lr)

    x = torch.randn(64, 2)
    data = DataLoader(TensorDataset(x, x.sum(1, keepdim=True)), batch_size=16)
    with tempfile.TemporaryDirectory() as folder:
        logger = MLFlowLogger("lightning", tracking_uri=sys.argv[1], log_model=False)
        pl.Trainer(
            max_epochs=EPOCHS,
            logger=logger,
            default_root_dir=folder,
            log_every_n_steps=1,
            accelerator="cpu",
            enable_progress_bar=False,
            enable_model_summary=False,
        ).fit(Line(), data)


def transformers() -> None:
    from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

    config = BertConfig(
        vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    words = torch.randint(0, 20, (32, 6))
    rows = [{"input_ids": row, "labels": row[0] % 2} for row in words]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            num_train_epochs=EPOCHS,
            per_device_train_batch_size=8,
            logging_steps=1,
            save_strategy="no",
            report_to=["mlflow"],
            run_name="tiny",
            use_cpu=True,
            disable_tqdm=True,
        )
        Trainer(model=BertForSequenceClassification(config), args=arguments, train_dataset=rows).train()


def told(client: MlflowClient, name: str) -> dict:
    experiment = client.get_experiment_by_name(name)
    runs = client.search_runs([experiment.experiment_id])
    [run] = runs
    histories = {key: len(client.get_metric_history(run.info.run_id, key)) for key in run.data.metrics}
    return {
        "status": run.info.status,
        "params": run.data.params,
        "histories": histories,
    }


lightning()
transformers()
client = MlflowClient(sys.argv[1])
print(json.dumps({name: told(client, name) for name in ("lightning", "transformers")}))
