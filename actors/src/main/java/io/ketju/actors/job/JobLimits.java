package io.ketju.actors.job;

import io.ketju.data.idx.IdxReader;
import io.ketju.data.image.ImageFile;
import io.ketju.tensor.Excerpt;

/**
 * How much a job may ask for. Everything is compared with these before anything is built, so that a slip of the keyboard
 * or a file from elsewhere costs one line and not the machine. They are far above what one machine trains well.
 *
 * <table>
 * <caption>All limits</caption>
 * <tr><th>what</th><th>at most</th><th>where</th></tr>
 * <tr><td>a job file</td><td>1 MiB, 32 levels of nesting, 1,000 keys and groups; no include, no substitution</td>
 *     <td>{@link #FILE_BYTES}, {@link #FILE_LEVELS}, {@link #FILE_KEYS}</td></tr>
 * <tr><td>layers</td><td>10,000</td><td>{@link #LAYERS}</td></tr>
 * <tr><td>stages</td><td>1,024, and no more than layers</td><td>{@link #STAGES}</td></tr>
 * <tr><td>micro-batches</td><td>1,024, and no more than samples in a batch</td><td>{@link #MICROBATCHES}</td></tr>
 * <tr><td>stages times micro-batches: the schedule's table</td><td>16,384</td><td>{@link #SCHEDULE_CELLS}</td></tr>
 * <tr><td>compute threads of one JVM</td><td>1,024</td><td>{@link #THREADS}</td></tr>
 * <tr><td>restarts of a run within an hour</td><td>1,000</td><td>{@link #RESTARTS}</td></tr>
 * <tr><td>checkpoints that are kept</td><td>1,000</td><td>{@link #CHECKPOINTS}</td></tr>
 * <tr><td>elements of one tensor</td><td>2<sup>31</sup>-1: bounds batch, model and parameters</td>
 *     <td>{@link io.ketju.tensor.Shape}</td></tr>
 * <tr><td>planned memory of the stages of one machine</td><td>the memory that it, or its container, has</td>
 *     <td>{@link PlannedMemory}</td></tr>
 * <tr><td>a value that a message quotes</td><td>60 characters</td><td>{@link Excerpt#LENGTH}</td></tr>
 * <tr><td>elements of an IDX file of images, of labels</td><td>2<sup>30</sup>, 2<sup>24</sup></td>
 *     <td>{@link IdxReader#MAX_ELEMENTS}, {@link IdxReader#MAX_LABELS}</td></tr>
 * <tr><td>header records of one entry of a .tgz</td><td>64 KiB</td><td>{@link io.ketju.data.idx.IdxParts}</td></tr>
 * <tr><td>a line of a .csv of digits</td><td>1,024 characters; 1,000,000 lines</td>
 *     <td>{@link io.ketju.data.image.DigitsCsv}</td></tr>
 * <tr><td>a table in a .csv</td><td>1,000,000 rows, 10,000 columns, 100 different words of a column</td>
 *     <td>{@link io.ketju.data.table.Tables}</td></tr>
 * <tr><td>an image file, decoded</td><td>128 MiB: 16 million pixels of 64 bits</td>
 *     <td>{@link ImageFile#MAX_DECODED_BYTES}</td></tr>
 * </table>
 */
public final class JobLimits {
    /** Bytes of a job file. */
    public static final int FILE_BYTES = 1 << 20;

    /** Braces, brackets and dots of keys inside each other in a job file. */
    public static final int FILE_LEVELS = 32;

    /** Keys and groups of a job file. */
    public static final int FILE_KEYS = 1000;

    /** Layers of a model. */
    public static final int LAYERS = 10_000;

    /** Stages of a pipeline. */
    public static final int STAGES = 1024;

    /** Micro-batches of a mini-batch. The plan looks at every smaller number too, so its time grows with the square. */
    public static final int MICROBATCHES = 1024;

    /** Cells of the schedule's table: stages times micro-batches. */
    public static final int SCHEDULE_CELLS = 16_384;

    /** Compute threads of one JVM. */
    public static final int THREADS = 1024;

    /** Restarts within an hour: more would be none but restarts. */
    public static final int RESTARTS = 1000;

    /** Checkpoints that a run keeps; all their manifests are read with every new one. */
    public static final int CHECKPOINTS = 1000;

    private JobLimits() {}
}
