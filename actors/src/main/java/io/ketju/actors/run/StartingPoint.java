package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointHash;
import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.InputProfile;
import io.ketju.data.file.FileDigest;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What lies in a run's folder before its first step. A state that is brought in becomes the checkpoint of step 0: stages
 * load it as they load any other, in whatever JVM they are, and a run that is resumed needs its source no more.
 */
final class StartingPoint {
    private StartingPoint() {}

    /** Writes what a run without a checkpoint needs. Throws {@link InvalidJobException} if that cannot be done. */
    static void write(TrainingJob job, RunDirectory directory, CheckpointStore store) {
        try {
            if (job.datasets().isPresent()) {
                InputProfile.of(job.data().train()).write(directory.path());
            }
            if (job.initialState().isPresent()) {
                commit(job, job.initialState().get(), store);
            }
        } catch (IOException e) {
            throw new InvalidJobException(
                    "run directory " + directory.path() + ": cannot be written: " + FileErrors.reason(e), e);
        }
    }

    private static void commit(TrainingJob job, InitialState state, CheckpointStore store) throws IOException {
        if (!state.loadable()) {
            throw new InvalidJobException(state.where() + ": the run has no checkpoint, not even of its start; train"
                    + " anew, with another run directory");
        }
        try (InitialTraining initial = new InitialTraining(job)) {
            initial.load(state);
            requireUnchanged(state);
            Path folder = CheckpointStore.directory(store.root(), 0);
            Shard shard = CheckpointStore.writeShard(folder, store.incarnation(), 0, initial.tensors());
            store.commit(0, List.of(shard));
        }
    }

    /** Between the checks of the job and this moment, someone may have written to the files. */
    private static void requireUnchanged(InitialState state) throws IOException {
        String found = switch (state.kind()) {
            case WEIGHTS -> FileDigest.of(state.files()).sha256();
            case RUN -> CheckpointHash.of(state.files());
        };
        if (!found.equals(state.sha256())) {
            throw new InvalidJobException(state.where() + ": changed while the job was prepared: expected SHA-256 "
                    + state.sha256() + ", found " + found);
        }
    }
}
