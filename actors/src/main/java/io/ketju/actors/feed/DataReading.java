package io.ketju.actors.feed;

import io.ketju.actors.job.DataForms;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBatches;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.ReadableData;
import io.ketju.data.BadDataException;
import io.ketju.data.BatchSource;
import io.ketju.data.Datasets;
import io.ketju.data.table.TableDataset;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What data a worker may read for itself, and how it does: by a name that is known everywhere or by the path of files, and
 * only if what it finds there gives the very batches of the job.
 */
public final class DataReading {
    private DataReading() {}

    /**
     * {@return what names the data of a job; empty where it exists in this JVM alone, or takes more than a name to read}
     *
     * @param job with training and test data
     */
    public static Optional<ReadableData> of(TrainingJob job) {
        return job.datasets()
                .flatMap(DataReading::name)
                .flatMap(name -> job.test()
                        .map(test -> new ReadableData(name, job.train().identity(), test.identity())));
    }

    private static Optional<String> name(DataSource data) {
        String reference = data.reference();
        if (Datasets.NAMES.contains(reference) || DataForms.isForm(reference)) {
            return Optional.of(reference);
        }
        if (data.train() instanceof TableDataset) {
            return Optional.empty();
        }
        try {
            Path path = Datasets.locate(reference).toAbsolutePath().normalize();
            return Files.exists(path) ? Optional.of(path.toString()) : Optional.empty();
        } catch (BadDataException e) {
            return Optional.empty(); // the caller's own name for data made in code
        }
    }

    /**
     * {@return the batches of a job over what the name says in this JVM}
     *
     * @param data its name, and what it must be
     * @param pipeline of the job, which reads the batches
     * @throws BadDataException with one line if it cannot be read, or is other data
     */
    public static JobBatches read(ReadableData data, PipelineSpec pipeline) {
        JobBatches batches = JobBatches.of(pipeline, DataSource.named(data.name()));
        require(data.name(), "training", batches.source(Window.Phase.TRAIN), data.train());
        require(data.name(), "test", batches.source(Window.Phase.EVALUATE), data.test());
        return batches;
    }

    private static void require(String name, String half, BatchSource found, String expected) {
        if (!found.identity().equals(expected)) {
            throw BadDataException.of(
                    "data '" + name + "', " + half + " samples", "identity " + expected, found.identity());
        }
    }
}
