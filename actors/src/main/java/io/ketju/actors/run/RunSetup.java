package io.ketju.actors.run;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.worker.RunTicket;
import io.ketju.tensor.core.ArithmeticFingerprint;
import io.ketju.tensor.core.TensorCore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run starts: its folder, its fencing number, the checkpoint it continues from. Everything that can be wrong
 * with these is found here, before any actor or port exists.
 *
 * @param temporary whether the folder goes away with the run
 */
record RunSetup(
        TrainingJob job,
        RunDirectory directory,
        boolean temporary,
        RunTicket ticket,
        Optional<Checkpoint> checkpoint,
        CheckpointStore store) {

    /** Prepares a new or a resumed run; throws {@link InvalidJobException}. */
    static RunSetup prepare(TrainingJob job, TensorCore core) {
        String jobHash = JobHash.numbers(job);
        String arithmetic = ArithmeticFingerprint.of(core.kernels());
        boolean temporary = job.resume().isEmpty() && job.runDirectory().isEmpty();
        RunDirectory directory = job.resume()
                .map(RunDirectory::open)
                .orElseGet(() -> RunDirectory.create(
                        job.runDirectory().orElseGet(RunSetup::temporaryFolder), JobText.print(job)));
        Optional<Checkpoint> checkpoint = directory.newest();
        checkpoint.ifPresent(found -> requireSame(found, jobHash, arithmetic));
        int incarnation = directory.nextIncarnation();
        CheckpointStore store = new CheckpointStore(directory.checkpoints(), incarnation, jobHash, arithmetic);
        if (checkpoint.isEmpty()) {
            StartingPoint.write(job, directory, store);
            checkpoint = directory.newest();
        }
        RunTicket ticket = new RunTicket(JobHash.run(job, directory.path()), JobHash.connection(job), incarnation);
        return new RunSetup(job, directory, temporary, ticket, checkpoint, store);
    }

    long completedSteps() {
        return checkpoint.map(Checkpoint::step).orElse(0L);
    }

    /** Removes a temporary folder; keeps any other. A second call does nothing. */
    void cleanUp() {
        if (!temporary || !Files.exists(directory.path())) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory.path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireSame(Checkpoint found, String jobHash, String arithmetic) {
        if (!found.manifest().jobHash().equals(jobHash)) {
            throw new InvalidJobException(found.directory()
                    + ": is a checkpoint of another job; model, data, loss, optimizer, learning-rate schedule, batch,"
                    + " micro-batches, epochs and seed must be those of the run (stages, schedule and threads may differ);"
                    + " another recipe is a new run from the state of this one: --from in place of --resume");
        }
        if (!found.manifest().arithmetic().equals(arithmetic)) {
            throw new InvalidJobException(found.directory() + ": was computed with arithmetic "
                    + found.manifest().arithmetic() + ", this version computes with " + arithmetic
                    + "; continue it with the Ketju version that started it");
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("ketju-run-");
        } catch (IOException e) {
            throw new InvalidJobException("no temporary folder for the run: " + e, e);
        }
    }
}
