package io.ketju.actors.run;

import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.List;
import java.util.SequencedMap;

/** The whole state of a job before its first step, parameters and optimizer state, in one piece. */
final class InitialTraining implements AutoCloseable {
    private final TensorCore core;
    private final InProcessRunner runner;

    /** From the job's seed. */
    InitialTraining(TrainingJob job) {
        PipelineSpec whole = job.pipeline().onOneStage();
        PlannedMemory.requireRoom(whole, List.of(0));
        core = TensorCore.open(1);
        runner = new InProcessRunner(whole, core);
    }

    /** SHA-256 (hex) of the state that a job's seed makes. */
    static String hash(TrainingJob job) {
        try (InitialTraining initial = new InitialTraining(job)) {
            return initial.hash();
        }
    }

    /** The live tensors. */
    SequencedMap<String, Tensor> tensors() {
        return runner.tensors();
    }

    /** Takes in what a run is to start from; averages begin with it. */
    void load(InitialState state) {
        state.load(runner.tensors());
        runner.computes().forEach(StageCompute::restartAverages);
    }

    /** SHA-256 (hex) of all of them. */
    String hash() {
        return runner.stateHash();
    }

    @Override
    public void close() {
        runner.close();
        core.close();
    }
}
