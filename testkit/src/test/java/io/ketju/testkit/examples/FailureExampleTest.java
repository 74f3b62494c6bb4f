package io.ketju.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.actors.run.Runs;
import io.ketju.actors.run.Training;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.testkit.FaultyTransport;
import io.ketju.testkit.FaultyTransport.Fault;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Third example: a run that fails at a chosen message, and goes on. */
class FailureExampleTest {
    @TempDir
    private Path folder;

    // region failure
    @Test
    void aRunThatLosesALinkIsResumedToTheBitsOfAnUndisturbedOne() {
        TrainingJob job = SmallJob.job().runDirectory(folder).build();
        Predicate<FaultyTransport.Passage> chosen = tensor -> tensor.key().kind() == TensorKey.Kind.GRADIENT
                && tensor.key().window() == 7
                && tensor.key().microbatch() == 1;

        try (Training training = Runs.embedded(job, FaultyTransport.at(chosen, Fault.LINK_LOST), List.of())) {
            assertThatThrownBy(training::await)
                    .isInstanceOf(WorkerLostException.class)
                    .hasMessageContaining("was lost after step");
        }

        TrainingJob again = SmallJob.job().resume(folder).build();
        Oracle.of(job).requireSameState(Ketju.fit(again));
    }
    // end region

    @Test
    void aMessageThatComesTwiceChangesNothing() {
        TrainingJob job = SmallJob.job().build();
        Predicate<FaultyTransport.Passage> chosen = tensor ->
                tensor.key().kind() == TensorKey.Kind.ACTIVATION && tensor.key().window() == 1;
        try (Training training = Runs.embedded(job, FaultyTransport.at(chosen, Fault.REPEATED), List.of())) {
            Oracle.of(job).requireSameState(training.await());
        }
    }

    @Test
    void aSendThatThrowsIsOneLineOfItsStage() {
        TrainingJob job = SmallJob.job().build();
        Predicate<FaultyTransport.Passage> chosen =
                tensor -> tensor.from() == 1 && tensor.key().window() == 1;
        try (Training training = Runs.embedded(job, FaultyTransport.at(chosen, Fault.SEND_THROWS), List.of())) {
            assertThatThrownBy(training::await)
                    .isInstanceOf(TrainingFailedException.class)
                    .hasMessageStartingWith("stage 1, step 2: chosen by the test");
        }
        assertThat(Oracle.of(job, 1).stateSha256()).isNotEqualTo(Oracle.of(job).stateSha256());
    }
}
