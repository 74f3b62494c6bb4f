package io.ketju.actors.job;

import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.Dataset;
import io.ketju.data.Datasets;
import io.ketju.data.TrainTest;
import io.ketju.data.table.TableChoice;
import io.ketju.data.table.Tables;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.program.BatchPorts;
import java.nio.file.Path;
import java.util.List;

/**
 * The samples of a job.
 *
 * @param reference what names them in a job file: a known name, or a path; {@code custom} for data made in code
 * @param train what is learnt from
 * @param test what is evaluated after each data epoch
 */
public record DataSource(String reference, Dataset train, Dataset test) {
    /**
     * Embedded data by its name ({@link Datasets#NAMES}), data in files by their path, or data with arguments ({@link
     * DataForms}); all of it is read now.
     *
     * @param reference as a job file has it
     * @return both halves
     * @throws IllegalArgumentException with one line if it cannot be read
     */
    public static DataSource named(String reference) {
        return of(reference, DataForms.open(reference));
    }

    /**
     * The columns of a table in a CSV file, one row per sample; all of it is read now.
     *
     * @param file {@code .csv} or {@code .tsv}, or one of these with {@code .gz}
     * @param columns what is read and what is predicted
     * @return both halves
     * @throws io.ketju.data.BadDataException if it is no such file, or the columns are not there
     */
    public static DataSource table(Path file, TableChoice columns) {
        return of(file.toAbsolutePath().normalize().toString(), Tables.open(file, columns));
    }

    /**
     * Both halves of a dataset.
     *
     * @param reference what names them in a job file; {@code custom} for data made in code
     * @param halves training and test
     * @return the two
     */
    public static DataSource of(String reference, TrainTest halves) {
        return new DataSource(reference, halves.train(), halves.test());
    }

    /** What is learnt from, in batches for a model, in an order of the seed's. */
    BatchSource trainBatches(Model model, int batch, int microbatches, long seed) {
        return batches(train, model, batch, microbatches, BatchOrder.shuffled(seed));
    }

    /** What is evaluated, in batches for a model, in its own order. */
    BatchSource testBatches(Model model, int batch, int microbatches) {
        return batches(test, model, batch, microbatches, BatchOrder.sequential());
    }

    private static BatchSource batches(Dataset half, Model model, int batch, int microbatches, BatchOrder order) {
        List<String> names = BatchPorts.of(model).names();
        return half.batches(names.getFirst(), names.getLast(), batch, microbatches, order);
    }
}
