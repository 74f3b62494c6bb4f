package io.ketju.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.trace.TraceFile;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.testkit.RankRecord;
import io.ketju.testkit.RecordedRun;
import io.ketju.testkit.TestedRank;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Second example: a recorded run as expectation. */
class RecordExampleTest {
    @TempDir
    private Path folder;

    // region record
    @Test
    void whateverTheOrderOfArrivalsTheStageSendsTheSameBits() {
        TrainingJob job = SmallJob.job().build();
        RecordedRun run = RecordedRun.of(job, 6);
        for (long seed = 0; seed < 4; seed++) {
            for (RankRecord record : run.ranks()) {
                try (TestedRank stage = TestedRank.of(job, record.rank())) {
                    record.shuffled(seed).playTo(stage);
                }
            }
        }
        assertThat(Ketju.fit(job).stateSha256()).isEqualTo(run.stateSha256());
    }
    // end region

    // region lines
    @Test
    void theMessagesOfTheSecondStagesFirstStep() {
        assertThat(RecordedRun.of(SmallJob.job().build(), 1).rank(1).lines())
                .containsExactly(
                        "window 0 granted: TRAIN, step 1, 2 micro-batches of 4 samples",
                        "<- FED 1, micro-batch 0 from the feeder: int32[2] c514cfad",
                        "<- FED 1, micro-batch 1 from the feeder: int32[2] c514cfad",
                        "<- ACTIVATION 0, micro-batch 0 from stage 0: float32[2, 4] 3f5b6f74",
                        "run 1F0",
                        "run 1B0",
                        "<- ACTIVATION 0, micro-batch 1 from stage 0: float32[2, 4] ee708b6c",
                        "-> GRADIENT 0, micro-batch 0 to stage 0: float32[2, 4] c3044381",
                        "run 1F1",
                        "run 1B1",
                        "-> GRADIENT 0, micro-batch 1 to stage 0: float32[2, 4] e351596a",
                        "run 1S",
                        "-> stage 1 finished window 0");
    }
    // end region

    // region trace
    @Test
    void theTraceOfARunIsATest() {
        TrainingJob job = SmallJob.job().epochs(1).runDirectory(folder).traced().build();
        Ketju.fit(job);
        ProcessTrace trace = TraceFile.read(TraceFile.of(folder, 0));

        RankRecord record = RecordedRun.of(job, 3).rank(0);
        record.requireSameActions(trace);
        try (TestedRank stage = TestedRank.of(job, 0)) {
            record.inOrderOf(trace).playTo(stage);
        }
    }
    // end region
}
