package io.ketju.actors.job;

import io.ketju.data.Dataset;
import io.ketju.data.Datasets;
import io.ketju.data.TrainTest;
import io.ketju.data.table.TableChoice;
import io.ketju.data.table.Tables;
import java.nio.file.Path;

/**
 * The samples of a job.
 *
 * @param reference what names them in a job file: a known name, or a path; {@code custom} for data made in code
 * @param train what is learnt from
 * @param test what is evaluated after each data epoch
 */
public record DataSource(String reference, Dataset train, Dataset test) {
    /** Embedded data by its name ({@link Datasets#NAMES}), or data in files by their path; all of it is read now. */
    public static DataSource named(String reference) {
        return of(reference, Datasets.find(reference));
    }

    /** The columns of a table in a CSV file, one row per sample; all of it is read now. */
    public static DataSource table(Path file, TableChoice columns) {
        return of(file.toAbsolutePath().normalize().toString(), Tables.open(file, columns));
    }

    /** Both halves of a dataset. */
    public static DataSource of(String reference, TrainTest halves) {
        return new DataSource(reference, halves.train(), halves.test());
    }
}
