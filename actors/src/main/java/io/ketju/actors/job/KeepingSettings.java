package io.ketju.actors.job;

import io.ketju.actors.weights.WeightMapping;
import java.nio.file.Path;
import java.util.Optional;

/** What a {@link JobBuilder} is told of where a run begins, what is kept of it, and what becomes of it; {@code B} is that builder. */
abstract class KeepingSettings<B> extends OrderSettings<B> {
    final JobKeeping keeping = new JobKeeping();
    Optional<BestEpochRule> bestEpoch = Optional.empty();
    Optional<InitialState> initialState = Optional.empty();

    /**
     * Keeps checkpoints, the weights and the job in a folder; nothing is kept on disk unless this is called.
     *
     * @param value absent or empty
     * @return this
     */
    public B runDirectory(Path value) {
        keeping.runDirectory(value);
        return self();
    }

    /**
     * How many data epochs are between checkpoints; 1 unless this is called.
     *
     * @param value at least 1
     * @return this
     */
    public B checkpointEveryEpochs(int value) {
        return checkpoints(keeping.checkpoints().everyEpochs(value));
    }

    /**
     * How often checkpoints are taken, and how many are kept: after every data epoch, two, unless this is called.
     *
     * @param value in place of all that was said of it before
     * @return this
     */
    public B checkpoints(JobCheckpoints value) {
        keeping.checkpoints(value);
        return self();
    }

    /**
     * Keeps the checkpoint of the best epoch, and may end the run or give that epoch's weights: see {@link BestEpochRule}.
     *
     * @param value by which metric
     * @return this
     */
    public B bestEpoch(BestEpochRule value) {
        bestEpoch = Optional.of(value);
        return self();
    }

    /**
     * Keeps in the run's folder when everything of the run happened, for {@code ketju trace}. The run must have a folder.
     *
     * @return this
     */
    public B traced() {
        keeping.trace();
        return self();
    }

    /**
     * How often within an hour a run over several processes goes on by itself after it lost a worker; 10 unless this is called.
     *
     * @param value 0 to {@link JobLimits#RESTARTS}; 0: never
     * @return this
     */
    public B maxRestarts(int value) {
        keeping.maxRestarts(value);
        return self();
    }

    /**
     * Has the run cut its model anew by itself, by what its stages take; the cut stays as it is unless this is called.
     *
     * @param value when
     * @return this
     */
    public B rebalance(Rebalance value) {
        keeping.rebalance(value);
        return self();
    }

    /**
     * Starts from the weights of a safetensors file, written by Ketju, PyTorch or others: names and shapes must be
     * those of the model, no more and no fewer. F64, F32, F16, BF16, I64 and I32 are read. The optimizer's state begins at zero.
     *
     * @param file read now for its digest: see {@link InitialState#weights(Path)}
     * @return this
     * @throws io.ketju.data.BadDataException if it cannot be read
     */
    public B initialWeights(Path file) {
        return initialWeights(file, WeightMapping.STRICT);
    }

    /**
     * The same with other names, or some tensors: {@code WeightMapping.PARTIAL.renaming("module.=")}; {@link TrainingJob#notes} tells
     * what is not taken.
     *
     * @param file read now for its digest
     * @param mapping which of its tensors become which weights
     * @return this
     * @throws io.ketju.data.BadDataException if it cannot be read
     */
    public B initialWeights(Path file, WeightMapping mapping) {
        return initialState(InitialState.weights(file, mapping));
    }

    /**
     * Starts from weights and optimizer state: steps count from 1, the optimizer's count goes on.
     *
     * @param value as of {@code Ketju.state(run)}
     * @return this
     */
    public B initialState(InitialState value) {
        initialState = Optional.of(value);
        return self();
    }

    /**
     * Continues a run from its newest valid checkpoint.
     *
     * @param value the run's folder, in place of {@link #runDirectory}
     * @return this
     */
    public B resume(Path value) {
        keeping.resume(value);
        return self();
    }
}
