package io.ketju.actors.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Copies of a run's folder that processes keep which stand by and do not reach it. What counts for the run has to be there first. Used
 * by threads that may block.
 */
public interface StandbyCopies {
    /** Of a run that nobody keeps a copy of. */
    StandbyCopies NONE = new StandbyCopies() {
        @Override
        public void raise(Path run, int start, int kept) {}

        @Override
        public void commit(Path run, Manifest manifest, int kept) {}

        @Override
        public OptionalInt superseded() {
            return OptionalInt.empty();
        }
    };

    /**
     * Has every copy know a start of the run, before anything of that start exists. Blocks until they do, or those that do not answer are
     * given up.
     *
     * @param run the run's folder
     * @param start number of the start
     * @param kept checkpoints that are kept, at least 1
     * @throws IOException with one line if who keeps a copy has taken the run over
     */
    void raise(Path run, int start, int kept) throws IOException;

    /**
     * Has every copy hold a checkpoint, before it counts in the run's folder. Blocks until they do, or those that do not answer are given
     * up.
     *
     * @param run the run's folder, where the shards of the checkpoint are durable
     * @param manifest of the checkpoint
     * @param kept checkpoints that are kept, at least 1
     * @throws IOException with one line if who keeps a copy has taken the run over
     */
    void commit(Path run, Manifest manifest, int kept) throws IOException;

    /** {@return the start of the run with which somebody has taken it over from a copy, if that is known} */
    OptionalInt superseded();
}
