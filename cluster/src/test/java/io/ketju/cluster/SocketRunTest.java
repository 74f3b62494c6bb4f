package io.ketju.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs in this JVM whose tensors travel over sockets: they end as those do whose tensors move by reference. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SocketRunTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void neitherSocketsNorSharedMemoryChangeTheBits(int stages) {
        TrainingJob job = TinyJob.builder().stages(stages).threads(2).build();
        Oracle oracle = Oracle.of(job);
        for (LinkMode mode : List.of(LinkMode.ALWAYS_SOCKETS, LinkMode.ALWAYS_SHARED_MEMORY)) {
            oracle.requireSameState(run(job, mode));
        }
    }

    @Test
    void twoStagesOnARankDoNotChangeThem() {
        Oracle oracle = Oracle.of(TinyJob.builder().build());
        for (Placement placement : List.of(Placement.looped(2, 2), Placement.vee(2))) {
            TrainingJob job = TinyJob.builder()
                    .stages(4)
                    .placement(placement)
                    .schedule(new GPipe())
                    .build();
            oracle.requireSameState(run(job, LinkMode.ALWAYS_SOCKETS));
        }
    }

    @Test
    void aStateGoesOnWithItsOptimizer() {
        Path old = folder.resolve("old");
        Ketju.fit(TinyJob.builder()
                .optimizer(new Adam(0.01))
                .stages(2)
                .runDirectory(old)
                .build());
        Supplier<JobBuilder> again = () ->
                TinyJob.builder().optimizer(new Adam(0.02)).seed(5).epochs(1).initialState(Ketju.state(old));
        assertThat(overSockets(again.get().stages(2).build()))
                .isEqualTo("trained " + Ketju.fit(again.get().build()).stateSha256());
    }

    @Test
    void aRunThatFailsSaysTheSameLine() {
        Supplier<JobBuilder> explodes =
                () -> TinyJob.builder().optimizer(new SGD(1e30)).stages(3);
        String line = overSockets(explodes.get().build());
        assertThat(line).startsWith("step 2, micro-batch 0: the loss is ");
        assertThat(line).isEqualTo(outcome(Ketju.start(explodes.get().build())));
    }

    @Test
    void runsWithAndWithoutSocketsAtOnceDoNotMeet() {
        Supplier<JobBuilder> one = () -> TinyJob.builder().seed(1);
        Supplier<JobBuilder> two = () -> TinyJob.builder().seed(2);
        try (Training first = Ketju.start(one.get().stages(2).build());
                Training second = KetjuCluster.embedded(two.get().stages(3).build(), LinkMode.ALWAYS_SOCKETS)) {
            Oracle.of(two.get().build()).requireSameState(second.await());
            Oracle.of(one.get().build()).requireSameState(first.await());
        }
    }

    private static TrainingResult run(TrainingJob job, LinkMode mode) {
        try (Training training = KetjuCluster.embedded(job, mode)) {
            return training.await();
        }
    }

    private static String overSockets(TrainingJob job) {
        return outcome(KetjuCluster.embedded(job, LinkMode.ALWAYS_SOCKETS));
    }

    private static String outcome(Training started) {
        try (Training training = started) {
            return "trained " + training.await().stateSha256();
        } catch (TrainingFailedException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
