package io.ketju.records.tensorboard;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.spec.Spec;
import java.util.LinkedHashMap;
import java.util.Map;

/** What of a job is worth comparing over runs: numbers as numbers, all else as its text. */
final class Hyperparameters {
    private Hyperparameters() {}

    static Map<String, Object> of(TrainingJob job) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("model", job.source().name());
        all.put(
                "data",
                job.datasets().map(DataSource::reference).orElse(job.train().name()));
        all.put("loss", job.loss().spec().toString());
        Spec optimizer = job.optimizer().spec();
        all.put("optimizer", optimizer.name());
        optimizer.named().forEach((name, value) -> all.put("optimizer." + name, plain(value)));
        all.put("learning-rate-schedule", job.learningRateSchedule().spec().toString());
        all.put("batch", job.batchSize());
        all.put("microbatches", job.microbatches());
        all.put("epochs", job.epochs());
        all.put("seed", job.seed());
        all.put("stages", job.stages());
        all.put("schedule", job.pipeline().scheduleText());
        return all;
    }

    private static Object plain(String value) {
        if (value.equals("true") || value.equals("false")) {
            return Boolean.valueOf(value);
        }
        return value.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?") ? (Object) Double.valueOf(value) : value;
    }
}
