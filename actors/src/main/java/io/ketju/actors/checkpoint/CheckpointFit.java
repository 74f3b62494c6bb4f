package io.ketju.actors.checkpoint;

/** What a checkpoint must fit besides its own manifest. */
@FunctionalInterface
public interface CheckpointFit {
    /** Nothing else is known of the run. */
    CheckpointFit ANY = found -> {};

    /**
     * Returns if it fits.
     *
     * @param found with a sound manifest; its shards have not been looked at
     * @throws DamagedCheckpointException if it cannot be of this run
     * @throws ForeignCheckpointException if it is of another job or another arithmetic
     */
    void require(Checkpoint found);

    /**
     * A job that goes on: it must come to the same numbers.
     *
     * @param jobHash hex digest of all that decides its numbers
     * @param arithmetic fingerprint of the kernels' arithmetic, in hex
     * @param totalSteps the job's last optimizer step
     * @return fits a checkpoint of this job and arithmetic, up to that step
     */
    static CheckpointFit job(String jobHash, String arithmetic, long totalSteps) {
        return found -> {
            Manifest manifest = found.manifest();
            if (!manifest.jobHash().equals(jobHash)) {
                throw new ForeignCheckpointException(found.directory()
                        + ": is a checkpoint of another job; model, data, loss, optimizer, learning-rate schedule, batch,"
                        + " micro-batches, epochs and seed must be those of the run (stages, schedule and threads"
                        + " may differ, and epochs be more where no rate depends on them);"
                        + " another recipe is a new run from the state of this one: --from in place of --resume");
            }
            if (!manifest.arithmetic().equals(arithmetic)) {
                throw new ForeignCheckpointException(found.directory() + ": was computed with arithmetic "
                        + manifest.arithmetic() + ", this version computes with " + arithmetic
                        + "; continue it with the Ketju version that started it");
            }
            if (manifest.step() > totalSteps) {
                throw new DamagedCheckpointException(found.manifestFile() + ": expected a step up to " + totalSteps
                        + ", the job's last, found " + manifest.step());
            }
        };
    }

    /**
     * Only starts that the run has had can have taken a checkpoint.
     *
     * @param incarnation the run's, from 1
     * @return fits a checkpoint of this start or of an earlier one
     */
    static CheckpointFit upToStart(int incarnation) {
        return found -> {
            if (found.manifest().incarnation() > incarnation) {
                throw new DamagedCheckpointException(found.manifestFile() + ": expected an incarnation up to "
                        + incarnation + ", the run's, found " + found.manifest().incarnation());
            }
        };
    }

    /**
     * This and then the other.
     *
     * @param other is asked where this fits
     * @return fits what fits both
     */
    default CheckpointFit and(CheckpointFit other) {
        return found -> {
            require(found);
            other.require(found);
        };
    }
}
